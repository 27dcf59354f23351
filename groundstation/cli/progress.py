"""How far a long command has come, on standard error: only where a person looks, and only if it
takes longer than a second."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

#: What is over sooner needs no bar.
PATIENCE_S = 1.0


class Progress:
    """A bar for ``total`` steps of work (None: not known); use it in a ``with``."""

    def __init__(self, what: str, total: float | None = None):
        self._what, self.total, self._done = what, total, 0.0
        self._begun = time.monotonic()
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._watched = sys.stderr.isatty()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *args: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, steps: float) -> None:
        """So many steps more are done."""
        self._done += steps
        if not self._watched:
            return
        if self._bar is None and time.monotonic() - self._begun > PATIENCE_S:
            self._show()
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._done)

    def reach(self, done: float, total: float) -> None:
        """So many of so many steps are done."""
        self.total = total
        self.advance(done - self._done)

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import Progress as Bar

        self._bar = Bar(console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task(self._what, total=self.total)
        self._bar.start()
