"""Alarms of a large store made from its first frame: ``bench_alarms.py 1000000`` (200,000)."""

from __future__ import annotations

import re
import resource
import sys
import tempfile
import time
from pathlib import Path

from bench_commands import ROOT, quetzal_frames
from bench_store import SATELLITE, fill

from groundstation.alarms.rules import Settings
from groundstation.catalog import SatelliteCatalog
from groundstation.followers.alarms import AlarmWork
from groundstation.interpret.work import InterpreterWork
from groundstation.storage.telemetry.alarms import history

#: Rows that get limits, some of which the frames go beyond again and again.
ROWS = 20


def main() -> None:
    """Fill a store, then time its follower of alarms."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        quetzal_frames(folder / "quetzal.hex")
        data = fill(folder, count)
        text = (ROOT / "decoders" / "satellites" / f"{SATELLITE}.toml").read_text("utf-8")
        rows = re.findall(r'name = "(\w+)", type = "u(?:8|16)"[^}]*unit', text)[:ROWS]
        laid = "".join(f"{row} = {{ warning = [-1000, 3900] }}\n" for row in rows)
        (data / "satellites").mkdir()
        (data / "satellites" / f"{SATELLITE}.limits.toml").write_text(laid, "utf-8")
        catalog = SatelliteCatalog(data)
        work = InterpreterWork(data, catalog)
        work.open()
        alarms = AlarmWork(work, catalog, Settings())
        alarms.open()
        begun = time.process_time()
        while alarms.advance():
            pass
        cpu = time.process_time() - begun
        with work.writer.transaction() as connection:
            found = len(history(connection, 10_000_000))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"alarms of {count:,} frames{cpu:>26.2f} s CPU {count / cpu:>10,.0f} frames/s")
        print(f"{found:,} alarms, {peak:.0f} MB at most")
        alarms.close()
        work.close()


if __name__ == "__main__":
    main()
