"""What the dashboard may cost the computer of a school; what a page may, faults.py holds."""

from __future__ import annotations

import time
from pathlib import Path

from tests.dashboard.conftest import Served, wait_until
from tests.dashboard.web.whole_station import PAGES, furnished
from tests.torture.crowd import LISTENING, Listeners

MOST_MEMORY = 150_000_000


def test_it_lives_in_little_memory_with_every_page_loaded_and_a_school_listening() -> None:
    with furnished() as served:
        load_all(served)
        listeners = Listeners(served.port)
        wait_until(lambda: listening(listeners) == LISTENING)
        load_all(served)
        assert 20_000_000 < memory(served.process.pid) < MOST_MEMORY
        listeners.close()


def listening(listeners: Listeners) -> int:
    """How many live pages have had their first event."""
    listeners.read(time.monotonic() + 0.1)
    return len(listeners.ids)


def load_all(served: Served) -> None:
    for path in PAGES.values():
        assert served.get(path)


def memory(pid: int) -> int:
    """Bytes of a process that are in memory (VmRSS of proc(5), which also counts files that it
    has mapped)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    found = dict(line.split(":", 1) for line in lines if ":" in line)
    return int(found["VmRSS"].split()[0]) * 1024
