"""The journal: every reception as raw bytes, on disk before anybody hears of it.

It keeps what happened, never what was made of it. One process writes (the station), any number
read. Readers notice news by ``PRAGMA data_version``.
"""

from groundstation.storage.journal.reader import JournalReader
from groundstation.storage.journal.schema import FILE_NAME
from groundstation.storage.journal.writer import JournalWriter

__all__ = ["FILE_NAME", "JournalReader", "JournalWriter"]
