"""The dashboard's threads go on, and so does what starts it."""

from __future__ import annotations

import io
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dashboard.data.station_data import StationData
from dashboard.data.tail import Tail
from dashboard.web.app import close_app, create_app
from dashboard.web.broadcast import Broadcaster
from groundstation.catalog import SatelliteCatalog
from groundstation.cli.demo import _browse
from groundstation.dashboard_process import DashboardProcess
from groundstation.storage.telemetry.reader import TelemetryReader
from tests.dashboard.station_folder import StationFolder
from tests.links.devices import wait_until
from tests.peers import free_port
from tests.threads.failing import Failing, never


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


def test_broadcaster(tmp_path: Path) -> None:
    """A state that cannot be told, then news that cannot be had; pages that come again hear all."""
    station = StationFolder(tmp_path / "data")
    station.launch()
    station.fill(2)
    data = StationData(station.folder)

    def listen() -> socket.socket:
        browser, ours = socket.socketpair()
        browser.settimeout(60)
        broadcaster.add(ours, b"", 1)
        return browser

    with followed(data) as tail:
        broadcaster = Broadcaster(tail, Failing(1, lambda: b"event: snapshot\n\n"))
        broadcaster.start()
        with listen() as browser:
            assert browser.recv(100) == b""
        with listen() as browser:
            while b"id: 2\n" not in browser.recv(1 << 16):
                pass
            place = type(tail).place
            failing = Failing(3, lambda: place.fget(tail))  # type: ignore[attr-defined]

            class Doubtful(Tail):
                place = property(lambda _: failing())  # type: ignore[assignment]

            tail.__class__ = Doubtful
            station.receive()
            while b"id: 3\n" not in browser.recv(1 << 16):
                pass
            assert failing.left == 0
        broadcaster.stop()
    station.close()


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
