"""What people and time make of an alarm: its standing, after ISA-18.2 (ANSI/ISA-18.2-2016, 5.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from groundstation.model.alarms import Alarm, Severity

#: Wrong and nobody has seen it; wrong and seen; right again and nobody has seen it; right again and
#: seen: history; put aside until a time.
Standing: TypeAlias = Literal["unacknowledged", "acknowledged", "returned", "cleared", "shelved"]
#: In the order in which they want attention.
STANDINGS: tuple[Standing, ...] = (
    *("unacknowledged", "returned", "acknowledged", "shelved", "cleared"),
)


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Somebody has seen an alarm as it was: ``severity``. ``reason``: what they wrote."""

    severity: Severity
    at_us: int
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Alarms of one value (packet, link, ...) call nobody until ``until_us``."""

    until_us: int
    at_us: int
    by: str
    reason: str = ""


def standing(
    alarm: Alarm, seen: Acknowledgement | None, shelf: Shelf | None, now_us: int
) -> Standing:
    """Where ``alarm`` stands at ``now_us``. What was seen as a warning and is critical now was not
    seen."""
    acknowledged = seen is not None and not (
        alarm.severity == "critical" and seen.severity == "warning"
    )
    if acknowledged and not alarm.active:
        return "cleared"
    if shelf is not None and shelf.until_us > now_us:
        return "shelved"
    if not alarm.active:
        return "returned"
    return "acknowledged" if acknowledged else "unacknowledged"
