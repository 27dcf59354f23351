"""A bound on work instead of a clock: lines of Python executed, the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class TooMuchWorkError(AssertionError):
    """More lines were executed than allowed; what would have hung has been ended."""


class Work:
    """``lines``: how many lines of Python were executed so far."""

    def __init__(self, most: int):
        self.lines = 0
        self._most = most

    def trace(self, frame: FrameType, event: str, argument: object) -> Any:
        """Count a line; for ``sys.settrace``."""
        if event == "line":
            self.lines += 1
            if self.lines > self._most:
                raise TooMuchWorkError(f"more than {self._most:,} lines of work")
        return self.trace


@contextmanager
def work_of_at_most(lines: int) -> Iterator[Work]:
    """Count what this thread does inside; TooMuchWorkError when it is more than ``lines``."""
    work, before = Work(lines), sys.gettrace()
    sys.settrace(work.trace)
    try:
        yield work
    finally:
        sys.settrace(before)
    if work.lines > lines:  # the code inside may have caught the exception
        raise TooMuchWorkError(f"{work.lines:,} lines of work, {lines:,} at most")
