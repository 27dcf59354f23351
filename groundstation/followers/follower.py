"""A follower: one thread that brings the journal to a sink, from its own saved place.

An outage, a restart and a slow sink are the same case: continue after the saved place.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from groundstation.errors import StoreError
from groundstation.model import Reception
from groundstation.storage.journal import JournalReader, JournalWriter

#: Receptions handed to a sink at once.
BATCH = 500
#: Pauses after a failure double from the first to the second.
RETRY_S = (0.5, 30.0)
#: How long ``stop`` waits for a sink that is at work; what it does not finish is done next time.
STOP_WAIT_S = 3.0
#: Without news the journal is looked at this often all the same.
_IDLE_S = 1.0


class Sink(Protocol):
    """Where a follower brings receptions. All calls come from the follower's thread."""

    def open(self) -> None:
        """Get ready; raises StoreError when that cannot be *now*. Called before each ``take``."""
        ...

    def take(self, receptions: Sequence[Reception]) -> None:
        """Take receptions in order; raises StoreError when it cannot take them *now*.

        The same receptions may come again (after a crash): taking them twice must do no harm.
        """
        ...

    def close(self) -> None:
        """Let go of what the sink holds."""
        ...


@dataclass(frozen=True, slots=True)
class FollowerState:
    """``seq``: the place; all up to it is done. ``error``: why it waits, or None."""

    seq: int
    error: str | None = None


class Follower:
    """Follows the journal in ``folder``; saves its place after each batch that the sink took.

    A sink that refuses (StoreError) gets the same batch again, later. A reception at which it
    fails in any other way is passed over and told to ``say``: it stays in the journal.
    """

    def __init__(
        self,
        name: str,
        journal: JournalWriter,
        sink: Sink,
        *,
        say: Callable[[str], None] = lambda text: None,
        retry_s: tuple[float, float] = RETRY_S,
    ):
        self.name = name
        self.state = FollowerState(journal.place(name))
        self._journal = journal
        self._folder: Path = journal.path.parent
        self._sink = sink
        self._say = say
        self._retry_s = retry_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"follower {name}", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the batch in hand; the rest is done at the next start."""
        self._stopping.set()
        with self._journal.news:
            self._journal.news.notify_all()
        self._thread.join(STOP_WAIT_S)

    def _run(self) -> None:
        failures = 0
        try:
            with JournalReader(self._folder) as reader:
                while not self._stopping.is_set():
                    try:
                        if not self._advance(reader):
                            self._wait_for_news(reader)
                        failures = 0
                    except Exception as error:
                        # StoreError as a rule; but whatever it is, a follower does not die of it.
                        self._fail(str(error) or repr(error))
                        first_s, most_s = self._retry_s
                        self._stopping.wait(min(most_s, first_s * 2.0 ** min(failures, 20)))
                        failures += 1
        finally:
            self._sink.close()

    def _advance(self, reader: JournalReader) -> bool:
        """Bring the next batch to the sink; False when there is none."""
        # Also without news: a wrong setting is seen before the first frame.
        self._sink.open()
        batch = reader.after(self.state.seq, BATCH)
        if batch:
            self._deliver(batch)
            place = batch[-1].seq
            # In memory first: with the disk full the place cannot be saved, yet the work is done.
            self.state = FollowerState(place, self.state.error)
            self._journal.save_place(self.name, place)
        if self.state.error is not None:
            self._say(f"{self.name}: goes on")
            self.state = FollowerState(self.state.seq)
        return bool(batch)

    def _deliver(self, batch: Sequence[Reception]) -> None:
        try:
            self._sink.take(batch)
        except StoreError:
            raise
        except Exception as error:
            if len(batch) == 1:
                self._say(f"{self.name}: reception {batch[0].seq} is passed over: {error!r}")
                return
            # One of them is at fault: the halves find it, and the others are delivered.
            middle = len(batch) // 2
            self._deliver(batch[:middle])
            self._deliver(batch[middle:])

    def _fail(self, error: str) -> None:
        if self.state.error is None:
            self._say(f"{self.name}: {error}; it goes on by itself when this is solved")
        self.state = FollowerState(self.state.seq, error)

    def _wait_for_news(self, reader: JournalReader) -> None:
        deadline_s = time.monotonic() + _IDLE_S
        with self._journal.news:
            # Looking while holding the condition: what is committed later notifies later.
            while reader.last_seq() <= self.state.seq and not self._stopping.is_set():
                left_s = deadline_s - time.monotonic()
                if left_s <= 0:
                    return
                self._journal.news.wait(left_s)
