"""A whole pass, tuned and pointed, on every radio server and rotator that we know of.

The passes are flown at once, each with its own server and its own fast clock.
"""

import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest

from groundstation.clock import Clock
from groundstation.model import from_us, to_us
from groundstation.mount import Mount
from groundstation.orbit.passes import find_passes
from groundstation.orbit.pointing import pointing, pointings
from groundstation.tracking.controller import Controller
from groundstation.tracking.hamlib import Rig, Rotator
from groundstation.tracking.target import Target
from groundstation.tracking.tracker import Tracker
from tests.orbit.truth import BISHKEK, cases, degrees_apart, elements_of, when
from tests.peers import free_port
from tests.tracking.controllers import daemon
from tests.tracking.dialects import Antenna, Radio

ISS = elements_of(cases("passes_consensus.json")[0])
START = when("2026-08-22T06:00:00Z")
PASSES = find_passes(ISS, BISHKEK, START, START + timedelta(days=1))
#: Its azimuth goes through north, where all ways of counting differ.
NORTH = PASSES[2]
SPEED = 15.0
PERIOD_S = 1.0
LEAD = timedelta(seconds=100)
DOWNLINK, UPLINK = 437_525_000, 145_990_000


def new_clock(begin=NORTH.aos - LEAD, speed=SPEED):
    return Clock(time.time_ns() // 1000, to_us(begin), speed)


@dataclass
class Flown:
    """A tracked pass and what its server was told."""

    server: object
    state: object
    target: Target


class Squadron:
    """Passes that are flown side by side, by name."""

    def __init__(self):
        self.flown = {}
        self._threads = []

    def fly(self, name, server, clock, mount="0-450", rotator=None, rig=None, **options):
        target = Target(ISS, BISHKEK, NORTH.aos, NORTH.los, **options)
        mount = Mount.parse(mount, azimuth_rate_deg_s=6.0, elevation_rate_deg_s=6.0)
        tracker = Tracker(target, mount, clock, rotator=rotator, rig=rig, period_s=PERIOD_S)

        def run():
            self.flown[name] = Flown(server, tracker.run(threading.Event()), target)

        self._threads.append(threading.Thread(target=run))
        self._threads[-1].start()

    def land(self):
        for thread in self._threads:
            thread.join()
        return self.flown


RADIOS = (
    "gqrx-2.15", "gqrx-2.17.4", "sdr++", "sdrangel", "plain", "vfo", "no-mode", "no-split",
    "no-uplink", "no-downlink", "no-answer-to-dump",
)  # fmt: skip
#: Name: mount of the settings, azimuths that it takes, dialect.
ROTATORS = {
    "rotctld": ("0-450", -180, 450, "state"),
    "modulo": ("0-450", 0, 450, "mod360"),
    "counts from -180 to 180": ("-180-180", -180, 180, "pm180 state"),
    "reports -180 to 180": ("0-450", 0, 450, "pm180 old-state"),
    "takes the shortest way": ("shortest", 0, 360, "shortest mod360"),
    "takes the shortest way, -180 to 180": ("shortest", -180, 180, "shortest pm180 state"),
    "no stops": ("continuous", -720, 720, "mod360"),
    "no stops, 0 to 360 only": ("continuous", 0, 360, "shortest state"),
    "flickers": ("0-450", 0, 450, "flicker"),
    "writes a comma": ("0-450", 0, 450, "comma caps"),
    "ends at 360": ("0-450", 0, 360, "state"),
    "ends at 360, says so in its caps": ("0-450", 0, 360, "caps"),
    "other count": ("0-360", -180, 180, "pm180 state"),
    "other count, says nothing": ("0-360", -180, 180, "pm180"),
}


@pytest.fixture(scope="module")
def flown():
    with ExitStack() as stack:
        squadron = Squadron()
        for dialect in RADIOS:
            clock = new_clock()
            server = stack.enter_context(Radio(clock, dialect))
            squadron.fly(
                dialect, server, clock, rig=Rig(Controller("radio", server.address)),
                downlink_hz=DOWNLINK, uplink_hz=UPLINK, mode="PKTFM", passband_hz=15000,
            )  # fmt: skip
        for name, (mount, low, high, dialect) in ROTATORS.items():
            clock = new_clock()
            server = stack.enter_context(Antenna(clock, low, high, dialect))
            rotator = Rotator(Controller("rotator", server.address))
            squadron.fly(name, server, clock, mount, rotator=rotator)
        yield squadron.land()


def assert_tuned(flight, word, truth):
    """Each order lies between the right frequencies of the orders before and after it."""
    orders = [(moment, float(words[-1])) for moment, *words in flight.server.told(word)]
    begin, end = to_us(flight.target.begin), to_us(flight.target.end)
    orders = [order for order in orders if begin <= order[0] <= end]
    assert len(orders) > 50
    assert from_us(orders[-1][0]) > flight.target.end - timedelta(seconds=60)
    right = [truth(there) for there in pointings(ISS, BISHKEK, [from_us(o[0]) for o in orders])]
    for index in range(2, len(orders) - 2):
        low, high = sorted((right[index - 2], right[index + 2]))
        assert low - 2 <= orders[index][1] <= high + 2


def alarms_of(flight):
    return " | ".join(flight.state.alarms)


@pytest.mark.parametrize("dialect", [name for name in RADIOS if name != "no-downlink"])
def test_the_downlink_is_tuned_all_through_the_pass(flown, dialect):
    flight = flown[dialect]
    assert_tuned(flight, "F", flight.target.receive_hz)
    assert not flight.state.rig_given_up


@pytest.mark.parametrize("dialect", ["plain", "vfo", "no-mode", "no-split", "no-answer-to-dump"])
def test_the_uplink_is_tuned_where_it_can_be(flown, dialect):
    flight = flown[dialect]
    assert_tuned(flight, "I", flight.target.transmit_hz)


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        ("plain", []),
        ("vfo", []),
        ("no-answer-to-dump", []),
        ("no-mode", ["refused 'M PKTFM 15000': not available", "mode is left as it is"]),
        ("no-split", ["refused 'S 1 VFOB': not available", "not set to split"]),
        ("no-uplink", ["refused 'I 145", "the uplink is not tuned in this pass"]),
        ("no-downlink", ["refused 'F 437", "the radio is left alone for this pass"]),
        ("gqrx-2.15", ["does not transmit", "refused 'M PKTFM", "mode is left as it is"]),
        ("gqrx-2.17.4", ["does not transmit", "refused 'M PKTFM", "mode is left as it is"]),
        ("sdr++", ["does not transmit", "refused 'M PKTFM", "mode is left as it is"]),
        ("sdrangel", ["refused 'M PKTFM", "refused 'S 1", "refused 'I 145", "not implemented"]),
    ],
)
def test_what_a_radio_refuses_is_told_once_and_costs_only_itself(flown, dialect, said):
    flight = flown[dialect]
    for words in said:
        assert words in alarms_of(flight)
    kinds = {word: len(flight.server.told(word)) for word in "MSI"}
    refused = [sentence for sentence in flight.state.alarms if "refused" in sentence]
    assert len(refused) == len({sentence.split("'")[1][0] for sentence in refused})
    for sentence in refused:
        word = sentence.split("'")[1][0]
        assert kinds.get(word, 4) == 4  # tried a few times, and then left alone
    if not said:
        assert flight.state.alarms == ()
        assert kinds["M"] == kinds["S"] == 1


def direction_errors(flight):
    """How far the antenna truly looked from the satellite, and the elevation, from a while on."""
    looks = [
        look for look in flight.server.looks if to_us(NORTH.aos) <= look[0] <= to_us(NORTH.los)
    ]
    assert len(looks) > 50
    there = pointings(ISS, BISHKEK, [from_us(moment) for moment, *_ in looks])
    errors = []
    for (_, azimuth, elevation), now in zip(looks, there, strict=True):
        sideways = degrees_apart(azimuth, now.azimuth_deg) * np.cos(np.radians(now.elevation_deg))
        errors.append(max(sideways, abs(elevation - now.elevation_deg)))
    # What it moved between two orders: a busy machine makes it late by as much.
    moved = [
        max(degrees_apart(a.azimuth_deg, b.azimuth_deg), abs(a.elevation_deg - b.elevation_deg))
        for a, b in pairwise(there)
    ]
    return errors, moved


@pytest.mark.parametrize(
    "name", [name for name in ROTATORS if "ends" not in name and "other" not in name]
)
def test_the_antenna_looks_at_the_satellite_all_through_the_pass(flown, name):
    flight = flown[name]
    assert flight.state.alarms == ()
    assert flight.server.refused == 0
    errors, moved = direction_errors(flight)
    assert np.median(errors) < 1.0
    assert max(errors) < 1.5 + 2 * max(moved)
    assert flight.server.commands[-1][1] == "K"


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("ends at 360", "0-360"),
        ("ends at 360, says so in its caps", "0-360"),
        ("other count", "-180-180"),
    ],
)
def test_a_plan_outside_the_controllers_limits_is_made_anew_and_told(flown, name, fits):
    flight = flown[name]
    (said,) = flight.state.alarms
    assert "this pass is planned for what it takes" in said
    assert f'write mount = "{fits}"' in said
    assert flight.server.refused == 0
    # Told before the antenna moves at all.
    assert flight.server.told("P")
    errors, _ = direction_errors(flight)
    assert np.median(errors) < 1.5


def test_a_refused_direction_names_the_mount_that_fits(flown):
    flight = flown["other count, says nothing"]
    assert flight.state.rotator_given_up
    (said,) = flight.state.alarms
    assert 'write mount = "-180-180"' in said


def test_controllers_that_start_in_the_midst_of_the_pass_are_picked_up():
    """Told while they are missing, told when they answer, and tuned and pointed from then on."""
    clock = new_clock(NORTH.aos - timedelta(seconds=20), speed=10.0)
    ports = free_port(), free_port()
    target = Target(ISS, BISHKEK, NORTH.aos, NORTH.los, downlink_hz=DOWNLINK, mode="FM")
    rotator, radio = (
        Controller(name, f"127.0.0.1:{port}")
        for name, port in zip(("rotator", "radio"), ports, strict=True)
    )
    stop = threading.Event()
    mount = Mount.parse("0-450", azimuth_rate_deg_s=6.0, elevation_rate_deg_s=6.0)
    tracker = Tracker(
        target, mount, clock, rotator=Rotator(rotator), rig=Rig(radio), period_s=PERIOD_S
    )
    thread = threading.Thread(target=tracker.run, args=(stop,))
    thread.start()
    while tracker.now() < NORTH.aos + timedelta(seconds=30):
        time.sleep(0.05)
    assert len(tracker.state.alarms) == 2
    with Antenna(clock, 0, 450, "state", port=ports[0]) as motor:
        with Radio(clock, "plain", port=ports[1]) as server:
            thread.join()
            assert_tuned(Flown(server, tracker.state, target), "F", target.receive_hz)
            assert len(server.told("M")) == 1
        last = motor.looks[-1]
    there = pointing(ISS, BISHKEK, from_us(last[0]))
    assert degrees_apart(last[1], there.azimuth_deg) < 5
    said = " | ".join(tracker.state.alarms)
    assert said.count("It is tried again until the pass is over") == 2
    assert said.count("answers now") == 2
    assert not tracker.state.rotator_given_up


def test_limits_of_real_daemons():
    with daemon("rotctld") as address, Controller("rotator", address) as controller:
        rotator = Rotator(controller)
        limits = rotator.limits()
        assert (limits.lowest_azimuth_deg, limits.highest_azimuth_deg) == (-180, 450)
        assert (limits.lowest_deg, limits.highest_deg) == (0, 90)
        assert rotator.position() == (0.0, 0.0)
    with (
        daemon("rotctld", "-C", "min_az=0,max_az=360,max_el=180") as address,
        Controller("rotator", address) as controller,
    ):
        limits = Rotator(controller).limits()
        assert (limits.lowest_azimuth_deg, limits.highest_azimuth_deg) == (0, 360)
        assert limits.highest_deg == 180
    for options in ((), ("--vfo",)):
        with daemon("rigctld", *options) as address, Controller("radio", address) as controller:
            rig = Rig(controller)
            limits = rig.limits()
            assert limits.receive_hz == ((150e3, 1500e6),)
            assert limits.transmit_hz == ((150e3, 1500e6),)
            rig.tune(437e6)
            assert rig.frequency_hz() == 437e6


def test_a_radio_that_cannot_hear_there_says_so_before_the_pass():
    clock = new_clock(NORTH.aos - timedelta(seconds=200), speed=1.0)
    target = Target(ISS, BISHKEK, NORTH.aos, NORTH.los, downlink_hz=2_245_000_000)
    with Radio(clock, "plain") as server:
        tracker = Tracker(
            target, Mount(), clock, rig=Rig(Controller("radio", server.address)), period_s=PERIOD_S
        )
        stop = threading.Event()
        thread = threading.Thread(target=tracker.run, args=(stop,))
        thread.start()
        while not tracker.state.alarms:
            time.sleep(0.05)
        assert tracker.now() < NORTH.aos
        stop.set()
        thread.join()
    assert tracker.state.alarms == (
        f"the radio at {server.address} receives 144 to 146 MHz, 430 to 440 MHz, the downlink is "
        "on 2245 MHz; it is tried all the same",
    )
