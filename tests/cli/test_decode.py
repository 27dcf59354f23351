"""``decode``, ``encode``, ``deframe``, ``satellites``: what they print, how mistakes are told."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from decoders.framing.kiss import kiss_encode

FRAMES = Path(__file__).parents[1] / "data" / "frames"
QUETZAL = json.loads((FRAMES / "quetzal1.json").read_text("utf-8"))["frames"][0]["hex"]


def run(*words: str, given: bytes = b"", code: int = 0) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "groundstation", *words],
        input=given,
        capture_output=True,
        check=False,
    )
    errors = done.stderr.decode()
    assert "Traceback" not in errors
    assert done.returncode == code, errors
    return done.stdout.decode(), errors


def test_json_of_an_unnamed_frame() -> None:
    out, _ = run("decode", "--hex", QUETZAL, "--format", "json")
    line = json.loads(out)
    assert (line["satellite"], line["packet"], line["error"]) == ("quetzal-1", "beacon", None)
    assert line["frame"] == QUETZAL
    assert [layer["layer"] for layer in line["layers"]] == ["ax25", "csp"]
    voltage = line["parameters"]["bq1_bat_volt"]
    assert voltage["raw"] == 187
    assert voltage["value"] == pytest.approx(3982.0666, rel=1e-9)
    start, length = voltage["bits"]
    assert int(QUETZAL[start // 4 : (start + length) // 4], 16) == 187
    assert (voltage["unit"], voltage["state"]) == ("mV", "unlimited")


def test_one_line_a_frame_in_order_and_exit_1_for_the_bad() -> None:
    lines = f"{QUETZAL}  # a comment\n\nzz\n0102\n{QUETZAL}\n"
    out, _ = run("decode", "--input", "hex", "--format", "json", given=lines.encode(), code=1)
    found = [json.loads(line) for line in out.splitlines()]
    assert [line["satellite"] for line in found] == ["quetzal-1", None, None, "quetzal-1"]
    assert found[1]["error"] == "-, line 3: not hex bytes: 'zz'"
    assert found[2]["error"] == "no definition knows this frame"


def test_kiss_file_and_frame_file(tmp_path: Path) -> None:
    frame = bytes.fromhex(QUETZAL)
    stream, single = tmp_path / "pass.kss", tmp_path / "frame.bin"
    stream.write_bytes(kiss_encode(frame) * 2)
    single.write_bytes(frame)
    out, _ = run("decode", str(stream), "--format", "json")
    assert len(out.splitlines()) == 2
    out, _ = run("decode", str(single), "--input", "frames", "--satellite", "quetzal-1")
    assert "bq1_bat_volt" in out
    assert "3982.0666" in out


def test_csv_and_influx() -> None:
    out, _ = run("decode", "--hex", QUETZAL, "--format", "csv")
    rows = out.splitlines()
    assert rows[0] == ("frame,satellite,packet,parameter,raw,value,unit,state,simulated,error")
    assert "0,quetzal-1,beacon,bq1_soc,2,2,%,unlimited,0," in rows
    out, _ = run("decode", "--hex", QUETZAL, "--format", "influx")
    assert out.startswith("quetzal-1,satellite=quetzal-1,simulated=false ")
    assert 'uvg_msg.text="UVG a Guatemala, SI se pudo"' in out


def test_simulated_frames_say_so() -> None:
    frame, _ = run("encode", "classroom-1", "beacon", "--set", "battery_voltage=4.1")
    out, _ = run("decode", "--hex", frame.strip(), "--format", "json")
    assert json.loads(out)["simulated"] is True
    out, _ = run("decode", "--hex", frame.strip())
    assert "SIMULATED" in out


def test_encode_is_the_way_back(tmp_path: Path) -> None:
    words = ["encode", "classroom-1", "beacon", "--set", "mode=science", "--set", "uptime=5"]
    hexed, _ = run(*words)
    raw = subprocess.run(
        [sys.executable, "-m", "groundstation", *words, "--kiss"], capture_output=True, check=True
    ).stdout
    assert raw == kiss_encode(bytes.fromhex(hexed))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["decode", "--satellite", "quetzal", "--hex", "00"], "did you mean 'quetzal-1'?"),
        (["decode", "no-such-file"], "cannot read no-such-file: No such file"),
        (["encode", "cpsat", "beacon"], "did you mean 'beacon_"),
        (["encode", "classroom-1", "beacon", "--set", "mode=sleepy"], "not one of: safe, nominal"),
        (["encode", "classroom-1", "beacon", "--set", "mode"], "is not NAME=VALUE"),
        (["deframe", "kis", "--hex", "00"], "did you mean 'kiss'?"),
        (["deframe", "kiss", "--hex", "0"], "--hex is not hex bytes"),
        (["decod"], "did you mean 'decode'?"),
        (["satellites", "show", "quetzal"], "did you mean 'quetzal-1'?"),
    ],
)
def test_wrong_usage_is_exit_2_and_says_what_to_do(words: list[str], message: str) -> None:
    _, errors = run(*words, code=2)
    assert message in errors


def test_deframe_kiss() -> None:
    out, _ = run("deframe", "kiss", "--hex", "C00041C0 C00042DB01C0", code=1)
    assert [json.loads(line)["frame"] for line in out.splitlines()] == ["41", None]
    assert "wrong KISS escape" in out


def test_a_student_begins_her_satellite(tmp_path: Path) -> None:
    data = str(tmp_path)
    run("satellites", "new", "my-sat", "--data", data)
    out, _ = run("satellites", "check", str(tmp_path / "satellites"))
    assert out == ""
    frame, _ = run("encode", "my-sat", "beacon", "--set", "battery_voltage=3.9", "--data", data)
    out, _ = run("decode", "--hex", frame.strip(), "--data", data, "--format", "json")
    line = json.loads(out)
    assert line["satellite"] == "my-sat"
    assert line["parameters"]["battery_voltage"]["value"] == 3.9
    _, errors = run("satellites", "new", "my-sat", "--data", data, code=2)
    assert "exists already" in errors


def test_a_broken_definition_is_left_out_and_named(tmp_path: Path) -> None:
    folder = tmp_path / "satellites"
    folder.mkdir()
    (folder / "bad.toml").write_text("[satellite]\nname = 5\n", "utf-8")
    _, errors = run("decode", "--hex", QUETZAL, "--data", str(tmp_path))
    assert "bad.toml:2: satellite.name: 5 is not a text in quotes" in errors
    out, _ = run("satellites", "check", "--data", str(tmp_path), code=1)
    assert "bad.toml:2: satellite.name" in out


def test_list_and_check_all() -> None:
    out, _ = run("satellites", "list", "--format", "json")
    found = {row["id"]: row for row in map(json.loads, out.splitlines())}
    assert found["classroom-1"]["simulated"]
    assert found["cpsat"]["packets"] == 10
    run("satellites", "check")


def test_a_table_of_eighty_columns_cuts_nothing_off() -> None:
    """What stands in the first column is what somebody types next."""
    listed, _ = run("satellites", "list", "--format", "json")
    ids = [json.loads(line)["id"] for line in listed.splitlines()]
    table, _ = run("satellites", "list")
    assert "…" not in table and max(map(len, table.splitlines())) <= 80
    assert [id for id in ids if f"│ {id} " not in table] == []
    values, _ = run("decode", "--hex", QUETZAL)
    assert "…" not in values and "│ comms_hardware_reset_counter " in values


def test_help_is_for_every_command() -> None:
    out, _ = run("--help")
    from groundstation.cli import COMMANDS

    for name in COMMANDS:
        assert name in out
        text, _ = run(name, "--help")
        assert text.startswith(f"Usage: groundstation {name}")


def test_satellites_check_counts_the_rows_that_nobody_proved(tmp_path: Path) -> None:
    _, errors = run("satellites", "check")
    assert "quetzal-1: ok\n" in errors
    assert re.search(r"^koyo: ok, \d+ of \d+ rows unproved$", errors, re.MULTILINE)
    counted = re.search(r"^\d+ definitions, (\d+) of (\d+) rows unproved$", errors, re.MULTILINE)
    assert counted
    assert 0 < int(counted[1]) < int(counted[2]) / 6


IN_FRAMES = """
[satellite]
name = "Frames"
[[downlinks]]
name = "d"
framing = "kiss"
layers = ["tm-frame", "space-packet"]
[[packets]]
name = "p"
match = { fields = { "space-packet.apid" = 100 } }
parameters = [ { name = "a", type = "u16" } ]
"""
#: Three packets, 1 to 3, in two TM frames; the second begins in the first frame (made by hand after
#: CCSDS 132.0-B-3 and 133.0-B-2).
TWO_FRAMES = "0120000018000064c000000100010064c00100\n0120010118030100020064c00200010003\n"


def test_every_packet_of_a_frame_is_a_line(tmp_path: Path) -> None:
    (tmp_path / "satellites").mkdir()
    (tmp_path / "satellites" / "frames.toml").write_text(IN_FRAMES)
    given = tmp_path / "frames.hex"
    given.write_text(TWO_FRAMES)
    words = ("decode", str(given), "--data", str(tmp_path), "--satellite", "frames")
    out, err = run(*words, "--format", "json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["parameters"]["a"]["value"] for line in lines] == [1, 2, 3]
    assert [line["parameters"]["a"]["bits"] for line in lines] == [[96, 16], [48, 16], [120, 16]]
    assert err == ""
    wide, _ = run(*words, "--format", "csv", "--wide")
    assert [row.split(",")[3] for row in wide.splitlines()] == ["a", "1", "2", "3"]
    points, _ = run(*words, "--format", "influx")
    assert [float(line.split("a=")[1].split(",")[0]) for line in points.splitlines()] == [1, 2, 3]
    given.write_text(TWO_FRAMES.splitlines()[0])
    _, err = run(*words, "--format", "json")
    assert err == "1 packets that span frames are not whole: frames are missing\n"


def test_hex_as_people_paste_it(tmp_path: Path) -> None:
    pairs = [QUETZAL[at : at + 2] for at in range(0, len(QUETZAL), 2)]
    dump = "\n".join(
        f"{at:04x}: {' '.join(pairs[at : at + 16])}" for at in range(0, len(pairs), 16)
    )
    forms = [dump, ", ".join(f"0x{pair}" for pair in pairs), ":".join(pairs)]
    forms += [f"2026-05-01 12:00:00|{QUETZAL}"]
    path = tmp_path / "frames.txt"
    path.write_text("\n".join([*forms, *forms]), "utf-8")
    out, _ = run("decode", str(path), "--format", "json")
    found = [json.loads(line) for line in out.splitlines()]
    assert [(line["frame"], line["satellite"]) for line in found] == [(QUETZAL, "quetzal-1")] * 8
    for text in forms:
        out, _ = run("decode", "--hex", text, "--format", "json")
        assert json.loads(out)["frame"] == QUETZAL
