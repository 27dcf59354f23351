"""A station's own threads go on after one bad frame, listener or file."""

from __future__ import annotations

import threading
import time
from http.client import HTTPException
from pathlib import Path
from types import SimpleNamespace

import pytest

from decoders.frame import Deframed, Frame
from decoders.framing.kiss import kiss_encode
from decoders.modem import Mode
from groundstation.catalog import SatelliteCatalog
from groundstation.clock import Clock
from groundstation.element_sources import fetch
from groundstation.followers.follower import Follower
from groundstation.links.link import Link
from groundstation.links.registry import opener
from groundstation.model import Reception, from_us
from groundstation.model.status import FILE_NAME, StationStatus
from groundstation.receive.receiver import Origin, Receiver
from groundstation.settings import Config, LinkConfig, SatelliteConfig
from groundstation.simulator.beacon import BeaconSimulator
from groundstation.simulator.flight import elements_for
from groundstation.simulator.sky import Sky
from groundstation.station import Station
from groundstation.station_faults import StationFaults
from groundstation.status import StatusWriter
from groundstation.storage.journal import JournalReader, JournalWriter
from groundstation.storage.telemetry.connection import StoreCheck
from groundstation.timekeeping import Moment
from tests.links.devices import TcpDevice, wait_until
from tests.links.link_contract import QUICK, Heard
from tests.orbit.truth import BISHKEK
from tests.station.frames import SATELLITE, beacon
from tests.station.test_follower import Counting
from tests.threads.failing import Failing, never


def test_status(tmp_path: Path) -> None:
    said: list[str] = []
    snapshot = Failing(3, StationStatus)
    writer = StatusWriter(tmp_path, snapshot, said.append)
    writer.start()
    while snapshot.left:
        writer.changed()
        time.sleep(0.01)
    wait_until((tmp_path / FILE_NAME).exists)
    writer.stop()
    assert said == [
        "status.json: a mistake in the program: ZeroDivisionError('injected'); please report it"
    ]


def test_station_faults(tmp_path: Path) -> None:
    journal = JournalWriter(tmp_path)
    wrong = StationStatus(journal_error="no space")
    snapshot = Failing(3, lambda: wrong)
    said: list[str] = []
    faults = StationFaults(journal, snapshot, Clock(), 0.0, said.append, every_s=0.01)
    faults.start()
    with JournalReader(tmp_path) as reader:
        wait_until(lambda: len(reader.faults()) == 1)
        faults.stop()
        (fault,) = reader.faults()
    assert (fault.rule, fault.detail, fault.wrong) == ("journal", "no space", True)
    assert len(said) == 1
    # Another process: it is known to be wrong, and right again.
    faults = StationFaults(journal, StationStatus, Clock(), 0.0, never, every_s=0.01)
    faults.start()
    with JournalReader(tmp_path) as reader:
        wait_until(lambda: len(reader.faults()) == 2)
        faults.stop()
        assert [fault.wrong for fault in reader.faults()] == [True, False]
    journal.close()


def test_station_whose_listener_fails(tmp_path: Path) -> None:
    device = TcpDevice()
    config = Config(
        BISHKEK,
        links=(LinkConfig("tnc", device.url),),
        satellites=(SatelliteConfig(SATELLITE),),
    )
    station = Station(config, tmp_path, say=never, backoff=QUICK)
    station.start()
    try:
        for number in (1, 2):
            device.plug()
            wait_until(lambda: station.links[0].state.state == "open")
            device.write(kiss_encode(beacon(number)))
            wait_until(lambda n=number: station.followers[0].state.seq == n)
            device.unplug()
            wait_until(lambda: station.links[0].state.state == "waiting")
        names = {thread.name for thread in threading.enumerate()}
        assert {"link tnc", "status", "intake", "scheduler", "follower telemetry"} <= names
        assert (tmp_path / FILE_NAME).exists()
    finally:
        station.stop()


def test_link_whose_listener_fails() -> None:
    device = TcpDevice()
    heard = Heard()
    link = Link("tnc", opener(device.url), heard, changed=Failing(99), backoff=QUICK)
    link.start()
    device.plug()
    wait_until(lambda: link.state.state == "open")
    device.write(b"here")
    wait_until(lambda: heard.stretches[-1] == b"here")
    link.stop()
    device.unplug()


class BadDeframer:
    """Fails at some bytes, as no deframer should."""

    def feed(self, data: bytes) -> list[Deframed]:
        if data == b"bad":
            raise IndexError("beyond")
        return [Frame(data)]

    def flush(self) -> list[Deframed]:
        raise IndexError("beyond")


def test_bytes_at_which_a_deframer_fails_are_kept() -> None:
    kept: list[Reception] = []
    inlet = SimpleNamespace(put=kept.extend, full=lambda: False)
    receiver = Receiver(Origin("tnc"), BadDeframer(), inlet, lambda: Moment(0))
    for data in (b"bad", b"good"):
        receiver.take(data)
    receiver.interrupted()
    assert [(item.raw, item.damaged) for item in kept] == [(b"bad", True), (b"good", False)]
    assert kept[0].error == "mistake in the framing: IndexError('beyond')"


def test_follower() -> None:
    work, said = Counting(), []
    asked = Failing(3, work.has_news)
    work.has_news = asked  # type: ignore[method-assign]
    follower = Follower("test", work, threading.Condition(), say=said.append, retry_s=(0.01, 0.02))
    follower.start()
    wait_until(lambda: asked.left == 0 and follower.state.error is None)
    work.wanted = 5
    wait_until(lambda: follower.state.seq == 5)
    follower.stop()
    assert len(said) == 2
    assert said[1] == "test: goes on"


def test_simulator() -> None:
    sent: list[bytes] = []
    said: list[str] = []
    now_us = time.time_ns() // 1000
    clock = Clock(now_us, now_us, 50.0)
    satellite = SatelliteCatalog().satellites[SATELLITE]
    elements = elements_for(BISHKEK, from_us(clock.now_us()), -120.0, satellite.name)
    port = SimpleNamespace(write=Failing(2, sent.append))
    simulator = BeaconSimulator(satellite, elements, BISHKEK, port, clock, say=said.append)
    simulator.start()
    wait_until(lambda: sent)
    simulator.stop()
    assert len(said) == 1
    assert said[0].startswith("the simulator: a mistake")


def test_sky() -> None:
    heard: list[bytes] = []
    said: list[str] = []
    sky = Sky(Mode("fsk", 9600, 2400), 437.5e6, Failing(2, heard.append), say=said.append)
    sky.start()
    wait_until(lambda: heard)
    sky.stop()
    assert len(said) == 1
    assert said[0].startswith("the simulated sky: a mistake")


def test_store_check(tmp_path: Path) -> None:
    for content in (b"", b"\0" * 5000, None):
        path = tmp_path / "telemetry.db"
        if content is None:
            path.unlink()
            path.mkdir()
        else:
            path.write_bytes(content)
        check = StoreCheck(path)
        check.start()
        check.wait()


@pytest.mark.parametrize("source", ["http://\r\n/", "http://[/", "nothing:x", "http://a:b/"])
def test_download(source: str) -> None:
    """What fails in its thread is raised where the answer is waited for."""
    # Hostile servers of other tests may still keep readers of theirs waiting.
    others = set(threading.enumerate())
    with pytest.raises((OSError, ValueError, HTTPException)):
        fetch(source, {})
    assert not [thread for thread in set(threading.enumerate()) - others if thread.is_alive()]
