"""A station's data folder, the application over it, and the application as a process."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.data.station_data import StationData
from dashboard.web.app import close_app, create_app
from dashboard.web.context import Context
from groundstation.config import load_config
from tests.dashboard.station_folder import StationFolder
from tests.peers import free_port

ROOT = Path(__file__).parents[2]


@pytest.fixture
def station(tmp_path: Path) -> Iterator[StationFolder]:
    """A running station with a pass in progress, a history, and frames of every kind."""
    folder = StationFolder(tmp_path / "data")
    folder.launch()
    folder.fill(20)
    folder.receive_damaged()
    folder.receive_unknown()
    folder.receive(battery_voltage=3.4)
    folder.fly()
    yield folder
    folder.close()


@pytest.fixture
def make_app() -> Iterator[Callable[[StationFolder], Flask]]:
    """Applications over folders; they are ended with the test."""
    apps: list[Flask] = []

    def make(folder: StationFolder) -> Flask:
        app = create_app(StationData(folder.folder, load_config(folder.config)))
        apps.append(app)
        context: Context = app.extensions["groundstation"]
        if (folder.folder / "telemetry.db").exists():
            wait_until(lambda: context.tail.has_begun)
        return app

    yield make
    for app in apps:
        close_app(app)


@pytest.fixture
def client(station: StationFolder, make_app: Callable[[StationFolder], Flask]) -> FlaskClient:
    """A client of the application over ``station``."""
    return make_app(station).test_client()


class Served:
    """``python -m dashboard`` over a folder, on a free port."""

    def __init__(self, folder: Path, *options: str):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "dashboard", "--data", str(folder)),
                *("--port", str(self.port), *options),
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        self.first_line = self.process.stderr.readline()

    def get(self, path: str) -> bytes:
        """The body of an answer."""
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            return bytes(answer.read())

    def end(self) -> int:
        """Close the pipe, as a station does that ends; returns the exit code."""
        assert self.process.stdin is not None
        assert self.process.stderr is not None
        self.process.stdin.close()
        try:
            return self.process.wait(60)
        finally:
            self.process.kill()
            self.process.stderr.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """Start dashboards; they are ended with the test."""
    servers: list[Served] = []

    def start(folder: Path, *options: str) -> Served:
        servers.append(Served(folder, *options))
        return servers[-1]

    yield start
    for server in servers:
        server.end()


def wait_until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Fail unless ``true`` comes true in time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.01)
