"""The programs in examples/ that ask the interface, run against a dashboard as people run them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.dashboard.conftest import Served, wait_until
from tests.dashboard.station_folder import SATELLITE, StationFolder
from tests.peers import need

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_latest_values_in_javascript(station: StationFolder, serve: Callable[..., Served]) -> None:
    url = serve(station.folder).url
    command = [need("node"), str(EXAMPLES / "latest.mjs"), url]
    right = subprocess.run([*command, SATELLITE], capture_output=True, text=True, check=True)
    assert re.search(r"^battery_voltage: [34][.]\d+ V \(\w+\), 20", right.stdout, re.MULTILINE)
    wrong = subprocess.run([*command, "clasroom-1"], capture_output=True, text=True)
    assert wrong.returncode == 1
    assert f"did you mean '{SATELLITE}'?" in wrong.stderr


def test_live_frames_in_python(station: StationFolder, serve: Callable[..., Served]) -> None:
    served = serve(station.folder)
    command = [sys.executable, str(EXAMPLES / "live.py"), served.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        wait_until(lambda: json.loads(served.get("/api/v1/share"))["listening"] == 1)
        station.receive()
        line = process.stdout.readline()
        process.terminate()
    assert f" {SATELLITE} counter " in line
