"""``groundstation replay``: a recording into the journal and the store."""

from __future__ import annotations

import json
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import replace as changed
from pathlib import Path

import pytest

from decoders.framing.kiss import kiss_encode, kiss_stamp
from groundstation.model import FlownPass, Reception, iso
from groundstation.storage.telemetry.reader import TelemetryReader
from tests.dashboard.station_folder import StationFolder
from tests.links.devices import wait_until
from tests.peers import free_port
from tests.station.frames import SATELLITE, beacon
from tests.station.running import COMMAND, journal, running, write_config

FRAMES = [beacon(number) for number in range(1200)]


def replay(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "replay", "--data", str(folder / "data"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_good_recording(tmp_path: Path) -> None:
    path = tmp_path / "pass.kss"
    stamps = [1_700_000_000_000_000 + 1_000_000 * number for number in range(1200)]
    path.write_bytes(
        b"".join(kiss_stamp(t) + kiss_encode(f) for t, f in zip(stamps, FRAMES, strict=True))
    )
    result = replay(tmp_path, str(path))
    assert (result.returncode, result.stdout) == (0, "pass.kss: 1200 frames, 0 damaged\n")
    found = journal(tmp_path / "data")
    assert [item.raw for item in found] == FRAMES
    assert [item.received_us for item in found] == stamps
    store = TelemetryReader(tmp_path / "data")
    series = store.series(SATELLITE, "uptime", stamps[0], stamps[-1] + 1, 5000)
    store.close()
    assert list(series.times_us) == stamps
    assert list(series.mean) == list(range(1200))


def test_a_bad_file_and_a_good_one(tmp_path: Path) -> None:
    (tmp_path / "a.hex").write_text(f"{FRAMES[0].hex()}\nnot hex\n")
    (tmp_path / "b.kss").write_bytes(b"noise" + kiss_encode(FRAMES[1]))
    result = replay(tmp_path, str(tmp_path / "a.hex"), str(tmp_path / "b.kss"), "--simulated")
    assert result.returncode == 1
    assert result.stdout == "a.hex: 1 frames, 0 damaged\nb.kss: 1 frames, 1 damaged\n"
    assert f"{tmp_path}/a.hex:2: not hexadecimal bytes" in result.stderr
    found = journal(tmp_path / "data")
    assert [(item.link, item.raw, item.damaged, item.simulated) for item in found] == [
        ("a.hex", FRAMES[0], False, True),
        ("b.kss", b"noise", True, True),
        ("b.kss", FRAMES[1], False, True),
    ]


def test_wrong_usage(tmp_path: Path) -> None:
    path = tmp_path / "a.hex"
    path.write_text("01\n")
    for arguments, problem in (
        ([str(tmp_path / "nowhere.kss")], "does not exist"),
        ([str(path), "--framing", "kis"], "did you mean 'kiss'?"),
        ([str(path), "--satellite", "quetzal1"], "did you mean 'quetzal-1'?"),
        ([str(path), "-c", str(tmp_path / "x.toml")], "was not found"),
    ):
        result = replay(tmp_path, *arguments)
        assert result.returncode == 2, result
        assert problem in result.stderr
        assert "Traceback" not in result.stderr


def test_not_while_the_station_runs(tmp_path: Path) -> None:
    write_config(tmp_path)
    (tmp_path / "a.hex").write_text("01\n")
    with running(tmp_path) as station:
        while not station.status():
            pass
        result = replay(tmp_path, str(tmp_path / "a.hex"))
    assert result.returncode == 2
    assert "already uses the data folder" in result.stderr


def command(*words: object) -> subprocess.CompletedProcess[str]:
    made = [*COMMAND, "replay", *map(str, words)]
    return subprocess.run(made, capture_output=True, text=True, timeout=60, check=False)


def test_times_of_hex_lines_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.hex"
    path.write_text(f"2019-01-01 00:00:00.123456|{FRAMES[0].hex()}\n")
    assert replay(tmp_path, str(path)).returncode == 0
    (found,) = journal(tmp_path / "data")
    assert (iso(found.received_us), found.raw) == ("2019-01-01T00:00:00.123Z", FRAMES[0])
    assert found.received_us % 1000 == 456


@pytest.fixture
def flown(tmp_path: Path) -> Iterator[tuple[Path, FlownPass, list[Reception]]]:
    """A folder with a flown pass, and what was received in it and before."""
    folder = StationFolder(tmp_path / "data")
    folder.launch(-60)
    now_us = folder.clock.now_us()
    folder.receive(at_us=now_us - 86_400_000_000)
    mine = [folder.receive(at_us=now_us - 10_000_001 * after) for after in (3, 2, 1)]
    folder.receive_damaged()
    folder.receive_unknown()
    one = folder.fly()
    folder.close()
    yield folder.folder, one, mine


def test_a_pass_into_a_folder_of_its_own(
    flown: tuple[Path, FlownPass, list[Reception]],
) -> None:
    folder, one, mine = flown
    target = folder / "replay" / one.key
    result = command(one.key, "--from", folder)
    assert result.returncode == 0, result.stderr
    assert f"into the data folder {target}\n" in result.stderr
    assert result.stdout == "replay of tnc: 3 frames, 0 damaged\n"
    wanted = [changed(item, seq=n, link="replay of tnc") for n, item in enumerate(mine, 1)]
    assert journal(target) == wanted
    told = [TelemetryReader(path) for path in (folder, target)]
    (here, there) = (
        [reader.samples("classroom-1", [seq])[seq] for seq in seqs]
        for reader, seqs in zip(told, ([item.seq for item in mine], (1, 2, 3)), strict=True)
    )
    assert [[(s.parameter, s.raw, s.value, s.time_us) for s in row] for row in here] == [
        [(s.parameter, s.raw, s.value, s.time_us) for s in row] for row in there
    ]
    for reader in told:
        reader.close()
    again = command(one.key, "--from", folder)
    assert f"into the data folder {target}-2\n" in again.stderr
    assert len(journal(folder)) == 6


def test_a_time_of_a_folder(flown: tuple[Path, FlownPass, list[Reception]]) -> None:
    folder, _, mine = flown
    target = folder.parent / "b"
    words = ("--since", iso(mine[0].received_us), "--until", iso(mine[2].received_us))
    assert command("--from", folder, "--data", target, *words).returncode == 0
    assert [item.raw for item in journal(target)] == [item.raw for item in mine[:2]]


def test_what_cannot_be_replayed(flown: tuple[Path, FlownPass, list[Reception]]) -> None:
    folder, one, _ = flown
    for words, told in (
        ((one.key, "--data", folder), "is where it comes from: name another folder"),
        (("1-20260101T000000Z",), "there is no pass '1-20260101T000000Z'"),
        ((one.key, "--since", "1d"), "a pass has its own time"),
        ((one.key, one.key), "one pass at a time"),
        (("--since", "noon"), "'noon' is no time"),
        (("--until", "2001-01-01"), "has no undamaged frame of that"),
        ((), "say what: FILE..., a PASS, or --since"),
    ):
        result = command(*words, "--from", folder)
        assert result.returncode in (1, 2), words
        assert told in result.stderr, result.stderr
    assert len(journal(folder)) == 6
    assert not (folder / "replay").exists()


def test_with_pages_in_its_own_pace(flown: tuple[Path, FlownPass, list[Reception]]) -> None:
    folder, one, mine = flown
    port = free_port()
    words = [one.key, "--from", folder, "--speed", "20", "--dashboard", "--port", port]
    log = (folder / "replay.log").open("w+")
    process = subprocess.Popen([*COMMAND, "replay", *map(str, words)], stderr=log)

    def heard() -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/now.json", timeout=10) as answer:
                return len(json.load(answer)["frames"])
        except OSError:
            assert process.poll() is None, (folder / "replay.log").read_text()
            return 0

    try:
        wait_until(lambda: heard() == 3)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/status.json", timeout=10) as answer:
            status = json.load(answer)
        assert status["speed"] == 20
        assert [link["name"] for link in status["links"]] == ["replay of tnc"]
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        log.close()
    assert [item.raw for item in journal(folder / "replay" / one.key)] == [m.raw for m in mine]
