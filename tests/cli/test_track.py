"""``groundstation track``: the plan on paper, and real daemons for a few seconds."""

import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from groundstation.cli.track import track
from groundstation.orbit.elements import parse_elements, to_omm_csv
from groundstation.orbit.pointing import doppler_hz, pointing
from groundstation.tracking.controller import Controller
from groundstation.tracking.hamlib import Rig, Rotator
from tests.orbit.truth import BISHKEK, cases, elements_of
from tests.tracking.controllers import daemon

ISS = elements_of(cases("passes_consensus.json")[0])
SITE = ("--site", "42.8746,74.5698,800")
START = ("--start", "2026-08-22T06:00:00Z")


@pytest.fixture(autouse=True)
def away_from_any_station(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def as_before():
    """``track`` runs in this process, and listens to its signals."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    handlers = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, handlers, strict=True):
        signal.signal(number, handler)


@pytest.fixture
def elements(tmp_path):
    path = tmp_path / "iss.csv"
    path.write_text(to_omm_csv([ISS]))
    return path


@pytest.fixture
def overhead(tmp_path):
    """A navigation satellite that stands well above the horizon now, and sets in some hours."""
    now = datetime.now(UTC)
    for anomaly in range(0, 360, 15):
        item = replace(
            ISS, name="OVERHEAD", norad=12345, epoch=now, mean_motion_rev_day=2.0056,
            eccentricity=0.0001, inclination_deg=0.1, mean_anomaly_deg=float(anomaly),
            bstar_per_earth_radius=0.0,
        )  # fmt: skip
        if pointing(item, BISHKEK, now).elevation_deg > 25:
            break
    path = tmp_path / "geo.csv"
    path.write_text(to_omm_csv([item]))
    return path


def run(*arguments):
    return CliRunner().invoke(track, [str(argument) for argument in arguments])


def test_dry_run(elements):
    result = run(
        "--elements", elements, *SITE, *START, "25544", "--dry-run", "--frequency", 437_525_000
    )
    assert result.exit_code == 0
    assert "2026-08-22 21:28:59 to 21:35:22 UTC" in result.stdout
    assert "21:32:14   136.5  45.0    136.5  45.0    0.0     571      43752448" in result.stdout
    assert "more than 10° off" not in result.stdout


def test_dry_run_tells_of_a_swing(elements):
    result = run("--elements", elements, *SITE, *START, "25544", "--dry-run", "--mount", "-180-180")
    assert "the antenna is more than 10° off" in result.stdout


def test_real_daemons(overhead):
    with daemon("rotctld") as rotator, daemon("rigctld") as rig:
        result = run(
            "--elements", overhead, *SITE, "12345", "--hours", 4 / 3600, "--rotator", rotator,
            "--rig", rig, "--frequency", 437_525_000, "--mode", "FM", "--mount", "0-450",
        )  # fmt: skip
        assert result.exit_code == 0, result.stderr
        assert "OVERHEAD" in result.stdout
        assert "sent to" in result.stdout
        with Controller("radio", rig) as radio:
            (item,) = parse_elements(overhead.read_text())
            there = pointing(item, BISHKEK, datetime.now(UTC))
            heard = 437_525_000 + doppler_hz(there.range_rate_km_s, 437_525_000)
            # It moves by less than a hertz a second, and so high the shift is no more than 2 kHz.
            assert Rig(radio).frequency_hz() == pytest.approx(heard, abs=60)
            assert abs(heard - 437_525_000) < 2000
        with Controller("rotator", rotator) as controller:
            assert max(Rotator(controller).position()) > 5  # it has been on its way


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_the_antenna_stops(overhead, number):
    words = ("--elements", overhead, *SITE, "12345", "--hours", 0.2, "--mount", "0-450")
    with daemon("rotctld") as rotator:
        process = subprocess.Popen(
            [sys.executable, "-m", "groundstation", "track", *map(str, words), "--rotator", rotator]
        )
        with Controller("rotator", rotator) as controller:
            patience = time.monotonic() + 60
            while max(Rotator(controller).position()) < 2:  # until it is on its way
                assert time.monotonic() < patience
                time.sleep(0.1)
            process.send_signal(number)
            assert process.wait(60) == 0
            before = Rotator(controller).position()
            time.sleep(0.5)
            assert Rotator(controller).position() == before


def test_no_daemon_is_an_alarm(overhead):
    result = run(
        "--elements", overhead, *SITE, "12345", "--hours", 6 / 3600, "--rotator", "127.0.0.1:1"
    )
    assert result.exit_code == 1
    assert "ALARM: the rotator at 127.0.0.1:1 cannot be reached" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["25544"], 1, "does not come over"),
        ([], 2, "name one SATELLITE"),
        (["25544", *START], 2, "--start is for --dry-run"),
        (["25544", *START, "--dry-run", "--mount", "round"], 2, "'round' is not a mount"),
        (["25544", *START, "--dry-run", "--hours", "1"], 1, "does not come over"),
        (["99999", *START, "--dry-run"], 1, "no elements of '99999'"),
    ],
)
def test_wrong_use(elements, arguments, code, said):
    where = ("--site", "-90,0,0") if code == 1 else SITE
    result = run("--elements", elements, *where, *arguments)
    assert result.exit_code == code
    assert said in result.stderr


def test_nothing_to_drive(overhead):
    result = run("--elements", overhead, *SITE, "12345")
    assert result.exit_code == 2
    assert "nothing to drive" in result.stderr
    result = run("--elements", overhead, *SITE, "12345", "--rig", "127.0.0.1:1")
    assert result.exit_code == 2
    assert "--frequency" in result.stderr


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--frequency", "437.525", "437.525 MHz is written 437525000"),
        ("--frequency", "437525", "437525 kHz is written 437525000"),
        ("--uplink", "145.9", "145.9 MHz is written 145900000"),
        ("--frequency", "nan", "nan is no frequency of a radio in Hz"),
        ("--frequency", "inf", "inf is no frequency of a radio in Hz"),
        ("--frequency", "-437525000", "is no frequency of a radio in Hz"),
        ("--frequency", "0", "0 is no frequency of a radio in Hz"),
        ("--offset", "nan", "nan is not a number of Hz"),
        ("--offset", "5e9", "is not a number of Hz from -1000000 to 1000000"),
        ("--mode", "FM-D", "'FM-D' is not the name of a mode"),
    ],
)
def test_slips_are_told_before_anything_is_tuned(elements, option, value, told):
    words = ["25544", "--elements", str(elements), *SITE, *START, "--dry-run", option, value]
    result = CliRunner().invoke(track, words)
    assert result.exit_code == 2
    assert told in result.output.replace("\n", " ")


def test_an_offset_may_be_negative(elements):
    words = ["25544", "--elements", str(elements), *SITE, *START, "--dry-run", "--offset", "-1200"]
    assert CliRunner().invoke(track, words).exit_code == 0
