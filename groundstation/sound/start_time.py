"""When a recording began, where its name tells it in UTC; a time that is not told is not made up.

Names as the programs write them: SatNOGS ``satnogs_1234567_2024-01-01T00-00-00.ogg``, Gqrx
``gqrx_20240101_120000_437500000.wav`` (both UTC), and every other one whose time ends with ``Z``
(SDR# and HDSDR: ``..._20240101_120000Z_437500kHz_IQ.wav``).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from groundstation.model import to_us

_DAY = r"(\d{4})-?(\d\d)-?(\d\d)"
_TIME = r"(\d\d)[-:_]?(\d\d)[-:_]?(\d\d)"
_NAMES = (
    re.compile(rf"satnogs_\d+_{_DAY}T{_TIME}(?!\d)", re.IGNORECASE),
    re.compile(rf"gqrx_{_DAY}_{_TIME}(?!\d)", re.IGNORECASE),
    re.compile(rf"(?<!\d){_DAY}[T_]{_TIME}Z", re.IGNORECASE),
)


def start_us(name: str) -> int | None:
    """The first moment of the recording called ``name``, microseconds since 1970 UTC, or None."""
    for pattern in _NAMES:
        if found := pattern.search(name):
            try:
                return to_us(datetime(*map(int, found.groups()), tzinfo=UTC))  # type: ignore[arg-type, misc]  # six numbers
            except ValueError:
                continue
    return None
