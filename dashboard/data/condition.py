"""How the station is: the state of the line, and what somebody should know, as codes.

Pages turn the codes into words (``words.py``), scripts do the same (``static/js/site.js``).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from dashboard.data.station_data import StationData
from dashboard.data.status import Status
from groundstation.model import iso
from groundstation.model.schedule import AntennaStatus, ScheduledPass

#: A link counts as receiving for this long after its last byte, station time.
RECEIVING_US = 15_000_000
#: A follower that is so many receptions behind is worth a notice.
LAG = 50
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


def _line(status: Status) -> tuple[str, str]:
    if not status.running():
        return "ended", "stopped"
    if not status.links:
        return "ended", "none"
    states = {link.get("state") for link in status.links}
    now_us = status.now_us()
    last = max((link.get("last_byte_us") or 0 for link in status.links), default=0)
    if "open" in states:
        receiving = 0 <= now_us - last < RECEIVING_US * max(1.0, status.clock.speed)
        return "open", "receiving" if receiving else "connected"
    return ("waiting", "waiting") if "waiting" in states else ("ended", "ended")


def _notices(data: StationData, status: Status, last_us: int | None) -> list[Notice]:
    found: list[Notice] = []
    if status.journal_error:
        found.append(Notice("critical", "journal", status.journal_error))
    if not data.has_journal():
        found.append(Notice("warning", "no_journal"))
    elif not status.running():
        found.append(Notice("warning", "stopped"))
    if status.running():
        found += [
            Notice(
                "warning", "link", f"{link.get('name')}: {link.get('detail') or link.get('url')}"
            )
            for link in status.links
            if link.get("state") == "waiting"
        ]
        found += [
            Notice("warning", "follower", str(follower.get("error") or name))
            for name, follower in status.followers.items()
            if follower.get("error") or follower.get("lag", 0) > LAG
        ]
        found += [
            Notice("critical", "antenna", sentence)
            for sentence in (status.schedule.alarms if status.schedule else ())
        ]
        if clock_doubted(status, last_us):
            found.append(Notice("warning", "clock"))
    return found


def clock_doubted(status: Status, last_us: int | None = None) -> bool:
    """Whether the station's clock cannot be right, so that times and passes are not to be trusted.

    It is older than the newest reception (``last_us``), or than what the scheduler compares with.
    """
    now_us = status.now_us()
    behind = last_us is not None and now_us < last_us - 60_000_000
    return now_us < EARLIEST_US or behind or bool(status.schedule and status.schedule.doubt)


def record(data: StationData, problem: str | None, last_us: int | None = None) -> dict[str, Any]:
    """The station's state as JSON. ``problem``: why the journal cannot be read, or None."""
    status = data.status()
    now = condition(data, last_us)
    site = data.site
    return {
        "now": iso(status.now_us()),
        "speed": status.clock.speed,
        "running": status.running(),
        "started": iso(status.started_us) if status.started_us is not None else None,
        "simulated": status.simulated,
        "site": _site(site) if site else None,
        "satellites": list(status.satellites),
        "line": list(now.line),
        "notices": [[notice.kind, notice.code, notice.detail] for notice in now.notices],
        "links": [_link(dict(link)) for link in status.links],
        "followers": {name: dict(follower) for name, follower in status.followers.items()},
        "journal": data.has_journal(),
        "journal_error": status.journal_error or problem,
        "schedule": _schedule_record(status),
    }


def _schedule_record(status: Status) -> dict[str, Any] | None:
    """The scheduler's state with times as text."""
    schedule = status.schedule
    if schedule is None:
        return None
    return {
        "state": schedule.state,
        "doubt": schedule.doubt,
        "problems": [*schedule.problems, *filter(None, (schedule.problem,))],
        "alarms": list(schedule.alarms),
        "now": [_timed(item) for item in schedule.now],
        "next": _timed(schedule.next) if schedule.next else None,
        "antenna": _timed(schedule.antenna) if schedule.antenna else None,
    }


def _timed(item: ScheduledPass | AntennaStatus) -> dict[str, Any]:
    return {
        name.removesuffix("_us"): iso(value) if name.endswith("_us") else value
        for name, value in asdict(item).items()
    }


def _site(site: Any) -> dict[str, Any]:
    return {
        "name": site.name,
        "latitude_deg": site.latitude_deg,
        "longitude_deg": site.longitude_deg,
        "altitude_m": site.altitude_m,
    }


def _link(link: dict[str, Any]) -> dict[str, Any]:
    last_us = link.pop("last_byte_us", None)
    return {**link, "last_byte": iso(last_us) if last_us else None}
