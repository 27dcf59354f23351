"""``python -m dashboard`` as a process: how it starts, what it refuses, when it ends."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dashboard.conftest import ROOT, Served, wait_until
from tests.dashboard.station_folder import StationFolder
from tests.peers import free_port


def refused(*options: str) -> str:
    """The one sentence of a start that is refused."""
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", *options],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def test_says_where_it_serves_and_ends_with_its_pipe(
    station: StationFolder, serve: Callable[..., Served]
) -> None:
    served = serve(station.folder, "--config", str(station.config))
    assert served.first_line == f"dashboard: {served.url}/\n"
    assert b"School 5" in served.get("/")
    assert served.end() == 0


def test_refuses_what_it_cannot_serve(tmp_path: Path) -> None:
    assert "there is no folder" in refused("--data", str(tmp_path / "nowhere"))
    config = tmp_path / "station.toml"
    config.write_text("[site]\nlatitude_deg = 142\nlongitude_deg = 1\n", "utf-8")
    assert "station.toml:2" in refused("--data", str(tmp_path), "--config", str(config))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"port {port} on 127.0.0.1 cannot be used" in refused(
            "--data", str(tmp_path), "--port", port
        )
    assert "must be 1 to 65535" in refused("--data", str(tmp_path), "--port", "0")


def test_ends_when_its_parent_is_gone(station: StationFolder) -> None:
    port = free_port()
    command = [
        *(sys.executable, "-m", "dashboard", "--data", str(station.folder), "--port", str(port)),
        "--parent-pid",
    ]
    # A parent that starts it without a pipe, says its number, and is killed.
    script = (
        "import os, subprocess, sys, time;"
        f"child = subprocess.Popen({command!r} + [str(os.getpid())], stdin=subprocess.DEVNULL,"
        " stderr=subprocess.DEVNULL);"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    wait_until(lambda: answers(port))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: not answers(port))
    with pytest.raises(ProcessLookupError):
        for _ in range(500):
            os.kill(child, 0)
            time.sleep(0.01)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def test_a_station_that_is_gone_when_it_is_ready_leaves_no_traceback(
    station: StationFolder,
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    port = str(free_port())
    options = ["--data", str(station.folder), "--port", port, "--say-ready"]
    child = subprocess.Popen(
        [sys.executable, "-m", "dashboard", *options],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writing)
    _, told = child.communicate(timeout=60)  # closes its input: the station is gone
    assert "Traceback" not in told
    assert child.returncode == 0
