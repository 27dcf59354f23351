"""``groundstation schedule`` as a user meets it."""

import csv
import io
import json
import re
from datetime import timedelta
from math import atan2, cos, degrees, radians, sin, sqrt, tan

import pytest
from click.testing import CliRunner

from groundstation.cli.passes import passes
from groundstation.cli.schedule import schedule
from groundstation.cli.track import track
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
    assert {row["antenna"] for row in found} == {1, 2}
    table = run("--elements", elements, *SITE, *WINDOW, "--antennas", 2).stdout.splitlines()
    assert {line.split()[-2] for line in table[1:]} == {"1", "2"}
    listed = run("--elements", elements, *SITE, *WINDOW, "--antennas", 2, "--format", "csv").stdout
    assert {row["antenna"] for row in csv.DictReader(io.StringIO(listed))} == {"1", "2"}


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


def test_one_number_format_in_csv(tmp_path):
    """A number with a fraction is written with one, wherever it comes from."""
    whole(tmp_path, priority=2)
    path = tmp_path / "two.csv"
    path.write_text(to_omm_csv(BOTH))
    listed = run("--elements", path, "-c", tmp_path / "station.toml", *WINDOW, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(listed.stdout)))
    assert {row["priority"] for row in rows} == {"1.0", "2.0"}
    passes_ = CliRunner().invoke(
        passes, [*map(str, ("--elements", path, *SITE, *WINDOW)), "--format", "csv"]
    )
    same = {(row["norad"], row["aos"]): row for row in csv.DictReader(io.StringIO(passes_.stdout))}
    for row in rows:
        one = same[row["norad"], row["aos"]]
        assert {name: row[name] for name in one} == one


def whole(folder, priority=1, timezone="Asia/Bishkek"):
    """A station that names one of both by its name."""
    (folder / "station.toml").write_text(
        f'[site]\nname = "Bishkek"\nlatitude_deg = 42.8746\nlongitude_deg = 74.5698\n'
        f'altitude_m = 800\ntimezone = "{timezone}"\n'
        f"[[satellites]]\nid = 59112\npriority = {priority}\n"
    )


def test_local_time_beside_utc_and_dates_where_they_differ(tmp_path, elements):
    whole(tmp_path)
    found = rows("--elements", elements, *WINDOW)
    table = run("--elements", elements, *WINDOW).stdout.splitlines()
    assert table[0].split()[:4] == ["Begin", "(Asia/Bishkek)", "End", "Begin"]
    assert len(table) == len(found) + 1
    differ = 0
    for line, row in zip(table[1:], found, strict=True):
        begin, end = (when(row[key]) for key in ("begin", "end"))
        local = begin + timedelta(hours=6)  # Bishkek has no daylight saving time
        assert line.split()[:2] == f"{local:%Y-%m-%d %H:%M:%S}".split()
        assert f"  {end + timedelta(hours=6):%H:%M:%S}" in line
        utc = f"{begin:%H:%M:%S}"
        if local.date() != begin.date():
            differ += 1
            utc = f"{begin:%m-%d} {utc}"
        assert utc in line
    assert differ


def test_a_calendar_of_what_is_taken(elements):
    found = rows("--elements", elements, *SITE, *WINDOW, "--partial", "--antennas", 1)
    text = (
        run(*("--elements", elements, *SITE, *WINDOW, "--partial", "--all", "--format", "ics"))
        .stdout.replace("\r\n ", "")
        .replace("\n ", "")
    )
    begins = [line[8:] for line in text.splitlines() if line.startswith("DTSTART:")]
    assert begins == [f"{when(row['begin']):%Y%m%dT%H%M%SZ}" for row in found]
    assert text.count("DESCRIPTION:Antenna 1. ") == len(found)
    both = run("--elements", elements, *SITE, *WINDOW, "--antennas", 2, "--format", "ics").stdout
    assert "DESCRIPTION:Antenna 2. " in both


def test_a_satellite_that_never_sets_is_pointed_at_by_hand(tmp_path):
    """Yamal 601 stands over 49 degrees east; where that is in the sky is plane geometry."""
    path = tmp_path / "yamal.csv"
    path.write_text(to_omm_csv([elements_of(CASES["geo-yamal601-bishkek-always"])]))
    latitude, apart = radians(42.8746), radians(74.5698 - 49.0)
    azimuth = 180 + degrees(atan2(tan(apart), sin(latitude)))
    middle = cos(latitude) * cos(apart)
    elevation = degrees(atan2(middle - 6378.137 / 42164.2, sqrt(1 - middle**2)))
    for command in (schedule, passes, track):
        words = [str(word) for word in ("--elements", path, *SITE, *WINDOW)]
        words += ["44307", "--dry-run"] if command is track else ["--format", "ics"]
        told = CliRunner().invoke(command, words)
        assert "does not set here" in told.stderr
        numbers = [float(number) for number in re.findall(r"([0-9.]+)°", told.stderr)]
        assert numbers[0] == pytest.approx(azimuth, abs=0.5)
        assert numbers[1] == pytest.approx(elevation, abs=0.5)
        assert "VEVENT" not in told.stdout
    table = CliRunner().invoke(passes, [str(word) for word in ("--elements", path, *SITE, *WINDOW)])
    assert table.stdout == told.stderr
    # In an hour's window a satellite that sets may seem to stand: that is a pass.
    short = ("--start", "2026-08-22T06:00:00Z", "--hours", "0.001", "--min-elevation", "-90")
    low = tmp_path / "low.csv"
    low.write_text(to_omm_csv(BOTH[:1]))
    shown = CliRunner().invoke(
        passes, [str(word) for word in ("--elements", low, *SITE, *short, "--min-elevation", "-80")]
    )
    assert "does not set" not in shown.stdout
