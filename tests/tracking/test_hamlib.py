"""The protocol with the real daemons, and with one that misbehaves."""

import pytest

from groundstation.clock import Clock
from groundstation.errors import (
    ControllerError,
    ControllerGoneError,
    ControllerNonsenseError,
    ControllerRefusedError,
    ControllerSilentError,
)
from groundstation.tracking.controller import Controller
from groundstation.tracking.hamlib import Rig, Rotator
from tests.peers import free_port
from tests.tracking.controllers import Hostile, daemon


def test_real_rotator():
    with daemon("rotctld") as address, Controller("rotator", address) as controller:
        rotator = Rotator(controller)
        assert rotator.position() == (0.0, 0.0)
        rotator.point(2.5, 1.25)
        for _ in range(200):
            if rotator.position() == (2.5, 1.25):
                break
        rotator.stop()
        rotator.park()
        with pytest.raises(ControllerRefusedError, match="invalid parameter"):
            rotator.point(10, 120)
        rotator.point(-180, 90)


@pytest.mark.parametrize("options", [(), ("--vfo",)])
def test_real_rig(options):
    with daemon("rigctld", *options) as address, Controller("radio", address) as controller:
        rig = Rig(controller)
        rig.set_mode("FM", 15000)
        rig.tune(437_525_123.7)
        assert rig.frequency_hz() == 437_525_124
        rig.split()
        rig.tune_uplink(145_990_000.2)
        assert rig.uplink_hz() == 145_990_000
        assert rig.frequency_hz() == 437_525_124


def test_reconnects_after_the_daemon_was_restarted():
    with daemon("rotctld") as address:
        controller = Controller("rotator", address)
        assert Rotator(controller).position() == (0.0, 0.0)
    with pytest.raises(ControllerGoneError):
        Rotator(controller).position()
    with pytest.raises(ControllerGoneError, match="is the daemon running"):
        Rotator(controller).position()
    controller.close()


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_never_sends_what_is_no_number(bad):
    controller = Controller("rotator", f"127.0.0.1:{free_port()}")
    with pytest.raises(ValueError, match="cannot point"):
        Rotator(controller).point(bad, 5)
    with pytest.raises(ValueError, match="cannot tune"):
        Rig(controller).tune(bad)
    with pytest.raises(ValueError, match="cannot tune"):
        Rig(controller).tune(-1)
    with pytest.raises(ValueError, match="name of a mode"):
        Rig(controller).set_mode("FM 5\nF 1", 0)


@pytest.mark.parametrize("address", ["nowhere", "127.0.0.1:99999", "127.0.0.1:x", "", ":"])
def test_addresses_that_are_none(address):
    with pytest.raises(ControllerGoneError, match="cannot be reached"):
        Rotator(Controller("rotator", address)).position()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("silent", ControllerSilentError),
        ("close", ControllerGoneError),
        ("refuse", ControllerRefusedError),
        ("endless", ControllerNonsenseError),
        ("words", ControllerNonsenseError),
    ],
)
def test_faults_have_names(fault, error):
    with Hostile(Clock(), fault=fault) as hostile:
        controller = Controller("rotator", hostile.address, timeout_s=0.2)
        for _ in range(3):
            with pytest.raises(error) as caught:
                Rotator(controller).point(10, 10)
            assert hostile.address in str(caught.value)
        controller.close()


def test_numbers_that_are_none():
    with Hostile(Clock(), fault="nan") as hostile, Controller("r", hostile.address) as controller:
        with pytest.raises(ControllerNonsenseError):
            Rotator(controller).position()
        with pytest.raises(ControllerError):
            Rotator(controller).position()


def test_replies_in_pieces():
    clock = Clock()
    with (
        Hostile(clock, split_replies=True) as hostile,
        Controller("rotator", hostile.address) as controller,
    ):
        rotator = Rotator(controller)
        for _ in range(20):
            rotator.point(1, 2)
            assert len(rotator.position()) == 2
