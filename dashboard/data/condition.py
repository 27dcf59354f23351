"""How the station is: the state of the line, and what somebody should know, as codes.

Pages turn the codes into words (``show/wording.py``), scripts do the same (``static/js/site.js``).
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.data.station_data import StationData
from groundstation.model.status import StationStatus

#: A link counts as receiving for this long after its last byte, station time.
RECEIVING_US = 15_000_000
#: A follower that is so many receptions behind is worth a notice.
LAG = 50
#: The notice that leads to the page of alarms; its detail is how many nobody has seen.
ALARMS = "alarms"
#: No station has flown before this: an earlier clock is wrong (2025-01-01T00:00:00Z).
EARLIEST_US = 1_735_689_600_000_000


@dataclass(frozen=True, slots=True)
class Notice:
    """``kind`` is warning or critical; ``detail`` a sentence of the station's, or empty."""

    kind: str
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """``line``: (shape, code) of the link state; ``notices``: the worst first."""

    line: tuple[str, str]
    notices: tuple[Notice, ...]


def condition(data: StationData, last_us: int | None = None) -> Condition:
    """The station now. ``last_us``: time of the newest reception, to check the clock against."""
    status = data.status()
    return Condition(_line(status), tuple(_notices(data, status, last_us)))


def _line(status: StationStatus) -> tuple[str, str]:
    if not status.is_running():
        return "ended", "stopped"
    if not status.links:
        return "ended", "none"
    states = {link.state for link in status.links}
    now_us = status.now_us()
    last = max((link.last_byte_us or 0 for link in status.links), default=0)
    if "open" in states:
        receiving = 0 <= now_us - last < RECEIVING_US * max(1.0, status.clock.speed)
        return "open", "receiving" if receiving else "connected"
    return ("waiting", "waiting") if "waiting" in states else ("ended", "ended")


def _notices(data: StationData, status: StationStatus, last_us: int | None) -> list[Notice]:
    found: list[Notice] = []
    counts = data.counting.counts()
    if counts["unseen"]:
        kind = "critical" if counts["critical"] else "warning"
        found.append(Notice(kind, ALARMS, str(counts["unseen"])))
    if status.journal_error:
        found.append(Notice("critical", "journal", status.journal_error))
    if not data.has_journal():
        found.append(Notice("warning", "no_journal"))
    elif not status.is_running():
        found.append(Notice("warning", "stopped"))
    if status.is_running():
        found += [
            Notice("warning", "link", f"{link.name}: {link.detail or link.url}")
            for link in status.links
            if link.state == "waiting"
        ]
        found += [
            Notice("warning", "damage", link.name)
            for link in status.links
            if link.state == "open" and link.detail
        ]
        found += [
            Notice("warning", "follower", follower.error or name)
            for name, follower in status.followers.items()
            if follower.error or follower.lag > LAG
        ]
        found += [
            Notice("critical", "antenna", sentence)
            for sentence in (status.schedule.alarms if status.schedule else ())
        ]
        if clock_doubted(status, last_us):
            found.append(Notice("warning", "clock"))
    return found


def clock_kind(status: StationStatus) -> str:
    """Whose time the station keeps: ``real``; ``simulated`` or ``recorded`` where a flight or a
    recording has another one."""
    if not status.clock.is_apart:
        return "real"
    return "simulated" if status.simulated else "recorded"


def clock_doubted(status: StationStatus, last_us: int | None = None) -> bool:
    """Whether the station's clock cannot be right, so that times and passes are not to be trusted.

    The station says so, or it is older than what the scheduler compares with; of a clock that the
    station does not watch: than the newest reception (``last_us``).
    """
    if status.schedule and status.schedule.doubt:
        return True
    if status.timekeeping is not None:
        return bool(status.timekeeping.wrong)
    now_us = status.now_us()
    return now_us < EARLIEST_US or (last_us is not None and now_us < last_us - 60_000_000)
