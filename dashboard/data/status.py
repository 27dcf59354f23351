"""``status.json``: what the station says of itself, read whenever it changed."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from groundstation.clock import Clock
from groundstation.model import Site
from groundstation.model.schedule import ScheduleStatus

FILE_NAME = "status.json"
#: The station writes at least each second; after this long without news it is taken for stopped.
SILENT_AFTER_US = 6_000_000


@dataclass(frozen=True, slots=True)
class Status:
    """One state of the station. ``written_us`` is real time; None: never written."""

    written_us: int | None = None
    started_us: int | None = None
    clock: Clock = field(default_factory=Clock)
    site: Site | None = None
    simulated: bool = False
    satellites: tuple[str, ...] = ()
    links: tuple[Mapping[str, Any], ...] = ()
    followers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    journal_error: str | None = None
    #: What the scheduler does; None: this station follows no satellite.
    schedule: ScheduleStatus | None = None

    def running(self) -> bool:
        """Whether the station wrote within the last seconds."""
        if self.written_us is None:
            return False
        return time.time_ns() // 1000 - self.written_us < SILENT_AFTER_US

    def now_us(self) -> int:
        """Station time now, microseconds UTC."""
        return self.clock.now_us()


def parse(data: Mapping[str, Any]) -> Status:
    """``status.json`` as a Status. Raises KeyError, TypeError or ValueError when it is not one."""
    site, schedule = data.get("site"), data.get("schedule")
    return Status(
        written_us=int(data["written_us"]),
        started_us=data.get("started_us"),
        clock=Clock.from_json(data["clock"]) if data.get("clock") else Clock(),
        site=Site(**site) if site else None,
        simulated=bool(data.get("simulated", False)),
        satellites=tuple(data.get("satellites", ())),
        links=tuple(data.get("links", ())),
        followers=dict(data.get("followers", {})),
        journal_error=data.get("journal_error"),
        schedule=ScheduleStatus.from_json(schedule) if schedule else None,
    )


class StatusFile:
    """The newest readable state of ``status.json``; safe to ask from several threads."""

    def __init__(self, folder: Path):
        self.path = folder / FILE_NAME
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._status = Status()

    def read(self) -> Status:
        """The state now; from a file that is not readable, the last good one."""
        with self._lock:
            try:
                found = self.path.stat()
                stamp = (found.st_mtime_ns, found.st_ino)
                if stamp != self._stamp:
                    self._status = parse(json.loads(self.path.read_text("utf-8")))
                    self._stamp = stamp
            except FileNotFoundError:
                # The station removes it when it ends; where it was and its clock stay known.
                self._status = replace(self._status, written_us=None)
                self._stamp = None
            except (OSError, KeyError, TypeError, ValueError):
                pass  # cut short by a full disk: the last good state stays
            return self._status
