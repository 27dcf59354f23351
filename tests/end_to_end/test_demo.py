"""``groundstation demo`` as a newcomer starts it: one command, and values on the page."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import join
from typing import Any

import pytest

from groundstation.cli.demo import _settings
from tests.dashboard.sse import EventStream
from tests.links.devices import wait_until
from tests.peers import free_port
from tests.station.running import frames, journal

ROOT = Path(__file__).parents[2]


class Demo:
    """A running demo and its dashboard."""

    def __init__(self, folder: Path, *options: str):
        self.folder, self.port = folder, free_port()
        self.log = folder.parent / "demo.log"
        words = ["--no-browser", "--data", str(folder), "--port", str(self.port), *options]
        with self.log.open("wb") as log:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "groundstation", "demo", *words], stderr=log
            )

    def ask(self, path: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return json.load(answer)

    def serves(self) -> bool:
        assert self.popen.poll() is None, self.log.read_text()
        try:
            return bool(self.ask("/api/v1/status"))
        except OSError:
            return False

    def stop(self) -> None:
        self.popen.send_signal(signal.SIGINT)
        code = self.popen.wait(60)
        assert code == 0, self.log.read_text()
        assert "Traceback" not in self.log.read_text()


@contextmanager
def flying(folder: Path) -> Iterator[Demo]:
    demo = Demo(folder)
    try:
        yield demo
    except BaseException:
        demo.popen.kill()
        demo.popen.wait()
        raise
    demo.stop()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with flying(tmp_path / "demo") as running:
        wait_until(running.serves, what="the dashboard")
        yield running


def test_values_come_and_say_that_they_are_simulated(demo: Demo) -> None:
    stream = EventStream(demo.port)
    stream.next()  # the snapshot
    if not demo.ask("/api/v1/satellites/classroom-1/latest"):
        stream.next("reception")
    stream.close()
    status = demo.ask("/api/v1/status")
    (link,) = status["links"]
    assert (link["state"], link["simulated"], link["bad_frames"]) == ("open", True, 0)
    assert link["url"].startswith("/dev/")
    wait_until(lambda: [item for item in frames(demo.folder) if not item.waiting])
    found = [item for item in frames(demo.folder) if not item.waiting]
    assert all(item.simulated and item.satellite == "classroom-1" for item in found)
    latest = json.dumps(demo.ask("/api/v1/satellites/classroom-1/latest"))
    assert '"battery_voltage"' in latest
    assert '"simulated": true' in latest or '"simulated":true' in latest
    with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/frames.csv") as answer:
        header, first = answer.read().decode().splitlines()[:2]
    assert "simulated" in header
    assert "1" in first or "true" in first
    passes = demo.ask("/api/v1/passes")
    assert "Classroom-1 (simulated)" in json.dumps(passes)


def test_a_second_demo_goes_on_in_the_same_folder(tmp_path: Path) -> None:
    seen = []
    for _ in range(2):
        count = len(seen)
        with flying(tmp_path / "demo"):
            wait_until(lambda n=count: len(journal(tmp_path / "demo")) > n + 1, what="frames")
        seen = journal(tmp_path / "demo")
    times = [item.received_us for item in seen]
    assert times == sorted(times)
    assert [item.seq for item in seen] == list(range(1, len(seen) + 1))


def test_occupied_port_is_one_sentence(demo: Demo, tmp_path: Path) -> None:
    words = ["--no-browser", "--data", str(tmp_path / "other"), "--port", str(demo.port)]
    second = subprocess.run(
        [sys.executable, "-m", "groundstation", "demo", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 2
    assert second.stderr.count("\n") == 1
    assert f"the web port {demo.port}" in second.stderr
    assert f"--port {demo.port + 1}" in second.stderr
    options = join(words)
    # Whoever typed "make run" is told what to type.
    made = subprocess.run(
        [
            "make",
            "-o",
            "install",
            "run",
            f"BIN={Path(sys.executable).parent}",
            f"DEMO={options}",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert made.returncode
    assert f"--port {demo.port + 1}" in made.stderr
    assert 'make run DEMO="--port 8081"' in made.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    words = ["--no-browser", "--data", str(tmp_path / "demo"), "--port", str(free_port())]
    run = subprocess.run(
        [sys.executable, "-m", "groundstation", "demo", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 2
    assert "choose another --data" in run.stderr


MINE = "[site]\nlatitude_deg = 42.0\nlongitude_deg = 74.0\n"
CHANGED = _settings("/dev/x", 80, audio=False).replace("Bishkek", "Talas")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("station.toml", MINE, "is not of a demo and stays as it is"),
        ("station.toml", CHANGED, "was changed since a demo wrote it, and stays as it is"),
        ("journal.db", "frames of a real station", "holds receptions that are not of a demo"),
    ],
)
def test_what_is_somebodys_is_left_alone(tmp_path: Path, name: str, text: str, said: str) -> None:
    """The demo refuses a folder that is a real station's, before it changes anything there."""
    (tmp_path / name).write_text(text)
    command = [sys.executable, "-m", "groundstation", "demo", "--no-browser", "--data"]
    done = subprocess.run(
        [*command, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert f"{said}: choose another --data" in done.stderr
    assert (tmp_path / name).read_text() == text
    assert [path.name for path in tmp_path.iterdir()] == [name]
