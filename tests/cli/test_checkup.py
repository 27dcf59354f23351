"""``groundstation doctor`` on a station's surroundings: each fault is found, with its mend."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from groundstation.cli.doctor import doctor
from groundstation.folder_lock import FolderLock
from groundstation.storage.journal import JournalWriter
from tests.orbit.truth import cases, elements_of
from tests.peers import free_port
from tests.sound import air

SITE = '[site]\nname = "Талас"\nlatitude_deg = 42.5\nlongitude_deg = 72.2\n'


class Station:
    """A data folder with settings that can be changed."""

    def __init__(self, path: Path):
        self.path = path
        JournalWriter(path).close()
        self.port = free_port()

    def look(self, settings: str = "", *words: str, lang: str = "en") -> dict[str, dict[str, str]]:
        """Findings by name."""
        result = self.run(settings, "--format", "json", "--lang", lang, *words)
        found = [json.loads(line) for line in result.stdout.splitlines()]
        assert result.exit_code == any(item["health"] == "bad" for item in found)
        return {item["name"]: item for item in found}

    def run(self, settings: str, *words: str) -> Result:
        text = f"{SITE}[dashboard]\nport = {self.port}\n{settings}"
        (self.path / "station.toml").write_text(text, "utf-8")
        return CliRunner().invoke(doctor, ["--data", str(self.path), *words])


@pytest.fixture
def station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Station:
    monkeypatch.chdir(tmp_path)
    return Station(tmp_path / "data")


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_whole_station_is_well(station: Station, listening: int) -> None:
    found = station.look(f'[[links]]\nname = "tnc"\nurl = "tcp://127.0.0.1:{listening}"\n')
    assert [name for name, item in found.items() if item["health"] == "bad"] == []
    assert list(found) == [
        *("settings", "journal", "values", "definitions", "rights", "disk", "write speed"),
        *("clock", "radio tnc", "elements", "web port"),
    ]
    assert found["radio tnc"]["said"] == f"tcp://127.0.0.1:{listening} answers"
    assert "a frame is safe after" in found["write speed"]["said"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("/dev/ttyNOT", "/dev/ttyNOT is not there; plug the device in, or name another one"),
        ("tcp://127.0.0.1:1", "nothing listens on 127.0.0.1:1; start the TNC program there"),
        ("/dev/null", "/dev/null is no serial port; name another one in station.toml"),
    ],
)
def test_a_radio_that_is_not_there(station: Station, url: str, said: str) -> None:
    found = station.look(f'[[links]]\nname = "tnc"\nurl = "{url}"\n')["radio tnc"]
    assert found["health"] == "bad"
    assert found["said"].startswith(said)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="another user is needed")
def test_a_radio_that_this_user_may_not_open(station: Station, tmp_path: Path) -> None:
    main, other = os.openpty()
    name = os.ttyname(other)
    Path(name).chmod(0o600)
    for path in (tmp_path, *tmp_path.parents[:3]):
        if path.stat().st_mode & 0o055 != 0o055:
            path.chmod(path.stat().st_mode | 0o055)
    station.run(f'[[links]]\nname = "tnc"\nurl = "{name}"\n')
    # First as root: the other user may not read this Python's own modules.
    code = (
        "import os\n"
        "from click.testing import CliRunner\n"
        "from groundstation.cli.doctor import doctor\n"
        f"look = lambda: CliRunner().invoke(doctor, ['--data', {str(station.path)!r}])\n"
        "look(); os.setegid(65534); os.seteuid(65534); print(look().output)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    os.close(main)
    os.close(other)
    assert done.returncode == 0, done.stderr
    assert f"no permission to open {name}; run: sudo usermod -aG dialout" in done.stdout
    assert "this user may not write to" in done.stdout
    assert "sudo chown -R" in done.stdout


@pytest.mark.parametrize(
    "url", ["tcp:/127.0.0.1:8001", "localhost:8001", "/dev/ttyUSB0:9600", "file:/x"]
)
def test_a_slip_in_an_address_is_said_with_the_right_form(station: Station, url: str) -> None:
    found = station.look(f'[[links]]\nname = "tnc"\nurl = "{url}"\n')["settings"]
    assert found["health"] == "bad"
    assert "write " in found["said"]


def test_a_web_port_that_another_program_has(station: Station) -> None:
    with socket.create_server(("127.0.0.1", station.port)):
        found = station.look()["web port"]
    assert found["health"] == "bad"
    assert f"by process {os.getpid()}" in found["said"]


def test_what_the_running_station_holds_is_not_taken_from_it(station: Station) -> None:
    with FolderLock(station.path), socket.create_server(("127.0.0.1", station.port)):
        found = station.look('[[links]]\nname = "tnc"\nurl = "/dev/ttyUSB0"\n')
    assert found["web port"]["health"] == found["radio tnc"]["health"] == "well"


def test_elements_that_are_missing_or_old(station: Station) -> None:
    settings = '[[satellites]]\nid = "25544"\n'
    assert station.look(settings)["elements"]["said"] == "none of 25544"
    from groundstation.orbit.elements import to_omm_csv

    iss = elements_of(cases("passes_consensus.json")[0])
    (station.path / "elements").mkdir()
    (station.path / "elements" / "current.csv").write_text(to_omm_csv([iss]), "utf-8")
    found = station.look(f'[[satellites]]\nid = "{iss.norad}"\n')["elements"]
    assert found["health"] == "doubtful"
    assert "more than a minute off" in found["said"]
    assert "elements update" in found["mend"]


def test_a_database_that_does_not_answer(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = '[storage]\nkind = "influx"\nurl = "http://127.0.0.1:1"\ntoken_env = "NO_TOKEN"\n'
    assert "NO_TOKEN is not set" in station.look(settings)["InfluxDB"]["said"]
    monkeypatch.setenv("NO_TOKEN", "secret-token")
    found = station.look(settings)["InfluxDB"]
    assert found["health"] == "bad"
    assert "http://127.0.0.1:1 does not answer" in found["said"]
    assert "secret-token" not in json.dumps(found)


def test_rotator_and_radio_that_do_not_answer(station: Station, listening: int) -> None:
    settings = f'[tracking]\nrotator = "127.0.0.1:1"\nrig = "127.0.0.1:{listening}"\n'
    found = station.look(settings)
    assert (found["rotctld"]["health"], found["rigctld"]["health"]) == ("bad", "well")


def test_messages_that_cannot_be_sent(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = '[notify]\nurls_env = "NO_ADDRESSES"\n'
    assert station.look(settings)["messages"]["health"] == "bad"
    monkeypatch.setenv("NO_ADDRESSES", "json://127.0.0.1")
    assert station.look(settings)["messages"]["health"] == "well"


def test_in_the_language_of_the_settings(station: Station) -> None:
    told = station.run('language = "ky"\n[[links]]\nname = "t"\nurl = "/dev/ttyNOT"\n').output
    assert "радио t: /dev/ttyNOT" in told
    assert "жазуу ылдамдыгы: " in told
    assert "not there" not in told
    russian = station.look('[[links]]\nname = "t"\nurl = "/dev/ttyNOT"\n', lang="ru")
    assert "радио t" in russian


def test_without_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    JournalWriter(tmp_path / "data").close()
    result = CliRunner().invoke(doctor, ["--lang", "ru"])
    assert result.exit_code == 0
    assert "нет station.toml ни здесь, ни в data" in result.output
    # SQLite's own files beside the journal, and no lock of a station.
    assert {path.name[:10] for path in (tmp_path / "data").iterdir()} == {"journal.db"}


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(doctor, ["--data", str(tmp_path / "other")])
    assert result.exit_code == 2
    assert "there is no folder" in result.output


def test_no_room(tmp_path: Path) -> None:
    """A small disk of its own; root only."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no right to mount")
    try:
        JournalWriter(disk).close()
        result = CliRunner().invoke(doctor, ["--data", str(disk), "--lang", "en"])
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    assert result.exit_code == 1
    assert "MB are free" in result.output and "groundstation compact" in result.output


@pytest.mark.parametrize(
    ("gain", "middle", "said"),
    [
        (0.1, 0.0, "its level is right: 9.7 % of full scale"),
        (2.0, 0.0, "too loud: "),
        (0.001, 0.0, "too quiet: 0.097 % of full scale"),
        (0.0, 0.0, "it is silent"),
        (0.1, 0.3, "its middle is 29 % of full scale beside zero"),
    ],
)
def test_the_level_of_a_link_of_sound(
    station: Station, tmp_path: Path, gain: float, middle: float, said: str
) -> None:
    noise = np.random.default_rng(1).standard_normal(2 * air.RATE) * gain + middle
    path = air.write_wave(tmp_path / "pass.wav", noise.astype(np.float32))
    link = f'[[links]]\nname = "radio"\nurl = "wav://{path}"\n'
    found = station.look(f'{link}satellite = "cute"\n')
    assert found["sound of radio"]["said"].startswith(said)
    assert (found["sound of radio"]["health"] == "well") == (not found["sound of radio"]["mend"])
    assert found["listening of radio"]["said"] == "it always listens for cute"
    listens = station.look(link, lang="ky")["radio эмнени угат"]
    assert (listens["health"], listens["said"]) == (
        "bad",
        "эчтеке укпайт: бир да спутник аталган эмес",
    )


def test_a_high_pass_in_the_way_and_one_that_is_known(station: Station, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).standard_normal(4 * air.RATE) * 0.1
    f = np.fft.rfftfreq(len(noise), 1 / air.RATE)
    audio = np.fft.irfft(np.fft.rfft(noise) * 1j * f / (1j * f + 100), len(noise))
    path = air.write_wave(tmp_path / "pass.wav", audio.astype(np.float32))
    found = station.look(f'[[links]]\nname = "radio"\nurl = "wav://{path}"\nsatellite = "cute"\n')
    assert found["sound of radio"]["said"].startswith("a filter takes away what is below 1")
    assert "highpass=1" in found["sound of radio"]["mend"]


def test_a_link_of_sound_to_which_nobody_sends(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groundstation.checkup.sound._WAIT_S", 0.5)
    settings = f'[[links]]\nname = "radio"\nurl = "udp://127.0.0.1:{free_port()}"\n'
    found = station.look(f'{settings}[[satellites]]\nid = "cute"\n')
    assert found["sound of radio"]["said"] == "nothing came in 0.5 s"
    assert found["listening of radio"]["said"] == "it listens while a pass is on, for cute"
