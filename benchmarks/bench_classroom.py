"""The dashboard as a class meets it, after a year in which the station received a million frames.

    python benchmarks/bench_classroom.py [--store DIR] [--write]

How long pages take in a browser and in the server, how soon 300 live pages see a frame, and how
much memory that takes. --store keeps the station's folder (classroom_store.py) for the next time;
--write puts the table into docs/dashboard.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.classroom_store import FRAMES, classroom_store
from tests.dashboard.conftest import Served
from tests.dashboard.web.browser import PHONE, PROJECTOR, Browser, opened
from tests.dashboard.web.test_budgets import memory
from tests.dashboard.web.whole_station import PAGES
from tests.torture.browser import percentile
from tests.torture.crowd import LISTENING
from tests.torture.machine import machine
from tests.torture.world import World

DOCUMENT = Path(__file__).parents[1] / "docs" / "dashboard.md"
BEGIN, END = "<!-- table of make bench-classroom -->", "<!-- end of the table -->"
#: Each page is asked for so often; live pages listen for so long, seconds, to so many a second.
ROUNDS, LIVE_S, A_SECOND = 7, 60, 4
YEAR = "/satellites/classroom-1?parameters=battery_voltage,battery_current,mode&range=365d"
#: When what the visitor waits for is there: ms since the page was asked for. Values come with the
#: page itself, a chart with its data.
SEEN = """
(() => {
  const there = () => {
    const chart = document.querySelector('#lanes canvas, #lanes .bands');
    const value = document.querySelector('[data-value]');
    if (chart && window.chartMs === undefined) window.chartMs = performance.now();
    if (value && value.textContent.trim() && window.valueMs === undefined) {
      window.valueMs = performance.now();
    }
    requestAnimationFrame(there);
  };
  requestAnimationFrame(there);
})();
"""
Row = tuple[str, str, str]


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        store = classroom_store(given.store or Path(name) / "store")
        rows = []
        (quiet := Path(name) / "live").mkdir()
        for row in chain(of_store(store), live(quiet)):
            print(" | ".join(row), flush=True)
            rows.append(row)
    if given.write:
        write(rows, load)


def of_store(store: Path) -> Iterator[Row]:
    """What is measured of the dashboard over a large store."""
    served = Served(store, "--config", str(store / "station.toml"))
    try:
        yield from in_browser(served)
        yield from in_server(served)
        resident = memory(served.process.pid) / 1e6
        yield "memory of the dashboard after all of that (RSS)", f"{resident:.0f} MB", "150 MB"
    finally:
        served.end()


def in_browser(served: Served) -> Iterator[Row]:
    """Pages of a browser that has none of them yet."""
    with tempfile.TemporaryDirectory() as profile, opened(Path(profile)) as chrome:
        browser = Browser(chrome, served.url)
        for command, options in (
            ("Network.enable", {}),
            ("Network.setCacheDisabled", {"cacheDisabled": True}),
            ("Page.addScriptToEvaluateOnNewDocument", {"source": SEEN}),
        ):
            chrome.execute_cdp_cmd(command, options)
        for words, path, seen, size in (
            ("*Now*: the first values are seen, on the wall", "/", "valueMs", PROJECTOR),
            ("*Now*: the first values are seen, on a phone", "/", "valueMs", PHONE),
            ("three values over a year: the chart can be used", YEAR, "chartMs", PROJECTOR),
        ):
            took_ms = [_until(browser, path, seen, size) for _ in range(ROUNDS)]
            yield words, _told(took_ms), "1 s"


def _until(browser: Browser, path: str, seen: str, size: tuple[int, int]) -> float:
    browser.open(path, size)
    browser.wait(f"return window.{seen} !== undefined")
    took_ms = float(browser.run(f"return window.{seen}"))
    browser.wait_for_calm()
    return took_ms


def in_server(served: Served) -> Iterator[Row]:
    """Each page from the question to the whole of its answer."""
    found = {name: [_asked(served, path) for _ in range(ROUNDS)] for name, path in PAGES.items()}
    by_time = sorted(found, key=lambda name: median(found[name]))
    usual = median(median(each) for each in found.values())
    yield f"{len(PAGES)} pages in the server: the median one", f"{usual:.0f} ms", ""
    for name in reversed(by_time[-3:]):
        path = PAGES[name].partition("?")[0]
        yield f"among the slowest in the server: `{path}`", _told(found[name]), "1 s"


def _asked(served: Served, path: str) -> float:
    began_s = time.perf_counter()
    served.get(path)
    return (time.perf_counter() - began_s) * 1000


def _told(took_ms: list[float]) -> str:
    return f"{median(took_ms):.0f} ms, at most {max(took_ms):.0f} ms"


def live(folder: Path) -> Iterator[Row]:
    """From a frame's bytes at the serial port to each of 300 pages."""
    with World(folder) as world:
        world.start()
        world.wait_for_pages()
        command = [*(sys.executable, "-m", "tests.torture.crowd"), str(world.port), str(LIVE_S)]
        with subprocess.Popen([*command, "calm"], stdout=subprocess.PIPE, text=True) as crowd:
            assert crowd.stdout is not None
            assert crowd.stdout.readline() == "ready\n"
            time.sleep(2)
            sent_s = _send(world)
            pid = world.dashboard()
            found = json.loads(crowd.stdout.readline())
            resident = memory(pid) / 1e6 if pid else 0.0
        world.finish()
    late_s = [
        came_s - sent_s[int(id)]
        for id, times in found["came_s"].items()
        if int(id) in sent_s
        for came_s in times
    ]
    assert found["listening"] == LISTENING
    assert not found["broken"]
    words = f"from the serial port to each of {LISTENING} live pages, {len(late_s):,} events"
    at = {share: percentile(late_s, share) * 1000 for share in (0.5, 0.99)}
    yield words, f"p50 {at[0.5]:.0f} ms, p99 {at[0.99]:.0f} ms", "p99 100 ms"
    first = min(map(int, found["came_s"].keys() & set(map(str, sent_s))))
    took_ms = 1000 * (max(found["came_s"][str(first)]) - sent_s[first])
    yield "among them the first frame after the start, the slowest page", f"{took_ms:.0f} ms", ""
    yield (
        f"memory of the dashboard with {LISTENING} live pages (RSS)",
        f"{resident:.0f} MB",
        "150 MB",
    )


def _send(world: World) -> dict[int, float]:
    """When each beacon was sent, by the number that its reception gets: the journal was empty."""
    began_s, sent_s = time.monotonic(), dict[int, float]()
    for number in range((LIVE_S - 5) * A_SECOND):
        sent_s[number + 1] = time.monotonic()
        world.send(number)
        time.sleep(max(0.0, began_s + (number + 1) / A_SECOND - time.monotonic()))
    return sent_s


def write(rows: list[Row], load: float) -> None:
    """Into the document, between the marks; ``load``: of the machine before."""
    text = DOCUMENT.read_text("utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    when = f"{datetime.now(UTC):%Y-%m-%d}, {machine()}, load {load:.0f}"
    lines = ["| | measured | at most |", "|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    about = f"{FRAMES:,} frames in the store; {when}."
    table = "\n".join((BEGIN, "", *lines, "", about, "", END))
    DOCUMENT.write_text(f"{head}{table}{tail}", "utf-8")


if __name__ == "__main__":
    main()
