"""One frame or one definition that fails costs only itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from groundstation.catalog import SatelliteCatalog
from groundstation.interpret.interpreter import Interpreter
from groundstation.interpret.work import InterpreterWork
from groundstation.model import Reception
from groundstation.storage.journal import JournalWriter
from groundstation.storage.telemetry.interpretation import Interpretation, Place
from groundstation.storage.telemetry.reader import TelemetryReader
from tests.station.frames import SATELLITE, beacon


class BadDecoder:
    """The real one, but for one frame."""

    def __init__(self, bad: bytes):
        self._real = SatelliteCatalog().decoder
        self._bad = bad

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def batch(self, frames: Sequence[bytes], *more: Any) -> Any:
        if self._bad in frames:
            raise ZeroDivisionError("log base 1")
        return self._real.batch(frames, *more)


def test_one_frame_costs_only_itself() -> None:
    frames = [beacon(number) for number in range(9)]
    interpreter = Interpreter(BadDecoder(frames[4]), SatelliteCatalog().satellite)
    receptions = [Reception(n + 1, n, "tnc", raw) for n, raw in enumerate(frames)]
    found = interpreter.interpret(receptions)
    assert [item.seq for item in found.verdicts if item.error] == [5]
    assert found.verdicts[4].error == "mistake in the decoder: ZeroDivisionError('log base 1')"
    assert sum(len(packets.keys) for packets in found.packets) == 8


def test_one_frame_that_cannot_be_kept_costs_only_itself(tmp_path: Path) -> None:
    journal = JournalWriter(tmp_path)
    work = InterpreterWork(tmp_path, SatelliteCatalog())
    work.open()
    really = work.writer.write

    def write(found: Interpretation, place: Place) -> None:
        if any(item.seq == 4 and item.error is None for item in found.verdicts):
            raise OverflowError("too large for a column")
        really(found, place)

    work.writer.write = write  # type: ignore[method-assign]
    journal.append([Reception(0, n + 1, "tnc", beacon(n)) for n in range(9)])
    while work.advance():
        pass
    reader = TelemetryReader(tmp_path, SatelliteCatalog())
    verdicts = reader.verdicts(list(range(1, 10)))
    assert {seq: item.packet for seq, item in verdicts.items()} == {
        seq: None if seq == 4 else "beacon" for seq in range(1, 10)
    }
    assert verdicts[4].error == "mistake in the program: OverflowError('too large for a column')"
    reader.close()
    work.close()
    journal.close()


@pytest.mark.parametrize("text", ["extends = ['x']", "[[satellite]]", "\0", "satellite = 1", ""])
def test_one_definition_costs_only_itself(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "satellites"
    folder.mkdir()
    (folder / "bad.toml").write_text(text, "utf-8")
    catalog = SatelliteCatalog(tmp_path)
    assert SATELLITE in catalog.index
    assert catalog.problems
    assert all("bad.toml" in problem for problem in catalog.problems)
    (folder / "bad.toml").write_text(text + "\n", "utf-8")
    catalog.refresh()
    assert SATELLITE in catalog.index
