"""``satellites check --watch`` and ``satellites new``: a student's screen at each save."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from groundstation.catalog import SatelliteCatalog
from groundstation.cli.definition_check import check_file
from groundstation.cli.definition_watch import Screen, watch
from groundstation.cli.new_definition import as_table, new_definition
from tests.cli.test_decode import run

CATALOG = SatelliteCatalog()


def session(
    path: Path, saves: list[str], capsys: pytest.CaptureFixture[str], width: int = 100
) -> list[str]:
    """What the screen shows first, and after each of ``saves``."""
    screen = Screen(CATALOG, lambda: "12:00:00", width)
    left: Iterator[str] = iter(saves)
    shown: list[str] = []

    def wait(seconds: float) -> bool:
        assert 0 < seconds < 1
        shown.append(capsys.readouterr().out)
        text = next(left, None)
        if text is not None:
            path.write_text(text, "utf-8")
        return len(shown) == len(saves) + 2

    watch(path, screen.show, wait)
    return [text for text in shown if text]


def test_each_save_is_shown_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sat.toml"
    good = new_definition("sat", "Sat", "N0CALL", ("beacon",))
    path.write_text(good, "utf-8")
    broken = good.replace('"u16"', '"uint16"')
    wrong = good.replace("battery_voltage = 4.0", "battery_voltage = 5.0")
    low = good.replace("A1 0F A0 01", "A1 0C 00 00").replace('= 4.0, mode = "nominal"', "= 3.072")
    first, second, third, fourth = session(path, [broken, wrong, low], capsys)
    assert "✓ ok: 1 packets, 2 rows, 1 example frames" in first
    assert "0F A0" in first and "● nominal" in first
    assert "'uint16' is not a type (did you mean 'u16'?)" in second
    assert "Example 1" not in second
    assert "battery_voltage is 4.0 (raw 4000), expected 5.0" in third
    assert "✗ 5.0" in third
    assert "■ critical" in fourth and "✓ ok" in fourth


def test_a_file_that_comes_and_goes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sat.toml"
    good = new_definition("sat", "Sat", "N0CALL", ("beacon",))
    gone, there = session(path, [good], capsys)
    assert "cannot be read: No such file or directory" in gone
    assert "✓ ok" in there


def test_a_spreadsheet_names_its_own_lines(tmp_path: Path) -> None:
    text = as_table(new_definition("sat", "Sat", "N0CALL", ("a", "b")), decimal_comma=True)
    path = tmp_path / "sat.csv"
    path.write_text(text, "utf-8")
    checked = check_file(path, CATALOG)
    assert checked.problems == () and checked.satellite is not None
    lines = text.splitlines()
    number = max(n for n, line in enumerate(lines) if "battery_voltage;u16" in line)
    lines[number] = lines[number].replace("u16", "u99")
    path.write_text("\n".join(lines), "utf-8")
    (problem,) = check_file(path, CATALOG).problems
    assert problem.startswith(f"{path}:{number + 1}: packets.b.parameters.battery_voltage.type: ")
    path.write_text(text.replace("A1 0F A0", "A1 0F A1"), "utf-8")
    (problem,) = check_file(path, CATALOG).problems
    assert "battery_voltage is 4.001" in problem
    assert problem.startswith(f"{path}:{text[: text.index('A1 0F A0')].count(chr(10)) + 1}: ")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[[[", b"", b"a = 'x", b"[satellite]\nname = 1"])
def test_nothing_that_a_file_can_be_raises(content: bytes, tmp_path: Path) -> None:
    for name in ("x.toml", "x.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        checked = check_file(path, CATALOG)
        assert checked.satellite is None
        assert checked.problems[0].startswith(str(path))


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_command_shows_saves_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    run("satellites", "new", "my-sat", "--data", str(tmp_path))
    path = tmp_path / "satellites" / "my-sat.toml"
    log = tmp_path / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [
                sys.executable,
                "-u",
                "-m",
                "groundstation",
                "satellites",
                "check",
                "--watch",
                str(path),
            ],
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            until(lambda: "✓ ok" in log.read_text("utf-8"))
            path.write_text(path.read_text("utf-8").replace("u16", "u61"), "utf-8")
            until(lambda: "✗" in log.read_text("utf-8"))
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0
        finally:
            process.kill()
            process.wait()
    assert "Traceback" not in log.read_text("utf-8")


def test_new_takes_packets_name_and_callsign(tmp_path: Path) -> None:
    words = ("--packet", "beacon", "--packet", "camera", "--name", 'A "b"', "--callsign", "EX1AA-7")
    run("satellites", "new", "two", *words, "--data", str(tmp_path))
    out, _ = run("satellites", "check", str(tmp_path / "satellites"))
    assert out == ""
    frame, _ = run("encode", "two", "camera", "--set", "mode=safe", "--data", str(tmp_path))
    decoded, _ = run("decode", "--hex", frame.strip(), "--data", str(tmp_path), "--format", "json")
    assert '"packet": "camera"' in decoded
    run("satellites", "new", "sheet", "--csv", "--decimal-comma", "--data", str(tmp_path))
    run("satellites", "check", str(tmp_path / "satellites" / "sheet.csv"))
    _, errors = run("satellites", "new", "Bad Id", "--data", str(tmp_path), code=2)
    assert "'Bad Id' is not an id" in errors
    _, errors = run("satellites", "new", "x", "--packet", "My packet", code=2)
    assert "'My packet' is not a name" in errors


def test_new_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    _, errors = run("satellites", "new", "my-sat", "--data", str(tmp_path / "data"), code=2)
    assert f"cannot make {tmp_path / 'data' / 'satellites'}: " in errors


def test_watch_needs_one_file(tmp_path: Path) -> None:
    _, errors = run("satellites", "check", "--watch", "--data", str(tmp_path), code=2)
    assert "--watch needs one FILE" in errors
