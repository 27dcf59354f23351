"""The one way into the journal: what was received waits in memory only while the disk refuses."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice

from groundstation.model import Reception
from groundstation.receive.reserve import Reserve
from groundstation.storage.journal import JournalWriter
from groundstation.unbroken import unbroken

#: Memory for receptions while the journal cannot be written. Beyond it links are not read, so
#: that further bytes wait in the operating system and the modem.
MAX_WAITING_BYTES = 64 * 1024 * 1024
#: Pause between attempts to write a journal that refused.
RETRY_S = 1.0
#: Receptions per commit: a nearly full disk still takes some.
_PER_COMMIT = 1000
#: What a reception takes in memory beyond its raw bytes, roughly.
_OVERHEAD_BYTES = 400


class Intake:
    """Puts receptions into the journal, in the order they came; safe to call from many threads.

    Several links that receive at once share one commit. ``say`` tells the operator when the
    journal starts to refuse and when it is well again. ``last_seq``: the journal's, so far.
    ``reserve``: space that is given up before frames have to wait.
    """

    def __init__(
        self,
        journal: JournalWriter,
        say: Callable[[str], None] = lambda text: None,
        last_seq: int = 0,
        reserve: Reserve | None = None,
    ):
        #: The newest reception on disk.
        self.last_seq = last_seq
        #: Why the journal cannot be written now, or None.
        self.error: str | None = None
        self._journal = journal
        self._reserve = reserve
        self._say = unbroken(say)
        self._waiting: deque[Reception] = deque()
        self._waiting_bytes = 0
        self._waiting_lock = threading.Lock()
        self._commit_lock = threading.Lock()
        self._retry_at_s = 0.0

    def full(self) -> bool:
        """Whether so much waits that no more should be received."""
        return self._waiting_bytes >= MAX_WAITING_BYTES

    def waiting(self) -> list[Reception]:
        """The receptions that are not on disk yet."""
        with self._waiting_lock:
            return list(self._waiting)

    def put(self, receptions: Sequence[Reception]) -> None:
        """Take ``receptions``; returns when they are on disk or wait for the disk to recover."""
        with self._waiting_lock:
            self._waiting.extend(receptions)
            self._waiting_bytes += sum(map(_size, receptions))
        self.retry()

    def retry(self, *, at_once: bool = False) -> None:
        """Write what waits. After a failure only once in RETRY_S, unless ``at_once``."""
        with self._commit_lock:
            while self._waiting and (at_once or time.monotonic() >= self._retry_at_s):
                with self._waiting_lock:
                    batch = list(islice(self._waiting, _PER_COMMIT))
                if not self._commit(batch):
                    return

    def _commit(self, batch: list[Reception]) -> bool:
        try:
            self.last_seq = self._journal.append(batch)[-1].seq
        except Exception as error:
            # Whatever the reason, the frames stay here and are tried again.
            if self._reserve is not None and self._reserve.give_up():
                self._say(f"{error}; the space that was kept for frames is used now")
                return True
            self._retry_at_s = time.monotonic() + RETRY_S
            if self.error is None:
                self._say(f"{error}; frames are kept in memory until it can (free some space?)")
            self.error = str(error)
            return False
        with self._waiting_lock:
            for reception in batch:
                self._waiting.popleft()
                self._waiting_bytes -= _size(reception)
        if self.error is not None:
            self.error = None
            self._say("the journal is written again; no frame was lost")
        return True


def _size(reception: Reception) -> int:
    return len(reception.raw) + _OVERHEAD_BYTES
