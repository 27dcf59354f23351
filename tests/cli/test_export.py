"""``groundstation export``: what was received comes out again, whole, in every form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from decoders.frame import Frame
from decoders.framing.kiss import KissDeframer
from groundstation.cli.decode import decode
from groundstation.cli.export import export
from groundstation.model import iso
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
        *("time", "seq", "packet", "battery", "panel_0", "panel_1", "mode", "simulated")
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
    }
    assert (rows[7]["battery"], rows[7]["panel_0"], rows[7]["mode"]) == ("4.007", "7", "")
    assert rows[30]["simulated"] == "1"


def test_what_is_asked_for(folder: Folder) -> None:
    fill(folder)
    some = table(run(folder, "--parameters", "panel,mode"))
    assert list(some[0]) == ["time", "seq", "packet", "panel_0", "panel_1", "mode", "simulated"]
    volts = table(run(folder, "--quantity", "battery_voltage", "--satellite", "school"))
    assert list(volts[0]) == ["time", "seq", "packet", "battery", "simulated"]
    assert len(volts) == 28
    one = table(run(folder, "--packet", "mode", "--since", iso(START + 5 * SECOND)))
    assert [row["seq"] for row in one] == ["11", "21"]
    early = table(run(folder, "--until", iso(START + 3 * SECOND)))
    assert [row["seq"] for row in early] == ["1", "2", "3"]
    units = run(folder, "--units", "--parameters", "battery,panel_1").stdout.splitlines()
    assert units[1] == ",,,V,mA,"


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
    assert lines[1] == f"{iso(START + SECOND)}|{power(1).hex().upper()}"
    mine = run(folder, "--format", "hex", "--satellite", "school").stdout.splitlines()
    assert mine == lines[:31]
    stream = run(folder, "--format", "kiss", "--satellite", "school").stdout_bytes
    frames = KissDeframer().feed(stream)
    assert [(f.data, f.time_us) for f in frames[:3] if isinstance(f, Frame)] == [
        (mode(1), START),
        (power(1), START + SECOND),
        (power(2), START + 2 * SECOND),
    ]
    assert len(frames) == 31


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
