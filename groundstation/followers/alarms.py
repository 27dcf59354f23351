"""Telemetry -> alarms, from a place of each satellite's own in ``telemetry.db``.

What is new is watched as it comes. Where history changed (a corrected definition, other limits,
another setting), a satellite's alarms go and are made again from its first frame; what people made
of them lies in ``desk.db`` by the same names. While a satellite's history is interpreted again its
alarms wait, for the values are neither the old nor the new ones then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from decoders.definition.model import Satellite
from groundstation.alarms.faults import events_of, still_wrong
from groundstation.alarms.rules import Settings, fingerprint
from groundstation.alarms.silence import WatchedPass, silences
from groundstation.alarms.state import State
from groundstation.alarms.watch import Watch
from groundstation.config import AlarmsConfig
from groundstation.followers.alarm_inputs import (
    Rules,
    Sunlight,
    frames_of,
    parts_of,
    watched_passes,
)
from groundstation.followers.follower import Follower
from groundstation.interpret.work import Catalog, InterpreterWork
from groundstation.model import FlownPass
from groundstation.model.alarms import AlarmEvent, Fault
from groundstation.storage.journal import JournalReader
from groundstation.storage.telemetry import alarms, sinks
from groundstation.storage.telemetry.alarms import Place
from groundstation.storage.telemetry.reader import TelemetryReader
from groundstation.storage.telemetry.writer import ALL, TelemetryWriter

NAME = "alarms"
#: Receptions watched at once.
BATCH = 20_000
#: Passes, the newest, that are looked through for silence.
_MOST_PASSES = 1000


@dataclass(slots=True)
class _Watched:
    """A satellite that is watched: by which definition, and where it stands."""

    definition: Satellite
    rules: Rules
    digest: str
    watch: Watch
    seq: int


class AlarmWork:
    """Work of a follower; ``tell`` hears of events in order, also of those that are made again."""

    def __init__(
        self,
        interpreter: InterpreterWork,
        catalog: Catalog,
        settings: Settings,
        silent_least_deg: float = 0.0,
        tell: Callable[[Sequence[AlarmEvent]], None] = lambda events: None,
        batch: int = BATCH,
    ):
        self._interpreter = interpreter
        self._catalog = catalog
        self._settings = settings
        self._silent_least_deg = silent_least_deg
        self._tell = tell
        self._batch = batch
        self._reader = TelemetryReader(interpreter.folder, catalog)
        self._sun = Sunlight(interpreter.folder / "elements")
        self._journal: JournalReader | None = None
        self._registered: TelemetryWriter | None = None
        self._watched: dict[str, _Watched] = {}
        self._places: dict[str, Place] = {}
        self._passes: list[FlownPass] | None = None
        self._silent: set[str] = set()
        self._faults = 0
        self._fault_log: list[Fault] = []
        self._seq = 0
        self._ahead = 0

    def place(self) -> int:
        """See the protocol."""
        return self._seq

    @property
    def backlog(self) -> int:
        """See the protocol."""
        return self._ahead

    @property
    def set_apart(self) -> str:
        """See the protocol: nothing is."""
        return ""

    @property
    def left_out(self) -> int:
        """See the protocol: nothing is."""
        return 0

    def open(self) -> None:
        """See the protocol."""
        if self._journal is None:
            self._journal = JournalReader(self._interpreter.folder)
        if self._interpreter.is_open and self._interpreter.writer is not self._registered:
            self._register(self._interpreter.writer)

    def _register(self, writer: TelemetryWriter) -> None:
        """Find the places in a store that was just opened."""
        with writer.transaction() as connection:
            self._seq = sinks.register(connection, NAME, 0)
            self._places = alarms.places(connection)
        self._watched, self._passes = {}, None
        self._faults, self._fault_log = 0, []
        self._registered = writer

    def advance(self) -> bool:
        """See the protocol."""
        if not self._interpreter.is_open:
            return False
        writer, place = self._interpreter.writer, self._interpreter.place()
        self._forget(writer)
        more = [self._follow(writer, name, place) for name in self._due(writer, place)]
        if not any(more):
            self._ahead = 0
            self._save(writer, place)
            self._hear_passes(writer)
            self._take_faults(writer)
        return any(more)

    def has_news(self) -> bool:
        """See the protocol."""
        return self._ahead > 0 or self._interpreter.place() > self._seq

    def close(self) -> None:
        """See the protocol."""
        self._reader.close()
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def _forget(self, writer: TelemetryWriter) -> None:
        """Begin anew where history was interpreted again, or other rules hold."""
        with self._reader.connection() as connection:
            asked = sinks.rewrites(connection, NAME)
        stale = {name for name, place in self._places.items() if self._is_stale(name, place)}
        if not asked and not stale:
            return
        with writer.transaction() as connection:
            for name in {*asked, *stale}:
                alarms.forget(connection, name)
            sinks.drop_rewrites(connection, NAME, asked)
        for name in {*asked, *stale}:
            self._places.pop(name, None)
            self._watched.pop(name, None)
        self._passes = None

    def _is_stale(self, name: str, place: Place) -> bool:
        found = self._of(name)
        return found is not None and found.digest != place.rules

    def _of(self, name: str) -> _Watched | None:
        """How a satellite is watched by today's definition; None for one without."""
        definition = self._catalog.satellite(name)
        known = self._watched.get(name)
        if definition is None or (known is not None and known.definition is definition):
            return known if definition is not None else None
        rules = Rules.of(definition, self._settings)
        digest = fingerprint(definition, self._settings)
        place = self._places.get(name, Place(0, digest, ""))
        norad = definition.norad
        watch = Watch(
            *(name, self._settings, rules.by_name),
            lambda times_us: self._sun.at(norad, times_us),
            self._time_of,
            State.from_text(place.state) if place.state else State(),
        )
        found = self._watched[name] = _Watched(definition, rules, digest, watch, place.seq)
        return found

    def _time_of(self, seq: int) -> int:
        assert self._journal is not None
        found = self._journal.get(seq)
        return found.received_us if found else 0

    def _due(self, writer: TelemetryWriter, place: int) -> list[str]:
        """Satellites with frames that were not watched yet, and whose history is settled."""
        again, backlog = writer.place.again, writer.place.backlog
        if ALL in again:
            return []
        found = []
        for name, newest in self._reader.satellites().items():
            # A satellite that is heard of only now may have earlier frames in the backlog.
            waits = name in again or (backlog and name not in self._places)
            known = None if waits else self._of(name)
            if known is not None and known.seq < min(newest, place):
                found.append(name)
        return found

    def _follow(self, writer: TelemetryWriter, name: str, place: int) -> bool:
        """Watch a piece of a satellite's frames; whether there may be more."""
        known = self._watched[name]
        seqs = self._reader.frames_of(name, self._batch, after=known.seq)
        high = seqs[-1] if len(seqs) == self._batch else place
        frames = frames_of(self._reader, name, known.seq, high)
        parts = parts_of(self._reader, name, known.rules, known.seq, high)
        before = known.watch.state.to_text()
        events = known.watch.take(frames, parts)
        after = Place(high, known.digest, known.watch.state.to_text())
        try:
            with writer.transaction() as connection:
                alarms.apply(connection, events)
                alarms.save_place(connection, name, after)
        except BaseException:
            known.watch.state = State.from_text(before)
            raise
        known.seq, self._places[name] = high, after
        self._ahead = max(self._ahead, place - high)
        if name in self._silent:
            self._passes = None
        self._tell(events)
        return high < place

    def _save(self, writer: TelemetryWriter, place: int) -> None:
        if place == self._seq:
            return
        with writer.transaction() as connection:
            sinks.save_place(connection, NAME, place)
        self._seq = place

    def _hear_passes(self, writer: TelemetryWriter) -> None:
        """Look through the passes of the satellites where one came, or a silence may have ended."""
        assert self._journal is not None
        newest = self._journal.passes(limit=1)
        if writer.place.backlog or (self._passes is not None and newest == self._passes):
            return
        every = self._journal.each_pass(_MOST_PASSES)
        self._silent = set()
        for name, mine in watched_passes(self._reader, every, self._silent_least_deg).items():
            self._judge_passes(writer, name, mine)
        self._passes = newest

    def _take_faults(self, writer: TelemetryWriter) -> None:
        """Take over what happened to the station: the journal has it, and people see one list."""
        assert self._journal is not None
        if not (new := self._journal.faults(self._faults)):
            return
        self._fault_log = [*self._fault_log, *new]
        events = list(events_of(self._fault_log))
        with writer.transaction() as connection:
            alarms.apply(connection, [event for event in events if event.seq > self._faults])
        self._tell([event for event in events if event.seq > self._faults])
        # Of what is right again nothing more can come.
        wrong = still_wrong(self._fault_log).keys()
        self._fault_log = [item for item in self._fault_log if (item.rule, item.subject) in wrong]
        self._faults = new[-1].id

    def _judge_passes(self, writer: TelemetryWriter, name: str, passes: list[WatchedPass]) -> None:
        events = list(silences(name, passes, self._settings.silent_passes))
        if events and events[-1].kind == "triggered":
            self._silent.add(name)
        with writer.transaction() as connection:
            changed = alarms.replace_rule(connection, name, "silent", events)
        if changed:
            self._tell(events)


def alarm_follower(
    config: AlarmsConfig,
    interpreter: InterpreterWork,
    catalog: Catalog,
    say: Callable[[str], None],
    tell: Callable[[Sequence[AlarmEvent]], None] = lambda events: None,
) -> Follower:
    """The follower that ``[alarms]`` describes."""
    settings = Settings(
        count=config.count,
        back=config.back,
        gap_s=60 * config.gap_minutes,
        missing_frames=config.missing_frames,
        silent_passes=config.silent_passes,
    )
    work = AlarmWork(interpreter, catalog, settings, config.silent_min_elevation_deg, tell)
    return Follower(NAME, work, interpreter.news, say=say)
