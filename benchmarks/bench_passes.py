"""All passes over Bishkek for a day: the whole catalogue, beside other programs, and how exact.

    python benchmarks/bench_passes.py [FILE] [--exact N]

FILE is a real catalogue (TLE or OMM); without it one of equal size is made from a seed. Peers that
are compared where they are installed: skyfield (always), orbit-predictor, pyorbital,
satnogs-predict. N satellites (default 8) are held against a scan of every 0.1 s by skyfield.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from pass_peers import Events, installed, timescale
from synthetic_catalogue import EPOCH, catalogue

from groundstation.elements import load_elements_file
from groundstation.model import Site
from groundstation.orbit.elements import Elements, to_omm_csv, to_tle_lines
from groundstation.orbit.passes import find_all_passes

BISHKEK = Site("Bishkek", 42.8746, 74.5698, 800.0)
FLOOR_DEG = 10.0
DAY = timedelta(days=1)


def best(work: Callable[[], object], rounds: int = 3) -> float:
    """Seconds of the fastest of several rounds."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


def memory_mb() -> float:
    """The most memory that this process had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def low(elements: Sequence[Elements]) -> list[Elements]:
    return [item for item in elements if item.mean_motion_rev_day > 11 and item.norad < 100_000]


def whole_catalogue(elements: list[Elements], start: datetime) -> float:
    """Print time and memory for everything; seconds a satellite."""
    find_all_passes(elements[:10], BISHKEK, start, start + DAY)  # tables are read once
    before = memory_mb()
    seconds = best(lambda: find_all_passes(elements, BISHKEK, start, start + DAY))
    table = find_all_passes(elements, BISHKEK, start, start + DAY)
    as_objects = best(lambda: list(table), 1)
    print(
        f"{len(elements)} objects, 24 h, {FLOOR_DEG:g} deg: {len(table)} passes in {seconds:.2f} s"
        f" (aim: under 2 s); as {len(table)} Pass objects {as_objects:.2f} s more"
    )
    print(
        f"memory at most {memory_mb():.0f} MB, {memory_mb() - before:.0f} MB of it for the search"
    )
    return seconds / len(elements)


def whole_command(elements: list[Elements], start: datetime, rounds: int = 3) -> float:
    """Print the processor time of ``passes --format csv``, start-up and reading included."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "catalogue.csv"
        file.write_text(to_omm_csv(elements), encoding="utf-8")
        place = f"{BISHKEK.latitude_deg},{BISHKEK.longitude_deg},{BISHKEK.altitude_m}"
        words = ["passes", "--elements", str(file), "--site", place, "--hours", "24"]
        words += ["--start", start.isoformat(), "--format", "csv"]
        spent = []
        for _ in range(rounds):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [sys.executable, "-m", "groundstation", *words]
            run = subprocess.run(command, stdout=subprocess.PIPE, check=False)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    passes = run.stdout.count(b"\n") - 1
    print(
        f"passes --format csv: {passes} passes in {min(spent):.2f} s of processor (aim: under 3 s)"
    )
    return min(spent) / len(elements)


def linearity(elements: list[Elements], start: datetime) -> None:
    thousand = (low(elements) * 2)[:1000]
    week = best(lambda: find_all_passes(thousand, BISHKEK, start, start + 7 * DAY))
    print(f"1000 low satellites, 7 days: {week:.2f} s (aim: under 1 s)")
    quarter = elements[::4]
    one = best(lambda: find_all_passes(quarter, BISHKEK, start, start + DAY))
    for label, items, days in (("4 x the satellites", elements, 1), ("4 x the days", quarter, 4)):
        more = best(lambda i=items, d=days: find_all_passes(i, BISHKEK, start, start + d * DAY))
        print(f"{label}: {more / one:.2f} x the time")


def scanned(sample: Sequence[Elements], start: datetime, end: datetime) -> list[Events]:
    """AOS and LOS by skyfield's elevation every 0.1 s, straight between the two at the mask."""
    from skyfield.api import EarthSatellite, wgs84

    scale = timescale()
    place = wgs84.latlon(BISHKEK.latitude_deg, BISHKEK.longitude_deg, BISHKEK.altitude_m)
    satellites = [EarthSatellite(*to_tle_lines(item), ts=scale) - place for item in sample]
    crossings: list[list[tuple[float, bool]]] = [[] for _ in sample]
    starts_up = [False] * len(sample)
    total = (end - start) / timedelta(seconds=1)
    piece = 1800.0
    for begin in np.arange(0.0, total, piece):
        seconds = begin + np.arange(round(min(piece, total - begin) * 10) + 1) / 10
        at = start
        times = scale.utc(
            at.year,
            at.month,
            at.day,
            at.hour,
            at.minute,
            at.second + at.microsecond / 1e6 + seconds,
        )
        for index, satellite in enumerate(satellites):
            elevation = satellite.at(times).altaz()[0].degrees - FLOOR_DEG
            if begin == 0:
                starts_up[index] = bool(elevation[0] > 0)
            (change,) = np.nonzero((elevation[1:] > 0) != (elevation[:-1] > 0))
            for i in change:
                share = elevation[i] / (elevation[i] - elevation[i + 1])
                crossings[index].append((seconds[i] + share / 10, bool(elevation[i + 1] > 0)))
    events = []
    for up, found in zip(starts_up, crossings, strict=True):
        own: Events = []
        rise: datetime | None = None
        above = up
        for seconds_, rising in found:
            when = start + timedelta(seconds=float(seconds_))
            if rising:
                rise, above = when, True
            else:
                own.append((rise, when))
                rise, above = None, False
        if above:
            own.append((rise, None))
        events.append(own)
    return events


def errors(found: list[Events], truth: list[Events]) -> str:
    """Passes missed and invented, and the errors of AOS and LOS of the others."""
    missed = invented = 0
    apart: list[float] = []
    for ours, theirs in zip(found, truth, strict=True):
        open_ = list(ours)
        for expected in theirs:
            match = next((one for one in open_ if near(one, expected)), None)
            if match is None:
                missed += 1
                continue
            open_.remove(match)
            apart += [
                abs((a - b).total_seconds())
                for a, b in zip(match, expected, strict=True)
                if a is not None and b is not None
            ]
        invented += len(open_)
    worst = f"{max(apart):.4f}" if apart else "-"
    mean = f"{sum(apart) / len(apart):.4f}" if apart else "-"
    return f"missed {missed}, invented {invented}, AOS/LOS error mean {mean} s, worst {worst} s"


def near(
    one: tuple[datetime | None, datetime | None], other: tuple[datetime | None, datetime | None]
) -> bool:
    """The same pass: a known AOS or LOS within two minutes."""
    return any(
        a is not None and b is not None and abs((a - b).total_seconds()) < 120
        for a, b in zip(one, other, strict=True)
    )


def beside_peers(
    elements: list[Elements], start: datetime, exact: int, each_s: float, command_s: float
) -> None:
    candidates = low(elements)
    sample = candidates[:: max(len(candidates) // max(exact, 1), 1)][:exact]
    end = start + DAY
    peers, missing = installed(sample[0], BISHKEK, start, end, FLOOR_DEG)
    for sentence in missing:
        print(sentence)
    truth = scanned(sample, start, end)
    print(f"{len(sample)} satellites, {sum(map(len, truth))} passes by a scan of every 0.1 s")
    table = find_all_passes(sample, BISHKEK, start, end)
    ours: list[Events] = [[] for _ in sample]
    for one, owner in zip(table, table.found.satellite.tolist(), strict=True):
        ours[owner].append((one.aos, one.los))
    alone = best(lambda: [find_all_passes([item], BISHKEK, start, end) for item in sample]) / len(
        sample
    )
    line("ours, all at once", each_s, each_s, errors(ours, truth))
    line("ours, one by one", alone, each_s)
    line("ours, whole command", command_s, each_s)
    for name, finder in peers.items():
        begin = time.perf_counter()
        found = [finder(item, BISHKEK, start, end, FLOOR_DEG) for item in sample]
        each = (time.perf_counter() - begin) / len(sample)
        line(name, each, each_s, errors(found, truth))


def line(name: str, each_s: float, ours_s: float, exactness: str = "") -> None:
    print(f"{name:22} {each_s * 1e3:9.3f} ms a satellite {each_s / ours_s:8.0f} x  {exactness}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", nargs="?", type=Path)
    options.add_argument("--exact", type=int, default=8)
    chosen = options.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one core
    if chosen.file is None:
        elements, start = catalogue(), EPOCH
    else:
        elements, problems = load_elements_file(chosen.file)
        if not elements:
            sys.exit(problems[0])
        start = max(sorted(item.epoch for item in elements)[len(elements) // 2], EPOCH)
    each_s = whole_catalogue(elements, start)
    command_s = whole_command(elements, start)
    linearity(elements, start)
    beside_peers(elements, start, chosen.exact, each_s, command_s)


if __name__ == "__main__":
    main()
