"""The antenna's part of a pass: plan its way, turn to its begin, follow, park."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from groundstation.errors import ControllerRefusedError
from groundstation.mount import Mount, nearest_turn
from groundstation.orbit.pointing import Pointing
from groundstation.tracking.fit import fitted, outside, refused_hint, told
from groundstation.tracking.guard import RETRY_S, Guard
from groundstation.tracking.hamlib import Rotator
from groundstation.tracking.path import RotatorPath, plan_path
from groundstation.tracking.running import EARLY_S, Running
from groundstation.tracking.watch import MotionWatch

#: A motor need not be told of less than this.
_DEADBAND_DEG = 0.1
_LOST = "the antenna is left alone for this pass"


class AntennaWork:
    """Follows ``track``, the satellite at ``times_s`` since the begin of the pass."""

    name = "the antenna"

    def __init__(
        self,
        running: Running,
        rotator: Rotator,
        mount: Mount,
        times_s: Sequence[float],
        track: Sequence[Pointing],
    ) -> None:
        self.running = running
        self.rotator = rotator
        self.mount = mount
        self._times_s = np.array(times_s)
        self._azimuth_deg = np.array([there.azimuth_deg for there in track])
        self._elevation_deg = np.array([there.elevation_deg for there in track])
        self._looks = running.guard(rotator.controller, _LOST)
        self._moves = running.guard(rotator.controller, _LOST)

    def follow(self, stop: threading.Event) -> None:
        """From where the antenna stands to the end of the pass, or until ``stop`` is set."""
        start = self._found(stop)
        if start is not None:
            path = self._plan(start)
            if self._wait_for_start(path, start, stop):
                self._drive(path, stop)
        if self._given_up:
            self.running.update(lambda state: replace(state, rotator_given_up=True))
        if self._given_up or stop.is_set():
            Guard("", "", lambda sentence: None, self.running.seconds).order(self.rotator.stop)
        elif start is not None:
            self._moves.order(self.rotator.park)
        self.rotator.controller.close()

    @property
    def _given_up(self) -> bool:
        return self._looks.given_up or self._moves.given_up

    def _found(self, stop: threading.Event) -> tuple[float, float] | None:
        """Where the antenna stands, in the mount's range; waits for a controller that is late."""
        while not (self._given_up or self.running.over):
            if (position := self._looks.ask(self.rotator.position)) is not None:
                return self.mount.placed(position[0]), position[1]
            if self.running.sleep(stop, RETRY_S):
                break
        return None

    def _plan(self, start: tuple[float, float]) -> RotatorPath:
        """The way from here on, within what the controller takes; what does not fit is told."""
        path = self._way(self.mount, start)
        limits = self._looks.ask(self.rotator.limits)
        if limits is None:
            return path
        written, self.mount = self.mount, fitted(self.mount, limits)
        # Without stops nothing is left out: the same way is sent in other numbers.
        if outside(path, self.mount if self.mount.endless else written, limits):
            path = self._way(self.mount, (self.mount.placed(start[0]), start[1]))
            self.running.alarm(told(self.rotator.controller.who, written, limits, self.mount, path))
        return path

    def _way(self, mount: Mount, start: tuple[float, float]) -> RotatorPath:
        """From now on: what is over is not to be turned to."""
        first = int(np.searchsorted(self._times_s[:-1], self.running.seconds(), "right")) - 1
        rest = slice(max(first, 0), None)
        times, azimuth, elevation = (
            values[rest] for values in (self._times_s, self._azimuth_deg, self._elevation_deg)
        )
        return plan_path(times, azimuth, elevation, mount, start)

    def _wait_for_start(
        self, path: RotatorPath, start: tuple[float, float], stop: threading.Event
    ) -> bool:
        """Sleep until it is time to turn to the starting point; False when asked to stop."""
        first = path.at(0.0)
        turn = max(
            abs(first[0] - start[0]) / self.mount.azimuth_rate_deg_s,
            abs(first[1] - start[1]) / self.mount.elevation_rate_deg_s,
        )
        return not self.running.sleep(stop, -self.running.seconds() - turn - EARLY_S)

    def _drive(self, path: RotatorPath, stop: threading.Event) -> None:
        """Command and measure until the end of the pass."""
        watch = MotionWatch(self.mount)
        sent: tuple[float, float] | None = None
        while (now := self.running.seconds()) <= self.running.target.length_s:
            # Measured before the next order: it belongs to the last one.
            measured = self._looks.ask(self.rotator.position)
            if measured is not None:
                self._look(watch, now, sent, measured)
            if measured is not None and not self._given_up:
                # A motor on its way is always behind: aim at where it should be at the next update.
                sent = self._sent(path.at(now + self.running.period_s), sent)
            period = RETRY_S if self._looks.failing else self.running.period_s
            if self._given_up or self.running.sleep(stop, period - (self.running.seconds() - now)):
                return

    def _look(
        self,
        watch: MotionWatch,
        now_s: float,
        sent: tuple[float, float] | None,
        measured: tuple[float, float],
    ) -> None:
        """Remember where it is, and give it up where that cannot be."""
        if sent is None:
            watch.begin(now_s, measured)
            return
        self._measured(sent, measured)
        if problem := watch.feed(now_s, sent, measured):
            self._looks.give_up(f"{problem}; it is stopped and left alone for this pass")

    def _sent(
        self, wanted: tuple[float, float], sent: tuple[float, float] | None
    ) -> tuple[float, float] | None:
        """Order it to ``wanted`` unless it is there; what it was told last, None for nothing."""
        if sent is not None and _far(wanted, sent) < _DEADBAND_DEG:
            return sent
        return wanted if self._moves.order(partial(self._point, *wanted)) else None

    def _point(self, azimuth_deg: float, elevation_deg: float) -> None:
        try:
            self.rotator.point(self.mount.sent(azimuth_deg), elevation_deg)
        except ControllerRefusedError as error:
            hint = refused_hint(self.mount, azimuth_deg, elevation_deg)
            raise ControllerRefusedError(f"{error}{hint}") from None

    def _measured(self, wanted: tuple[float, float], measured: tuple[float, float]) -> None:
        now = self.running.now()
        # Another turn of the same direction is the same direction.
        looked = nearest_turn(measured[0], wanted[0]), measured[1]
        self.running.update(
            lambda state: replace(state, commanded_deg=wanted, measured_deg=looked, measured_at=now)
        )


def _far(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The larger of the two differences, degrees."""
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]))
