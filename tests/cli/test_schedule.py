"""``groundstation schedule`` as a user meets it."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from groundstation.cli.schedule import schedule
from groundstation.elements import ElementsCatalog
from groundstation.orbit.elements import to_omm_csv
from tests.orbit.truth import cases, elements_of, when

SITE = ("--site", "42.8746,74.5698,800")
WINDOW = ("--start", "2026-08-22T06:00:00Z", "--hours", "24")
CASES = {case["id"]: case for case in cases("passes_consensus.json")}
BOTH = [elements_of(CASES[name]) for name in ("bishkek-59112", "bishkek-40967")]


@pytest.fixture(autouse=True)
def away_from_any_station(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def elements(tmp_path):
    path = tmp_path / "two.csv"
    path.write_text(to_omm_csv(BOTH))
    return path


def run(*arguments):
    return CliRunner().invoke(schedule, [str(argument) for argument in arguments])


def rows(*arguments):
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_priority_decides_a_clash(elements):
    everything = rows("--elements", elements, *SITE, *WINDOW, "--all")
    plain = rows("--elements", elements, *SITE, *WINDOW)
    assert all(row["chosen"] for row in plain)
    lost = [row for row in everything if not row["chosen"]]
    assert [row["norad"] for row in lost] == [59112, 59112]
    assert "which is worth" in lost[0]["reason"]
    other = rows("--elements", elements, *SITE, *WINDOW, "--priority", "59112=4", "--all")
    assert {row["norad"] for row in other if not row["chosen"]} == {40967}


def test_two_antennas_take_all(elements):
    found = rows("--elements", elements, *SITE, *WINDOW, "--all", "--antennas", 2)
    assert all(row["chosen"] for row in found)
    assert {row["antenna"] for row in found} == {0, 1}


def test_partial(elements):
    whole = rows("--elements", elements, *SITE, *WINDOW)
    found = rows("--elements", elements, *SITE, *WINDOW, "--partial")
    assert len(found) > len(whole)
    parts = [row for row in found if (row["begin"], row["end"]) != (row["aos"], row["los"])]
    assert parts
    for part in parts:
        assert when(part["aos"]) <= when(part["begin"]) < when(part["end"]) <= when(part["los"])


def test_station_priorities(tmp_path):
    ElementsCatalog(tmp_path / "data" / "elements").import_text(to_omm_csv(BOTH), "x")
    definitions = tmp_path / "data" / "satellites"
    definitions.mkdir()
    (definitions / "sonate-2.toml").write_text(
        '[satellite]\nname = "SONATE-2"\nnorad = 59112\nsource = "made by hand"\n'
        'version = "1"\n\n[[packets]]\nname = "beacon"\nmatch = { prefix = "A5" }\n'
        'endian = "big"\nparameters = [ { name = "a", type = "u8" } ]\n'
    )
    (tmp_path / "station.toml").write_text(
        '[site]\nname = "Bishkek"\nlatitude_deg = 42.8746\nlongitude_deg = 74.5698\n'
        "altitude_m = 800\nmin_elevation_deg = 10\n\n"
        '[[satellites]]\nid = "sonate-2"\npriority = 4\n'
    )
    found = rows(*WINDOW)
    assert {row["norad"] for row in found} == {59112}
    assert {row["priority"] for row in found} == {4}


def test_table_and_csv(elements):
    table = run("--elements", elements, *SITE, *WINDOW, "--all").stdout
    assert "not taken: the antenna is needed for" in table
    text = run("--elements", elements, *SITE, *WINDOW, "--all", "--format", "csv").stdout
    found = list(csv.DictReader(io.StringIO(text)))
    assert {row["chosen"] for row in found} == {"true", "false"}
    assert found[0]["norad"] in ("59112", "40967")
    assert run("--elements", elements, "--site", "90,0,0", "--hours", 0).stdout == "No passes.\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--priority", "59112"], 2),
        (["--priority", "59112=-1"], 2),
        (["--priority", "12345=1"], 2),
        (["--antennas", "0"], 2),
        (["--gap", "-5"], 2),
        (["99999"], 1),
    ],
)
def test_wrong_use(elements, arguments, code):
    result = run("--elements", elements, *SITE, *WINDOW, *arguments)
    assert result.exit_code == code
    assert result.stderr
