"""``groundstation passes`` as a user meets it."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from groundstation.cli.passes import passes
from groundstation.cli.schedule import schedule
from groundstation.elements import ElementsCatalog
from groundstation.orbit.elements import to_omm_csv
from tests.orbit.truth import cases, elements_of, seconds_apart, when

CASE = cases("passes_consensus.json")[0]
SITE = ("--site", "42.8746,74.5698,800")
WINDOW = ("--start", "2026-08-22T06:00:00Z", "--hours", "48")


@pytest.fixture
def elements(tmp_path):
    path = tmp_path / "iss.tle"
    path.write_text("ISS (ZARYA)\n" + "\n".join(CASE["tle"]) + "\n")
    return path


@pytest.fixture(autouse=True)
def away_from_any_station(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(*arguments):
    return CliRunner().invoke(passes, [str(argument) for argument in arguments])


def test_json_lines_are_the_truth(elements):
    result = run("--elements", elements, *SITE, *WINDOW, "--format", "json")
    assert result.exit_code == 0
    assert result.stderr == ""
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(rows) == len(CASE["expected_passes"])
    for row, expected in zip(rows, CASE["expected_passes"], strict=True):
        assert row["norad"] == 25544
        assert row["satellite"] == "ISS (ZARYA)"
        for name in ("aos", "tca", "los"):
            assert seconds_apart(when(row[name]), when(expected[name])) < 0.1


def test_dut1_zero_is_what_other_programs_compute(elements):
    result = run("--elements", elements, *SITE, *WINDOW, "--dut1", 0, "--format", "json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    for row, expected in zip(rows, CASE["expected_passes"], strict=True):
        assert seconds_apart(when(row["aos"]), when(expected["aos"])) < 0.005


def test_csv(elements):
    result = run("--elements", elements, *SITE, *WINDOW, "--format", "csv", "25544")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert len(rows) == 11
    assert rows[0]["aos"].startswith("2026-08-22T21:28:59")
    assert rows[0]["sunlit"] in ("true", "false")


def test_table(elements):
    result = run("--elements", elements, *SITE, *WINDOW, "iss")
    assert "Saturday 2026-08-22 (UTC)" in result.stdout
    assert "21:28:59  21:32:10  21:35:22" in result.stdout
    assert "SW   NE" in result.stdout


def test_table_warns_of_old_elements(elements):
    result = run("--elements", elements, *SITE, "--start", "2026-10-22", "--hours", "24")
    assert "not to be trusted" in result.stdout


def test_no_pass(elements):
    result = run("--elements", elements, "--site", "90,0,0", *WINDOW)
    assert result.exit_code == 0
    assert "No passes" in result.stdout


def test_catalogue_and_station_file(tmp_path):
    (tmp_path / "station.toml").write_text(
        '[site]\nname = "Bishkek"\nlatitude_deg = 42.8746\nlongitude_deg = 74.5698\n'
        'altitude_m = 800\nmin_elevation_deg = 10\ntimezone = "Asia/Bishkek"\n'
    )
    ElementsCatalog(tmp_path / "data" / "elements").import_text("\n".join(CASE["tle"]), "x")
    result = run(*WINDOW)
    assert result.exit_code == 0
    assert "Sunday 2026-08-23 (Asia/Bishkek)" in result.stdout
    assert "03:28:59  03:32:10  03:35:22    21:28:59" in result.stdout
    other = run(*WINDOW, *SITE, "--format", "json")
    assert len(other.stdout.splitlines()) == 11


def test_horizon(elements, tmp_path):
    mask = tmp_path / "horizon.csv"
    mask.write_text("azimuth_deg,elevation_deg\n0,5\n180,5\n181,60\n360,60\n")
    free = run("--elements", elements, *SITE, *WINDOW, "--min-elevation", 5, "--format", "json")
    cut = run("--elements", elements, *SITE, *WINDOW, "--horizon", mask, "--format", "json")
    assert cut.exit_code == 0
    assert 0 < len(cut.stdout.splitlines()) <= len(free.stdout.splitlines())
    for row in map(json.loads, cut.stdout.splitlines()):
        assert row["max_elevation_deg"] >= 60 or row["tca_azimuth_deg"] < 181


def test_bad_elements_are_named_and_the_rest_is_used(elements):
    bad = CASE["tle"][0][:68] + "0\n" + CASE["tle"][1] + "\n"
    elements.write_text(elements.read_text() + bad)
    result = run("--elements", elements, *SITE, *WINDOW, "--format", "json")
    assert result.exit_code == 1
    assert "iss.tle:4: the checksum is '0'" in result.stderr
    assert len(result.stdout.splitlines()) == 11


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([*WINDOW], 2, "--site"),
        ([*WINDOW, "--site", "42,x"], 2, "LAT,LON"),
        ([*WINDOW, "--site", "95,10,0"], 2, "latitude is 95"),
        ([*SITE, "--start", "yesterday"], 2, "yesterday"),
        ([*SITE, "--hours", "-1"], 2, "--hours"),
        ([*SITE, "--min-elevation", "90"], 2, "--min-elevation"),
        ([*SITE, "--format", "xml"], 2, "xml"),
        ([*SITE, "--elements", "nowhere.tle"], 2, "nowhere.tle"),
        ([*SITE, "-c", "nowhere.toml"], 2, "nowhere.toml"),
        ([*SITE, *WINDOW], 1, "no elements in"),
    ],
)
def test_wrong_use(arguments, code, said):
    result = run(*arguments)
    assert result.exit_code == code
    assert said in result.stderr
    assert result.stdout == ""


def test_unknown_satellite(elements):
    result = run("--elements", elements, *SITE, *WINDOW, "99999")
    assert result.exit_code == 1
    assert "no elements of '99999'" in result.stderr


def test_detail(elements):
    result = run(
        "--elements", elements, *SITE, *WINDOW, "--detail", "--frequency", 437e6, "--format", "json"
    )
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    for row, expected in zip(rows, CASE["expected_passes"], strict=True):
        shifts = [expected[f"doppler_hz_at_437MHz_{name}"] for name in ("aos", "tca", "los")]
        assert row["doppler_hz"] == pytest.approx(shifts, abs=1.5)
        assert row["range_km"][1] == pytest.approx(expected["range_km_tca"], abs=0.1)
        assert row["sun_elevation_deg"] == pytest.approx(
            expected["sun_el_at_station_tca"], abs=0.05
        )
    plain = run("--elements", elements, *SITE, *WINDOW, "--format", "json").stdout.splitlines()
    assert all(set(json.loads(line)) < set(row) for line, row in zip(plain, rows, strict=True))
    table = run("--elements", elements, *SITE, *WINDOW, "--detail").stdout
    assert "At 21:28 look south-west." in table
    assert "to be seen by eye]" in table


def test_a_clock_older_than_the_elements_is_doubted(elements):
    from datetime import UTC, datetime, timedelta

    from groundstation.orbit.elements import parse_elements, to_omm_csv

    item = parse_elements(elements.read_text())[0]
    ahead = datetime.now(UTC) + timedelta(days=30)
    elements.write_text(to_omm_csv([replace(item, epoch=ahead)]))
    result = run("--elements", elements, *SITE, "--hours", "24")
    assert result.exit_code == 0
    assert "set the clock" in result.stderr
    assert "not to be trusted" in result.stdout


@pytest.mark.parametrize("start", ["2026-08-22T06:00:00", "2026-234T06:00:00Z", "20260822T06Z"])
def test_ways_to_write_the_start(elements, start):
    result = run("--elements", elements, *SITE, "--start", start, "--format", "json")
    assert json.loads(result.stdout.splitlines()[0])["aos"].startswith("2026-08-22T21:28:59")


def test_leap_second_as_start(elements):
    result = run("--elements", elements, *SITE, "--start", "2016-12-31T23:59:60Z", "--hours", 0)
    assert result.exit_code == 1  # a time ten years before these elements, which is told
    assert "SGP4 cannot compute ISS (ZARYA) at 2017-01-01 00:00 UTC" in result.stderr


def test_elements_from_standard_input(elements):
    result = CliRunner().invoke(
        passes, ["--elements", "-", *SITE, *WINDOW, "--format", "json"], input=elements.read_text()
    )
    assert len(result.stdout.splitlines()) == 11


@pytest.mark.parametrize("command", [passes, schedule])
def test_elements_that_cannot_be_computed_are_told_and_no_answer(command, tmp_path):
    iss = elements_of(CASE)
    inside = replace(iss, name="INSIDE", norad=1, eccentricity=0.95)  # its perigee is in the Earth
    path = tmp_path / "x.csv"
    where = ("--site", "42.87,74.57,800", "--start", f"{iss.epoch:%Y-%m-%dT%H:%M:%SZ}")
    path.write_text(to_omm_csv([inside]))
    alone = CliRunner().invoke(command, ["--elements", str(path), *where])
    assert alone.exit_code == 1
    assert alone.stdout == ""
    assert "SGP4 cannot compute INSIDE at" in alone.stderr
    path.write_text(to_omm_csv([inside, iss]))
    both = CliRunner().invoke(command, ["--elements", str(path), *where])
    assert both.exit_code == 1
    assert iss.name in both.stdout
    assert "INSIDE" in both.stderr


def test_age_is_told_with_its_direction(tmp_path):
    iss = elements_of(CASE)
    path = tmp_path / "x.csv"
    path.write_text(to_omm_csv([iss]))
    for days, said in ((-60, "days newer than that time"), (60, "days old")):
        start = f"{iss.epoch + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
        where = ("--site", "42.87,74.57,800", "--start", start)
        result = CliRunner().invoke(passes, ["--elements", str(path), *where])
        assert said in result.stdout.splitlines()[-1]
