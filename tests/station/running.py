"""A real station process for tests, and frames to feed it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from groundstation.errors import StoreError
from groundstation.model import FrameRow, Reception
from groundstation.storage.frames import FrameReader
from groundstation.storage.journal import JournalReader
from groundstation.storage.telemetry.reader import TelemetryReader
from tests.links.devices import wait_until

COMMAND = [sys.executable, "-m", "groundstation"]


def write_config(folder: Path, *link_urls: str, more: str = "") -> Path:
    """A ``station.toml`` in ``folder`` with these links."""
    links = "".join(f'[[links]]\nurl = "{url}"\n' for url in link_urls)
    path = folder / "station.toml"
    path.write_text(f"[site]\nlatitude_deg = 42.87\nlongitude_deg = 74.57\n{links}{more}")
    return path


class Process:
    """``groundstation run`` on ``folder / "data"`` with ``folder / "station.toml"``."""

    def __init__(self, folder: Path, *arguments: str, environment: dict[str, str] | None = None):
        self.data = folder / "data"
        self._log = (folder / "station.log").open("ab")
        self.log_path = folder / "station.log"
        self.popen = subprocess.Popen(
            [
                *(*COMMAND, "run", "-c", str(folder / "station.toml"), "--data", str(self.data)),
                *(arguments or ["--no-dashboard"]),
            ],
            stderr=self._log,
            env={**os.environ, **(environment or {})},
        )

    def kill(self) -> None:
        """End it as a power cut would."""
        self.popen.kill()
        self.popen.wait()
        self._log.close()

    def stop(self) -> int:
        """End it as an operator would; returns the exit code."""
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGTERM)
        code = self.popen.wait(60)
        self._log.close()
        return code

    def log(self) -> str:
        """All messages so far."""
        return self.log_path.read_text()

    def status(self) -> dict[str, Any]:
        """``status.json`` now, empty while there is none."""
        try:
            found: dict[str, Any] = json.loads((self.data / "status.json").read_text())
        except (OSError, ValueError):
            return {}
        return found

    def wait_open(self) -> None:
        """Wait until every link is open."""

        def is_open() -> bool:
            assert self.popen.poll() is None, self.log()
            status = self.status()
            mine = status.get("pid") == self.popen.pid
            return mine and all(link["state"] == "open" for link in status["links"])

        wait_until(is_open, what="the station's links to open")


@contextmanager
def running(
    folder: Path, *arguments: str, environment: dict[str, str] | None = None
) -> Iterator[Process]:
    """A station process that is ended, and must end well."""
    process = Process(folder, *arguments, environment=environment)
    try:
        yield process
    except BaseException:
        process.kill()
        raise
    assert process.stop() == 0, process.log()


def journal(folder: Path, after: int = 0) -> list[Reception]:
    """All receptions in the data folder with a higher ``seq`` than ``after``."""
    found: list[Reception] = []
    try:
        reader = JournalReader(folder)
    except StoreError:  # not there yet, or there without its tables
        return found
    with reader:
        while batch := reader.after(found[-1].seq if found else after, 5000):
            found += batch
    return found


def frames(folder: Path) -> list[FrameRow]:
    """All receptions with what they mean."""
    telemetry = TelemetryReader(folder)
    try:
        reader = JournalReader(folder)
    except StoreError:  # not there yet
        return []
    with closing(telemetry), FrameReader(reader, telemetry) as found:
        return found.after(0, 1_000_000)


def wait_for_frames(folder: Path, frames: Sequence[bytes], seconds: float = 60) -> None:
    """Wait until the journal holds as many receptions as ``frames``, then compare."""
    deadline = time.monotonic() + seconds
    while len(journal(folder)) < len(frames) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [item.raw for item in journal(folder)] == list(frames)


def ask(port: int, path: str) -> Any:
    """JSON from the dashboard, None while it does not answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
            return json.load(answer)
    except (urllib.error.URLError, ConnectionError, TimeoutError, ValueError):
        return None


def children(pid: int) -> list[int]:
    """The processes that ``pid`` started and that live."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]
