"""The tail of the journal: one thread reads, decodes and encodes; any number of pages listen."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dashboard import events
from dashboard.recent import Recent
from dashboard.station_data import StationData
from groundstation.errors import StoreError
from groundstation.storage.journal import JournalReader

#: How often the journal is asked for news, seconds.
POLL_S = 0.01
#: How often ``status.json`` is looked at, and how often it is sent without a change, seconds.
STATUS_POLL_S = 0.25
STATUS_REPEAT_S = 5.0
#: How long a listener waits before it looks whether its browser is still there, seconds.
PATIENCE_S = 2.0
#: A comment is sent after this many silent waits, so that proxies and phones keep the line.
SILENT_WAITS = 5
#: Messages kept for listeners that are slow; one that falls further behind reads the journal.
KEPT_MESSAGES = 2000
#: Receptions decoded at the start, for the latest values and their small charts.
PRELOAD = 500
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Message:
    """One encoded event. ``seq`` is the reception's, or None for news of the station."""

    serial: int
    seq: int | None
    data: bytes


class Tail:
    """Follows ``journal.db`` and ``status.json`` for all listeners at once."""

    def __init__(self, data: StationData):
        self._data = data
        self.recent = Recent()
        #: Why the journal cannot be read now, or None.
        self.problem: str | None = f"{data.folder / 'journal.db'} does not exist yet"
        self._changed = threading.Condition()
        self._messages: deque[Message] = deque(maxlen=KEPT_MESSAGES)
        self._serial = 0
        self._seq = 0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal-tail", daemon=True)
        self._told = ""
        self._look_due = 0.0
        self._repeat_due = 0.0

    def start(self) -> None:
        """Read what is there and follow from then on."""
        self._thread.start()

    def end(self) -> None:
        """Begin to end: every stream ends, without waiting for it."""
        self._ending.set()
        with self._changed:
            self._changed.notify_all()

    def stop(self) -> None:
        """End all streams and the thread."""
        self.end()
        self._thread.join()

    @property
    def seq(self) -> int:
        """``seq`` of the newest reception that was published."""
        return self._seq

    def stream(
        self, last_seq: int | None, gone: Callable[[], bool], snapshot: Callable[[], bytes]
    ) -> Iterator[bytes]:
        """Encoded events for one listener, without end.

        ``last_seq``: the newest reception that the listener has, None when it has none; ``gone``
        tells that it left; ``snapshot`` encodes the state that comes first.
        """
        with self._changed:
            serial, sent = self._serial, self._seq
        if last_seq is not None and last_seq <= sent:
            yield snapshot()
            yield from self._replay(last_seq, sent)
        else:
            yield b"retry: 1000\nid: %d\n" % sent + snapshot()
        silent = 0
        while not self._ending.is_set() and not gone():
            news = self._wait(serial)
            if not news:
                silent += 1
                if silent >= SILENT_WAITS:
                    silent = 0
                    yield b": here\n\n"
                continue
            if news[0].serial > serial + 1:  # fell behind what is kept: the journal has it
                until = self._seq
                yield from self._replay(sent, until)
                sent = until
            for message in news:
                if message.seq is None or message.seq > sent:
                    yield message.data
                    sent = message.seq or sent
            serial = news[-1].serial
            silent = 0

    def _wait(self, serial: int) -> list[Message]:
        with self._changed:
            self._changed.wait_for(
                lambda: self._serial > serial or self._ending.is_set(), PATIENCE_S
            )
            missing = self._serial - serial
            kept = len(self._messages)
            return [self._messages[i] for i in range(max(0, kept - missing), kept)]

    def _replay(self, after: int, until: int) -> Iterator[bytes]:
        if after >= until:
            return
        with self._data.journal() as journal:
            while after < until:
                batch = journal.after(after, _BATCH)
                if not batch:
                    return
                for reception in batch:
                    if reception.seq > until:
                        return
                    yield events.frame(self._data, reception)[0]
                after = batch[-1].seq

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                with self._data.journal() as journal:
                    self._follow(journal)
            except (StoreError, sqlite3.Error, OSError) as error:
                self.problem = str(error)
                self._news_of_status()
                self._ending.wait(0.5)

    def _follow(self, journal: JournalReader) -> None:
        identity = self._data.journal_identity()
        self._preload(journal)
        self.problem = None
        version = -1
        while not self._ending.is_set():
            found = journal.version()
            if found != version:
                version = found
                self._publish_new(journal)
            if self._news_of_status() and self._data.journal_identity() != identity:
                return  # another file lies there now: open that one
            time.sleep(POLL_S)

    def _preload(self, journal: JournalReader) -> None:
        newest_first = journal.before(limit=PRELOAD)
        self.recent.clear()
        for reception in reversed(newest_first):
            _, record, samples = events.frame(self._data, reception)
            self.recent.add(reception.received_us, record, samples)
        with self._changed:
            self._seq = newest_first[0].seq if newest_first else 0

    def _publish_new(self, journal: JournalReader) -> None:
        while batch := journal.after(self._seq, _BATCH):
            for reception in batch:
                data, record, samples = events.frame(self._data, reception)
                self.recent.add(reception.received_us, record, samples)
                self._publish(data, reception.seq)

    def _news_of_status(self) -> bool:
        """Send the station's state when it changed or is due; True when it was looked at."""
        now = time.monotonic()
        if now < self._look_due:
            return False
        self._look_due = now + STATUS_POLL_S
        last_us = self.recent.last_us()
        essence = events.status_essence(self._data, self.problem, last_us)
        if essence != self._told or now >= self._repeat_due:
            self._told = essence
            self._repeat_due = now + STATUS_REPEAT_S
            self._publish(events.status(self._data, self.problem, last_us), None)
        return True

    def _publish(self, data: bytes, seq: int | None) -> None:
        with self._changed:
            self._serial += 1
            if seq is not None:
                self._seq = seq
            self._messages.append(Message(self._serial, seq, data))
            self._changed.notify_all()
