"""``telemetry.db``: values as the decoder gives them, and history as arithmetic by hand does."""

from __future__ import annotations

import os
import random
import sqlite3
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from decoders.decode import Decoder
from decoders.definition.parse import parse
from groundstation.errors import StoreError
from groundstation.storage.buckets import bucket_width_us
from groundstation.storage.samples import sample_of
from groundstation.storage.telemetry.bands import Band
from groundstation.storage.telemetry.reader import TelemetryReader
from tests.storage.interpreted import SECOND, START, Folder, told

ODD = """
[satellite]
name = "Odd-1"
version = "1"
source = "test"
[[packets]]
name = "odd"
match = { prefix = "0D" }
parameters = [
  { name = "mode", type = "u8", enum = { 0 = "safe", 1 = "nominal" } },
  { name = "switches", type = "u8", flags = { 0 = "radio", 1 = "heater" } },
  { name = "temperature", type = "f32", unit = "°C", limits = { warning = [-10, 40] } },
  { name = "counter", type = "u64" },
  { name = "key", type = "bytes", size = 2 },
  { name = "voltage", type = "u16", scale = 0.001, unit = "V", sentinel = 65535 },
  { name = "ready", type = "bool" },
  { name = "rest", type = "u7" },
  { name = "digits", type = "bcd", digits = 4 },
  { name = "text", type = "ascii", size = 4 },
  { name = "extra", type = "i16", when = "mode == 1" },
]
derived = [ { name = "twice", expression = "2 * voltage", unit = "V" } ]
[[packets]]
name = "list"
match = { prefix = "0E" }
parameters = [ { name = "cell", type = "u8", repeat = "end" } ]
[[packets]]
name = "plain"
match = { prefix = "0F" }
parameters = [
  { name = "level", type = "u16" },
  { name = "phase", type = "u8", enum = { 0 = "a", 1 = "b", 2 = "c" } },
]
"""


def odd(mode: int = 0, temperature: float = 20.5, volts: int = 3700, extra: int = -7) -> bytes:
    return (
        struct.pack(">BBBfQ2sHB", 0x0D, mode, 3, temperature, 1 << 63 | 5, b"\x01\xff", volts, 0x80)
        + b"\x12\x34"
        + b"ab\0\0"
        + (struct.pack(">h", extra) if mode == 1 else b"")
    )


def plain(level: int, phase: int = 0) -> bytes:
    return struct.pack(">BHB", 0x0F, level, phase)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    found = Folder(tmp_path / "data", odd_1=ODD)
    yield found
    found.close()


@pytest.mark.parametrize(
    "frame",
    [
        odd(),
        odd(mode=1, temperature=55.0),
        odd(mode=7, temperature=float("nan"), volts=65535),
        odd(temperature=float("-inf")),
        bytes([0x0E, 1, 2, 3]),
        bytes([0x0E]),
        plain(700, 2),
    ],
)
def test_values_come_back_as_the_decoder_gives_them(folder: Folder, frame: bytes) -> None:
    """Every kind of row, live and out of the store: value, raw value, state and unit."""
    folder.receive([frame], satellite="odd-1")
    folder.interpret()
    decoded = Decoder([parse(ODD, id="odd-1")]).decode(frame, "odd-1")
    assert decoded.error is None
    expected = {value.name: sample_of("odd-1", 1, START, value, False) for value in decoded.values}
    assert folder.reader().latest("odd-1") == expected


def test_the_newest_goes_by_reception_not_by_clock(folder: Folder) -> None:
    folder.receive([odd(volts=1000), odd(volts=2000)], [START + 9 * SECOND, START], "odd-1")
    folder.interpret()
    assert folder.reader().latest("odd-1")["voltage"].value == 2.0


def test_a_parameter_that_stays_away_keeps_its_last_value(folder: Folder) -> None:
    folder.receive([odd(mode=1, extra=5), odd(mode=0)], satellite="odd-1")
    folder.receive([bytes([0x0E, 1, 2, 3]), bytes([0x0E, 9])], satellite="odd-1")
    folder.interpret()
    latest = folder.reader().latest("odd-1")
    assert (latest["extra"].value, latest["extra"].seq) == (5, 1)
    assert (latest["mode"].value, latest["mode"].seq) == ("safe", 2)
    assert [(latest[f"cell_{n}"].value, latest[f"cell_{n}"].seq) for n in range(3)] == [
        (9, 4),
        (2, 3),
        (3, 3),
    ]


def test_frames_of_nobody_and_damaged_ones_have_no_values(folder: Folder) -> None:
    folder.receive([odd()], damaged=True, error="bad check")
    folder.receive([b"\x99whose?"])
    folder.receive([b"\x99"], satellite="odd-1")
    folder.receive([odd()[:9]], satellite="odd-1")
    folder.receive([odd()], satellite="removed-since")
    folder.interpret()
    reader = folder.reader()
    assert reader.latest("odd-1") == {}
    verdicts = reader.verdicts(range(1, 6))
    assert [(seq, item.satellite, item.packet) for seq, item in sorted(verdicts.items())] == [
        (2, None, None),
        (3, "odd-1", None),
        (4, "odd-1", "odd"),
        (5, None, None),
    ]
    assert all(item.error for item in verdicts.values())


def test_series_of_samples(folder: Folder) -> None:
    folder.receive([plain(n) for n in range(10)], satellite="odd-1")
    folder.interpret()
    reader = folder.reader()
    series = reader.series("odd-1", "level", START + 2 * SECOND, START + 5 * SECOND, 3)
    assert series.bucket_us == 0
    assert list(series.times_us) == [START + n * SECOND for n in (2, 3, 4)]
    assert list(series.mean) == list(series.minimum) == list(series.maximum) == [2, 3, 4]
    nothing = reader.series("odd-1", "no_such", START, START + SECOND, 10)
    assert (list(nothing.times_us), nothing.unit) == ([], "")
    assert list(reader.series("odd-1", "level", START, START, 10).mean) == []


def test_series_leave_out_invalid_and_text(folder: Folder) -> None:
    folder.receive([odd(volts=1500), odd(volts=65535), odd(volts=2500)], satellite="odd-1")
    folder.interpret()
    reader = folder.reader()

    def values(name: str) -> list[float]:
        return list(reader.series("odd-1", name, START, START + 99 * SECOND, 100).mean)

    assert values("voltage") == [1.5, 2.5]
    assert values("twice") == [3.0, 5.0]
    assert values("ready") == [1, 1, 1]
    assert values("digits") == [1234, 1234, 1234]
    assert values("mode") == values("text") == values("key") == []


def test_two_frames_at_the_same_microsecond_are_two(folder: Folder) -> None:
    folder.receive([plain(1), plain(2)], [START, START], "odd-1")
    folder.interpret()
    series = folder.reader().series("odd-1", "level", START, START + SECOND, 10)
    assert list(series.mean) == [1, 2]


@pytest.mark.parametrize("seed", range(6))
def test_envelopes_by_hand(folder: Folder, seed: int) -> None:
    """Any times in any order, in batches: each bucket has the minimum, maximum and mean of its
    own samples, whichever way they are kept."""
    rng = random.Random(seed)
    span = 10 ** rng.uniform(2, 7.5)
    times = [START + round(rng.random() * span * SECOND) for _ in range(1500)]
    if seed % 2:
        times.sort()
    levels = [rng.randrange(65536) for _ in times]
    step = rng.choice((40, 700, 1500))
    for at in range(0, len(times), step):
        part = slice(at, at + step)
        folder.receive([plain(n) for n in levels[part]], times[part], "odd-1")
        folder.interpret()
    kept = list(zip(times, levels, strict=True))
    for points in (1, 7, 100, 2000):
        start, end = START + round(span * SECOND * 0.1), START + round(span * SECOND * 0.9)
        series = folder.reader().series("odd-1", "level", start, end, points)
        width = bucket_width_us(start, end, points)
        if sum(start <= when < end for when, _ in kept) <= points:
            assert series.bucket_us == 0
            continue
        assert series.bucket_us == width
        buckets: dict[int, list[int]] = {}
        for when, level in kept:
            if start - start % width <= when < end + -end % width:
                buckets.setdefault(when - when % width, []).append(level)
        assert list(series.times_us) == sorted(buckets)
        groups = [buckets[begin] for begin in sorted(buckets)]
        assert list(series.minimum) == [min(group) for group in groups]
        assert list(series.maximum) == [max(group) for group in groups]
        assert list(series.mean) == pytest.approx([sum(g) / len(g) for g in groups])


def test_a_year_is_drawn_from_kept_statistics_alone(folder: Folder) -> None:
    """Values are taken away behind the store's back: the envelope must not need them."""
    hours = range(24 * 60 * 4)
    times = [START + n * 900 * SECOND for n in hours]
    folder.receive([plain(n % 65536) for n in hours], times, "odd-1")
    folder.interpret()
    folder.work.close()
    with sqlite3.connect(folder.path / "telemetry.db") as raw:
        (id,) = raw.execute("SELECT id FROM packets WHERE name='plain'").fetchone()
        raw.execute(f"DELETE FROM values_{id}_0")
    raw.close()
    series = folder.reader().series("odd-1", "level", START, START + 60 * 86_400 * SECOND, 61)
    assert series.bucket_us == 86_400 * SECOND
    assert len(series.maximum) == 61  # sixty days that begin and end at noon
    assert series.maximum[-1] == hours[-1]


def test_words_over_time(folder: Folder) -> None:
    phases = [0, 0, 1, 1, 1, 7, 0]
    folder.receive([plain(n, phase) for n, phase in enumerate(phases)], satellite="odd-1")
    folder.interpret()
    found = folder.reader().bands("odd-1", "phase", START, START + 99 * SECOND, 10)
    assert found.bucket_us == 0
    at = [START + n * SECOND for n in range(7)]
    unknown = found.bands[2].value
    assert found.bands == [
        Band(at[0], at[1], "a", "unlimited"),
        Band(at[2], at[4], "b", "unlimited"),
        Band(at[5], at[5], unknown, "unlimited"),
        Band(at[6], at[6], "a", "unlimited"),
    ]
    texts = folder.reader().bands("odd-1", "switches", START, START + 99 * SECOND, 10)
    assert texts.bands == []


def test_words_of_very_many_frames(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """By buckets: a word where all of a bucket said it, none where there were several."""
    monkeypatch.setattr("groundstation.storage.telemetry.bands.MOST_PACKETS", 100)
    count = 3600
    phases = [2 if n == 1830 else 0 if n < 1800 else 1 for n in range(count)]
    folder.receive([plain(0, phase) for phase in phases], satellite="odd-1")
    folder.interpret()
    found = folder.reader().bands("odd-1", "phase", START, START + count * SECOND, 60)
    minute = 60 * SECOND
    assert found.bucket_us == minute
    assert [(band.start_us - START) // minute for band in found.bands] == [0, 30, 31]
    assert [(band.end_us - START) // minute for band in found.bands] == [30, 31, 60]
    assert [band.value for band in found.bands] == ["a", None, "b"]


def test_a_packet_of_thousands_of_columns(tmp_path: Path) -> None:
    text = ODD.replace('type = "u8", repeat = "end"', 'type = "u8", repeat = 2500')
    folder = Folder(tmp_path / "data", odd_1=text)
    frames = [bytes([0x0E]) + random.Random(n).randbytes(2500) for n in range(20)]
    folder.receive(frames, satellite="odd-1")
    folder.interpret()
    reader = folder.reader()
    latest = reader.latest("odd-1")
    assert [latest[f"cell_{n}"].value for n in range(2500)] == list(frames[-1][1:])
    series = reader.series("odd-1", "cell_2400", START, START + 99 * SECOND, 100)
    assert list(series.mean) == [frame[2401] for frame in frames]
    envelope = reader.series("odd-1", "cell_2400", START, START + 99 * SECOND, 2)
    assert max(envelope.maximum) == max(frame[2401] for frame in frames)
    folder.close()


def test_satellites_are_apart(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "data", odd_1=ODD, odd_2=ODD)
    folder.receive([plain(1)], satellite="odd-1")
    folder.receive([plain(2)], satellite="odd-2", simulated=True)
    folder.interpret()
    reader = folder.reader()
    assert reader.satellites() == {"odd-1": 1, "odd-2": 2}
    one, two = reader.latest("odd-1")["level"], reader.latest("odd-2")["level"]
    assert (one.value, one.simulated, two.value, two.simulated) == (1, False, 2, True)
    assert reader.frames_of("odd-2", 10) == reader.frames_of("odd-2", 10, after=0) == [2]
    folder.close()


def test_reader_without_a_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"telemetry\.db"):
        TelemetryReader(tmp_path).latest("odd-1")


def test_reader_sees_another_file(folder: Folder) -> None:
    """Deleted while a reader looks: it answers from the one that is made again."""
    folder.receive([plain(1)], satellite="odd-1")
    folder.interpret()
    reader = folder.reader()
    assert reader.latest("odd-1")["level"].value == 1
    (folder.path / "telemetry.db").unlink()
    folder.receive([plain(2)], satellite="odd-1")
    folder.interpret()
    assert reader.latest("odd-1")["level"].value == 2
    series = reader.series("odd-1", "level", START, START + SECOND, 10)
    assert list(series.mean) == [1, 2]


def test_batches_make_no_difference(tmp_path: Path) -> None:
    rng = random.Random(5)
    kinds = [
        lambda: plain(rng.randrange(9)),
        odd,
        lambda: b"\x0e" + rng.randbytes(rng.randrange(4)),
    ]
    frames = [rng.choice(kinds)() for _ in range(300)]
    times = [START + rng.randrange(10**11) for _ in frames]
    folders = [Folder(tmp_path / name, odd_1=ODD) for name in ("one", "many")]
    folders[0].receive(frames, times, "odd-1")
    folders[0].interpret()
    for at, frame in enumerate(frames):
        folders[1].receive([frame], [times[at]], "odd-1")
        folders[1].interpret()
    assert told(folders[0].path) == told(folders[1].path)
    for folder in folders:
        folder.close()


def test_a_commit_of_another_thread_is_not_taken_for_another_program(tmp_path: Path) -> None:
    """A commit may write the file a moment before its end, while the interpreter looks at it."""
    folder = Folder(tmp_path, odd=ODD)
    folder.receive([bytes.fromhex("0D")])
    folder.interpret()
    writer = folder.work.writer
    answers: list[bool] = []
    looking = threading.Thread(target=lambda: answers.append(writer.is_gone()))
    with writer.transaction():
        os.utime(writer.path, ns=(1, 1))  # what a checkpoint does to it
        looking.start()
        looking.join(0.5)
    looking.join()
    assert answers == [False]
    os.utime(writer.path, ns=(2, 2))
    assert writer.is_gone()
    folder.close()
