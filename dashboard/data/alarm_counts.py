"""How many alarms are active, for the banner and the browser's tab of every page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypedDict

from groundstation.errors import StoreError
from groundstation.model import iso
from groundstation.storage.alarm_list import AlarmList

#: Pages and the live stream ask so often that one answer serves for so long, seconds.
FRESH_S = 0.5


class AlarmCounts(TypedDict):
    """``active``: wrong now and not put aside; ``unseen``: of those, what nobody has seen;
    ``critical``: whether one of the unseen is. ``newest``: when the last of the list began."""

    active: int
    unseen: int
    critical: bool
    newest: str | None


NONE: AlarmCounts = {"active": 0, "unseen": 0, "critical": False, "newest": None}


class Counting:
    """Counts at most every :data:`FRESH_S`; safe to ask from several threads."""

    def __init__(self, alarms: AlarmList, now_us: Callable[[], int]):
        self._alarms = alarms
        self._now_us = now_us
        self._lock = threading.Lock()
        self._due_s = 0.0
        self._counts = NONE

    def counts(self) -> AlarmCounts:
        """The counts now; none while the files cannot be read."""
        with self._lock:
            if time.monotonic() >= self._due_s:
                self._counts = self._count()
                self._due_s = time.monotonic() + FRESH_S
            return self._counts

    def forget(self) -> None:
        """Somebody changed something: count again when it is asked for."""
        with self._lock:
            self._due_s = 0.0

    def _count(self) -> AlarmCounts:
        try:
            found = self._alarms.current(self._now_us())
        except StoreError:
            return NONE
        unseen = [item for item in found if item.standing == "unacknowledged"]
        known = sum(item.standing == "acknowledged" for item in found)
        newest = max((item.alarm.triggered_us for item in found), default=None)
        return {
            "active": len(unseen) + known,
            "unseen": len(unseen),
            "critical": any(item.alarm.severity == "critical" for item in unseen),
            "newest": None if newest is None else iso(newest),
        }
