"""The store as a person meets it: replay and redecode as whole commands, and pages' questions to a
small and a large store.

``bench_store.py 1000000``: the large store has so many frames (default 200,000).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench_commands import FRAMES, ROOT, quetzal_frames

from dashboard.data.station_data import StationData
from dashboard.web.app import close_app, create_app
from groundstation.catalog import SatelliteCatalog
from groundstation.interpret.work import InterpreterWork
from groundstation.model import Reception
from groundstation.storage.journal import JournalWriter
from groundstation.storage.telemetry.reader import TelemetryReader

SATELLITE = "quetzal-1"
SMALL = 10_000
#: One frame each ten seconds: 3.2 million are a year.
STEP_US = 10_000_000
START_US = 1_780_000_000_000_000
YEAR_US = 365 * 86_400 * 1_000_000


def command(*words: str) -> tuple[float, float]:
    """Processor seconds and peak megabytes of one of our commands."""
    child = subprocess.Popen([sys.executable, "-m", "groundstation", *words], cwd=ROOT,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    _, _, used = os.wait4(child.pid, 0)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def commands(folder: Path) -> None:
    """Replay a recording into an empty folder, and interpret it again."""
    recording = folder / "quetzal.hex"
    quetzal_frames(recording)
    data = folder / "replayed"
    for name, words in (
        ("replay", ("replay", str(recording), "--data", str(data))),
        ("redecode", ("redecode", "--data", str(data))),
    ):
        cpu, peak = command(*words)
        print(f"{name:<44}{cpu:>8.2f} s CPU {FRAMES / cpu:>10,.0f} frames/s {peak:>6.0f} MB")
    size = sum(path.stat().st_size for path in data.glob("telemetry.db*"))
    print(f"{'telemetry.db':<44}{size / FRAMES:>8.0f} bytes a frame (85 values each)")


def fill(folder: Path, count: int) -> Path:
    """A data folder with so many frames, ten seconds apart."""
    recording = folder / "quetzal.hex"
    frames = [bytes.fromhex(line) for line in recording.read_text("utf-8").splitlines()]
    data = folder / f"store-{count}"
    journal = JournalWriter(data)
    for first in range(0, count, 5000):
        journal.append(
            [
                Reception(0, START_US + n * STEP_US, "tnc", frames[n % len(frames)])
                for n in range(first, min(first + 5000, count))
            ]
        )
    journal.close()
    work = InterpreterWork(data, SatelliteCatalog(data), batch=5000)
    work.open()
    while work.advance():
        pass
    work.close()
    return data


def median_ms(question: Callable[[], object]) -> float:
    """The middle of fifteen times, after one that warms up."""
    times = []
    for _ in range(16):
        begun = time.perf_counter()
        question()
        times.append((time.perf_counter() - begun) * 1000)
    return sorted(times[1:])[7]


def questions(data: Path, count: int) -> dict[str, float]:
    """Milliseconds of what pages ask."""
    reader = TelemetryReader(data, SatelliteCatalog(data))
    end_us = START_US + count * STEP_US
    voltage = "battery_voltage"
    name = voltage if voltage in reader.latest(SATELLITE) else "battery_temp"
    name = next(k for k, v in reader.latest(SATELLITE).items() if v.unit == "mV" or k == name)
    app = create_app(StationData(data))
    client = app.test_client()
    found = {
        "latest values": median_ms(lambda: reader.latest(SATELLITE)),
        "chart of an hour": median_ms(
            lambda: reader.series(SATELLITE, name, end_us - 3_600_000_000, end_us, 600)
        ),
        "chart of a year, 2,000 points": median_ms(
            lambda: reader.series(SATELLITE, name, end_us - YEAR_US, end_us, 2000)
        ),
        "page of the satellite": median_ms(lambda: client.get(f"/satellites/{SATELLITE}")),
        "page of frames": median_ms(lambda: client.get("/frames")),
        "page of its frames": median_ms(lambda: client.get(f"/frames?satellite={SATELLITE}")),
    }
    close_app(app)
    reader.close()
    return found


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        commands(folder)
        small = questions(fill(folder, SMALL), SMALL)
        large = questions(fill(folder, count), count)
    print(f"{'':<44}{SMALL:>12,} frames {count:>12,} frames")
    for question, ms in small.items():
        print(f"{question:<44}{ms:>15.1f} ms {large[question]:>15.1f} ms")


if __name__ == "__main__":
    main()
