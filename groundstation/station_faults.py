"""Writes into the journal what goes wrong with the station, for its alarms."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable

from groundstation.alarms.faults import FaultWatch, still_wrong, wrongs
from groundstation.clock import Clock
from groundstation.errors import StoreError
from groundstation.model.alarms import Fault
from groundstation.model.status import StationStatus
from groundstation.storage.journal import JournalReader, JournalWriter
from groundstation.unbroken import Mistakes

#: How often the station's state is looked at, seconds.
EVERY_S = 1.0


class StationFaults:
    """Looks at ``snapshot`` each second. What cannot be written now is written when it can."""

    def __init__(
        self,
        journal: JournalWriter,
        snapshot: Callable[[], StationStatus],
        clock: Clock,
        least_s: float,
        say: Callable[[str], None],
        every_s: float = EVERY_S,
    ):
        self._journal = journal
        self._snapshot = snapshot
        self._clock = clock
        self._mistakes = Mistakes("faults of the station", say)
        self._watch = FaultWatch(least_s)
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="faults", daemon=True)

    def start(self) -> None:
        """Begin to look; what was wrong when the station stopped is wrong until it is right."""
        with JournalReader(self._journal.path.parent) as reader:
            self._watch.known = still_wrong(reader.last_faults())
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            self._mistakes.attempt(self._look)

    def _look(self) -> None:
        now = wrongs(self._snapshot())
        for place, wrong, is_wrong in self._watch.look(now, time.monotonic()):
            fault = Fault(0, self._clock.now_us(), *place, wrong.severity, wrong.detail, is_wrong)
            with contextlib.suppress(StoreError):  # the next look meets it again
                self._journal.add_fault(fault)
                self._watch.written(place, wrong, is_wrong)
