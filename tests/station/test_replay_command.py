"""``groundstation replay``: a recording into the journal and the store."""

from __future__ import annotations

import subprocess
from pathlib import Path

from decoders.framing.kiss import kiss_encode, kiss_stamp
from groundstation.storage.telemetry.reader import TelemetryReader
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
