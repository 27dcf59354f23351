"""A real file system without space: nothing received is lost or out of order."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from decoders.framing.kiss import kiss_encode
from groundstation.storage.telemetry.reader import TelemetryReader
from tests.links.devices import PtyDevice, wait_until
from tests.station.frames import SATELLITE, beacon
from tests.station.running import COMMAND, Process, journal, wait_for_frames, write_config

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root can mount a small disk"
)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """16 MB; ``filler`` takes most of what a new station leaves free."""
    folder = tmp_path / "data"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let root mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path, leave: int) -> None:
    """Leave only ``leave`` bytes free."""
    free = os.statvfs(folder)
    (folder / "filler").write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - leave)))


@pytest.fixture
def device(tmp_path: Path) -> Iterator[PtyDevice]:
    device = PtyDevice(tmp_path / "ttyUSB0")
    device.plug()
    yield device
    device.unplug()


def send_until_refused(station: Process, device: PtyDevice) -> int:
    """Send beacons until the journal refuses; returns how many were sent."""
    for number in range(20_000):
        if station.status().get("journal_error"):
            return number
        device.write(kiss_encode(beacon(number)))
        time.sleep(0.002)
    raise AssertionError("the disk never got full")


def test_space_comes_back(tmp_path: Path, small_disk: Path, device: PtyDevice) -> None:
    write_config(tmp_path, device.url)
    station = Process(tmp_path)
    try:
        station.wait_open()
        fill(small_disk, 100_000)
        sent = send_until_refused(station, device)
        status = station.status()
        assert "full" in status["journal_error"]
        assert status["links"][0]["state"] == "open"
        for number in range(sent, sent + 300):
            device.write(kiss_encode(beacon(number)))
        time.sleep(1.5)  # one more attempt that fails
        (small_disk / "filler").unlink()
        wait_for_frames(small_disk, [beacon(number) for number in range(sent + 300)])
        wait_until(lambda: station.status()["journal_error"] is None)
        wait_until(
            lambda: (
                station.status()["followers"]["telemetry"]
                == {
                    "seq": sent + 300,
                    "lag": 0,
                    "error": None,
                    "backlog": 0,
                    "set_apart": "",
                }
            ),
            45,
        )
        log = station.log()
        # Once each time: the last bytes of a disk may take a frame again when the store lets go of
        # its log.
        refused = log.count("frames are kept in memory until it can")
        assert 1 <= refused <= 3
        assert log.count("the journal is written again; no frame was lost") == refused
        assert station.stop() == 0
    finally:
        if station.popen.poll() is None:
            station.kill()
    store = TelemetryReader(small_disk)
    series = store.series(SATELLITE, "uptime", 0, 1 << 60, 100_000)
    store.close()
    assert list(series.mean) == list(range(sent + 300))


def test_stopped_while_the_disk_is_full(
    tmp_path: Path, small_disk: Path, device: PtyDevice
) -> None:
    write_config(tmp_path, device.url)
    rescue_folder = tmp_path / "tmp"
    rescue_folder.mkdir()
    station = Process(tmp_path, environment={"TMPDIR": str(rescue_folder)})
    try:
        station.wait_open()
        fill(small_disk, 100_000)
        sent = send_until_refused(station, device)
        wait_until(device.is_drained)
        assert station.stop() == 0
    finally:
        if station.popen.poll() is None:
            station.kill()
    (recording,) = rescue_folder.glob("unsaved-frames-*.kss")
    assert f"run: groundstation replay {recording}" in station.log()
    kept = journal(small_disk)
    assert [item.raw for item in kept] == [beacon(number) for number in range(len(kept))]
    (small_disk / "filler").unlink()
    replay = [*COMMAND, "replay", str(recording), "--data", str(small_disk)]
    subprocess.run(replay, check=True, capture_output=True, timeout=60)
    found = journal(small_disk)
    assert [item.raw for item in found] == [beacon(number) for number in range(sent)]
    # Replayed frames keep the time at which they were received, to the millisecond.
    assert all(kept[-1].received_us - 1000 <= item.received_us for item in found[len(kept) :])
    assert found[-1].received_us < (time.time() - 0.3) * 1e6
