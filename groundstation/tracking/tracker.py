"""Follow one pass: the antenna on the satellite, the radio on its shifted frequency.

Rotator and radio have a thread each, so that one that hangs cannot hold up the other. A controller
that fails is tried again a few times; then there is an alarm, the antenna is told to stop, and it
is left alone for the rest of the pass: a program must not fight a motor.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from statistics import median

import numpy as np

from groundstation.clock import Clock
from groundstation.model import from_us
from groundstation.orbit.pointing import Pointing, pointing, pointings
from groundstation.tracking.guard import Guard
from groundstation.tracking.hamlib import Rig, Rotator
from groundstation.tracking.mount import Mount, RotatorPath, plan_path
from groundstation.tracking.target import Target, TrackState
from groundstation.tracking.watch import MotionWatch

#: Seconds of station time by which the antenna is early at its starting point.
EARLY_S = 20.0
_PATH_STEP_S = 1.0
#: A motor need not be told of less than this.
_DEADBAND_DEG = 0.1
_RETRY_S = 1.0
#: So many of the times that a radio took to tune are looked at: one late answer must not count.
_LAGS = 5


@dataclass(slots=True)
class Tracker:
    """One pass with the controllers there are; ``run`` returns after it.

    ``clock`` is the station's; ``period_s`` the station seconds between two updates; ``alarm`` is
    called with one sentence, from any thread.
    """

    target: Target
    mount: Mount
    clock: Clock
    rotator: Rotator | None = None
    rig: Rig | None = None
    period_s: float = 0.2
    alarm: Callable[[str], None] = lambda sentence: None
    _state: TrackState = field(default_factory=TrackState)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def state(self) -> TrackState:
        """How it stands now."""
        with self._lock:
            return self._state

    def now(self) -> datetime:
        """The station's time."""
        return from_us(self.clock.now_us())

    def track(self) -> tuple[list[float], list[Pointing]]:
        """Seconds since the begin of the pass, one apart, and the satellite then.

        Raises ElementsError where the elements give no position.
        """
        times = [*np.arange(0.0, self.target.length_s, _PATH_STEP_S).tolist(), self.target.length_s]
        instants = [self.target.begin + timedelta(seconds=second) for second in times]
        return times, pointings(self.target.elements, self.target.site, instants)

    def run(self, stop: threading.Event) -> TrackState:
        """Prepare, follow and park; ends with the pass or when ``stop`` is set.

        Raises ElementsError where the elements give no position.
        """
        times, track = self.track()
        threads = []
        if self.rotator is not None:
            work = (self.rotator, times, track, stop)
            threads.append(threading.Thread(target=self._follow_rotator, args=work))
        if self.rig is not None:
            threads.append(threading.Thread(target=self._follow_rig, args=(self.rig, stop)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.state

    def _update(self, change: Callable[[TrackState], TrackState]) -> None:
        with self._lock:
            self._state = change(self._state)

    def _raise_alarm(self, sentence: str) -> None:
        self._update(lambda state: replace(state, alarms=(*state.alarms, sentence)))
        self.alarm(sentence)

    def _sleep(self, stop: threading.Event, station_s: float) -> bool:
        """Wait in station time; True when asked to stop."""
        return stop.wait(max(station_s, 0.0) / self.clock.speed)

    def _pause(self, guard: Guard) -> float:
        """Station seconds until the next attempt: more where the last one failed."""
        return max(self.period_s, _RETRY_S) if guard.failing else self.period_s

    def _seconds(self) -> float:
        """Station seconds since the begin of the pass; negative before."""
        return (self.now() - self.target.begin).total_seconds()

    def _follow_rotator(
        self,
        rotator: Rotator,
        times: Sequence[float],
        track: Sequence[Pointing],
        stop: threading.Event,
    ) -> None:
        guard = Guard("rotator", self._raise_alarm)
        start = guard.ask(rotator.position)
        while start is None and not guard.given_up and not self._sleep(stop, _RETRY_S):
            start = guard.ask(rotator.position)
        if start is not None:
            azimuth = np.array([there.azimuth_deg for there in track])
            elevation = np.array([there.elevation_deg for there in track])
            path = plan_path(np.array(times), azimuth, elevation, self.mount, start)
            if self._wait_for_start(path, start, stop):
                self._drive(rotator, path, guard, stop)
        if guard.given_up:
            self._update(lambda state: replace(state, rotator_given_up=True))
        if guard.given_up or stop.is_set():
            Guard("rotator", lambda sentence: None).order(rotator.stop)
        elif start is not None:
            guard.order(rotator.park)
        rotator.controller.close()

    def _wait_for_start(
        self, path: RotatorPath, start: tuple[float, float], stop: threading.Event
    ) -> bool:
        """Sleep until it is time to turn to the starting point; False when asked to stop."""
        first = path.at(0.0)
        turn = max(
            abs(first[0] - start[0]) / self.mount.azimuth_rate_deg_s,
            abs(first[1] - start[1]) / self.mount.elevation_rate_deg_s,
        )
        return not self._sleep(stop, -self._seconds() - turn - EARLY_S)

    def _drive(
        self, rotator: Rotator, path: RotatorPath, guard: Guard, stop: threading.Event
    ) -> None:
        """Command and measure until the end of the pass."""
        watch = MotionWatch(self.mount)
        told: tuple[float, float] | None = None
        while (now := self._seconds()) <= self.target.length_s:
            # Measured before the next order: it belongs to the last one.
            measured = guard.ask(rotator.position)
            if measured is not None and told is not None:
                self._measured(told, measured)
                problem = watch.feed(now, told, measured)
                if problem is not None:
                    guard.give_up(f"{problem}; it is stopped and left alone for this pass")
            # A motor on its way is always behind: aim at where it should be at the next update.
            wanted = path.at(now + self.period_s)
            due = told is None or _far(wanted, told) >= _DEADBAND_DEG
            if due and not guard.given_up:
                told = wanted if guard.order(partial(rotator.point, *wanted)) else None
            if guard.given_up or self._sleep(stop, self._pause(guard) - (self._seconds() - now)):
                return

    def _measured(self, wanted: tuple[float, float], measured: tuple[float, float]) -> None:
        now = self.now()
        self._update(
            lambda state: replace(
                state, commanded_deg=wanted, measured_deg=measured, measured_at=now
            )
        )

    def _follow_rig(self, rig: Rig, stop: threading.Event) -> None:
        guard = Guard("radio", self._raise_alarm)
        if self._sleep(stop, -self._seconds() - EARLY_S):
            return
        prepared = False
        lags_s: deque[float] = deque(maxlen=_LAGS)
        while (now := self._seconds()) <= self.target.length_s and not guard.given_up:
            prepared = prepared or guard.order(lambda: self._prepare(rig))
            if prepared:
                self._tune(rig, guard, lags_s)
            if self._sleep(stop, self._pause(guard) - (self._seconds() - now)):
                break
        if guard.given_up:
            self._update(lambda state: replace(state, rig_given_up=True))
        rig.controller.close()

    def _prepare(self, rig: Rig) -> None:
        """What is set once: split, mode and passband."""
        if self.target.uplink_hz is not None:
            rig.split()
        if self.target.mode is not None:
            rig.set_mode(self.target.mode, self.target.passband_hz)

    def _tune(self, rig: Rig, guard: Guard, lags_s: deque[float]) -> None:
        """Tune both ways, ahead by the time that the radio usually takes.

        ``lags_s`` are the station seconds that it took lately; this time is added to them.
        """
        begin = self.now()
        then = begin + timedelta(seconds=median(lags_s) if lags_s else 0.0)
        inside = min(max(then, self.target.begin), self.target.end)
        there = pointing(self.target.elements, self.target.site, inside)
        receive, transmit = self.target.receive_hz(there), self.target.transmit_hz(there)
        if receive is not None and guard.order(lambda: rig.tune(receive)):
            done = self.now()
            lags_s.append((done - begin).total_seconds())
            self._update(lambda state: replace(state, receive_hz=receive, tuned_at=done))
        if transmit is not None and guard.order(lambda: rig.tune_uplink(transmit)):
            self._update(lambda state: replace(state, transmit_hz=transmit))


def _far(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The larger of the two differences, degrees."""
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]))
