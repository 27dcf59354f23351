"""A real TNC: every frame that atest finds in the audio is in the journal, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundstation.storage.telemetry.reader import TelemetryReader
from tests.end_to_end.direwolf import binary, direwolf, frames_in, make_wav
from tests.links.devices import wait_until
from tests.station.frames import SATELLITE, beacon
from tests.station.running import frames, running, wait_for_frames, write_config

#: Two addresses, control and PID.
HEADER_BYTES = 16


def on_air(first: int, count: int) -> list[str]:
    """Beacons of a satellite that we know, and others of all kinds."""
    beacons = [
        binary("SIMSAT-1", "CQ", beacon(number)[HEADER_BYTES:])
        for number in range(first, first + count)
    ]
    return [
        *beacons,
        binary("N0CALL-7", "KISS", bytes([0xC0, 0xDB, 0xDC, 0xDD, 0x00, 0xC0, 0xC0])),
        "N0CALL>APRS,WIDE1-1,WIDE2-2:over two digipeaters",
        "N0CALL-15>CQ:.",
    ]


@pytest.mark.parametrize("baud", [1200, 9600])
def test_audio_to_values(tmp_path: Path, baud: int) -> None:
    wav = make_wav(tmp_path / "pass.wav", on_air(1000, 20), baud)
    expected = frames_in(wav, baud)
    assert len(expected) == 23
    with direwolf(tmp_path, baud) as tnc:
        write_config(tmp_path, f"{tnc.url}?baud=9600")
        with running(tmp_path) as station:
            station.wait_open()
            tnc.play(wav)
            wait_for_frames(station.data, expected)
            wait_until(lambda: station.status()["followers"]["telemetry"]["seq"] == 23)
            assert station.status()["links"][0]["bad_frames"] == 0
    found = frames(station.data)
    assert [item.satellite for item in found] == [SATELLITE] * 20 + [None] * 3
    assert [item.packet for item in found[:20]] == ["beacon"] * 20
    store = TelemetryReader(station.data)
    series = store.series(SATELLITE, "uptime", 0, 1 << 60, 1000)
    store.close()
    assert list(series.mean) == list(range(1000, 1020))


def test_the_tnc_program_is_restarted(tmp_path: Path) -> None:
    first = make_wav(tmp_path / "first.wav", on_air(1, 3), 1200)
    second = make_wav(tmp_path / "second.wav", on_air(4, 3), 1200)
    frames = frames_in(first, 1200)
    with direwolf(tmp_path, 1200) as tnc:
        write_config(tmp_path, tnc.url)
        with running(tmp_path) as station:
            station.wait_open()
            tnc.play(first)
            wait_for_frames(station.data, frames)
            tnc.kill()
            wait_until(lambda: station.status()["links"][0]["state"] == "waiting")
            again = type(tnc)(tmp_path, 1200)
            try:
                again.play(second)  # before the station has found it: the pty keeps the frames
                wait_for_frames(station.data, frames + frames_in(second, 1200))
            finally:
                again.kill()
