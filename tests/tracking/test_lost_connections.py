"""Connections that the other side ends: one more try, and a radio that is told all anew."""

from __future__ import annotations

import socket
import struct
import threading
import time
from datetime import timedelta

import pytest

from groundstation.clock import Clock
from groundstation.errors import ControllerGoneError
from groundstation.mount import Mount
from groundstation.tracking.controller import Controller
from groundstation.tracking.hamlib import Rig
from groundstation.tracking.target import Target
from groundstation.tracking.tracker import Tracker
from tests.orbit.truth import BISHKEK
from tests.tracking.dialects import TRANSCEIVER, Radio
from tests.tracking.test_dialects import ISS, NORTH, new_clock


class Lossy(Radio):
    """A radio server that resets the connection in place of its answers number ``lost``."""

    def __init__(self, clock, dialect, lost):
        self.lost = set(lost)
        self.asked = 0
        super().__init__(clock, dialect)

    def answer(self, command):
        self.asked += 1
        if self.asked - 1 in self.lost:
            connection = self._open[-1]
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
            raise ConnectionResetError
        return super().answer(command)

    def words(self):
        return [command for _, command in self.commands]


@pytest.mark.parametrize("dialect", ["plain", "vfo"])
@pytest.mark.parametrize("lost", [0, 1, 2])
def test_an_answer_that_was_lost_is_asked_for_once_more(dialect, lost):
    with (
        Lossy(Clock(), dialect, [lost]) as server,
        Controller("radio", server.address) as controller,
    ):
        rig = Rig(controller)
        rig.set_mode("FM", 15000)
        rig.tune(437_525_000)
        assert controller.lost == 1
    name = "currVFO " if dialect == "vfo" else ""
    wanted = ["\\chk_vfo", f"M {name}FM 15000", f"F {name}437525000"]
    wanted.insert(lost, wanted[lost])
    assert server.words() == wanted


def test_two_lost_answers_are_an_error():
    with (
        Lossy(Clock(), "plain", [1, 2]) as server,
        Controller("radio", server.address) as controller,
    ):
        with pytest.raises(ControllerGoneError, match="closed the connection"):
            Rig(controller).tune(437_525_000)
        assert controller.lost == 2


@pytest.mark.parametrize("lost", [[], [0]])
def test_a_dump_that_was_lost_is_asked_for_once_more(lost):
    with (
        Lossy(Clock(), "plain", lost) as server,
        Controller("radio", server.address) as controller,
    ):
        assert controller.dump("\\dump_state") == TRANSCEIVER
    assert len(server.commands) == 1 + len(lost)


def test_a_dump_that_is_always_lost_is_empty():
    with (
        Lossy(Clock(), "plain", range(9)) as server,
        Controller("radio", server.address) as controller,
    ):
        assert controller.dump("\\dump_state") == ""


def test_a_radio_that_ended_the_connection_is_told_its_mode_again():
    target = Target(
        ISS, BISHKEK, NORTH.tca, NORTH.tca + timedelta(hours=1),
        downlink_hz=437_525_000, mode="FM", passband_hz=15000,
    )  # fmt: skip
    clock = new_clock(NORTH.tca, speed=5.0)
    # The state, the VFO's name, the mode, and then the third of the frequencies.
    with Lossy(clock, "plain", [5]) as server:
        rig = Rig(Controller("radio", server.address))
        stop = threading.Event()
        tracker = Tracker(target, Mount(), clock, rig=rig, period_s=0.5)
        thread = threading.Thread(target=tracker.run, args=(stop,))
        thread.start()
        deadline = time.monotonic() + 60
        while len(server.commands) < 12 and time.monotonic() < deadline:
            time.sleep(0.05)
        stop.set()
        thread.join()
    words = [command.split()[0] for command in server.words()]
    assert words[:9] == ["\\dump_state", "\\chk_vfo", "M", "F", "F", "F", "F", "M", "F"]
    assert words.count("M") == 2
    assert tracker.state.alarms == ()
