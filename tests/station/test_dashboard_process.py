"""The child process of the dashboard: started again, ended with the station."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import groundstation.dashboard_process
from groundstation.config import DashboardConfig
from groundstation.dashboard_process import DashboardProcess
from groundstation.serve import dashboard_command
from tests.links.devices import wait_until

#: Ends when its standard input does, as the dashboard does.
CHILD = [sys.executable, "-c", "import sys; sys.stdin.read()"]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def test_it_is_started_again_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groundstation.dashboard_process, "RETRY_S", (0.05, 0.2))
    said: list[str] = []
    child = DashboardProcess(CHILD, said.append)
    child.start()
    seen: list[int] = []
    for _ in range(3):
        wait_until(lambda: child.pid not in (None, *seen))
        assert child.pid is not None
        seen.append(child.pid)
        os.kill(child.pid, signal.SIGKILL)
    wait_until(lambda: child.pid not in (None, *seen))
    last = child.pid
    assert last is not None
    child.stop()
    assert not is_alive(last)
    assert said == [
        "the dashboard ended (code -9); it starts again in 0.05 s",
        "the dashboard ended (code -9); it starts again in 0.1 s",
        "the dashboard ended (code -9); it starts again in 0.2 s",
    ]


def test_one_that_served_is_back_soon_however_often_it_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(groundstation.dashboard_process, "RETRY_S", (0.05, 0.2))
    said: list[str] = []
    served = "print('ready', flush=True); import sys; sys.exit(1)"
    child = DashboardProcess([sys.executable, "-c", served], said.append)
    child.start()
    wait_until(lambda: len(said) >= 4)
    child.stop()
    assert set(said) == {"the dashboard ended (code 1); it starts again in 0.05 s"}


def test_a_child_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groundstation.dashboard_process, "_STOP_WAIT_S", 0.3)
    ignore = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    child = DashboardProcess([sys.executable, "-c", ignore])
    child.start()
    wait_until(lambda: child.pid)
    time.sleep(0.2)
    pid = child.pid
    child.stop()
    assert pid is not None
    assert not is_alive(pid)


def test_a_program_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    child = DashboardProcess(["/nowhere/python"], said.append)
    child.start()
    wait_until(lambda: said)
    child.stop()
    assert "No such file or directory" in said[0]


def test_the_station_killed_ends_the_child() -> None:
    code = (
        "import sys, time\n"
        "from groundstation.dashboard_process import DashboardProcess\n"
        f"child = DashboardProcess({CHILD!r})\n"
        "child.start()\n"
        "while child.pid is None: time.sleep(0.01)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    station = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert station.stdout is not None
    pid = int(station.stdout.readline())
    assert is_alive(pid)
    station.kill()
    station.wait()
    station.stdout.close()
    wait_until(lambda: not is_alive(pid))


def test_a_mistake_while_waiting_leaves_no_child_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groundstation.dashboard_process, "RETRY_S", (0.05, 0.2))

    def broken(child: object) -> int:
        raise RuntimeError("a mistake")

    def deaf(text: str) -> None:
        said.append(text)
        raise BrokenPipeError

    said: list[str] = []
    ends_at_once = [sys.executable, "-c", ""]
    child = DashboardProcess(ends_at_once, deaf)
    monkeypatch.setattr(groundstation.dashboard_process, "_end", broken)
    child.start()
    wait_until(lambda: len(said) > 1)  # started again, though nobody listens
    child.stop()
    assert "a mistake" in said[0]
    child = DashboardProcess(CHILD, said.append)
    child.start()
    wait_until(lambda: child.pid)
    pid = child.pid
    assert pid is not None
    child.stop()
    assert not is_alive(pid)


@pytest.mark.parametrize("pythonpath", [None, "", ".", os.pathsep + "/nowhere"])
def test_a_dashboard_in_the_current_folder_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pythonpath: str | None
) -> None:
    (tmp_path / "dashboard").mkdir()
    (tmp_path / "dashboard" / "__init__.py").touch()
    (tmp_path / "dashboard" / "__main__.py").write_text(
        "from pathlib import Path; Path('ran').touch()"
    )
    monkeypatch.chdir(tmp_path)
    if pythonpath is not None:
        monkeypatch.setenv("PYTHONPATH", pythonpath)
    said: list[str] = []
    nowhere = tmp_path / "nowhere"  # ours refuses it with code 2
    command = dashboard_command(DashboardConfig(), tmp_path / "station.toml", nowhere)
    child = DashboardProcess(command, said.append)
    child.start()
    wait_until(lambda: said)
    child.stop()
    assert said[0].startswith("the dashboard ended (code 2)")
    assert not (tmp_path / "ran").exists()
