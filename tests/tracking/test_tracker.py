"""Whole passes against real daemons and a scripted motor, and every fault of a controller."""

import threading
import time
from contextlib import ExitStack
from datetime import timedelta
from itertools import pairwise

import pytest

from groundstation.clock import Clock
from groundstation.model import to_us
from groundstation.mount import Mount
from groundstation.orbit.passes import find_passes
from groundstation.orbit.pointing import pointing
from groundstation.tracking.controller import Controller
from groundstation.tracking.hamlib import Rig, Rotator
from groundstation.tracking.target import Target
from groundstation.tracking.tracker import Tracker
from tests.links.devices import wait_until
from tests.orbit.truth import BISHKEK, cases, degrees_apart, elements_of, when
from tests.peers import free_port
from tests.tracking.controllers import Hostile, daemon

ISS = elements_of(cases("passes_consensus.json")[0])
START = when("2026-08-22T06:00:00Z")
PASS = find_passes(ISS, BISHKEK, START, START + timedelta(days=1))[0]
MOUNT = Mount.parse("0-450", azimuth_rate_deg_s=6.0, elevation_rate_deg_s=6.0)


def clock_at(moment, speed=1.0):
    return Clock(time.time_ns() // 1000, to_us(moment), speed)


def target(begin=PASS.aos, end=PASS.los, **options):
    return Target(ISS, BISHKEK, begin, end, **options)


def off_by(angles, there):
    """The larger of the two errors, degrees."""
    azimuth, elevation = angles
    return max(degrees_apart(azimuth, there.azimuth_deg), abs(elevation - there.elevation_deg))


def astray(measured):
    """Errors beyond what the satellite moved since the angles before were measured, degrees.

    ``measured``: angles by moment. An antenna that is told late, by a busy machine, is behind by as
    much; what is more is an error.
    """
    where = {moment: pointing(ISS, BISHKEK, moment) for moment in measured}
    return [
        off_by(measured[now], where[now])
        - off_by((where[before].azimuth_deg, where[before].elevation_deg), where[now])
        for before, now in pairwise(measured)
    ]


class Watcher:
    """Compares the tracker's state with the truth while it runs."""

    def __init__(self, tracker, seconds=0.01, begin=PASS.aos, end=PASS.los):
        self.tracker = tracker
        self.begin, self.end = begin, end
        self.stop = threading.Event()
        self.samples = []
        self.thread = threading.Thread(target=self._look, args=(seconds,))

    def _look(self, seconds):
        while not self.stop.wait(seconds):
            now, state = self.tracker.now(), self.tracker.state
            if self.begin <= now <= self.end:
                self.samples.append((now, state))

    @property
    def measured(self):
        """Angles by the moment at which they were measured."""
        return {state.measured_at: state.measured_deg for _, state in self.samples}

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


def test_a_whole_pass_with_a_scripted_motor():
    """Twenty-five times as fast as the world: within a degree, and parked afterwards."""
    clock = clock_at(PASS.aos - timedelta(seconds=60), 25.0)
    with Hostile(clock) as motor, Controller("rotator", motor.address) as controller:
        tracker = Tracker(target(), MOUNT, clock, rotator=Rotator(controller), period_s=0.4)
        with Watcher(tracker) as watcher:
            state = tracker.run(threading.Event())
        assert state.alarms == ()
        assert motor.commands[-1] == "K"
    assert watcher.measured
    assert max(astray(watcher.measured)) < 1.0


def test_the_antenna_waits_at_the_horizon_before_the_pass():
    clock = clock_at(PASS.aos - timedelta(seconds=60), 20.0)
    with Hostile(clock) as motor, Controller("rotator", motor.address) as controller:
        tracker = Tracker(target(), MOUNT, clock, rotator=Rotator(controller), period_s=0.4)
        stop = threading.Event()
        thread = threading.Thread(target=tracker.run, args=(stop,))
        thread.start()
        while tracker.now() < PASS.aos - timedelta(seconds=3):
            time.sleep(0.01)
        measured = tracker.state.measured_deg
        stop.set()
        thread.join()
        assert measured[0] == pytest.approx(PASS.aos_azimuth_deg, abs=0.5)
        assert measured[1] == pytest.approx(10, abs=0.5)
        assert motor.commands[-1] == "S"  # interrupted: stopped, not parked


def test_real_rotator_in_real_time():
    """Where a pass crosses north: the azimuth goes from 359 to 1, the antenna from 359 to 361."""
    north = find_passes(ISS, BISHKEK, START, START + timedelta(days=1))[2]
    moment = north.aos
    while 5 < pointing(ISS, BISHKEK, moment).azimuth_deg < 358.5:
        moment += timedelta(seconds=1)
    with daemon("rotctld") as address, Controller("rotator", address) as controller:
        clock = clock_at(moment - timedelta(seconds=2))
        wanted = target(moment, moment + timedelta(seconds=8))
        mount = Mount.parse("-180-180", azimuth_rate_deg_s=6.0, elevation_rate_deg_s=6.0)
        tracker = Tracker(wanted, mount, clock, rotator=Rotator(controller))
        settled = moment + timedelta(seconds=2)
        with Watcher(tracker, begin=settled, end=wanted.end) as watcher:
            state = tracker.run(threading.Event())
        assert state.alarms == ()
    assert max(astray(watcher.measured)) < 1.0


def test_the_middle_of_a_pass_with_real_daemons_in_real_time():
    """Where all moves fastest, both ways: within a degree, and within a hertz when it is tuned."""
    passes = find_passes(ISS, BISHKEK, START, START + timedelta(days=1), min_elevation_deg=45)
    (high,) = (one for one in passes if one.max_elevation_deg > 60)
    begin, end = (high.tca + timedelta(seconds=seconds) for seconds in (-15, 15))
    wanted = target(
        begin, end,
        downlink_hz=437_525_000, uplink_hz=145_990_000, mode="FM", passband_hz=15000, offset_hz=120,
    )  # fmt: skip
    # Hamlib's dummy antenna stands at 0, 0 and turns by 6 degrees a second, as a motor would.
    there = pointing(ISS, BISHKEK, begin)
    clock = clock_at(begin - timedelta(seconds=there.azimuth_deg / 6 + 22))
    with ExitStack() as stack:
        motor = stack.enter_context(Controller("rotator", stack.enter_context(daemon("rotctld"))))
        radio = stack.enter_context(Controller("radio", stack.enter_context(daemon("rigctld"))))
        tuned = []

        class Listening(Rig):
            def tune(self, frequency_hz):
                super().tune(frequency_hz)
                tuned.append((tracker.now(), self.frequency_hz()))

        tracker = Tracker(wanted, MOUNT, clock, rotator=Rotator(motor), rig=Listening(radio))
        with Watcher(tracker, begin=begin, end=end) as watcher:
            state = tracker.run(threading.Event())
        assert state.alarms == ()
        uplink = Rig(radio).uplink_hz()
    assert max(astray(watcher.measured)) < 1.0
    tuned = [row for row in tuned if begin <= row[0] <= end]
    assert tuned
    right = [wanted.receive_hz(pointing(ISS, BISHKEK, moment)) for moment, _ in tuned]
    off_hz = [abs(heard - there) for (_, heard), there in zip(tuned, right, strict=True)]
    print(f"{len(tuned)} times tuned, off by {sorted(off_hz)[len(off_hz) // 2]:.2f} Hz (median)")
    # Where the machine pauses an order comes late, and the next, told to be ahead of that, early:
    # by no more than the frequency moved in the longest time between two orders.
    moved_hz = max(before - now for before, now in pairwise(right))
    assert max(off_hz) < 1.0 + moved_hz
    there = pointing(ISS, BISHKEK, wanted.end)
    assert uplink == pytest.approx(wanted.transmit_hz(there), abs=20)
    assert wanted.transmit_hz(there) > 145_990_120  # it recedes: transmit higher


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("stuck", "does not move"),
        ("slow", "does not follow"),
        ("teleport", "no motor does"),
        ("range", "reports azimuth 700"),
        ("nan", "answered 'p'"),
        ("refuse", "rejected"),
        ("silent", "did not answer"),
        ("close", "closed the connection"),
        ("endless", "line without an end"),
        ("words", "with 'Hello"),
    ],
)
def test_a_bad_controller_is_stopped_and_left_alone(fault, said):
    high = find_passes(ISS, BISHKEK, START, START + timedelta(days=2), min_elevation_deg=10)
    best = max(high, key=lambda one: one.max_elevation_deg)
    clock = clock_at(best.aos - timedelta(seconds=70), 20.0)
    alarms = []
    with Hostile(clock, fault=fault, after=3) as motor:
        controller = Controller("rotator", motor.address, timeout_s=0.2)
        tracker = Tracker(
            target(best.aos, best.los), MOUNT, clock, rotator=Rotator(controller),
            period_s=0.4, alarm=alarms.append,
        )  # fmt: skip
        state = tracker.run(threading.Event())
        assert state.rotator_given_up
        assert len(alarms) == 1
        assert said in alarms[0]
        assert state.alarms == tuple(alarms)
        # The last thing it was told is to stop: nothing fights the motor afterwards.
        moving = [i for i, command in enumerate(motor.commands) if command.startswith("P")]
        stops = [i for i, command in enumerate(motor.commands) if command == "S"]
        if fault not in ("close",):
            assert stops
            assert max(moving, default=-1) < stops[-1]


def test_a_hanging_rotator_does_not_hold_up_the_radio():
    begin = PASS.tca
    clock = clock_at(begin)
    wanted = target(begin, begin + timedelta(seconds=7), downlink_hz=437_525_000)
    with Hostile(clock, fault="silent") as motor, daemon("rigctld") as address:
        rotator = Rotator(Controller("rotator", motor.address, timeout_s=0.5))
        with Controller("radio", address) as radio:
            tracker = Tracker(wanted, MOUNT, clock, rotator=rotator, rig=Rig(radio))
            state = tracker.run(threading.Event())
            truth = wanted.receive_hz(pointing(ISS, BISHKEK, wanted.end))
            assert Rig(radio).frequency_hz() == pytest.approx(truth, abs=30)
    assert state.rotator_given_up
    assert not state.rig_given_up


def test_a_daemon_that_starts_again_is_taken_up_again():
    begin = PASS.tca
    wanted = target(begin, begin + timedelta(hours=1), downlink_hz=437_525_000, mode="FM")
    port, stop = free_port(), threading.Event()
    with Controller("radio", f"127.0.0.1:{port}") as radio:
        tracker = Tracker(wanted, MOUNT, clock_at(begin), rig=Rig(radio))
        thread = threading.Thread(target=tracker.run, args=(stop,))
        with daemon("rigctld", port=port):
            thread.start()
            wait_until(lambda: tracker.state.receive_hz is not None)
        with daemon("rigctld", port=port) as address:
            with Controller("radio", address) as other:
                wait_until(lambda: abs(Rig(other).frequency_hz() - tracker.state.receive_hz) < 100)
            stop.set()
            thread.join()
    assert tracker.state.alarms == ()


def test_controllers_that_are_not_there_are_waited_for_until_the_pass_is_over():
    begin = PASS.tca
    wanted = target(begin, begin + timedelta(seconds=6), downlink_hz=437_525_000)
    nobody = "127.0.0.1:1"
    tracker = Tracker(
        wanted, MOUNT, clock_at(begin),
        rotator=Rotator(Controller("rotator", nobody)), rig=Rig(Controller("radio", nobody)),
    )  # fmt: skip
    state = tracker.run(threading.Event())
    assert not state.rig_given_up
    assert not state.rotator_given_up
    assert len(state.alarms) == 2
    for who, sentence in zip(("radio", "rotator"), sorted(state.alarms), strict=True):
        assert sentence.startswith(f"the {who} at {nobody} cannot be reached")
        assert sentence.endswith("is the daemon running? It is tried again until the pass is over")
