"""Telemetry -> sinks outside, each from its own place in ``telemetry.db``.

A sink takes samples by reception, in order. When history changed, it first forgets all of a
satellite and then takes its history again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from groundstation.config import StorageConfig
from groundstation.errors import RefusedSampleError, StoreError
from groundstation.followers.follower import Follower
from groundstation.interpret.work import Catalog, InterpreterWork
from groundstation.model import Sample
from groundstation.storage.telemetry import sinks
from groundstation.storage.telemetry.reader import TelemetryReader
from groundstation.storage.telemetry.writer import TelemetryWriter

#: Receptions handed to a sink at once.
BATCH = 500


class Sink(Protocol):
    """Where samples go. All calls come from one thread; taking the same again must do no harm."""

    def open(self) -> None:
        """Get ready; raises StoreError when that cannot be *now*."""
        ...

    def write(self, samples: Sequence[Sample]) -> None:
        """Keep samples; raises StoreError when it cannot *now*, RefusedSampleError for good."""
        ...

    def forget(self, satellite: str) -> None:
        """Remove all that was written of a satellite; raises StoreError."""
        ...

    def close(self) -> None:
        """Let go of what the sink holds."""
        ...


class SinkWork:
    """Work of a follower: what the interpreter made, to a sink."""

    def __init__(
        self,
        name: str,
        sink: Sink,
        interpreter: InterpreterWork,
        reader: TelemetryReader,
        say: Callable[[str], None] = lambda text: None,
    ):
        self._name = name
        self._sink = sink
        self._interpreter = interpreter
        self._reader = reader
        self._say = say
        self._registered: TelemetryWriter | None = None
        self._seq = 0
        self._ahead = 0
        self._apart = ""
        self._left_out = 0

    def place(self) -> int:
        """See the protocol."""
        return self._seq

    @property
    def backlog(self) -> int:
        """See the protocol."""
        return self._ahead

    @property
    def set_apart(self) -> str:
        """See the protocol."""
        return self._apart

    @property
    def left_out(self) -> int:
        """See the protocol."""
        return self._left_out

    def open(self) -> None:
        """See the protocol."""
        if not self._interpreter.is_open:
            return  # soon; what is wrong with it, the interpreter says
        writer = self._interpreter.writer
        if writer is not self._registered:
            self._register(writer)
        self._sink.open()

    def _register(self, writer: TelemetryWriter) -> None:
        """Find the place in a store that was just opened, or begin in one that is new."""
        with writer.transaction() as connection:
            self._seq = sinks.register(connection, self._name, writer.place.seq)
            self._left_out, told = sinks.apart(connection, self._name)
        self._apart = _apart(self._left_out, told)
        self._registered = writer

    def advance(self) -> bool:
        """See the protocol: what is new first, then a piece of what is written again."""
        return self._interpreter.is_open and (self._follow() or self._rewrite())

    def has_news(self) -> bool:
        """See the protocol."""
        return self._ahead > 0 or self._interpreter.place() > self._seq

    def close(self) -> None:
        """See the protocol."""
        self._sink.close()
        self._reader.close()

    def _follow(self) -> bool:
        place = self._interpreter.place()
        if place <= self._seq:
            return False
        until = min(place, self._seq + BATCH)
        verdicts = self._reader.verdicts(range(self._seq + 1, until + 1))
        self._deliver(self._reader.samples_of(verdicts.values()).values())
        with self._interpreter.writer.transaction() as connection:
            sinks.save_place(connection, self._name, until)
        self._seq = until
        return True

    def _rewrite(self) -> bool:
        """A piece of a satellite's history that is written again, oldest first."""
        writer = self._interpreter.writer
        with self._reader.connection() as connection:
            rewrite = sinks.next_rewrite(connection, self._name)
        if rewrite is None:
            self._ahead = 0
            return False
        if rewrite.seq <= 0:
            # What comes from now on is written as it comes; all before is written after this.
            with writer.transaction() as connection:
                until = writer.place.seq
                rewrite = sinks.begin_rewrite(connection, self._name, rewrite, until)
                self._left_out, told = sinks.apart(connection, self._name)
                self._apart = _apart(self._left_out, told)
            self._sink.forget(rewrite.satellite)
        seqs = self._reader.frames_of(rewrite.satellite, BATCH, after=max(rewrite.seq, 0))
        mine = [seq for seq in seqs if seq <= rewrite.until]
        self._deliver(self._reader.samples(rewrite.satellite, mine).values())
        done = max(mine[-1] if mine else 0, 1) if len(mine) == BATCH else rewrite.until
        with writer.transaction() as connection:
            sinks.save_rewrite(connection, self._name, rewrite, done)
        self._ahead = max(1, rewrite.until - done)
        return True

    def _deliver(self, receptions: Iterable[Sequence[Sample]]) -> None:
        """All at once; where the sink refuses some of it for good, the halves find which."""
        groups = [samples for samples in receptions if samples]
        if not groups:
            return
        try:
            self._sink.write([sample for samples in groups for sample in samples])
        except RefusedSampleError as error:
            if len(groups) == 1:
                self._leave_out(groups[0][0], str(error))
                return
            middle = len(groups) // 2
            self._deliver(groups[:middle])
            self._deliver(groups[middle:])

    def _leave_out(self, sample: Sample, reason: str) -> None:
        """Set a reception's samples apart: it is named, and everything else goes on."""
        told = f"reception {sample.seq} of {sample.satellite}: {reason}"
        with self._interpreter.writer.transaction() as connection:
            sinks.set_apart(connection, self._name, sample.seq, sample.satellite, told)
            self._left_out, _ = sinks.apart(connection, self._name)
        self._apart = _apart(self._left_out, told)
        self._say(f"{self._name}: set apart {told}")


def _apart(count: int, last: str) -> str:
    return f"{count} set apart, the last: {last}" if count else ""


class _OpenedLate:
    """A sink that is made when it is first needed: a wrong setting stops no reception."""

    def __init__(self, make: Callable[[], Sink]):
        self._make = make
        self._sink: Sink | None = None

    def open(self) -> None:
        """Make it, and see that it takes something; raises StoreError."""
        if self._sink is None:
            sink = self._make()
            try:
                sink.open()
            except StoreError:
                sink.close()
                raise
            self._sink = sink

    def write(self, samples: Sequence[Sample]) -> None:
        self._opened().write(samples)

    def forget(self, satellite: str) -> None:
        self._opened().forget(satellite)

    def close(self) -> None:
        if self._sink is not None:
            self._sink.close()
            self._sink = None

    def _opened(self) -> Sink:
        if self._sink is None:
            raise StoreError("the sink is not open yet")
        return self._sink


def sink_followers(
    storage: StorageConfig,
    interpreter: InterpreterWork,
    catalog: Catalog,
    say: Callable[[str], None],
) -> list[Follower]:
    """Followers for the sinks that ``[storage]`` names."""
    if storage.kind != "influx":
        return []

    def make() -> Sink:
        from groundstation.storage.influx import open_influx_sink

        return open_influx_sink(storage)

    reader = TelemetryReader(interpreter.folder, catalog)
    work = SinkWork("influx", _OpenedLate(make), interpreter, reader, say)
    return [Follower("influx", work, interpreter.news, say=say)]
