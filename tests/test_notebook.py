"""The notebook in examples/ runs from its first cell to its last, over a simulated week."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from groundstation.model import Reception
from tests.dashboard.station_folder import SATELLITE, StationFolder
from tests.storage.interpreted import interpret

NOTEBOOK = Path(__file__).parents[1] / "examples/battery.ipynb"
#: A frame every ten minutes, for a week and a day.
STEP_US = 600_000_000
STEPS = 8 * 144


def wanted_voltage(at_us: int) -> float:
    """As :meth:`StationFolder.frame_bytes` has it."""
    return 3.9 + 0.2 * math.sin(at_us / 1e6 / 300)


def test_the_notebook_shows_the_week(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = StationFolder(tmp_path / "data")
    now_us = folder.clock.now_us()
    times = [now_us - 30_000_000 - STEP_US * step for step in range(STEPS)][::-1]
    frames = [folder.frame_bytes(time) for time in times]
    folder.journal.append(
        [Reception(0, t, "tnc", f, simulated=True) for t, f in zip(times, frames, strict=True)]
    )
    folder.close()
    interpret(folder.folder)
    monkeypatch.setenv("STATION_DATA", str(folder.folder))
    monkeypatch.setenv("STATION_SATELLITE", SATELLITE)
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))

    found: dict[str, Any] = {}
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"{NOTEBOOK}:{cell['id']}", "exec"), found)

    voltage = found["voltage"]["battery_voltage"]
    assert len(voltage) == 7 * 144
    mine = [time for time in times if time >= now_us - 7 * 86_400_000_000]
    assert voltage.index.as_unit("us").asi8.tolist() == mine
    assert voltage.tolist() == pytest.approx([wanted_voltage(t) for t in mine], abs=0.002)
    assert found["units"]["battery_voltage"] == "V"
    (line,) = found["axes"].lines
    hourly = found["hourly"]["battery_voltage"]
    assert line.get_ydata().tolist() == hourly["mean"].tolist()
    assert "SIMULATED" in found["axes"].get_title()
    assert found["axes"].get_ylabel() == "V"
    found["plt"].close("all")


def test_it_is_committed_without_results() -> None:
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    assert not [cell["id"] for cell in cells if cell.get("outputs") or cell.get("execution_count")]
