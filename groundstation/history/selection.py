"""Which part of a station's history is meant: whose, which packets and parameters, from when on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from groundstation.errors import SelectionError
from groundstation.model import to_us

_AGO = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)([smhdw])\Z")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True)
class Selection:
    """``satellite``, ``packet`` and ``quantity`` None: any. ``parameters`` empty: all.
    ``simulated``: only what a simulator sent.

    ``since_us`` and ``until_us`` (not itself) are times of reception, microseconds since 1970 UTC.
    """

    satellite: str | None = None
    packet: str | None = None
    parameters: tuple[str, ...] = ()
    quantity: str | None = None
    since_us: int | None = None
    until_us: int | None = None
    simulated: bool = False

    def holds(self, received_us: int) -> bool:
        """Whether a time of reception is in it."""
        return (self.since_us is None or received_us >= self.since_us) and (
            self.until_us is None or received_us < self.until_us
        )


def ago(text: str, now: datetime) -> datetime | None:
    """``7d``, ``12h`` or ``30m``: so long before ``now``; None for anything else. Raises
    OverflowError."""
    found = _AGO.match(text.strip())
    return now - timedelta(**{_UNITS[found[2]]: float(found[1])}) if found else None


def time_us(text: str, now: datetime) -> int:
    """A time as people write it: ``7d`` (so long before ``now``), a day, or ISO 8601 (UTC where it
    does not say). Raises SelectionError."""
    try:
        if (found := ago(text, now)) is not None:
            return to_us(found)
        when = datetime.fromisoformat(text.strip())
        return to_us(when.replace(tzinfo=UTC) if when.tzinfo is None else when)
    except (ValueError, OverflowError):
        raise SelectionError(
            f"{text!r} is no time: write 7d, 12h or 30m (so long ago), 2026-11-22, or "
            "2026-11-22T12:00:00Z"
        ) from None
