"""``decode --format csv`` from columns: what values one by one say, cell by cell."""

import csv
import io
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import pytest
from click.testing import CliRunner

from decoders.columns import Column
from decoders.decode import Decoder
from decoders.definition.limits import STATES
from decoders.frame import Deframed, Frame
from decoders.framing.kiss import kiss_encode, kiss_stamp
from decoders.spreadsheet import cell
from decoders.value import Decoded
from groundstation.catalog import SatelliteCatalog
from groundstation.cli import (
    decode_columns,
    decode_influx,
    decoded_batches,
    frames_input,
)
from groundstation.cli.decode import decode
from groundstation.cli.frames_input import FramesInput
from groundstation.cli.progress import Progress
from groundstation.history import column_text
from groundstation.history.value_text import value_text
from groundstation.storage.line_protocol import history, reading_text
from groundstation.storage.samples import reading, sample_of
from tests.mutated import mutations

CATALOG = SatelliteCatalog()
GOLDEN = [example.frame for each in CATALOG.satellites.values() for example in each.examples]


def run(*words: str, given: bytes = b"") -> tuple[list[list[str]], int]:
    done = CliRunner().invoke(decode, words, input=given)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return list(csv.reader(io.StringIO(done.stdout))), done.exit_code


def hexes(frames: list[bytes]) -> bytes:
    return "\n".join(frame.hex() for frame in frames).encode()


@pytest.fixture(scope="module")
def frames() -> list[bytes]:
    """Golden frames of all satellites, whole and broken, those of one packet next to others."""
    broken = mutations(GOLDEN, 150, 5)
    found = [*GOLDEN, *(frame for frame in broken if frame)]
    random.Random(3).shuffle(found)
    return found


def one_by_one(decoder: Decoder, frames: list[bytes]) -> Iterator[tuple[int, Decoded]]:
    return enumerate(map(decoder.decode, frames))


def test_the_long_form_is_that_of_values_one_by_one(frames: list[bytes]) -> None:
    expected = []
    for number, decoded in one_by_one(CATALOG.decoder, frames):
        about = [str(number), decoded.satellite or "", decoded.packet or ""]
        end = [str(int(decoded.simulated)), decoded.error or ""]
        cells = [
            [v.name, value_text(v.raw), value_text(v.value), v.unit, v.state]
            for v in decoded.values
        ]
        expected += [[*map(cell, (*about, *each, *end))] for each in cells or [[""] * 5]]
    rows, code = run("--input", "hex", "--format", "csv", given=hexes(frames))
    assert rows[1:] == expected
    assert code == 1


def test_the_wide_form_is_that_of_values_one_by_one(frames: list[bytes]) -> None:
    decoded = [decoded for _, decoded in one_by_one(CATALOG.decoder, frames)]
    (header, *rows), _ = run("--input", "hex", "--format", "csv", "--wide", given=hexes(frames))
    names = header[3:-2]
    assert header[:3] + header[-2:] == ["frame", "satellite", "packet", "simulated", "error"]
    assert set(names) == {value.name for each in decoded for value in each.values}
    assert len(names) == len(set(names))
    assert len(rows) == len(frames)
    for number, (row, each) in enumerate(zip(rows, decoded, strict=True)):
        assert row[:3] == [str(number), each.satellite or "", each.packet or ""]
        assert row[-2:] == [str(int(each.simulated)), each.error or ""]
        named = {value.name: value_text(value.value) for value in each.values}
        assert dict(zip(names, row[3:-2], strict=True)) == {
            n: cell(named.get(n, "")) for n in names
        }


def test_json_is_that_of_values_one_by_one(frames: list[bytes]) -> None:
    given = CliRunner().invoke(decode, ["--input", "hex", "--format", "json"], input=hexes(frames))
    lines = given.stdout.splitlines()
    for line, (_, decoded) in zip(lines, one_by_one(CATALOG.decoder, frames), strict=True):
        expected = json.dumps(decoded.as_json(), allow_nan=False)
        assert json.loads(line) == json.loads(expected)
        assert list(json.loads(line)["parameters"]) == list(decoded.named)
    ours = next(n for n, frame in enumerate(frames) if frame == GOLDEN[0])
    exact = CATALOG.decoder.decode(GOLDEN[0]).as_json()
    assert lines[ours] == json.dumps(exact, ensure_ascii=False)


def test_line_protocol_is_that_of_samples_one_by_one(frames: list[bytes]) -> None:
    given, expected = b"", []
    for number, frame in enumerate(frames):
        time_us = 1_700_000_000_000_000 + 1000 * number
        given += kiss_stamp(time_us) + kiss_encode(frame)
        decoded = CATALOG.decoder.decode(frame, received_us=time_us)
        satellite, simulated = decoded.satellite or "", decoded.simulated
        if not decoded.error:
            values = (sample_of(satellite, number, time_us, v, simulated) for v in decoded.values)
            expected += history(values)
    done = CliRunner().invoke(decode, ["--format", "influx"], input=given)
    assert done.stdout_bytes.decode() == "".join(f"{line}\n" for line in expected)
    assert done.exit_code == 1
    untimed = CliRunner().invoke(decode, ["--format", "influx"], input=hexes(frames))
    bare = (line.rpartition(" ")[0] for line in expected)
    assert untimed.stdout_bytes.decode() == "".join(f"{line}\n" for line in bare)


@pytest.mark.parametrize("state", ["nominal", "invalid"])
def test_line_protocol_of_columns(state: str) -> None:
    for raw in (
        np.array([0, 255, 7, 7] * 60, np.uint8),
        np.array([1, 2**63, 2**53 + 1], np.uint64),
        np.array([0.1, np.nan, np.inf, -2.5], np.float32),
        np.array([-0.0, 1e300, 1 / 3]),
        np.array([True, 'a"b', "c\\d", None, ("x", "y"), b"\x01", 2**70], object),
    ):
        states = np.full(len(raw), STATES.index(state), np.uint8)
        readings = [reading("time", state, value, value) for value in raw.tolist()]
        column = Column(raw, raw, states, "V")
        assert decode_influx.line_texts(column, "time") == [
            reading_text(*each) for each in readings
        ]


def test_columns_stand_in_the_order_of_the_definition() -> None:
    frame = CATALOG.satellites["quetzal-1"].examples[0].frame
    (header, _), _ = run("--hex", frame.hex(), "--format", "csv", "--wide")
    assert header[3:-2] == list(CATALOG.decoder.decode(frame).named)


@pytest.mark.parametrize("kept", [0, 1, 8])
def test_wide_in_many_batches(
    frames: list[bytes], kept: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    at_once = run("--format", "csv", "--wide", given=hexes(frames))
    monkeypatch.setattr(decoded_batches, "BATCH", 100)
    monkeypatch.setattr(decode_columns, "MOST_KEPT", kept)
    monkeypatch.setattr(frames_input, "_IN_MEMORY", 1000)
    assert run("--format", "csv", "--wide", given=hexes(frames)) == at_once
    (tmp_path / "frames.hex").write_bytes(hexes(frames))
    assert run(str(tmp_path / "frames.hex"), "--format", "csv", "--wide") == at_once


def test_nothing_decodable_has_no_columns() -> None:
    rows, code = run("--hex", "00", "--hex", "zz", "--format", "csv", "--wide")
    assert rows == [
        ["frame", "satellite", "packet", "simulated", "error"],
        ["0", "", "", "0", "no definition knows this frame"],
        ["1", "", "", "0", "'--hex: not hex bytes: 'zz'"],
    ]
    assert code == 1


def test_wide_is_csv() -> None:
    done = CliRunner().invoke(decode, ["--hex", "00", "--wide"])
    assert done.exit_code == 2
    assert "--format csv" in done.stderr


SPANNING = """
[satellite]
name = "Spanning"
[[packets]]
name = "part"
match = { prefix = "DA 7A DA 7A" }
spans = { packet = "orbit", data = "content", index = "number", count = 2 }
parameters = [ { name = "number", type = "u8" }, { name = "content", type = "bytes" } ]
[[packets]]
name = "orbit"
parameters = [ { name = "voltage", type = "u16", repeat = "end" } ]
"""


def test_what_parts_complete_comes_after_the_last(tmp_path: Path) -> None:
    (tmp_path / "satellites").mkdir()
    (tmp_path / "satellites" / "spanning.toml").write_text(SPANNING)
    words = ("--hex", "DA7ADA7A 01 0007", "--hex", "DA7ADA7A 00 0005", "--format", "csv")
    rows, code = run(*words, "--data", str(tmp_path))
    assert [row[:6] for row in rows[-2:]] == [
        ["1", "spanning", "orbit", "voltage_0", "5", "5"],
        ["1", "spanning", "orbit", "voltage_1", "7", "7"],
    ]
    assert code == 0
    rows, _ = run(*words, "--wide", "--data", str(tmp_path))
    assert rows[0] == [
        *("frame", "satellite", "packet", "number", "content", "voltage_0", "voltage_1"),
        *("simulated", "error"),
    ]
    assert [row[2:-2] for row in rows[1:]] == [
        ["part", "1", "0007", "", ""],
        ["part", "0", "0005", "", ""],
        ["orbit", "", "", "5", "7"],
    ]


@pytest.mark.parametrize(
    "raw",
    [
        np.array([0, 255, 7, 7] * 60, np.uint8),
        np.array([-1, -128, 127] * 90, np.int8),
        np.array([0, 65535, 300] * 90, np.uint16),
        np.array([-32768, 5, 5] * 90, np.int16),
        np.array([1, 2**63] * 90, np.uint64),
        np.array([0.1, np.nan, np.inf, -2.5] * 60, np.float32),
        np.array([1.0, 1e300, 1 / 3]),
        np.array([True, 1, "a,b", 'c"d', None, ("x", "y"), b"\x01", "é"] * 40, object),
        np.array([], np.uint8),
        np.array([3] * 5, np.uint32),
        np.array([-1] * 5, np.int16),
    ],
)
def test_texts_of_a_column(raw: np.ndarray) -> None:  # type: ignore[type-arg]
    column = Column(raw, raw, np.zeros(len(raw), np.uint8), "V, at 5 °C")
    expected = [column_text.quoted(value_text(value)) for value in raw.tolist()]
    assert column_text.value_texts(column) == expected
    long = [next(csv.reader([text])) for text in column_text.long_texts(column, "name")]
    plain = [value_text(value) for value in raw.tolist()]
    assert long == [["name", text, text, "V, at 5 °C", "nominal"] for text in plain]


def data(frames: Iterator[Deframed]) -> list[bytes]:
    return [frame.data for frame in frames]


def test_files_are_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames_input, "_CHUNK", 7)
    kiss, text, whole = tmp_path / "a.kss", tmp_path / "b.hex", tmp_path / "c.bin"
    kiss.write_bytes(kiss_stamp(5_000_000) + kiss_encode(b"\xc0" * 20) + kiss_encode(b"second"))
    text.write_bytes(b"0102 # comment\r\n\r\n  # nothing\n03\rzz\n04")
    whole.write_bytes(b"whole")
    read: list[float] = []
    given = FramesInput((str(kiss), str(text)), ("aa",), None, advance=read.append)
    assert given.size == kiss.stat().st_size + text.stat().st_size
    found = list(given.frames())
    assert [frame.data for frame in found] == [
        *(b"\xaa", b"\xc0" * 20, b"second", b"\x01\x02", b"\x03", b"zz", b"\x04"),
    ]
    assert found[1] == Frame(b"\xc0" * 20, 0, 5_000_000)
    assert data(given.frames()) == [frame.data for frame in found]
    assert given.size - 2 <= sum(read) / 2 <= given.size
    assert data(FramesInput((str(whole),), (), "frames").frames()) == [b"whole"]
    with pytest.raises(click.UsageError, match=r"cannot read .*: No such file"):
        list(FramesInput((str(tmp_path / "none"),), (), None).frames())


def test_a_bar_only_where_somebody_looks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter((0.0, *[0.5] * 2, *[5.0] * 20))
    monkeypatch.setattr("groundstation.cli.progress.time.monotonic", lambda: next(times))
    with Progress("Counting", 3) as progress:
        progress.advance(3)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    times = iter((0.0, 0.5, *[5.0] * 1000))
    with Progress("Counting", 3) as progress:
        progress.advance(1)
        assert capsys.readouterr().err == ""  # too soon
        progress.advance(1)
    assert "Counting" in capsys.readouterr().err
