"""The antenna's threads go on after elements and answers that fail."""

from __future__ import annotations

import threading
import time

from groundstation.clock import Clock
from groundstation.model import to_us
from groundstation.mount import Mount
from groundstation.tracking.controller import Controller
from groundstation.tracking.hamlib import Rig, Rotator
from groundstation.tracking.scheduler import Scheduler
from groundstation.tracking.target import Target
from groundstation.tracking.tracker import Tracker
from tests.links.devices import wait_until
from tests.orbit.truth import BISHKEK
from tests.threads.failing import Failing, never
from tests.threads.one_pass import ISS, PASS
from tests.tracking.controllers import Hostile


def test_scheduler() -> None:
    class Conductor:
        busy = False
        stopped = False

        def __init__(self) -> None:
            self.steps = 0
            self.step = Failing(1, self._step)

        def _step(self) -> None:
            self.steps += 1

        def stop(self) -> None:
            self.stopped = True

    conductor = Conductor()
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        never(text)

    scheduler = Scheduler(Failing(1, lambda: conductor), say)
    scheduler.start()
    wait_until(lambda: conductor.steps > 1)
    scheduler.stop()
    assert conductor.stopped
    assert said == ["passes: injected"]


def test_tracker() -> None:
    """In the midst of a pass, at ten times the speed of the world: the antenna is lost a moment."""
    clock = Clock(time.time_ns() // 1000, to_us(PASS.tca), 10.0)
    said: list[str] = []

    class BadRotator(Rotator):
        failing = Failing(2)

        def position(self) -> tuple[float, float]:
            self.failing()
            return super().position()

    class BadRig(Rig):
        def tune(self, frequency_hz: float) -> None:
            raise ZeroDivisionError("injected")

    with (
        Hostile(clock) as motor,
        Controller("rotator", motor.address) as rotator,
        Hostile(clock) as other,
        Controller("radio", other.address) as radio,
    ):
        target = Target(ISS, BISHKEK, PASS.aos, PASS.los, downlink_hz=437_800_000)
        mount = Mount.parse("0-450", azimuth_rate_deg_s=6.0, elevation_rate_deg_s=6.0)
        tracker = Tracker(
            *(target, mount, clock, BadRotator(rotator), BadRig(radio)),
            period_s=0.4,
            alarm=said.append,
        )
        stop = threading.Event()
        thread = threading.Thread(target=tracker.run, args=(stop,))
        thread.start()
        wait_until(lambda: tracker.state.measured_deg)
        stop.set()
        thread.join()
        assert motor.commands[-1] == "S"
    assert (
        said.count(
            "the antenna: a mistake in the program: ZeroDivisionError('injected'); please report it"
        )
        == 1
    )
    assert len([text for text in said if text.startswith("the radio: a mistake")]) <= 1
