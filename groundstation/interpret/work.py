"""The interpreter's work: the journal into ``telemetry.db``, what is new first, then the backlog.

What must be interpreted (again) is known from the file itself, which holds its place, the journal
it was made from and the definitions that were in force. So a deleted, restored, damaged or outdated
file, a corrected definition and a first start are one case: begin, and work the backlog off.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from decoders.definition.model import Satellite
from groundstation.errors import DamagedError, StoreError
from groundstation.interpret.backlog import interpret_again, rejoin
from groundstation.interpret.interpreter import VERSION, FrameDecoder, Interpreter
from groundstation.interpret.space import leave_space
from groundstation.model import Reception
from groundstation.storage.journal import JournalReader
from groundstation.storage.telemetry.comparison import Changes
from groundstation.storage.telemetry.connection import FILE_NAME, StoreCheck, remove
from groundstation.storage.telemetry.interpretation import FrameVerdict, Interpretation, Place
from groundstation.storage.telemetry.parts import kept_parts
from groundstation.storage.telemetry.writer import ALL, TelemetryWriter

#: Receptions interpreted at once: new ones, and those of the backlog between new ones.
BATCH = 2000
BACKLOG_BATCH = 1000
#: How often the definitions are looked at, seconds.
_LOOK_S = 1.0


class Catalog(Protocol):
    """The definitions in force: :class:`groundstation.catalog.SatelliteCatalog`.

    ``problems``: what is wrong with files of theirs, a sentence each.
    """

    problems: list[str]

    @property
    def decoder(self) -> FrameDecoder:
        """One decoder for all of them."""
        ...

    def digests(self) -> Mapping[str, str]:
        """A digest of each definition's text by satellite."""
        ...

    def sources(self, id: str) -> Mapping[str, str]:
        """The text of a definition and of what it extends, by id."""
        ...

    def satellite(self, id: str) -> Satellite | None:
        """A definition, or None."""
        ...

    def refresh(self) -> bool:
        """Look whether files changed; whether other definitions are in force now."""
        ...


class InterpreterWork:
    """Work of a :class:`groundstation.followers.follower.Follower`; see the module.

    ``say`` tells the operator what is made again and why. ``batch``: receptions of the backlog at
    once. ``redo``: interpret everything again, whatever is there, and count there what changes.
    """

    def __init__(
        self,
        folder: Path,
        catalog: Catalog,
        *,
        say: Callable[[str], None] = lambda text: None,
        batch: int = BACKLOG_BATCH,
        redo: Changes | None = None,
    ):
        self.folder = folder
        self._catalog = catalog
        self._say = say
        self._batch = batch
        self._redo = self._changes = redo
        self._reader: JournalReader | None = None
        self._writer: TelemetryWriter | None = None
        self._interpreter = Interpreter(catalog.decoder, catalog.satellite)
        self._look_due_s = 0.0
        self._problems = catalog.problems
        self._last_place = Place()
        self._check = StoreCheck(folder / FILE_NAME)
        #: Notified after each commit.
        self.news = threading.Condition()

    def place(self) -> int:
        """See the protocol."""
        return self._last_place.seq

    @property
    def backlog(self) -> int:
        """How many receptions wait to be interpreted again, at most."""
        return self._last_place.backlog

    @property
    def set_apart(self) -> str:
        """See the protocol: a frame that cannot be interpreted has that as its error."""
        return ""

    @property
    def left_out(self) -> int:
        """See the protocol."""
        return 0

    @property
    def is_open(self) -> bool:
        """Whether the store is open."""
        return self._writer is not None

    @property
    def writer(self) -> TelemetryWriter:
        """The store; raises StoreError while it is not open."""
        if self._writer is None:
            raise StoreError("the telemetry store is not open yet")
        return self._writer

    def open(self) -> None:
        """Open both files, and begin (again) where that must be; raises StoreError."""
        if self._reader is None:
            self._reader = JournalReader(self.folder)
        if self._writer is not None and self._writer.is_gone():
            self._say(
                "telemetry.db was removed or written by another program: it is made again from the "
                "journal"
            )
            self._let_go()
            remove(self.folder / FILE_NAME)
        if self._check.found:
            self._make_again(self._check.found)
        if self._writer is None:
            self._open_checked(self._reader)
        elif time.monotonic() >= self._look_due_s:
            self._look_due_s = time.monotonic() + _LOOK_S
            changed = self._catalog.refresh()
            self._say_problems()
            if changed:
                self._new_definitions(self._writer)
            self._corrected_times(self._writer)

    def _say_problems(self) -> None:
        """What is wrong with files since they were looked at last; the old ones stay in force."""
        for problem in self._catalog.problems:
            if problem not in self._problems:
                self._say(problem)
        self._problems = self._catalog.problems

    def advance(self) -> bool:
        """See the protocol."""
        try:
            return self._advance(self._journal(), self.writer)
        except DamagedError as error:
            self._make_again(error)
            return True

    def has_news(self) -> bool:
        """See the protocol."""
        return self.backlog > 0 or self._journal().last_seq() > self.place()

    def wait_for_check(self) -> None:
        """Until the store that was opened is looked through."""
        self._check.wait()

    def close(self) -> None:
        """See the protocol."""
        self._let_go()
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _journal(self) -> JournalReader:
        if self._reader is None:
            raise StoreError("the journal is not open yet")
        return self._reader

    def _advance(self, journal: JournalReader, writer: TelemetryWriter) -> bool:
        if self.has_news():
            leave_space(self.folder)
        new = journal.after(writer.place.seq, BATCH)
        if new:
            self._take(writer, new)
            return True
        if writer.place.backlog:
            self._work_off(journal, writer)
            return True
        if writer.place.again:
            self._finish(writer)
            return True
        return False

    def _take(self, writer: TelemetryWriter, new: list[Reception]) -> None:
        """Receptions that have no interpretation yet; one that cannot be kept holds up no other."""
        try:
            self._take_all(writer, new)
        except StoreError:
            raise
        except Exception as error:
            # Against all rules. What is joined in memory goes back to what is on the disk.
            self._start_interpreter(writer)
            if len(new) == 1:
                self._give_up(writer, new[0], error)
                return
            middle = len(new) // 2
            self._take(writer, new[:middle])
            self._take(writer, new[middle:])

    def _give_up(self, writer: TelemetryWriter, item: Reception, error: Exception) -> None:
        told = f"mistake in the program: {error!r}"
        verdict = FrameVerdict(item.seq, item.satellite, None, told, (), 0, item.simulated)
        writer.write(Interpretation([verdict], []), _at(writer.place, item))
        self._arrived(writer)

    def _take_all(self, writer: TelemetryWriter, new: list[Reception]) -> None:
        """Interpret and keep them. Parts of satellites whose history is made
        anew are joined when that is done."""
        place, again = writer.place, writer.place.again

        def joins(satellite: str) -> bool:
            return satellite not in again and ALL not in again

        found = self._interpreter.interpret(new, joins)
        writer.write(found, _at(place, new[-1]))
        self._arrived(writer)

    def _work_off(self, journal: JournalReader, writer: TelemetryWriter) -> None:
        interpret_again(journal, writer, self._interpreter, self._batch, self._changes)
        self._arrived(writer)

    def _finish(self, writer: TelemetryWriter) -> None:
        """The backlog is done: join what spans frames, and let go of what was before."""
        place = writer.place
        again = writer.satellites() if ALL in place.again else place.again
        for satellite in sorted(again):
            definition = self._catalog.satellite(satellite)
            rejoin(self._journal(), writer, self._interpreter, definition)
        if self._changes is not None:
            writer.compare(self._changes)
            again = self._changes.satellites()
        writer.finish(_done(place), again)
        self._arrived(writer)
        self._say(f"{place.seq} receptions are interpreted by today's definitions")

    def _open_checked(self, journal: JournalReader) -> None:
        try:
            self._open_writer(journal)
        except DamagedError as error:
            self._make_again(error)
            self._open_writer(journal)
        self._check = StoreCheck(self.folder / FILE_NAME)
        self._check.start()

    def _open_writer(self, journal: JournalReader) -> None:
        writer = TelemetryWriter(self.folder, self._catalog)
        if reason := _of_another(writer, journal):
            self._say(f"{reason}: it is made again")
            writer.close()
            remove(writer.path)
            writer = TelemetryWriter(self.folder, self._catalog)
        self._writer = writer
        self._begin(writer, journal)

    def _begin(self, writer: TelemetryWriter, journal: JournalReader) -> None:
        """Go on from the place, or begin the backlog that other definitions or a new file bring."""
        known, version = writer.origin()
        last = journal.last_seq()
        if not known:
            place = _at(Place(), *journal.before(limit=1))
            again = frozenset({ALL}) if last else frozenset()
            writer.begin(journal.id, VERSION, _back(place, again), ())
            writer.retake([], max((each[0] for each in journal.corrections(0)), default=0))
        elif version != VERSION or self._redo is not None:
            writer.begin(journal.id, VERSION, _back(writer.place, {ALL}), {ALL})
        else:
            self._new_definitions(writer)
            self._corrected_times(writer)
        self._redo = None
        self._start_interpreter(writer)

    def _new_definitions(self, writer: TelemetryWriter) -> None:
        """Interpret everything again where other definitions are in force than were before."""
        before, now = writer.digests(), self._catalog.digests()
        changed = {id for id in {*before, *now} if before.get(id) != now.get(id)}
        if not changed:
            return
        if writer.place.seq:
            self._say(f"definitions changed ({_few(changed)}): history is interpreted by them")
        again = writer.place.again | (changed & writer.satellites()) if writer.place.seq else set()
        if writer.is_thinned():
            again, changed = {ALL}, {ALL}
        writer.begin(writer.origin()[0], VERSION, _back(writer.place, again), changed)
        self._start_interpreter(writer)

    def _corrected_times(self, writer: TelemetryWriter) -> None:
        """Interpret receptions again whose times were corrected since they were interpreted."""
        if found := self._journal().corrections(writer.corrections()):
            self._say("times of receptions were corrected: they are interpreted again")
            if writer.is_thinned():
                writer.begin(writer.origin()[0], VERSION, _back(writer.place, {ALL}), {ALL})
            writer.retake([(first, last) for _, first, last in found], found[-1][0])
            self._start_interpreter(writer)

    def _start_interpreter(self, writer: TelemetryWriter) -> None:
        """By the definitions in force; parts that waited go on waiting, but where history is made
        anew: those are joined at its end."""
        self._interpreter = Interpreter(self._catalog.decoder, self._catalog.satellite)
        self._interpreter.join(kept_parts(writer, self._catalog.satellite))
        self._go_on_with(writer)
        again = writer.place.again
        for id in writer.satellites() if ALL in again else again:
            self._interpreter.forget(id)
        self._arrived(writer)

    def _go_on_with(self, writer: TelemetryWriter) -> None:
        """Take again the frames whose packets go on in later ones."""
        frames = self._journal().those(list(writer.waiting().frames))
        verdicts = writer.senders(sorted(frames))
        for seq, satellite in verdicts.items():
            if self._interpreter.carries(satellite):
                for _ in self._interpreter.completed(frames[seq], satellite):
                    pass  # it is there already

    def _make_again(self, error: DamagedError) -> None:
        self._say(f"{error}: it is made again from the journal")
        self._let_go()
        self._check = StoreCheck(self.folder / FILE_NAME)
        remove(self.folder / FILE_NAME)

    def _let_go(self) -> None:
        self._check.end()
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _arrived(self, writer: TelemetryWriter) -> None:
        self._last_place = writer.place
        with self.news:
            self.news.notify_all()


def _at(place: Place, *newest: Reception) -> Place:
    """The place moved on to a reception."""
    for reception in newest:
        return Place(
            reception.seq, mark(reception), place.backlog_low, place.backlog_high, place.again
        )
    return place


def mark(reception: Reception) -> str:
    """What tells a reception from another one of the same number in another journal."""
    said_us = reception.received_us if reception.clock_us is None else reception.clock_us
    return f"{said_us} {len(reception.raw)}"


def _back(place: Place, again: Iterable[str]) -> Place:
    """All up to the place into the backlog."""
    return Place(place.seq, place.mark, 0, place.seq, frozenset(again))


def _done(place: Place) -> Place:
    return Place(place.seq, place.mark)


def _of_another(writer: TelemetryWriter, journal: JournalReader) -> str:
    """Why this telemetry is not of this journal, or empty."""
    known = writer.origin()[0]
    if known and known != journal.id:
        return "telemetry.db was made from another journal"
    place = writer.place
    if place.seq > journal.last_seq():
        return "telemetry.db knows more receptions than the journal has"
    found = journal.get(place.seq)
    if place.seq and (found is None or mark(found) != place.mark):
        return "telemetry.db was made from another state of this journal"
    return ""


def _few(names: Iterable[str]) -> str:
    """Names, or how many there are."""
    listed = sorted(names)
    return ", ".join(listed) if len(listed) <= 5 else f"{len(listed)} of them"
