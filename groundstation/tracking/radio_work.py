"""The radio's part of a pass: mode and split once, then the shifted frequencies."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import replace
from datetime import timedelta
from functools import partial
from statistics import median

from groundstation.orbit.pointing import Pointing, pointing
from groundstation.tracking.guard import RETRY_S, Guard
from groundstation.tracking.hamlib import Rig
from groundstation.tracking.limits import RadioLimits
from groundstation.tracking.running import EARLY_S, Running

#: So many of the times that a radio took to tune are looked at: one late answer must not count.
_LAGS = 5


class RadioWork:
    """Tunes one radio. Each kind of order has its own guard: one that is refused costs only itself.

    The downlink is tuned first, and at its own rate whatever becomes of the others.
    """

    name = "the radio"

    def __init__(self, running: Running, rig: Rig) -> None:
        self.running = running
        self.rig = rig
        self._link = self._guard("it is left alone for this pass")
        self._downlink = self._guard("the radio is left alone for this pass")
        self._uplink = self._guard("the uplink is not tuned in this pass")
        self._split = self._guard("it is not set to split for this pass")
        self._mode = self._guard("its mode is left as it is for this pass")
        self._unset: list[Guard] = []
        self._lost = 0
        self._lags_s: deque[float] = deque(maxlen=_LAGS)

    def _guard(self, lost: str) -> Guard:
        return self.running.guard(self.rig.controller, lost)

    def follow(self, stop: threading.Event) -> None:
        """From a little before the pass to its end, or until ``stop`` is set."""
        if self._meet(stop) and not self.running.sleep(stop, -self.running.seconds() - EARLY_S):
            self._follow(stop)
        if self._downlink.given_up:
            self.running.update(lambda state: replace(state, rig_given_up=True))
        self.rig.controller.close()

    def _meet(self, stop: threading.Event) -> bool:
        """Ask the radio for its limits, well before the pass; False when there is no more time."""
        while not self.running.over:
            if self._link.order(self.rig.controller.connect):
                limits = self._link.ask(self.rig.limits)
                if limits is not None:
                    self._tell(limits)
                return True
            if self.running.sleep(stop, RETRY_S):
                break
        return False

    def _tell(self, limits: RadioLimits) -> None:
        """What is outside of what the radio says it can: before the pass, not in its midst."""
        target, who = self.running.target, self.rig.controller.who
        if target.downlink_hz is not None and not _within(target.downlink_hz, limits.receive_hz):
            self.running.alarm(
                f"{who} receives {_ranges(limits.receive_hz)}, the downlink is on "
                f"{target.downlink_hz / 1e6:g} MHz; it is tried all the same"
            )
        if target.uplink_hz is not None and not _within(target.uplink_hz, limits.transmit_hz):
            can = _ranges(limits.transmit_hz)
            self._uplink.give_up(
                f"{who} {f'transmits {can}' if can else 'does not transmit'}, the uplink is on "
                f"{target.uplink_hz / 1e6:g} MHz: it is not tuned in this pass"
            )

    def _follow(self, stop: threading.Event) -> None:
        self._begin()
        while (now := self.running.seconds()) <= self.running.target.length_s:
            if not self._link.order(self.rig.controller.connect):
                self._begin()  # whoever answers next has to be told all anew
            else:
                if self.rig.controller.lost != self._lost:
                    self._nothing_is_set()  # it may have been started anew
                self._work()
            if self._downlink.given_up:
                return
            if self.running.sleep(stop, self.running.period_s - (self.running.seconds() - now)):
                return

    def _begin(self) -> None:
        """Nothing is known of the radio, and nothing is set."""
        self.rig.forget()
        self._nothing_is_set()

    def _nothing_is_set(self) -> None:
        """It has to be told all anew."""
        self._lost = self.rig.controller.lost
        self._unset = []
        if self.running.target.mode is not None:
            self._unset.append(self._mode)
        if self.running.target.uplink_hz is not None and not self._uplink.given_up:
            self._unset.append(self._split)

    def _work(self) -> None:
        """One update: what is not yet set, then both frequencies."""
        orders = {id(self._mode): self._set_mode, id(self._split): self.rig.split}
        self._unset = [guard for guard in self._unset if not guard.order(orders[id(guard)])]
        self._tune()

    def _set_mode(self) -> None:
        assert self.running.target.mode is not None
        self.rig.set_mode(self.running.target.mode, self.running.target.passband_hz)

    def _tune(self) -> None:
        """Tune both ways, ahead by the station time that the radio usually takes."""
        begin = self.running.now()
        ahead_s = median(self._lags_s) if self._lags_s else 0.0
        there = self._there(ahead_s)
        receive, transmit = (
            self.running.target.receive_hz(there),
            self.running.target.transmit_hz(there),
        )
        if receive is not None and self._downlink.order(partial(self.rig.tune, receive)):
            done = self.running.now()
            self._lags_s.append((done - begin).total_seconds())
            self.running.update(lambda state: replace(state, receive_hz=receive, tuned_at=done))
        elif self._downlink.failing:
            self.rig.forget()  # it may want a VFO's name after all
        if transmit is not None and self._uplink.order(partial(self.rig.tune_uplink, transmit)):
            self.running.update(lambda state: replace(state, transmit_hz=transmit))

    def _there(self, ahead_s: float) -> Pointing:
        target = self.running.target
        then = self.running.now() + timedelta(seconds=ahead_s)
        inside = min(max(then, target.begin), target.end)
        return pointing(target.elements, target.site, inside)


def _within(hertz: float, ranges: tuple[tuple[float, float], ...]) -> bool:
    return any(low <= hertz <= high for low, high in ranges)


def _ranges(ranges: tuple[tuple[float, float], ...]) -> str:
    return ", ".join(f"{low / 1e6:g} to {high / 1e6:g} MHz" for low, high in ranges)
