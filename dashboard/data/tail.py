"""The tail of what was received: one thread reads and encodes it for all who listen."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from dashboard.data import events
from dashboard.data.recent import Recent
from dashboard.data.replays import Replays
from dashboard.data.station_data import StationData
from groundstation.errors import StoreError
from groundstation.storage.journal import JournalReader
from groundstation.storage.telemetry.connection import data_version, identity
from groundstation.storage.telemetry.interpretation import Place
from groundstation.storage.telemetry.place import read_place
from groundstation.unbroken import Mistakes

#: How often the telemetry store is asked for news, seconds.
POLL_S = 0.01
#: How often ``status.json`` is looked at, and how often it is sent without a change, seconds.
STATUS_POLL_S = 0.25
STATUS_REPEAT_S = 5.0
#: How often the user's definitions are looked at, seconds.
DEFINITIONS_POLL_S = 1.0
#: Messages kept for listeners that are slow; one that falls further behind reads the journal.
KEPT_MESSAGES = 2000
#: Receptions read at the start, for the latest values and their small charts.
PRELOAD = 500
#: Who has missed more receptions, after a fault here or there, begins anew.
MOST_REPLAYED = 5000
_BATCH = 200
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """One encoded event. ``seq`` is the reception's, or None for news of the station."""

    serial: int
    seq: int | None
    data: bytes


class Tail:
    """Follows ``telemetry.db`` and ``status.json`` for all listeners at once."""

    def __init__(self, data: StationData):
        self._data = data
        self._mistakes = Mistakes("live pages", _log.error)
        self.recent = Recent()
        self.replays = Replays(data)
        self._begun = threading.Event()
        #: Why nothing can be read now, or None.
        self.problem: str | None = None
        self._lock = threading.Lock()
        self._watchers: list[Callable[[], None]] = []
        self._messages: deque[Message] = deque(maxlen=KEPT_MESSAGES)
        self._serial = 0
        self._seq = 0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal-tail", daemon=True)
        self._told = ""
        self._journal: object = None
        self._look_due = 0.0
        self._definitions_due = 0.0
        self._repeat_due = 0.0

    def start(self) -> None:
        """Read what is there and follow from then on."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._ending.set()
        self._thread.join()

    @property
    def has_begun(self) -> bool:
        """Whether the files were read once."""
        return self._begun.is_set()

    @property
    def seq(self) -> int:
        """``seq`` of the newest reception that was published."""
        return self._seq

    @property
    def place(self) -> tuple[int, int]:
        """Serial number of the newest message, and ``seq`` of the newest reception."""
        with self._lock:
            return self._serial, self._seq

    def news(self, serial: int, most: int) -> list[Message] | None:
        """The oldest ``most`` messages after ``serial``; None where some are not kept any more."""
        with self._lock:
            missing, kept = self._serial - serial, len(self._messages)
            if missing > kept:
                return None
            first = kept - missing
            return list(islice(self._messages, first, first + most))

    def watch(self, call: Callable[[], None]) -> None:
        """Call this after each message; it must be quick, and fail for no reason."""
        self._watchers.append(call)

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                files = self._files()  # before they are opened: whatever comes later is seen
                with self._data.journal() as journal:
                    self._follow(journal, files)
            except Exception as error:
                # StoreError as a rule; whatever it is, the pages must not go silent for ever.
                self.problem = str(error) or repr(error)
                if not isinstance(error, StoreError):
                    self._mistakes.tell(error)
                self._news_of_status()
                self._ending.wait(0.5)

    def _follow(self, journal: JournalReader, files: tuple[object, object]) -> None:
        """Publish what comes until other files than ``files`` lie there."""
        with self._data.telemetry.connection() as telemetry:
            place = read_place(telemetry)
            self._preload(journal, self._told_of(files[0], place.seq))
            self.problem = None
            self._begun.set()
            version = -1
            while not self._ending.is_set():
                found = data_version(telemetry)
                if found != version:
                    version = found
                    place = self._publish_new(journal, place, read_place(telemetry))
                if self._news_of_status() and self._files() != files:
                    return  # other files lie there now: open those
                time.sleep(POLL_S)

    def _files(self) -> tuple[object, object]:
        """Changes when the journal or the telemetry store is another file."""
        return self._data.journal_identity(), identity(self._data.telemetry.path)

    def _told_of(self, journal: object, seq: int) -> int:
        """Up to where pages were told of this journal, which has ``seq`` now: after a fault they
        are told the rest, unless that is too much."""
        before, self._journal = self._journal, journal
        goes_on = journal == before and 0 <= seq - self._seq <= MOST_REPLAYED
        return self._seq if goes_on else seq

    def _preload(self, journal: JournalReader, seq: int) -> None:
        """Begin with what was received up to ``seq``."""
        heard = journal.newest_heard(seq)
        newest_first = journal.before(heard.seq + 1 if heard else 0, PRELOAD)
        self.recent.clear()
        self.replays.clear()
        for event in events.frames(self._data, newest_first[::-1]):
            self._remember(event)
        with self._lock:
            self._seq = seq

    def _remember(self, event: events.FrameEvent) -> None:
        """What was received last, which nothing is that was imported."""
        if not event.row.imported:
            self.recent.add(event.row.received_us, event.record, event.samples)

    def _publish_new(self, journal: JournalReader, before: Place, place: Place) -> Place:
        """Publish what the interpreter has got since, and look again at what it made anew."""
        if place.seq < self._seq:
            self._preload(journal, place.seq)
        elif place.again != before.again:
            self.replays.clear()
        while batch := journal.after(self._seq, _BATCH, until=place.seq):
            for event in events.frames(self._data, batch):
                self._remember(event)
                self._publish(event.data, event.row.seq)
        if before.backlog and not place.backlog:
            # Only now: what came meanwhile must be published, too.
            self._preload(journal, place.seq)
        return place

    def _news_of_status(self) -> bool:
        """Send the station's state when it changed or is due; True when it was looked at."""
        now = time.monotonic()
        if now < self._look_due:
            return False
        self._look_due = now + STATUS_POLL_S
        if now >= self._definitions_due:
            self._definitions_due = now + DEFINITIONS_POLL_S
            self._mistakes.attempt(self._data.catalog.refresh)
        self._mistakes.attempt(lambda: self._tell_status(now))
        return True

    def _tell_status(self, now: float) -> None:
        last_us = self.recent.last_us()
        essence = events.status_essence(self._data, self.problem, last_us)
        if essence != self._told or now >= self._repeat_due:
            self._told = essence
            self._repeat_due = now + STATUS_REPEAT_S
            self._publish(events.status(self._data, self.problem, last_us), None)

    def _publish(self, data: bytes, seq: int | None) -> None:
        with self._lock:
            self._serial += 1
            if seq is not None:
                self._seq = seq
            self._messages.append(Message(self._serial, seq, data))
        for call in self._watchers:
            call()
