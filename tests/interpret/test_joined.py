"""Telemetry that spans frames: joined as it comes, across restarts, and again when history
changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.data import events
from dashboard.data.station_data import StationData
from tests.interpret.kill import PLAIN, SPANNING
from tests.storage.interpreted import START, Folder

DEFINITION = SPANNING.replace("DIVISOR", "1000")


def part(dataset: int, number: int, *millivolts: int) -> bytes:
    content = b"".join(value.to_bytes(2) for value in millivolts)
    return bytes([0xDA, 0x7A, 1, 2, dataset, number]) + content


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    found = Folder(tmp_path / "data", spanning=DEFINITION, plain=PLAIN.replace("ROW", "volts"))
    yield found
    found.close()


def joined(folder: Folder) -> dict[int, list[object]]:
    """Voltages of joined packets by the reception that completed them."""
    reader = folder.reader()
    seqs = reader.frames_of("spanning", 1000)
    return {
        seq: values
        for seq, samples in reader.samples("spanning", seqs).items()
        if (values := [s.value for s in samples if s.parameter.startswith("voltage")])
    }


def test_joined_as_it_comes_and_told_live(folder: Folder) -> None:
    for number, millivolts in ((2, 5000), (0, 3000), (1, 4000)):
        kept = folder.receive([part(1, number, millivolts)])
        folder.interpret()
    assert joined(folder) == {3: [3.0, 4.0, 5.0]}
    data = StationData(folder.path)
    (event,) = events.frames(data, kept)
    assert event.record["values"]["voltage_1"]["value"] == 4.0
    assert event.record["values"]["number"]["value"] == 1
    data.close()


def test_a_restart_between_the_parts(folder: Folder) -> None:
    for number, millivolts in ((0, 3000), (1, 4000), (2, 5000)):
        folder.receive([part(7, number, millivolts)])
        folder.interpret()
        folder.restart()
    assert joined(folder) == {3: [3.0, 4.0, 5.0]}


def test_two_sets_at_once(folder: Folder) -> None:
    frames = [part(n % 2, n // 2, 1000 * n) for n in range(6)]
    folder.receive(frames)
    folder.interpret()
    assert joined(folder) == {5: [0.0, 2.0, 4.0], 6: [1.0, 3.0, 5.0]}
    series = folder.reader().series("spanning", "voltage_0", START, START + 10**8, 10)
    assert list(series.mean) == [0.0, 1.0]


def test_a_corrected_definition_joins_history_again(folder: Folder) -> None:
    folder.receive([part(1, n, 1000 * n) for n in range(3)])
    folder.receive([part(2, n, 1000 * n) for n in range(2)])
    folder.interpret()
    folder.define("spanning", SPANNING.replace("DIVISOR", "100"))
    folder.restart()
    folder.receive([part(2, 2, 7000)])  # completes a set that was begun before
    folder.interpret()
    assert joined(folder) == {3: [0.0, 10.0, 20.0], 6: [0.0, 10.0, 70.0]}
