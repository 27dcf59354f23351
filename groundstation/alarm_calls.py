"""Tells the world of alarms: the operator's program, and people by messages."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from groundstation.catalog import SatelliteCatalog
from groundstation.clock import Clock
from groundstation.config import Config
from groundstation.errors import NotifyError, StoreError
from groundstation.hooks import Event, Hooks
from groundstation.model.alarms import STATION, Alarm, AlarmEvent
from groundstation.passes.notify import send_to_all
from groundstation.storage.desk import Desk, StandingAlarm, subject_of
from groundstation.unbroken import Mistakes, unbroken
from groundstation.words.alarms import AlarmRecord, reading, record
from groundstation.words.language import in_language

#: What happened longer ago is history: it was told at its time, or nobody was there.
NEWS_US = 15 * 60_000_000
#: A message that was not taken is tried again after so long, so often; real seconds.
RETRY_S, MOST_TRIES = 60.0, 10
MOST_WAITING = 200
#: Events that are known to have been told.
_MOST_TOLD = 10_000


@dataclass(slots=True)
class _Message:
    """A message and the addresses that still have to get it; None: all. ``due_s``: real seconds."""

    title: str
    body: str
    left: list[str] | None = None
    tries: int = 0
    due_s: float = 0.0


class AlarmCalls:
    """Hears events from the follower and never keeps it waiting.

    What was told is not told again when alarms are made anew; what was put aside calls nobody.
    ``say`` tells the operator of alarms, and what went wrong.
    """

    def __init__(
        self,
        config: Config,
        folder: Path,
        catalog: SatelliteCatalog,
        clock: Clock,
        hooks: Hooks,
        say: Callable[[str], None],
        retry_s: float = RETRY_S,
    ):
        self._config = config
        self._catalog = catalog
        self._clock = clock
        self._hooks = hooks
        self._desk = Desk(folder)
        self._say = unbroken(say)
        self._mistakes = Mistakes("alarms", say)
        self._retry_s = retry_s
        self._told: OrderedDict[object, None] = OrderedDict()
        self._complaints: set[str] = set()
        self._events: deque[AlarmEvent] = deque(maxlen=MOST_WAITING)
        self._messages: deque[_Message] = deque(maxlen=MOST_WAITING)
        self._news = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="alarm calls", daemon=True)

    def start(self) -> None:
        """Begin to tell."""
        self._thread.start()

    def stop(self) -> None:
        """End it; a message that hangs in the network is left to itself."""
        with self._news:
            self._stopping = True
            self._news.notify_all()
        if self._thread.ident is not None:
            self._thread.join(1.0)

    def hear(self, events: Sequence[AlarmEvent]) -> None:
        """Take events that are news; returns at once."""
        now_us = self._clock.now_us()
        with self._news:
            for event in events:
                mark = (event.key, event.kind)
                if abs(now_us - event.time_us) > NEWS_US or mark in self._told:
                    continue
                self._told[mark] = None
                if len(self._told) > _MOST_TOLD:
                    self._told.popitem(last=False)
                self._events.append(event)
            self._news.notify_all()

    def _run(self) -> None:
        while not self._stopping:
            with self._news:
                self._news.wait_for(lambda: self._stopping or self._events, self._pause_s())
                events = list(self._events)
                self._events.clear()
            for event in events:
                self._mistakes.attempt(lambda e=event: self._tell(e))  # type: ignore[misc]  # bound now
            self._mistakes.attempt(self._send_due)

    def _pause_s(self) -> float | None:
        due = [message.due_s for message in self._messages]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _tell(self, event: AlarmEvent) -> None:
        if self._is_shelved(event):
            return
        found = self._record(event)
        self._hooks.hear(_hook_event(event, found))
        mark = "SIMULATED: " if event.simulated else ""
        title = f"{mark}{found['name']}: {found['title']}"
        if event.kind != "returned":
            self._say(f"ALARM: {title} {reading(found, in_language('en'))}".rstrip())
            if self._wanted(event):
                self._messages.append(_Message(*self._words(event)))

    def _is_shelved(self, event: AlarmEvent) -> bool:
        try:
            return subject_of(event.key) in self._desk.shelved(self._clock.now_us())
        except StoreError:
            return False  # rather one call too many

    def _wanted(self, event: AlarmEvent) -> bool:
        least = self._config.alarms.notify
        return bool(self._config.notify.urls_env) and (
            least == "warning" or (least == "critical" and event.severity == "critical")
        )

    def _record(self, event: AlarmEvent, code: str = "en") -> AlarmRecord:
        alarm = _alarm(event)
        item = StandingAlarm(alarm, "unacknowledged", None, None)
        satellite = None
        if event.key.satellite != STATION:
            satellite = self._catalog.satellite(event.key.satellite)
        return record(item, satellite, in_language(code))

    def _words(self, event: AlarmEvent) -> tuple[str, str]:
        """Title and text of a message in the language of the settings."""
        code = self._config.notify.language or self._config.dashboard.language
        words, found = in_language(code), self._record(event, code)
        marks = [words("SIMULATED")] if event.simulated else []
        title = ": ".join([*marks, found["name"], found["title"]])
        lines = (reading(found, words), found["detail"], found["means"], found["mend"])
        return title, "\n".join(filter(None, lines))

    def _send_due(self) -> None:
        now_s = time.monotonic()
        for message in [item for item in self._messages if item.due_s <= now_s]:
            self._messages.remove(message)
            self._send(message)
            if message.left and message.tries < MOST_TRIES:
                message.due_s = time.monotonic() + self._retry_s
                self._messages.append(message)

    def _send(self, message: _Message) -> None:
        """Send to those that are left; where there is no address, nobody is."""
        message.tries += 1
        variable = self._config.notify.urls_env
        try:
            message.left = send_to_all(
                variable, message.left, message.title, message.body, self._complain
            )
        except NotifyError as error:
            self._complain(str(error))
            message.left = []

    def _complain(self, problem: str) -> None:
        if problem not in self._complaints:
            self._complaints.add(problem)
            self._say(f"somebody could not be told of an alarm: {problem}")


def _alarm(event: AlarmEvent) -> Alarm:
    """The alarm as far as one event tells of it."""
    returned_us = event.time_us if event.kind == "returned" else None
    return Alarm(
        event.key,
        event.severity,
        event.time_us,
        returned_us=returned_us,
        value=event.value,
        unit=event.unit,
        limits=event.limits,
        packet=event.packet,
        detail=event.detail,
        simulated=event.simulated,
    )


def _hook_event(event: AlarmEvent, found: AlarmRecord) -> Event:
    limits = found["limits"] or [None, None]
    return {
        "event": "alarm",
        "kind": event.kind,
        "alarm": found["id"],
        "satellite": found["satellite"],
        "name": found["name"],
        "rule": found["rule"],
        "parameter": found["parameter"],
        "title": found["title"],
        "severity": found["severity"],
        "time": found["triggered"],
        "value": found["value"],
        "unit": found["unit"],
        "low": limits[0],
        "high": limits[1],
        "detail": found["detail"],
        "means": found["means"],
        "mend": found["mend"],
        "simulated": found["simulated"],
    }
