"""``groundstation export``: what was received comes out again, whole, in every form."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyarrow import parquet

from decoders.frame import Frame
from decoders.framing.kiss import KissDeframer
from groundstation.cli import groundstation
from groundstation.cli.decode import decode
from groundstation.cli.export import export
from groundstation.history.stored_values import MARKS
from groundstation.model import Reception, Signal, iso, to_us
from groundstation.storage.journal import JournalReader
from tests.decoders.test_packets import DEFINITION, packet, tm
from tests.storage.interpreted import SECOND, START, Folder

SCHOOL = """
[satellite]
name = "School-1"
[[packets]]
name = "power"
match = { prefix = "A5 5A 01 02" }
parameters = [
  { name = "battery", type = "u16", divide = 1000, unit = "V", quantity = "battery_voltage" },
  { name = "panel", type = "u8", repeat = 2, unit = "mA", quantity = "solar_current" },
]
[[packets]]
name = "mode"
match = { prefix = "A5 5A 01 03" }
parameters = [ { name = "mode", type = "u8", enum = { 0 = "safe, cold", 1 = "sun" } } ]
"""
TM = DEFINITION.format(layers='["tm-frame", "space-packet"]')


def power(number: int) -> bytes:
    return bytes.fromhex("A55A0102") + (4000 + number).to_bytes(2) + bytes([number % 200, 7])


def mode(number: int) -> bytes:
    return bytes.fromhex("A55A0103") + bytes([number])


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    found = Folder(tmp_path / "data", school=SCHOOL, example=TM)
    yield found
    found.close()


def run(folder: Folder, *words: str) -> Result:
    return CliRunner().invoke(export, ["--data", str(folder.path), *words])


def table(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def fill(folder: Folder) -> None:
    frames = [mode(1) if n % 10 == 0 else power(n) for n in range(30)]
    folder.receive(frames, simulated=False)
    folder.receive([power(99)], [START + 100 * SECOND], simulated=True)
    folder.receive([b"noise of nobody"], [START + 101 * SECOND])
    folder.interpret()


def test_csv_has_a_row_a_packet_and_a_column_a_parameter(folder: Folder) -> None:
    fill(folder)
    rows = table(run(folder, "--satellite", "school"))
    assert list(rows[0]) == [
        *("time", "seq", "packet", "battery", "panel_0", "panel_1", "mode", *MARKS)
    ]
    assert len(rows) == 31
    assert [int(row["seq"]) for row in rows] == [*range(1, 32)]
    assert rows[0] == {
        "time": iso(START),
        "seq": "1",
        "packet": "mode",
        "battery": "",
        "panel_0": "",
        "panel_1": "",
        "mode": "sun",
        "simulated": "0",
        "imported": "0",
        "unsynchronised": "0",
    }
    assert (rows[7]["battery"], rows[7]["panel_0"], rows[7]["mode"]) == ("4.007", "7", "")
    assert rows[30]["simulated"] == "1"


def test_what_is_asked_for(folder: Folder) -> None:
    fill(folder)
    some = table(run(folder, "--parameters", "panel,mode"))
    assert list(some[0]) == ["time", "seq", "packet", "panel_0", "panel_1", "mode", *MARKS]
    volts = table(run(folder, "--quantity", "battery_voltage", "--satellite", "school"))
    assert list(volts[0]) == ["time", "seq", "packet", "battery", *MARKS]
    assert len(volts) == 28
    one = table(run(folder, "--packet", "mode", "--since", iso(START + 5 * SECOND)))
    assert [row["seq"] for row in one] == ["11", "21"]
    early = table(run(folder, "--until", iso(START + 3 * SECOND)))
    assert [row["seq"] for row in early] == ["1", "2", "3"]
    units = run(folder, "--units", "--parameters", "battery,panel_1").stdout.splitlines()
    assert units[1] == ",,,V,mA,,,"
    assert [row["seq"] for row in table(run(folder, "--simulated"))] == ["31"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--satellite", "scool"), "nothing was heard of 'scool'; did you mean 'school'?"),
        (("--parameters", "batery"), "there is no parameter 'batery' here; did you mean"),
        (("--packet", "powr"), "there is no packet 'powr' of school here; did you mean 'power'?"),
        (("--quantity", "spin"), "no parameter of school here is a spin"),
        (("--since", "yesterday"), "'yesterday' is no time: write 7d"),
        (("--units", "--format", "hex"), "--units is a line of --format csv"),
        (("--pass", "1-x"), "there is no pass '1-x'"),
        (("--format", "kiss", "--parameters", "battery"), "--format kiss holds frames, no values"),
        (("--format", "hex", "--quantity", "spin"), "--format hex holds frames, no values"),
        (("--format", "json", "--parameters", "batery"), "no parameter 'batery' here; did you"),
        (("--format", "json", "--quantity", "spin"), "no parameter here is a spin"),
    ],
)
def test_what_is_not_there_is_told(folder: Folder, words: tuple[str, ...], said: str) -> None:
    fill(folder)
    result = run(folder, *words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_no_file_is_written_over(folder: Folder, tmp_path: Path) -> None:
    fill(folder)
    path = tmp_path / "out.csv"
    assert run(folder, "-o", str(path)).exit_code == 0
    kept = path.read_text()
    assert kept == run(folder).stdout
    result = run(folder, "-o", str(path), "--format", "hex")
    assert result.exit_code == 2
    assert "is there already" in result.stderr
    assert path.read_text() == kept
    assert sorted(each.name for each in tmp_path.iterdir()) == ["data", "out.csv"]


def test_frames_and_times_come_out_as_they_came(folder: Folder) -> None:
    fill(folder)
    lines = run(folder, "--format", "hex").stdout.splitlines()
    assert len(lines) == 32
    assert [line for line in lines if "SIMULATED" in line] == [
        f"{iso(START + 100 * SECOND)}|{power(99).hex().upper()} # SIMULATED"
    ]
    assert lines[1] == f"{iso(START + SECOND)}|{power(1).hex().upper()}"
    mine = run(folder, "--format", "hex", "--satellite", "school").stdout.splitlines()
    assert mine == lines[:31]
    result = run(folder, "--format", "kiss", "--satellite", "school")
    assert "1 simulated frames are left out" in result.stderr
    frames = KissDeframer().feed(result.stdout_bytes)
    assert [(f.data, f.time_us) for f in frames[:3] if isinstance(f, Frame)] == [
        (mode(1), START),
        (power(1), START + SECOND),
        (power(2), START + 2 * SECOND),
    ]
    assert len(frames) == 30
    only = run(folder, "--format", "kiss", "--simulated").stdout_bytes
    assert [frame.data for frame in KissDeframer().feed(only)] == [power(99)]


def test_json_is_what_decode_prints_with_how_it_came_in_front(folder: Folder) -> None:
    fill(folder)
    frames = [tm(packet(1) + packet(2), 0, 0), tm(packet(3), 0, 1)]
    folder.receive(frames, satellite="example", times_us=[START + 200 * SECOND] * 2)
    folder.interpret()
    lines = [json.loads(line) for line in run(folder, "--format", "json").stdout.splitlines()]
    heads = [(line.pop("seq"), line.pop("received"), line.pop("link")) for line in lines]
    assert heads[0] == (1, iso(START), "tnc")
    assert [head[0] for head in heads] == [*range(1, 33), 33, 33, 34]
    assert [line["parameters"]["number"]["value"] for line in lines[-3:]] == [1, 2, 3]
    assert lines[30].pop("simulated") is True
    assert lines[0].pop("simulated") is False
    given = "".join(f"{frame}\n" for frame in (mode(1).hex(), power(1).hex()))
    words = ["--satellite", "school", "--format", "json", "--data", str(folder.path)]
    decoded = CliRunner().invoke(decode, words, input=given).stdout.splitlines()
    assert lines[0] == json.loads(decoded[0])
    assert {**lines[1], "simulated": None} == {**json.loads(decoded[1]), "simulated": None}


def test_json_tells_all_that_the_journal_keeps(folder: Folder) -> None:
    reception = Reception(
        *(0, START + 1, "tnc:2", power(1), "school", "example", None),
        simulated=True,
        imported=True,
        unsynchronised=True,
        clock_us=1_000_001,
    )
    damaged = Reception(0, START + 2, "tnc", b"\x01\x02", error="its check is wrong", damaged=True)
    folder.journal.append([reception, damaged])
    folder.interpret()
    first, second = map(json.loads, run(folder, "--format", "json").stdout.splitlines())
    assert list(first)[:10] == [
        *("seq", "received", "link", "simulated", "link_satellite", "supposed", "imported"),
        *("unsynchronised", "clock", "satellite"),
    ]
    assert first["received"] == "2026-11-22T12:00:00.000001Z"
    assert first["clock"] == "1970-01-01T00:00:01.000001Z"
    assert (first["simulated"], first["imported"], first["unsynchronised"]) == (True, True, True)
    assert (first["link_satellite"], first["supposed"]) == ("school", "example")
    assert (second["frame"], second["damaged"], second["reason"]) == (
        *("0102", True, "its check is wrong"),
    )
    assert second["error"] == "its check is wrong"
    (row,) = table(run(folder, "--satellite", "school"))
    assert [row[mark] for mark in MARKS] == ["1", "1", "1"]
    assert row["time"] == "2026-11-22T12:00:00.000001Z"


def test_repaired_frames_are_kept_apart(folder: Folder) -> None:
    """They may be others than those that were sent: shown, marked, and in no value."""
    clean, repaired = Signal(12.5, -310.0, 0), Signal(6.75, None, 2)
    folder.receive([power(1)], signal=clean)
    folder.receive([power(2)], [START + SECOND], signal=repaired)
    folder.receive([power(3)], [START + 2 * SECOND])
    folder.interpret()
    with JournalReader(folder.path) as journal:
        assert [item.signal for item in journal.after(0)] == [clean, repaired, None]
    assert [row["seq"] for row in table(run(folder, "--satellite", "school"))] == ["1", "3"]
    influx = run(folder, "--format", "influx").stdout.splitlines()
    assert len(influx) == 2
    for form, mark in (("hex", power(2).hex().upper().encode()), ("kiss", power(2))):
        assert mark not in run(folder, "--format", form).stdout_bytes
        assert mark in run(folder, "--format", form, "--repaired").stdout_bytes
    lines = [json.loads(line) for line in run(folder, "--format", "json").stdout.splitlines()]
    keys = ("eb_n0_db", "offset_hz", "repaired")
    assert [[line.get(key) for key in keys] for line in lines] == [
        *([12.5, -310.0, 0], [6.75, None, 2], [None, None, None])
    ]
    assert lines[1]["parameters"]["battery"]["value"] == 4.002
    result = run(folder, "--repaired")
    assert (result.exit_code, "--repaired is for --format kiss and hex" in result.output) == (
        *(2, True),
    )
    # Made again from the journal it is the same, and the journal's own export is taken in whole.
    folder.restart()
    (folder.path / "telemetry.db").unlink()
    folder.interpret()
    assert [row["seq"] for row in table(run(folder, "--satellite", "school"))] == ["1", "3"]
    export_file = folder.path / "all.jsonl"
    export_file.write_text(run(folder, "--format", "json").stdout, "utf-8")
    other = folder.path.parent / "other"
    words = ["import", str(export_file), "--data", str(other)]
    assert CliRunner().invoke(groundstation, words).exit_code == 0
    with JournalReader(other) as journal:
        assert [item.signal for item in journal.after(0)] == [clean, repaired, None]


def test_json_of_some_parameters(folder: Folder) -> None:
    fill(folder)
    found = run(folder, "--format", "json", "--quantity", "battery_voltage").stdout.splitlines()
    names = [list(json.loads(line)["parameters"]) for line in found]
    assert names == [[] if n % 10 == 0 else ["battery"] for n in range(30)] + [["battery"], []]


def test_parquet_is_the_table_with_types(folder: Folder, tmp_path: Path) -> None:
    fill(folder)
    path = tmp_path / "all.parquet"
    assert run(folder, "--format", "parquet", "-o", str(path)).exit_code == 0
    found = parquet.read_table(path)
    assert found.schema.field("battery").metadata == {b"unit": b"V"}
    assert found.schema.metadata[b"satellite"] == b"school"
    assert [str(kind) for kind in found.schema.types] == [
        *("timestamp[us, tz=UTC]", "int64", "string", "double", "int64", "int64", "string"),
        *("bool", "bool", "bool"),
    ]
    rows = found.to_pylist()
    for row, cells in zip(rows, table(run(folder)), strict=True):
        row["time"] = iso(to_us(row["time"]))
        texts = {name: "" if value is None else str(value) for name, value in row.items()}
        assert texts == {
            n: {"0": "False", "1": "True"}[c] if n in MARKS else c for n, c in cells.items()
        }
    assert (rows[7]["battery"], rows[7]["panel_0"], rows[7]["mode"]) == (4.007, 7, None)


def test_a_parameter_with_the_name_of_a_column(tmp_path: Path) -> None:
    text = SCHOOL.replace('name = "battery", type', 'name = "time", type')
    folder = Folder(tmp_path / "data", school=text)
    folder.receive([power(1)])
    folder.interpret()
    (row,) = table(run(folder))
    assert (row["time"], row["time.value"]) == (iso(START), "4.001")
    path = tmp_path / "all.parquet"
    assert run(folder, "--format", "parquet", "-o", str(path)).exit_code == 0
    assert parquet.read_table(path).to_pylist()[0]["time.value"] == 4.001
    folder.close()


def test_parquet_without_pyarrow_says_what_to_install(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(folder)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = run(folder, "--format", "parquet")
    assert result.exit_code == 1
    assert 'pip install "nanosat-groundstation[parquet]"' in result.stderr


def test_influx_lines_are_the_stations(folder: Folder) -> None:
    fill(folder)
    lines = run(folder, "--format", "influx", "--parameters", "battery").stdout.splitlines()
    assert len(lines) == 28
    assert lines[0] == (
        "school,satellite=school,simulated=false "
        f'battery.state="unlimited",battery=4.001,battery.raw=4001.0 {START + SECOND}002'
    )


def test_what_is_not_interpreted_yet_is_told(folder: Folder) -> None:
    fill(folder)
    folder.receive([power(5)])
    result = run(folder, "--satellite", "school")
    assert "1 receptions are not interpreted yet and left out" in result.stderr
    assert len(table(result)) == 31
    assert run(folder, "--format", "hex").stdout.count("\n") == 33


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(export, ["--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "journal" in result.stderr
