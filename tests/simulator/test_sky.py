"""The simulated satellite through sound: what noise lets through, and a station that hears it."""

from __future__ import annotations

import time
import wave
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from decoders.modem import AudioReceiver, Mode
from groundstation.catalog import SatelliteCatalog
from groundstation.cli.demo import _settings
from groundstation.clock import Clock
from groundstation.config import load_config
from groundstation.model import Site, from_us
from groundstation.orbit.pointing import Pointing
from groundstation.simulator.beacon import BeaconSimulator
from groundstation.simulator.budget import eb_n0_db, fading_db
from groundstation.simulator.flight import elements_for
from groundstation.simulator.sky import FULL_HZ, RATE_HZ, Sky
from groundstation.simulator.sound_port import SoundPort
from groundstation.station import Station
from groundstation.storage.journal import JournalReader
from tests.links.devices import wait_until
from tests.peers import free_port
from tests.sound import air

MODE = Mode("fsk", 9600.0, 2400.0)
MHZ = 437.5
THERE = Pointing(datetime(2026, 1, 1, tzinfo=UTC), 0, 30, 900.0, -3.0, 0, 0, 500, True)
SITE = Site("Bishkek", 42.8746, 74.5698, 800)


def test_the_budget_by_hand() -> None:
    """Free-space loss as engineers have it by heart: 32.45 + 20 lg(MHz) + 20 lg(km)."""
    when_s = 0.0
    loss_db = 32.45 + 20 * np.log10(MHZ) + 20 * np.log10(1000.0)
    right = 24.0 - loss_db + 7.0 + 198.6 - 30.0 - 10 * np.log10(9600)
    assert eb_n0_db(1000.0, MHZ * 1e6, 9600, when_s) == pytest.approx(right, abs=0.01)
    assert (fading_db(0.0), fading_db(8.5)) == pytest.approx((0.0, 6.0))


def heard(range_km: float) -> tuple[list[bytes], list[bytes]]:
    """What was sent from so far away, and what came."""
    sky, frames, sound = Sky(MODE, MHZ * 1e6, print), air.beacons(3), b""
    for frame in frames:
        sound += sky.sound(10_000)
        sky.transmit(frame, replace(THERE, range_km=range_km))
        sound += sky.sound(20_000)
    receiver = AudioReceiver(MODE, "hdlc-g3ruh", rate_hz=RATE_HZ, scale=FULL_HZ)
    samples = np.frombuffer(sound, "<i2").astype(np.float32) / 32768
    found = receiver.feed(samples) + receiver.finish()
    return frames, [each.item.data for each in found if each.item.data in frames]


def test_distance_decides() -> None:
    sent, came = heard(500.0)
    assert came == sent
    assert heard(8000.0)[1] == []


def test_pieces_of_sound_are_one_sound() -> None:
    def sound(cuts: list[int]) -> bytes:
        sky = Sky(MODE, MHZ * 1e6, print)
        sky._random = _Quiet()  # type: ignore[assignment]  # noise differs by the pieces
        sky.transmit(air.beacons(1)[0], THERE)
        return b"".join(sky.sound(count) for count in cuts)

    assert sound([6000]) == sound([1, 99, 100, 2400, 3400])


class _Quiet:
    def standard_normal(self, shape: tuple[int, int]) -> np.ndarray:
        return np.full(shape, 1e-3)


def test_a_station_hears_it_and_a_class_can_play_it(tmp_path: Path) -> None:
    """From an encoded beacon to the journal: modulator, sky, datagrams, modem."""
    data, said = tmp_path / "demo", list[str]()
    data.mkdir()
    clock = Clock(now := time.time_ns() // 1000, now)
    satellite = SatelliteCatalog().satellites["classroom-1"]
    elements = elements_for(SITE, from_us(now), -200.0, satellite.name)
    port = SoundPort(data, lambda: simulator.in_view(), clock.now_us, said.append)
    sky = Sky(MODE, MHZ * 1e6, port.hear)
    simulator = BeaconSimulator(satellite, elements, SITE, sky, clock)
    settings = data / "station.toml"
    settings.write_text(_settings(port.url, free_port(), audio=True), "utf-8")
    station = Station(load_config(settings), data, clock=clock)
    station.start()
    wait_until(lambda: station.links[0].state.state == "open")
    sky.start()
    simulator.start()
    wait_until(lambda: station.intake.last_seq >= 2, 120.0)
    for part in (simulator, sky, port, station):
        part.close() if isinstance(part, SoundPort) else part.stop()
    with JournalReader(data) as journal:
        found = [item for item in journal.after(0) if not item.damaged]
    assert found and all(item.simulated and item.satellite == "classroom-1" for item in found)
    assert all(item.signal is not None for item in found)
    (path,) = data.glob("simulated-pass-*.wav")
    assert said == [f"the sound of the pass, to be played or decoded: {path}"]
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels()) == (RATE_HZ, 1)
        assert file.getnframes() > RATE_HZ
    # A second flight there writes none beside it.
    again = SoundPort(data, lambda: True, clock.now_us, said.append)
    again.hear(bytes(100))
    again.close()
    assert list(data.glob("simulated-pass-*.wav")) == [path]
