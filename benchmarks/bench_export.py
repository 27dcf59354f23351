"""Data out and in as whole commands: every form of the export, and the import of what holds all.

``bench_export.py 1000000``: from a store with so many frames (default 200,000), 85 values each. The
processor's time, the start included, and the peak of memory.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench_commands import quetzal_frames
from bench_store import command, fill

FORMS = ("csv", "json", "parquet", "influx", "kiss", "hex")


def show(name: str, count: int, words: tuple[str, ...]) -> None:
    cpu, peak = command(*words)
    print(f"{name:<20}{cpu:>8.2f} s CPU {count / cpu:>10,.0f} frames/s {peak:>6.0f} MB at most")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        quetzal_frames(folder / "quetzal.hex")
        data = fill(folder, count)
        for form in FORMS:
            target = folder / f"out.{form}"
            words = ("export", "--data", str(data), "--format", form, "-o", str(target))
            show(f"export {form}", count, words)
            if form not in ("json", "hex"):
                target.unlink()
        for form in ("json", "hex"):
            words = ("import", str(folder / f"out.{form}"), "--data", str(folder / form))
            show(f"import {form}", count, words)


if __name__ == "__main__":
    main()
