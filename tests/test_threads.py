"""No thread of station and dashboard ends with one frame, definition, element set or listener.

Each test gives a thread something that fails, and finds it at work afterwards. The table is held
to the sources: a new thread needs a test here.
"""

from __future__ import annotations

import ast
import io
import logging
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.data.station_data import StationData
from dashboard.data.tail import Tail
from dashboard.web.app import close_app, create_app
from decoders.frame import Deframed, Frame
from decoders.framing.kiss import kiss_encode
from groundstation.alarm_calls import AlarmCalls
from groundstation.catalog import SatelliteCatalog
from groundstation.cli.demo import _browse
from groundstation.clock import Clock
from groundstation.dashboard_process import DashboardProcess
from groundstation.element_sources import fetch
from groundstation.followers.follower import Follower
from groundstation.hooks import Hooks
from groundstation.interpret.interpreter import Interpreter
from groundstation.interpret.work import InterpreterWork
from groundstation.links.link import Link
from groundstation.links.registry import opener
from groundstation.model import Reception, from_us, to_us
from groundstation.model.alarms import AlarmEvent, AlarmKey
from groundstation.model.status import FILE_NAME, StationStatus
from groundstation.mount import Mount
from groundstation.orbit.passes import find_passes
from groundstation.passes.notify import Announcer
from groundstation.receive.receiver import Origin, Receiver
from groundstation.settings import Config, HooksConfig, LinkConfig, NotifyConfig, SatelliteConfig
from groundstation.simulator.beacon import BeaconSimulator
from groundstation.simulator.flight import elements_for
from groundstation.station import Station
from groundstation.station_faults import StationFaults
from groundstation.status import StatusWriter
from groundstation.storage.journal import JournalReader, JournalWriter
from groundstation.storage.telemetry.connection import StoreCheck
from groundstation.storage.telemetry.interpretation import Interpretation, Place
from groundstation.storage.telemetry.reader import TelemetryReader
from groundstation.timekeeping import Moment
from groundstation.tracking.controller import Controller
from groundstation.tracking.hamlib import Rig, Rotator
from groundstation.tracking.scheduler import Scheduler
from groundstation.tracking.target import Target
from groundstation.tracking.tracker import Tracker
from tests.dashboard.station_folder import StationFolder
from tests.links.devices import TcpDevice, wait_until
from tests.links.link_contract import QUICK, Heard
from tests.orbit.truth import BISHKEK, cases, elements_of, when
from tests.peers import free_port
from tests.station.frames import SATELLITE, beacon
from tests.station.test_follower import Counting
from tests.tracking.controllers import Hostile

ROOT = Path(__file__).parents[1]
#: Where a thread begins -> the test here that gives it something that fails.
THREADS = {
    "groundstation/simulator/beacon.py": "test_simulator",
    "groundstation/station.py": "test_station_whose_listener_fails",
    "groundstation/station_faults.py": "test_station_faults",
    "groundstation/hooks.py": "test_hooks",
    "groundstation/alarm_calls.py": "test_alarm_calls",
    "groundstation/storage/telemetry/connection.py": "test_store_check",
    "groundstation/cli/track.py": "test_tracker",
    "groundstation/cli/demo.py": "test_browser_that_cannot_be_opened",
    "groundstation/passes/notify.py": "test_notification",
    "groundstation/tracking/antenna.py": "test_tracker",
    "groundstation/tracking/tracker.py": "test_tracker",
    "groundstation/tracking/scheduler.py": "test_scheduler",
    "groundstation/followers/follower.py": "test_follower",
    "groundstation/links/link.py": "test_link_whose_listener_fails",
    "groundstation/dashboard_process.py": "test_dashboard_process",
    "groundstation/status.py": "test_status",
    "groundstation/element_sources.py": "test_download",
    "dashboard/web/server.py": "test_pages_go_on",
    "dashboard/data/tail.py": "test_live_pages",
}


class Failing:
    """Raises at the first ``times`` calls; afterwards calls ``then``."""

    def __init__(self, times: int, then: Callable[..., Any] = lambda *_: None):
        self.left = times
        self.then = then

    def __call__(self, *arguments: Any) -> Any:
        if self.left:
            self.left -= 1
            raise ZeroDivisionError("injected")
        return self.then(*arguments)


def never(text: str) -> None:
    raise BrokenPipeError("the terminal is closed")


def test_every_thread_has_its_test() -> None:
    found = set()
    for package in ("groundstation", "dashboard"):
        for path in (ROOT / package).rglob("*.py"):
            nodes = ast.walk(ast.parse(path.read_text("utf-8")))
            called = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
            if called & {"threading.Thread", "threading.Timer"}:
                found.add(path.relative_to(ROOT).as_posix())
    assert found == set(THREADS)
    assert all(callable(globals()[test]) for test in THREADS.values())


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


def test_hooks(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho said; cat >> {tmp_path}/heard\n")
    program.chmod(0o755)
    hooks = Hooks(Config(BISHKEK, hooks=HooksConfig((str(program),))), never)
    hooks.start()
    hooks.hear({"event": math.nan})  # no JSON: it fails in the thread
    hooks.hear({"event": "aos"})
    wait_until(lambda: (tmp_path / "heard").exists() and bool((tmp_path / "heard").read_text()))
    hooks.stop()


def test_alarm_calls(tmp_path: Path) -> None:
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        raise BrokenPipeError("the terminal is closed")

    clock, config = Clock(), Config(BISHKEK)
    calls = AlarmCalls(config, tmp_path, SatelliteCatalog(), clock, Hooks(config, never), say)
    calls.start()
    key = AlarmKey("classroom-1", "limits", "battery_voltage", 1)
    # A rule that nobody knows the words of fails in the thread.
    calls.hear([AlarmEvent("triggered", key, "critical", 1, clock.now_us(), value=math.inf)])
    calls.hear([AlarmEvent("triggered", key._replace(seq=2), "critical", 2, clock.now_us())])
    wait_until(lambda: len(said) == 2)
    calls.stop()


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


class BadDecoder:
    """The real one, but for one frame."""

    def __init__(self, bad: bytes):
        self._real = SatelliteCatalog().decoder
        self._bad = bad

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def batch(self, frames: Sequence[bytes], *more: Any) -> Any:
        if self._bad in frames:
            raise ZeroDivisionError("log base 1")
        return self._real.batch(frames, *more)


def test_one_frame_costs_only_itself() -> None:
    frames = [beacon(number) for number in range(9)]
    interpreter = Interpreter(BadDecoder(frames[4]), SatelliteCatalog().satellite)
    receptions = [Reception(n + 1, n, "tnc", raw) for n, raw in enumerate(frames)]
    found = interpreter.interpret(receptions)
    assert [item.seq for item in found.verdicts if item.error] == [5]
    assert found.verdicts[4].error == "mistake in the decoder: ZeroDivisionError('log base 1')"
    assert sum(len(packets.keys) for packets in found.packets) == 8


def test_one_frame_that_cannot_be_kept_costs_only_itself(tmp_path: Path) -> None:
    journal = JournalWriter(tmp_path)
    work = InterpreterWork(tmp_path, SatelliteCatalog())
    work.open()
    really = work.writer.write

    def write(found: Interpretation, place: Place) -> None:
        if any(item.seq == 4 and item.error is None for item in found.verdicts):
            raise OverflowError("too large for a column")
        really(found, place)

    work.writer.write = write  # type: ignore[method-assign]
    journal.append([Reception(0, n + 1, "tnc", beacon(n)) for n in range(9)])
    while work.advance():
        pass
    reader = TelemetryReader(tmp_path, SatelliteCatalog())
    verdicts = reader.verdicts(list(range(1, 10)))
    assert {seq: item.packet for seq, item in verdicts.items()} == {
        seq: None if seq == 4 else "beacon" for seq in range(1, 10)
    }
    assert verdicts[4].error == "mistake in the program: OverflowError('too large for a column')"
    reader.close()
    work.close()
    journal.close()


@pytest.mark.parametrize("text", ["extends = ['x']", "[[satellite]]", "\0", "satellite = 1", ""])
def test_one_definition_costs_only_itself(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "satellites"
    folder.mkdir()
    (folder / "bad.toml").write_text(text, "utf-8")
    catalog = SatelliteCatalog(tmp_path)
    assert SATELLITE in catalog.index
    assert catalog.problems
    assert all("bad.toml" in problem for problem in catalog.problems)
    (folder / "bad.toml").write_text(text + "\n", "utf-8")
    catalog.refresh()
    assert SATELLITE in catalog.index


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


ISS = elements_of(cases("passes_consensus.json")[0])
START = when("2026-08-22T06:00:00Z")
PASS = find_passes(ISS, BISHKEK, START, START + timedelta(days=1))[0]


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


def test_notification(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its words may quote an address: they are not said."""
    monkeypatch.setenv("TELL", "json://user:hunter2@127.0.0.1:1/x")
    said: list[str] = []

    class Bad(Announcer):
        def message(self, *_: Any) -> tuple[str, str]:
            raise ValueError("json://user:hunter2@127.0.0.1:1/x is bad")

    config = Config(BISHKEK, notify=NotifyConfig("TELL", minutes_before=30))
    one = SimpleNamespace(max_elevation_deg=50.0)
    planned = SimpleNamespace(aos=PASS.aos, los=PASS.los, one=one, same=lambda other: True)
    plan = SimpleNamespace(passes=[planned], doubt=None)
    assert PASS.aos
    Bad(config, said.append).hear(plan, PASS.aos - timedelta(minutes=5))  # type: ignore[arg-type]
    wait_until(lambda: said)
    assert said == [
        "somebody could not be told of a pass: a mistake in the program: ValueError; "
        "please report it"
    ]
    Bad(config, never).hear(plan, PASS.aos - timedelta(minutes=5))  # type: ignore[arg-type]
    wait_until(lambda: not [t for t in threading.enumerate() if t.name == "notify"])


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


def test_dashboard_process(tmp_path: Path) -> None:
    process = DashboardProcess(["/no/such/program"], never)
    process.start()
    time.sleep(0.1)
    assert [thread for thread in threading.enumerate() if thread.name == "dashboard"]
    process.stop()


def test_browser_that_cannot_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER", "/no/such/browser")
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("DISPLAY", raising=False)
    thread = threading.Thread(target=_browse, args=(f"http://127.0.0.1:{free_port()}/", 1))
    thread.start()
    thread.join(60)
    assert not thread.is_alive()


@pytest.mark.parametrize("source", ["http://\r\n/", "http://[/", "nothing:x", "http://a:b/"])
def test_download(source: str) -> None:
    """What fails in its thread is raised where the answer is waited for."""
    with pytest.raises((OSError, ValueError, HTTPException)):
        fetch(source, {})
    assert not [thread for thread in threading.enumerate() if thread.name == "elements"]


@contextmanager
def followed(data: StationData) -> Iterator[Tail]:
    tail = Tail(data)
    tail.start()
    try:
        wait_until(lambda: tail.has_begun)
        yield tail
    finally:
        tail.stop()
        data.close()


def test_live_pages(tmp_path: Path) -> None:
    """Definitions that cannot be looked at, a frame that cannot be told of, then a good one."""
    station = StationFolder(tmp_path / "data")
    station.launch()
    station.fill(2)
    data = StationData(station.folder)
    data.catalog.refresh = Failing(10**9)  # type: ignore[method-assign]
    real = data.telemetry

    class BadReader(TelemetryReader):
        def samples_of(self, rows: Any) -> Any:
            if any(row.seq == 4 for row in rows):
                raise ZeroDivisionError("injected")
            return super().samples_of(rows)

    data.telemetry = BadReader(station.folder, data.catalog)
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger("dashboard").addHandler(handler)
    try:
        with followed(data) as tail:
            for _ in range(4):
                station.receive()
            wait_until(lambda: tail.seq == 6)
            station.receive()
            wait_until(lambda: tail.seq == 7)
            wait_until(lambda: "live pages" in log.getvalue())
            time.sleep(2.5)
            assert tail.problem is None
            assert [record["seq"] for record in tail.recent.frames()] == [7, 6, 5, 4, 3, 2, 1]
            assert tail.recent.frames()[3]["values"] == {}
    finally:
        logging.getLogger("dashboard").removeHandler(handler)
        real.close()
        station.close()
    assert log.getvalue().count("ZeroDivisionError") == 1


def test_pages_go_on(tmp_path: Path) -> None:
    """A frame at which the decoder fails is shown with its bytes and the reason."""
    station = StationFolder(tmp_path / "data")
    station.launch()
    station.fill(2)

    class BadCatalog(SatelliteCatalog):
        @property
        def decoder(self) -> Any:
            raise ZeroDivisionError("injected")

    data = StationData(station.folder)
    data.catalog = BadCatalog(station.folder)
    app = create_app(data)
    try:
        page = app.test_client().get("/frames/1")
        assert page.status_code == 200
        assert "mistake in the decoder: ZeroDivisionError" in page.text
        for path in ("/", "/frames", "/passes", "/status", "/satellites"):
            assert app.test_client().get(path).status_code == 200
    finally:
        close_app(app)
        station.close()
