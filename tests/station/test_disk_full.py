"""A real file system without space: nothing received is lost or out of order."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from decoders.framing.kiss import kiss_encode
from groundstation.errors import StoreError
from groundstation.interpret.space import LEAST_FREE_BYTES, leave_space
from groundstation.model.status import StationStatus
from groundstation.receive.reserve import RESERVE_BYTES, Reserve
from groundstation.status import StatusWriter
from groundstation.storage.journal.writer import JournalWriter
from groundstation.storage.telemetry.reader import TelemetryReader
from tests.links.devices import PtyDevice, wait_until
from tests.station.frames import SATELLITE, beacon
from tests.station.running import COMMAND, Process, journal, wait_for_frames, write_config
from tests.station.small_disk import CannotMountError, SmallDisk, small_disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    try:
        with small_disk(tmp_path / "data") as disk:
            yield disk
    except CannotMountError as error:
        pytest.skip(f"this machine does not let this user mount a file system: {error}")


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


def test_space_comes_back(tmp_path: Path, disk: SmallDisk, device: PtyDevice) -> None:
    write_config(tmp_path, device.url)
    station = Process(tmp_path)
    try:
        station.wait_open()
        disk.fill(leave=100_000)
        sent = send_until_refused(station, device)
        status = station.status()
        assert "full" in status["journal_error"]
        assert status["links"][0]["state"] == "open"
        for number in range(sent, sent + 300):
            device.write(kiss_encode(beacon(number)))
        time.sleep(1.5)  # one more attempt that fails
        disk.free()
        wait_for_frames(disk.folder, [beacon(number) for number in range(sent + 300)])
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
                    "left_out": 0,
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
    store = TelemetryReader(disk.folder)
    series = store.series(SATELLITE, "uptime", 0, 1 << 60, 100_000)
    store.close()
    assert list(series.mean) == list(range(sent + 300))


def test_stopped_while_the_disk_is_full(tmp_path: Path, disk: SmallDisk, device: PtyDevice) -> None:
    write_config(tmp_path, device.url)
    rescue_folder = tmp_path / "tmp"
    rescue_folder.mkdir()
    station = Process(tmp_path, environment={"TMPDIR": str(rescue_folder)})
    try:
        station.wait_open()
        disk.fill(leave=100_000)
        sent = send_until_refused(station, device)
        wait_until(device.is_drained)
        assert station.stop() == 0
    finally:
        if station.popen.poll() is None:
            station.kill()
    (recording,) = rescue_folder.glob("unsaved-frames-*.kss")
    assert f"run: groundstation replay {recording}" in station.log()
    kept = journal(disk.folder)
    assert [item.raw for item in kept] == [beacon(number) for number in range(len(kept))]
    disk.free()
    replay = [*COMMAND, "replay", str(recording), "--data", str(disk.folder)]
    subprocess.run(replay, check=True, capture_output=True, timeout=60)
    found = journal(disk.folder)
    assert [item.raw for item in found] == [beacon(number) for number in range(sent)]
    # Replayed frames keep the time at which they were received, to the millisecond.
    assert all(kept[-1].received_us - 1000 <= item.received_us for item in found[len(kept) :])
    assert found[-1].received_us < (time.time() - 0.3) * 1e6


def test_space_for_frames_is_given_up_only_on_a_full_disk(disk: SmallDisk) -> None:
    reserve, kept = Reserve(disk.folder), disk.folder / "space-for-frames"
    reserve.keep()
    assert kept.stat().st_blocks * 512 >= RESERVE_BYTES
    assert not reserve.give_up()
    reserve.make_room()
    assert kept.exists()
    disk.fill(leave=0)
    reserve.make_room()
    assert not kept.exists()
    reserve.keep()
    assert not kept.exists()
    assert not reserve.give_up()
    disk.free()
    reserve.keep()
    disk.fill(leave=600_000)
    assert reserve.give_up()
    assert not kept.exists()


def test_values_stop_before_frames(disk: SmallDisk) -> None:
    leave_space(disk.folder)
    disk.fill(leave=LEAST_FREE_BYTES - 1_000_000)
    with pytest.raises(StoreError, match="nearly full: values wait"):
        leave_space(disk.folder)


def test_a_new_journal_on_a_full_disk_says_so(disk: SmallDisk) -> None:
    disk.fill(leave=0)
    with pytest.raises(StoreError, match="the disk is full"):
        JournalWriter(disk.folder)


def test_the_status_gets_space_on_a_disk_that_is_full_at_the_start(disk: SmallDisk) -> None:
    reserve = Reserve(disk.folder)
    reserve.keep()
    disk.fill(leave=0)
    writer = StatusWriter(disk.folder, lambda: StationStatus(pid=7), make_room=reserve.give_up)
    writer.start()
    wait_until(lambda: (disk.folder / "status.json").exists())
    writer.stop()
