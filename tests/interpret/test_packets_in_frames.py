"""Many packets in a frame, and packets that span frames: kept, told live, and made anew."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.data import events
from dashboard.data.station_data import StationData
from dashboard.show.xray import Xray
from groundstation.storage.line_protocol import history
from tests.decoders.test_packets import DEFINITION, cut, idle, packet, segments, tm
from tests.storage.interpreted import START, Folder, interpret, told

TM = DEFINITION.format(layers='["tm-frame", "space-packet"]')
#: The same without a word of APID 101.
NARROW = TM[: TM.index('[[packets]]\nname = "q"')]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    found = Folder(tmp_path / "data", example=TM)
    yield found
    found.close()


def numbers(folder: Folder) -> list[object]:
    """The value ``number`` of all packets, in the order in which they were sent."""
    reader = folder.reader()
    seqs = reader.frames_of("example", 100_000, after=0)
    samples = reader.samples("example", seqs)
    return [s.value for seq in seqs for s in samples.get(seq, ()) if s.parameter == "number"]


def stream(seed: int, count: int = 60) -> list[bytes]:
    chance = random.Random(seed)
    packets = []
    for number in range(count):
        apid = chance.choice((100, 101))
        packets.append(packet(number, chance.choice((2, 9, 80)) if apid == 100 else 2, apid))
        if chance.random() < 0.2:
            packets.append(idle(20))
    return cut(packets, chance.choice((23, 64, 300)), start=250)


@pytest.mark.parametrize("seed", range(4))
def test_every_packet_is_kept_across_restarts(folder: Folder, seed: int) -> None:
    frames, chance = stream(seed), random.Random(seed)
    for start in range(0, len(frames), 3):
        folder.receive(frames[start : start + 3], satellite="example")
        folder.interpret()
        if chance.random() < 0.5:
            folder.restart()
    assert numbers(folder) == [*range(60)]
    series = folder.reader().series("example", "number", START, START + 10**12, 1000)
    assert sorted(series.mean) == [*range(60)]


def test_a_changed_definition_makes_all_of_it_anew(folder: Folder, tmp_path: Path) -> None:
    folder.define("example", NARROW)
    folder.restart()
    folder.receive(stream(5), satellite="example")
    folder.interpret()
    some = numbers(folder)
    assert 0 < len(some) < 60
    for text in (TM, NARROW, TM):
        folder.define("example", text)
        folder.restart(batch=7)
        folder.interpret()
        assert numbers(folder) == ([*range(60)] if text == TM else some)
    fresh = Folder(tmp_path / "fresh", example=TM)
    fresh.receive(stream(5), satellite="example")
    interpret(fresh.path)
    assert told(fresh.path) == told(folder.path)
    fresh.close()


def test_frames_that_come_while_history_is_made_anew(folder: Folder) -> None:
    frames = stream(6)
    middle = len(frames) // 2
    folder.receive(frames[:middle], satellite="example")
    folder.interpret()
    folder.define("example", TM.replace("fill", "something else"))
    folder.restart(batch=5)
    folder.work.open()
    folder.work.advance()
    folder.receive(frames[middle:], satellite="example")
    folder.interpret()
    assert numbers(folder) == [*range(60)]


def test_told_live_with_the_newest_value(folder: Folder) -> None:
    kept = folder.receive([tm(packet(1) + packet(2) + packet(3), 0, 0)], satellite="example")
    folder.interpret()
    data = StationData(folder.path)
    (event,) = events.frames(data, kept)
    assert event.record["values"]["number"]["value"] == 3
    data.close()
    assert folder.reader().latest("example")["number"].value == 3


def test_a_frame_without_a_packet_of_its_own_says_why(folder: Folder) -> None:
    folder.receive([*cut(segments(), 13)[:1], tm(idle(20), 0, 1)], satellite="example")
    folder.interpret()
    rows = folder.reader().verdicts([1, 2])
    assert [(row.satellite, row.packet, row.error) for row in rows.values()] == [
        ("example", None, None)
    ] * 2
    assert [row.note for row in rows.values()] == [
        "a packet that begins here goes on in a later frame",
        "only idle space packets (APID 2047) begin in this frame",
    ]


def test_packets_of_one_frame_are_points_of_their_own(folder: Folder) -> None:
    folder.receive([tm(packet(1) + packet(2), 0, 0)], satellite="example")
    folder.interpret()
    samples = folder.reader().samples("example", [1])[1]
    lines = list(history(samples))
    assert len({line.split()[-1] for line in lines}) == 2


def test_the_xray_shows_each_packet(folder: Folder) -> None:
    (kept,) = folder.receive([tm(packet(1) + packet(2) + packet(3), 0, 0)], satellite="example")
    folder.interpret()
    data = StationData(folder.path)
    shown = [Xray(data, kept, number) for number in range(3)]
    assert [xray.values[0].value for xray in shown] == [1, 2, 3]
    assert [xray.layers[1].bits for xray in shown] == [(48, 48), (112, 48), (176, 48)]
    assert [entry["bits"] for entry in shown[0].record("en")["packets"]] == [
        [96, 16],
        [160, 16],
        [224, 16],
    ]
    with pytest.raises(IndexError):
        Xray(data, kept, 3)
    data.close()
