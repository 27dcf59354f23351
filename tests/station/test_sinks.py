"""Sinks outside: every sample once, history again when it changed, poison set apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from groundstation.errors import RefusedSampleError, StoreError
from groundstation.followers import sinks
from groundstation.followers.sinks import SinkWork
from groundstation.interpret import work as interpreting
from groundstation.model import Sample
from groundstation.storage.telemetry.reader import TelemetryReader
from tests.interpret.test_reinterpretation import A, frame, narrow
from tests.storage.interpreted import Folder


class Memory:
    """A database in memory: samples by satellite, parameter and reception."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, int], Sample] = {}
        self.writes = 0
        self.down = False
        self.poison = -1
        #: Happens once, in the middle of the next call.
        self.meanwhile: Callable[[], None] | None = None

    def open(self) -> None:
        if self.down:
            raise StoreError("it is down; start it")

    def write(self, samples: Sequence[Sample]) -> None:
        self.open()
        self._let_happen()
        if any(sample.seq == self.poison for sample in samples):
            raise RefusedSampleError("field type conflict on volts")
        self.writes += len(samples)
        self.kept |= {(s.satellite, s.parameter, s.seq): s for s in samples}

    def forget(self, satellite: str) -> None:
        self.open()
        self._let_happen()
        self.kept = {key: sample for key, sample in self.kept.items() if key[0] != satellite}

    def _let_happen(self) -> None:
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            happens()

    def close(self) -> None:
        pass


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    found = Folder(tmp_path / "data", a_1=A)
    found.receive([frame(1 + n % 3, n) for n in range(1300)])
    found.interpret()
    yield found
    found.close()


@pytest.fixture
def memory() -> Memory:
    return Memory()


def bring(folder: Folder, memory: Memory, said: list[str] | None = None) -> SinkWork:
    """All that there is to bring."""
    reader = TelemetryReader(folder.path, folder.catalog)
    say = (said if said is not None else []).append
    work = SinkWork("memory", memory, folder.work, reader, say)
    work.open()
    while work.advance():
        pass
    reader.close()
    return work


def kept_by_store(folder: Folder) -> dict[tuple[str, str, int], Sample]:
    reader = folder.reader()
    return {
        (sample.satellite, sample.parameter, sample.seq): sample
        for satellite in reader.satellites()
        for samples in reader.samples(satellite, range(1, 5000)).values()
        for sample in samples
    }


def test_a_new_sink_gets_all_that_is_there(folder: Folder, memory: Memory) -> None:
    bring(folder, memory)
    assert memory.kept == kept_by_store(folder)
    assert len(memory.kept) == 2600


def test_each_sample_once(folder: Folder, memory: Memory) -> None:
    bring(folder, memory)
    assert memory.writes == 2600
    folder.receive([frame(1, 7)] * 3)
    folder.interpret()
    work = bring(folder, memory)
    assert memory.writes == 2606
    assert work.place() == 1303
    assert not work.has_news()
    bring(folder, memory)
    assert memory.writes == 2606


def test_corrected_history_is_written_again(folder: Folder, memory: Memory) -> None:
    """Points of parameters and senders that are gone are deleted."""
    bring(folder, memory)
    narrow(folder)
    folder.restart()
    folder.interpret()
    bring(folder, memory)
    assert memory.kept == kept_by_store(folder)
    assert {key[:2] for key in memory.kept} == {
        ("a-1", "kind"),
        ("a-1", "battery"),
        ("b-1", "level"),
    }


def test_frames_that_come_while_history_is_written_again(
    folder: Folder, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sinks, "BATCH", 50)
    bring(folder, memory)
    narrow(folder)
    folder.restart()
    folder.interpret()
    reader = TelemetryReader(folder.path, folder.catalog)
    work = SinkWork("memory", memory, folder.work, reader)
    work.open()
    for number in range(20):
        folder.receive([frame(1 + number % 3, number)])
        folder.interpret()
        assert work.advance()
    while work.advance():
        pass
    reader.close()
    assert memory.kept == kept_by_store(folder)


@pytest.mark.parametrize("piece", [0, 1, 2, 3])
def test_history_that_changes_again_while_it_is_written(
    folder: Folder, memory: Memory, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    """What the sink has in hand is then of an older definition, and does not count as done."""
    monkeypatch.setattr(sinks, "BATCH", 200)
    monkeypatch.setattr(interpreting, "_LOOK_S", 0.0)
    bring(folder, memory)
    narrow(folder)
    folder.restart()
    folder.interpret()
    reader = TelemetryReader(folder.path, folder.catalog)
    work = SinkWork("memory", memory, folder.work, reader)
    work.open()
    for _ in range(piece):
        assert work.advance()

    def corrected_again() -> None:
        folder.define("a-1", A)
        folder.interpret()

    memory.meanwhile = corrected_again
    while work.advance():
        pass
    assert memory.meanwhile is None
    reader.close()
    assert memory.kept == kept_by_store(folder)


def test_a_lost_store_writes_all_again(folder: Folder, memory: Memory) -> None:
    bring(folder, memory)
    (folder.path / "telemetry.db").unlink()
    memory.kept["a-1", "gone", 5] = memory.kept["a-1", "volts", 5]
    folder.interpret()
    bring(folder, memory)
    assert memory.kept == kept_by_store(folder)


def test_poison_is_set_apart_and_everything_else_goes_on(folder: Folder, memory: Memory) -> None:
    memory.poison = 700
    said: list[str] = []
    work = bring(folder, memory, said)
    expected = kept_by_store(folder)
    assert memory.kept == {key: each for key, each in expected.items() if key[2] != 700}
    told = "reception 700 of a-1: field type conflict on volts"
    assert said == [f"memory: set apart {told}"]
    assert work.set_apart == f"1 set apart, the last: {told}"
    # Also after a restart it is known.
    assert bring(folder, memory).set_apart == f"1 set apart, the last: {told}"


def test_what_was_refused_is_tried_again_when_history_changed(
    folder: Folder, memory: Memory
) -> None:
    memory.poison = 700
    bring(folder, memory)
    memory.poison = -1
    narrow(folder)
    folder.restart()
    folder.interpret()
    assert bring(folder, memory).set_apart == ""
    assert memory.kept == kept_by_store(folder)


def test_an_outage_loses_nothing(folder: Folder, memory: Memory) -> None:
    bring(folder, memory)
    memory.down = True
    folder.receive([frame(2, 9)] * 5)
    folder.interpret()
    with pytest.raises(StoreError, match="it is down"):
        bring(folder, memory)
    memory.down = False
    bring(folder, memory)
    assert memory.kept == kept_by_store(folder)
