"""What the station says of itself in ``status.json``: written by it, read by the dashboard."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from groundstation.clock import Clock
from groundstation.model import Site
from groundstation.model.schedule import ScheduleStatus

#: The file, in the data folder.
FILE_NAME = "status.json"
#: The station writes at least each second; after this long without news it is taken for stopped.
SILENT_AFTER_US = 6_000_000


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """One link. ``state`` is waiting, open or ended; ``detail`` says why, if it waits.

    ``last_byte_us``: station time of the last byte, or None; ``bytes``, ``frames`` and
    ``bad_frames``: how many came since the start. ``listens``: of a link of sound, what it listens
    for now, or why for nothing.
    """

    name: str
    url: str
    framing: str
    state: str = "waiting"
    detail: str = ""
    last_byte_us: int | None = None
    bytes: int = 0
    frames: int = 0
    bad_frames: int = 0
    simulated: bool = False
    listens: str = ""


@dataclass(frozen=True, slots=True)
class FollowerStatus:
    """One follower: all up to ``seq`` is done, ``lag`` receptions are to be done.

    ``error``: why it waits, or None. ``backlog``: receptions that are done anew, at most.
    ``set_apart``: what is left out for good and why, or empty; ``left_out``: how many receptions.
    """

    seq: int
    lag: int = 0
    error: str | None = None
    backlog: int = 0
    set_apart: str = ""
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class ClockStatus:
    """What the computer's clock is worth. ``synchronised``: whether something keeps it, None: the
    system does not say. ``wrong``: why it cannot be right, or empty.

    ``stepped_at_us``: what it said when it last jumped, None: it did not since the start;
    ``step_us``: by how much.
    """

    synchronised: bool | None = None
    wrong: str = ""
    stepped_at_us: int | None = None
    step_us: int = 0


@dataclass(frozen=True, slots=True)
class StationStatus:
    """One state of the station. ``written_us`` and ``started_us`` are real time; 0: never.

    ``schedule``: what the scheduler does, None: this station follows no satellite.
    ``timekeeping``: what the clock is worth, None: it is a simulated one.
    """

    written_us: int = 0
    started_us: int = 0
    pid: int = 0
    clock: Clock = field(default_factory=Clock)
    site: Site | None = None
    simulated: bool = False
    satellites: tuple[str, ...] = ()
    links: tuple[LinkStatus, ...] = ()
    followers: Mapping[str, FollowerStatus] = field(default_factory=dict)
    journal_error: str | None = None
    schedule: ScheduleStatus | None = None
    timekeeping: ClockStatus | None = None

    def is_running(self) -> bool:
        """Whether the station wrote within the last seconds."""
        return time.time_ns() // 1000 - self.written_us < SILENT_AFTER_US

    def now_us(self) -> int:
        """Station time now, microseconds UTC."""
        return self.clock.now_us()

    def to_json(self) -> dict[str, Any]:  # JSON: what from_json reads
        """As ``status.json`` has it."""
        return {
            "pid": self.pid,
            "started_us": self.started_us,
            "written_us": self.written_us,
            "simulated": self.simulated,
            "clock": self.clock.as_json(),
            "site": asdict(self.site) if self.site else None,
            "satellites": list(self.satellites),
            "links": [asdict(link) for link in self.links],
            "followers": {name: asdict(item) for name, item in self.followers.items()},
            "journal_error": self.journal_error,
            "schedule": self.schedule.to_json() if self.schedule else None,
            "timekeeping": asdict(self.timekeeping) if self.timekeeping else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read back. Raises KeyError, TypeError or ValueError for what is no such record."""
        site, schedule = data.get("site"), data.get("schedule")
        timekeeping = data.get("timekeeping")
        return cls(
            written_us=int(data["written_us"]),
            started_us=int(data.get("started_us") or 0),
            pid=int(data.get("pid") or 0),
            clock=Clock.from_json(data["clock"]) if data.get("clock") else Clock(),
            site=Site(**site) if site else None,
            simulated=bool(data.get("simulated")),
            satellites=tuple(map(str, data.get("satellites", ()))),
            links=tuple(LinkStatus(**_known(LinkStatus, item)) for item in data.get("links", ())),
            followers={
                str(name): FollowerStatus(**_known(FollowerStatus, item))
                for name, item in data.get("followers", {}).items()
            },
            journal_error=data.get("journal_error"),
            schedule=ScheduleStatus.from_json(schedule) if schedule else None,
            timekeeping=ClockStatus(**_known(ClockStatus, timekeeping)) if timekeeping else None,
        )


def _known(
    kind: type[LinkStatus | FollowerStatus | ClockStatus], data: Mapping[str, Any]
) -> dict[str, Any]:
    """What of ``data`` is a field: a station of another version may say more."""
    return {item.name: data[item.name] for item in fields(kind) if item.name in data}
