"""What the threads of one tracked pass share: time, the state as it stands, and the alarm."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from groundstation.clock import Clock
from groundstation.model import from_us
from groundstation.tracking.controller import Controller
from groundstation.tracking.guard import Guard
from groundstation.tracking.target import Target, TrackState

#: Seconds of station time by which antenna and radio are early.
EARLY_S = 20.0


class Running:
    """One pass that is being tracked. ``period_s``: station seconds between two updates."""

    def __init__(
        self, target: Target, clock: Clock, period_s: float, alarm: Callable[[str], None]
    ) -> None:
        self.target = target
        self.clock = clock
        self.period_s = period_s
        self._alarm = alarm
        self._state = TrackState()
        self._lock = threading.Lock()

    @property
    def state(self) -> TrackState:
        """How it stands now."""
        with self._lock:
            return self._state

    def update(self, change: Callable[[TrackState], TrackState]) -> None:
        """Put the state that ``change`` makes of it in its place."""
        with self._lock:
            self._state = change(self._state)

    def alarm(self, sentence: str) -> None:
        """Remember it, and tell it."""
        self.update(lambda state: replace(state, alarms=(*state.alarms, sentence)))
        self._alarm(sentence)

    def guard(self, controller: Controller, lost: str) -> Guard:
        """One for a kind of question to ``controller``; ``lost`` says what its end costs."""
        return Guard(controller.who, lost, self.alarm, self.seconds)

    def now(self) -> datetime:
        """The station's time."""
        return from_us(self.clock.now_us())

    def seconds(self) -> float:
        """Station seconds since the begin of the pass; negative before."""
        return (self.now() - self.target.begin).total_seconds()

    @property
    def over(self) -> bool:
        """Whether the pass has ended."""
        return self.seconds() > self.target.length_s

    def sleep(self, stop: threading.Event, station_s: float) -> bool:
        """Wait in station time; True when asked to stop."""
        return stop.wait(max(station_s, 0.0) / self.clock.speed)
