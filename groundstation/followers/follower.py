"""A follower: one thread that goes on with its work from a saved place, whatever happens.

An outage, a restart and a slow sink are the same case: continue after the saved place. What there
is to do, and where the place lies, is the work's; retry and pause live here, once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from groundstation.errors import StoreError
from groundstation.unbroken import unbroken

#: Pauses after a failure double from the first to the second.
RETRY_S = (0.5, 30.0)
#: How long ``stop`` waits for a sink that is at work; what it does not finish is done next time.
STOP_WAIT_S = 1.0
#: Without news the work is looked at this often all the same.
_IDLE_S = 1.0


class Work(Protocol):
    """What a follower does. All calls come from its thread, but for ``place``."""

    def open(self) -> None:
        """Get ready; raises StoreError when that cannot be *now*. Called before each step."""
        ...

    def advance(self) -> bool:
        """Do the next piece and save the place; False when there is nothing to do.

        Raises StoreError when it cannot be done *now*: the same piece comes again.
        """
        ...

    def has_news(self) -> bool:
        """Whether there is something to do; quick."""
        ...

    def place(self) -> int:
        """The reception up to which all is done."""
        ...

    @property
    def backlog(self) -> int:
        """How many receptions before it are done anew, at most."""
        ...

    @property
    def set_apart(self) -> str:
        """What is left out for good and why, in a sentence; empty: nothing."""
        ...

    @property
    def left_out(self) -> int:
        """How many receptions are set apart."""
        ...

    def close(self) -> None:
        """Let go of what the work holds."""
        ...


@dataclass(frozen=True, slots=True)
class FollowerState:
    """``seq``: the place; all up to it is done. ``error``: why it waits, or None."""

    seq: int
    error: str | None = None


class Follower:
    """Does ``work`` until it is stopped; ``news`` wakes it. ``say`` tells the operator."""

    def __init__(
        self,
        name: str,
        work: Work,
        news: threading.Condition,
        *,
        say: Callable[[str], None] = lambda text: None,
        retry_s: tuple[float, float] = RETRY_S,
    ):
        self.name = name
        self.work = work
        self._error: str | None = None
        self._news = news
        self._say = unbroken(say)
        self._retry_s = retry_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"follower {name}", daemon=True)

    @property
    def state(self) -> FollowerState:
        """Where it is, and why it waits."""
        return FollowerState(self.work.place(), self._error)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def end(self) -> None:
        """Begin to stop, without waiting for the piece in hand."""
        self._stopping.set()
        with self._news:
            self._news.notify_all()

    def stop(self) -> None:
        """Stop after the piece in hand; the rest is done at the next start."""
        self.end()
        if self._thread.ident is not None:
            self._thread.join(STOP_WAIT_S)

    def _run(self) -> None:
        failures = 0
        try:
            while not self._stopping.is_set():
                try:
                    # Also without news: a wrong setting is seen before the first frame.
                    self.work.open()
                    busy = self.work.advance() or self.work.has_news()
                except Exception as error:
                    # StoreError as a rule; but whatever it is, a follower does not die of it.
                    self._fail(error)
                    first_s, most_s = self._retry_s
                    self._stopping.wait(min(most_s, first_s * 2.0 ** min(failures, 20)))
                    failures += 1
                    continue
                failures = 0
                self._well()
                if not busy:
                    self._wait_for_news()
        finally:
            self.work.close()

    def _well(self) -> None:
        if self._error is not None:
            self._say(f"{self.name}: goes on")
            self._error = None

    def _fail(self, error: Exception) -> None:
        told = str(error) if isinstance(error, StoreError) else f"mistake in the program: {error!r}"
        if self._error is None:
            self._say(f"{self.name}: {told}; it goes on by itself when this is solved")
        self._error = told

    def _wait_for_news(self) -> None:
        deadline_s = time.monotonic() + _IDLE_S
        with self._news:
            # Looking while holding the condition: what is committed later notifies later.
            while not (self._stopping.is_set() or self._has_news()):
                left_s = deadline_s - time.monotonic()
                if left_s <= 0:
                    return
                self._news.wait(left_s)

    def _has_news(self) -> bool:
        try:
            return self.work.has_news()
        except Exception:
            return True  # the next round meets it too, and says it
