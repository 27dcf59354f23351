"""``groundstation run`` as a process: starting, stopping, and what stands in the way."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from decoders.framing.kiss import kiss_encode
from groundstation.config import DashboardConfig, load_config
from groundstation.port_holder import holder
from groundstation.serve import check_port
from groundstation.station import Station
from groundstation.storage.telemetry.reader import TelemetryReader
from tests.links.devices import PtyDevice, TcpDevice, wait_until
from tests.peers import free_port
from tests.station.frames import SATELLITE, beacon
from tests.station.running import COMMAND, Process, journal, running, wait_for_frames, write_config


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "run", *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def one_sentence(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return line.removeprefix("Error: ")


def test_from_the_port_to_the_store(tmp_path: Path) -> None:
    device = PtyDevice(tmp_path / "ttyUSB0")
    device.plug()
    write_config(tmp_path, device.url)
    frames = [beacon(n) for n in range(50)]
    with running(tmp_path) as station:
        station.wait_open()
        for frame in frames:
            device.write(kiss_encode(frame))
        wait_for_frames(station.data, frames)
        wait_until(lambda: station.status()["followers"]["telemetry"]["seq"] == 50)
        wait_until(lambda: station.status()["links"][0]["frames"] == 50)
        status = station.status()
    device.unplug()
    assert status["pid"] == station.popen.pid
    assert status["site"] == {
        "name": "Ground station",
        "latitude_deg": 42.87,
        "longitude_deg": 74.57,
        "altitude_m": 0.0,
    }
    assert status["clock"]["speed"] == 1.0
    assert SATELLITE in status["satellites"]
    assert status["simulated"] is False
    assert status["journal_error"] is None
    assert status["followers"]["telemetry"] == {
        "seq": 50,
        "lag": 0,
        "error": None,
        "backlog": 0,
        "set_apart": "",
        "left_out": 0,
    }
    link = status["links"][0]
    assert abs(time.time() - link.pop("last_byte_us") / 1e6) < 30
    assert link == {
        "name": "link-1",
        "url": device.url,
        "framing": "kiss",
        "state": "open",
        "detail": "",
        "bytes": sum(len(kiss_encode(frame)) for frame in frames),
        "frames": 50,
        "bad_frames": 0,
        "simulated": False,
        "listens": "",
    }
    store = TelemetryReader(station.data)
    assert store.latest(SATELLITE)["uptime"].value == 49
    store.close()
    assert not (station.data / "status.json").exists()


def test_the_status_is_written_each_second_and_at_each_change(tmp_path: Path) -> None:
    device = TcpDevice()
    write_config(tmp_path, device.url)
    with running(tmp_path) as station:
        wait_until(lambda: "nothing listens on" in str(station.status()))
        first = station.status()["written_us"]
        wait_until(lambda: station.status()["written_us"] > first)
        device.plug()
        station.wait_open()
        device.write(b"")
        device.unplug()
        wait_until(lambda: station.status()["links"][0]["state"] == "waiting")
    assert json.dumps(station.status()) == "{}"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_stops_at_once_when_told(tmp_path: Path, number: signal.Signals) -> None:
    write_config(tmp_path, "/dev/ttyNOT", f"tcp://127.0.0.1:{free_port()}", "loop://")
    station = Process(tmp_path)
    wait_until(lambda: len(station.status().get("links", [])) == 3)
    station.popen.send_signal(number)
    assert station.stop() == 0
    assert "stopped; everything received is in the data folder" in station.log()
    assert "Traceback" not in station.log()


def test_a_station_without_links_says_so(tmp_path: Path) -> None:
    write_config(tmp_path)
    with running(tmp_path) as station:
        wait_until(lambda: "links: none (add [[links]])" in station.log())


def test_no_settings(tmp_path: Path) -> None:
    sentence = one_sentence(run("-c", str(tmp_path / "station.toml")))
    assert sentence.startswith(f"{tmp_path}/station.toml was not found; write one")


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ("[dashbord]\n", "station.toml:5: dashbord: unknown key; did you mean 'dashboard'?"),
        ('[[links]]\nurl = "tpc://x"\n', "tpc://x: there is no link of the kind tpc://; did you"),
        (
            '[[links]]\nurl = "loop://"\nsatellite = "clasroom-1"\n',
            "there is no satellite definition 'clasroom-1'; did you mean 'classroom-1'?",
        ),
        ('[[satellites]]\nid = "quetzal1"\n', "'quetzal1'; did you mean 'quetzal-1'?"),
    ],
)
def test_wrong_settings(tmp_path: Path, more: str, problem: str) -> None:
    path = write_config(tmp_path, more="\n" + more)
    assert problem in one_sentence(run("-c", str(path), "--data", str(tmp_path / "data")))


def test_a_data_folder_that_is_none(tmp_path: Path) -> None:
    path = write_config(tmp_path)
    (tmp_path / "file").write_text("")
    sentence = one_sentence(run("-c", str(path), "--data", str(tmp_path / "file" / "data")))
    assert sentence == (
        f"cannot write to the data folder {tmp_path}/file/data: Not a directory; "
        "choose another one with --data"
    )
    assert "choose another one with --data" in one_sentence(
        run("-c", str(path), "--data", "/proc/data")
    )


def test_a_journal_that_is_none(tmp_path: Path) -> None:
    path = write_config(tmp_path)
    (tmp_path / "journal.db").write_bytes(b"not a database, but long enough to look at" * 100)
    sentence = one_sentence(run("-c", str(path), "--data", str(tmp_path), "--no-dashboard"))
    assert "cannot write the journal" in sentence
    assert "file is not a database" in sentence


def test_two_stations_on_one_folder(tmp_path: Path) -> None:
    path = write_config(tmp_path)
    with running(tmp_path) as station:
        wait_until(lambda: station.status())
        sentence = one_sentence(run("-c", str(path), "--data", str(station.data)))
        assert sentence == (
            f"another station (process {station.popen.pid}) already uses the data folder "
            f"{station.data}; stop it, or choose another folder with --data"
        )
    with running(tmp_path) as station:  # the lock went with the first one
        wait_until(lambda: station.status())


def test_an_occupied_web_port(tmp_path: Path) -> None:
    path = write_config(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        sentence = one_sentence(
            run("-c", str(path), "--data", str(tmp_path / "data"), "--port", str(port))
        )
    assert sentence.startswith(
        f"the web port {port} on 127.0.0.1 cannot be used "
        f"(Address already in use by process {os.getpid()}, "
    )
    assert sentence.endswith(f"); choose another one, such as --port {port + 1}")


def test_a_web_port_that_is_given_back_soon() -> None:
    """A station that was killed leaves a dashboard, which needs a moment to notice and to end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        threading.Timer(0.5, server.close).start()
        check_port(DashboardConfig(port=port), patience_s=60)


def test_who_holds_a_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert holder(port).startswith(f" by process {os.getpid()}, ")
    assert holder(port) == ""


def test_a_kill_loses_nothing_that_was_seen(tmp_path: Path) -> None:
    device = PtyDevice(tmp_path / "ttyUSB0")
    device.plug()
    write_config(tmp_path, device.url)
    station = Process(tmp_path)
    station.wait_open()
    device.write(kiss_encode(beacon(1)))
    wait_for_frames(station.data, [beacon(1)])
    station.kill()
    # Software TNCs keep what comes while the station is away.
    device.write(kiss_encode(beacon(2)))
    with running(tmp_path) as station:
        wait_for_frames(station.data, [beacon(1), beacon(2)])
    device.unplug()


def test_receiving_needs_no_orbits(tmp_path: Path) -> None:
    device = TcpDevice()
    device.plug()
    write_config(tmp_path, device.url)
    with running(tmp_path) as station:
        device.write(kiss_encode(beacon(1)))
        wait_until(lambda: journal(station.data))
        modules = Path(f"/proc/{station.popen.pid}/maps").read_text()
        assert "skyfield" not in modules
    device.unplug()


def test_what_could_not_start_stops_all_the_same(tmp_path: Path) -> None:
    """Ctrl-C while it starts: some threads run, others never will."""
    write_config(tmp_path, "loop://")
    station = Station(load_config(tmp_path / "station.toml"), tmp_path / "data")
    station.stop()
    assert journal(tmp_path) == []


def test_only_a_second_ctrl_c_ends_at_once(tmp_path: Path) -> None:
    script = (
        "import signal\n"
        "from groundstation.cli.until_stopped import stop_on_signals\n"
        "stop = stop_on_signals()\n"
        "for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM):\n"
        "    signal.raise_signal(number)\n"
        "    print(number.name, stop.is_set())\n"
        "try:\n"
        "    signal.raise_signal(signal.SIGINT)\n"
        "except KeyboardInterrupt:\n"
        "    print('at once')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.split() == [
        *("SIGTERM", "True", "SIGINT", "True", "SIGTERM", "True", "at", "once")
    ]
