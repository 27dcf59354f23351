"""What a SatNOGS station leaves in its output folder: a frame a file, the time in its name.

``data_<observation>_<time>``, perhaps with ``_<number>`` or ``_g<number>`` behind it: the bytes of
the frame, or (from gr-satellites) JSON, see :mod:`.json_lines`. Pictures have an ending.

Sources: satnogs-client, ``satnogsclient/scheduler/tasks.py``; satnogs-client-docker,
``addons/scripts/grsat.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from groundstation.history.foreign.source import MOST_FRAME, Source
from groundstation.model import Reception

#: The name of such a file.
NAME = re.compile(r"data_\d+_\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:_g?\d+)?(?:\.\w+)?", re.ASCII)


def read_frame(source: Source) -> Iterator[Reception]:
    """The bytes of the file. Raises ForeignFileError."""
    with source.path.open("rb") as file:
        raw = file.read(MOST_FRAME + 1)
    yield source.reception(None, "satnogs", raw)
