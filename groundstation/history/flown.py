"""The part of the history that belongs to a flown pass."""

from __future__ import annotations

from dataclasses import replace

from groundstation.errors import SelectionError
from groundstation.history.selection import Selection
from groundstation.storage.journal import JournalReader

#: Passes that are looked through for a key: ten a day for decades.
_MOST_PASSES = 100_000


def during(journal: JournalReader, key: str, chosen: Selection) -> Selection:
    """What was received of a pass's satellite during it (where none is chosen already).

    ``key``: as ``groundstation report --list`` names it. Raises SelectionError.
    """
    flown = next((one for one in journal.each_pass(_MOST_PASSES) if one.key == key), None)
    if flown is None:
        raise SelectionError(f"there is no pass {key!r}; groundstation report --list names them")
    span = flown.report["span"]
    return replace(
        chosen,
        satellite=chosen.satellite or flown.satellite,
        since_us=span["from_us"],
        until_us=span["to_us"],
    )
