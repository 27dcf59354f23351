"""What a fault is, what it gets to work with, and what it finds."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Outcome:
    """What became of the frames of one fault; None: does not apply.

    ``acknowledged``: frames that somebody was told of, by an event or as committed. ``remark``:
    what else was measured. ``problems``: why the fault does not hold, empty when it does.
    """

    sent: int | None = None
    acknowledged: int | None = None
    journal: int | None = None
    store: int | None = None
    browser: int | None = None
    remark: str = ""
    problems: list[str] = field(default_factory=list)

    def expect(self, holds: object, problem: str) -> None:
        """Note ``problem``, unless it ``holds`` or was noted."""
        if not holds and problem not in self.problems:
            self.problems.append(problem)


@dataclass(frozen=True)
class Scene:
    """``folder``: empty, of this fault alone. ``times``: how often. ``is_long``: limits of time
    count too, which a loaded machine of tests cannot promise."""

    folder: Path
    times: int
    seed: int
    is_long: bool = False

    def chance(self, of: str = "") -> random.Random:
        """Chance that is the same for the same seed; ``of``: one of several."""
        return random.Random(f"{self.seed} {of}")


@dataclass(frozen=True)
class Fault:
    """``title``: what happens, for the table. ``unit``: of what ``short`` and ``long`` are."""

    name: str
    title: str
    run: Callable[[Scene], Outcome]
    short: int
    long: int
    unit: str = "×"

    def times(self, count: int) -> str:
        """How often, for the table."""
        return f"{count:,} {self.unit}"


class Progress:
    """Says where a long fault is, about every half a minute."""

    def __init__(self, name: str, whole: int):
        self._name, self._whole = name, whole
        self._began_s = self._said_s = time.monotonic()

    def at(self, done: int) -> None:
        """``done`` of the whole."""
        now_s = time.monotonic()
        if now_s - self._said_s > 30:
            self._said_s = now_s
            passed_s = now_s - self._began_s
            print(f"  {self._name}: {done:,} of {self._whole:,} in {passed_s:.0f} s", flush=True)
            sys.stdout.flush()
