"""For all tests: what a test leaves open is reported by that test, not by one that comes later."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_OPEN = Path("/proc/self/fd")


def _open_files() -> int:
    """Files and sockets that this process has open; 0 where the system does not tell."""
    return sum(1 for _ in _OPEN.iterdir()) if _OPEN.is_dir() else 0


@pytest.fixture(autouse=True)
def leaks_are_reported_here() -> Iterator[None]:
    """Collect what a test has left open, so that its ResourceWarning is an error of this test.

    Only where more is open than before: a collection after each of thousands of tests would take
    minutes. Being the first fixture, it is torn down after the others.
    """
    before = _open_files()
    yield
    if _open_files() > before:
        # The traceback of a failed test keeps all that its functions had in hand.
        for name in ("last_type", "last_value", "last_traceback"):
            if hasattr(sys, name):
                delattr(sys, name)
        gc.collect()
