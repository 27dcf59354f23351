"""The table of threads, held to the sources: a new thread needs a test in this folder."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]


#: Where a thread begins -> the test here that gives it something that fails.
THREADS = {
    "groundstation/simulator/beacon.py": "test_station:test_simulator",
    "groundstation/simulator/sky.py": "test_station:test_sky",
    "groundstation/station.py": "test_station:test_station_whose_listener_fails",
    "groundstation/station_faults.py": "test_station:test_station_faults",
    "groundstation/hooks.py": "test_calls:test_hooks",
    "groundstation/alarm_calls.py": "test_calls:test_alarm_calls",
    "groundstation/storage/telemetry/connection.py": "test_station:test_store_check",
    "groundstation/cli/track.py": "test_tracking:test_tracker",
    "groundstation/cli/demo.py": "test_dashboard:test_browser_that_cannot_be_opened",
    "groundstation/passes/notify.py": "test_calls:test_notification",
    "groundstation/tracking/antenna.py": "test_tracking:test_tracker",
    "groundstation/tracking/tracker.py": "test_tracking:test_tracker",
    "groundstation/tracking/scheduler.py": "test_tracking:test_scheduler",
    "groundstation/followers/follower.py": "test_station:test_follower",
    "groundstation/links/link.py": "test_station:test_link_whose_listener_fails",
    "groundstation/dashboard_process.py": "test_dashboard:test_dashboard_process",
    "groundstation/status.py": "test_station:test_status",
    "groundstation/element_sources.py": "test_station:test_download",
    "dashboard/web/server.py": "test_dashboard:test_pages_go_on",
    "dashboard/web/broadcast.py": "test_dashboard:test_broadcaster",
    "dashboard/data/tail.py": "test_dashboard:test_live_pages",
}


def test_every_thread_has_its_test() -> None:
    found = set()
    for package in ("groundstation", "dashboard"):
        for path in (ROOT / package).rglob("*.py"):
            nodes = ast.walk(ast.parse(path.read_text("utf-8")))
            called = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
            if called & {"threading.Thread", "threading.Timer"}:
                found.add(path.relative_to(ROOT).as_posix())
    assert found == set(THREADS)
    for module, _, test in (each.partition(":") for each in THREADS.values()):
        assert callable(getattr(import_module(f"tests.threads.{module}"), test))
