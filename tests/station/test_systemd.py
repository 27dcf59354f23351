"""Under systemd: the unit is sound and tight, and the station says when it is ready."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.peers import free_port, need

UNIT = Path(__file__).parents[2] / "examples" / "systemd" / "groundstation.service"
SITE = '[site]\nname = "Talas"\nlatitude_deg = 42.5\nlongitude_deg = 72.2\n'
#: systemd's own measure: 0 is tightest, below 2.5 it says "OK" or better.
MOST_EXPOSED = 2.0


def test_the_station_says_when_it_is_ready_at_work_and_stopping(tmp_path: Path) -> None:
    (tmp_path / "station.toml").write_text(f"{SITE}[dashboard]\nport = {free_port()}\n")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60)
        station = subprocess.Popen(
            [sys.executable, "-m", "groundstation", "run", "--no-dashboard"],
            cwd=tmp_path,
            env={**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify")},
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert systemd.recv(100) == b"READY=1"
            assert systemd.recv(100) == b"WATCHDOG=1"
        finally:
            station.send_signal(signal.SIGTERM)
        said = {systemd.recv(100)}
        while b"STOPPING=1" not in said:
            said.add(systemd.recv(100))
        _, log = station.communicate(timeout=60)
    assert station.returncode == 0
    assert re.match(r"\d\d:\d\d:\d\d receiving", log)


def test_in_systemds_journal_a_line_has_no_time_of_its_own(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("w") as out:
        found = os.fstat(out.fileno())
        subprocess.run(
            [sys.executable, "-c", "from groundstation.cli.until_stopped import tell; tell('on')"],
            env={**os.environ, "JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino}"},
            stderr=out,
            check=True,
        )
    assert log.read_text() == "on\n"


def test_a_station_that_hangs_is_told_by_silence(tmp_path: Path) -> None:
    from groundstation.config import Config
    from groundstation.model import Site
    from groundstation.station import Station

    station = Station(Config(Site("Talas", 42.5, 72.2)), tmp_path)
    assert station.is_at_work()
    station._looked_s = time.monotonic() - 3600
    assert not station.is_at_work()
    station.start()
    deadline = time.monotonic() + 60
    while not station.is_at_work() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert station.is_at_work()
    station.stop()


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    analyze = need("systemd-analyze")
    text = UNIT.read_text("utf-8")
    # The program and the user are there once it is installed.
    text = text.replace("/opt/groundstation/bin/groundstation", shutil.which("true") or "/bin/true")
    text = text.replace("User=groundstation\n", "User=root\n")
    unit = tmp_path / "groundstation.service"
    unit.write_text(text, "utf-8")
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    mine = [line for line in done.stderr.splitlines() if "groundstation" in line]
    assert (done.returncode, mine) == (0, []), done.stderr


def test_the_unit_is_tight() -> None:
    done = subprocess.run(
        [need("systemd-analyze"), "security", "--offline=true", "--no-pager", str(UNIT)],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"Overall exposure level.*: ([\d.]+)", done.stdout)
    assert found, done.stderr
    assert float(found[1]) <= MOST_EXPOSED, done.stdout
