"""Links of sound in a station: samples come in, receptions are in the journal."""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from groundstation.catalog import SatelliteCatalog
from groundstation.config import load_config
from groundstation.errors import ConfigError
from groundstation.listening import Listening
from groundstation.model import Reception, Site, from_us, iso, to_us
from groundstation.orbit.passes import find_passes
from groundstation.orbit.pointing import doppler_hz, pointing
from groundstation.settings import LinkConfig
from groundstation.simulator.flight import elements_for
from groundstation.sound.doppler import Doppler
from groundstation.sound.ear import Ear
from groundstation.sound.stream import Sound
from groundstation.station import Station
from groundstation.storage.journal import JournalReader
from groundstation.tracking.planner import PlannedPass
from groundstation.tracking.wanted import Wanted
from groundstation.words.reasons import reason_text
from tests.links.devices import wait_until
from tests.peers import free_port
from tests.sound import air

SITE = Site("Bishkek", 42.87, 74.57, 800.0)
SETTINGS = """
[site]
latitude_deg = 42.87
longitude_deg = 74.57
[[links]]
name = "radio"
{link}
"""


def settings(folder: Path, link: str) -> Path:
    path = folder / "station.toml"
    path.write_text(SETTINGS.format(link=link), "utf-8")
    return path


def received(folder: Path) -> list[Reception]:
    with JournalReader(folder) as journal:
        return journal.after(0)


@pytest.fixture(scope="module")
def frames() -> list[bytes]:
    return air.beacons()


def test_a_recording_as_a_link(tmp_path: Path, frames: list[bytes]) -> None:
    path = tmp_path / "satnogs_1_2026-05-01T12-00-00.wav"
    air.write_wave(path, air.audio(frames))
    config = load_config(settings(tmp_path, f'url = "wav://{path}"\nsatellite = "classroom-1"'))
    station = Station(config, tmp_path / "data")
    station.start()
    wait_until(lambda: station.links[0].state.state == "ended", what=station.links[0])
    station.stop()
    found = received(tmp_path / "data")
    assert [item.raw for item in found] == frames
    assert {item.satellite for item in found} == {"classroom-1"}
    for item, start in zip(found, air.STARTS, strict=True):
        assert item.signal is not None and item.signal.repaired == 0
        assert iso(item.received_us).startswith("2026-05-01T12:00:00.")
        seconds = start + air.FLAGS * 8 / air.MODE.baud
        assert item.received_us % 1_000_000 / 1e6 == pytest.approx(seconds, abs=0.002)


def test_live_sound_of_several_satellites(tmp_path: Path, frames: list[bytes]) -> None:
    """Datagrams as Gqrx sends them; the time is that of the burst, not of its demodulation."""
    port = free_port()
    link = f'url = "udp://127.0.0.1:{port}"\nsatellites = ["classroom-1", "cape-1"]'
    station = Station(load_config(settings(tmp_path, link)), tmp_path / "data")
    station.start()
    wait_until(lambda: station.links[0].state.state == "open", what=station.links[0])
    data = air.pcm(air.audio(frames[:1]))
    begun_us = time.time_ns() // 1000
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for start in range(0, len(data), 1024):
            sender.sendto(data[start : start + 1024], ("127.0.0.1", port))
            time.sleep(1024 / 2 / air.RATE)
    ended_us = time.time_ns() // 1000
    wait_until(lambda: station.intake.last_seq)
    station.stop()
    (item,) = [each for each in received(tmp_path / "data") if not each.damaged]
    assert (item.raw, item.satellite, item.supposed) == (frames[0], None, "classroom-1")
    # On a busy computer the datagrams come late, and so does the clock; never before they were.
    assert begun_us < item.received_us < ended_us + 60_000_000


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ('url = "udp://:7355"\nframing = "kiss"', "the downlink of the satellite says it"),
        ('url = "udp://:7355"\nsatellite = "a"\nsatellites = ["b"]', "not both"),
        ('url = "tcp://tnc"\nsatellites = ["b"]', "only a link of sound listens for several"),
        ('url = "udp://:7355?rate=1"', "rate=1: expected a number from 4000"),
    ],
)
def test_settings_that_cannot_be(tmp_path: Path, link: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load_config(settings(tmp_path, link))


def test_a_satellite_that_is_none(tmp_path: Path) -> None:
    config = load_config(settings(tmp_path, 'url = "udp://:7355"\nsatellites = ["clasroom-1"]'))
    with pytest.raises(ConfigError, match="there is no satellite definition 'clasroom-1'"):
        Station(config, tmp_path / "data")


def on_pass(id: str, frequency_hz: float | None) -> PlannedPass:
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    elements = elements_for(SITE, now, 10, id)
    (one, *_) = find_passes(elements, SITE, now, now + timedelta(hours=1))
    assert one.aos and one.los
    wanted = Wanted(id, id, 1, frequency_hz=frequency_hz)
    return PlannedPass(wanted, elements, one, one.aos, one.los)


def listening(
    heard: Sequence[PlannedPass], said: list[str], *, follows: bool = True, **link: object
) -> Listening:
    settings = LinkConfig("radio", "udp://:7355", **link)  # type: ignore[arg-type]
    catalog = SatelliteCatalog()
    return Listening(
        *(settings, SITE, catalog, lambda: heard, lambda: to_us(heard[0].aos), said.append),
        follows=follows,
    )


@pytest.mark.parametrize(
    ("link", "follows", "told"),
    [
        ({}, True, "listens for nothing now: no pass of a satellite that the station follows is"),
        ({}, False, "listens for nothing: name satellites in [[satellites]], or give this link"),
        ({"satellite": "quetzal-1"}, False, "listens for FSK 4800 baud, hdlc-g3ruh (quetzal-1)"),
        ({"satellite": "cape-1"}, False, "cape-1 cannot be demodulated: downlink 'Morse beacon'"),
    ],
)
def test_it_says_what_it_listens_for_or_waits_for(
    link: dict[str, object], follows: bool, told: str
) -> None:
    found = listening([], [], follows=follows, **link).told()
    assert found.startswith(told)
    assert reason_text(found, "ky") != found


def test_whoever_is_above_the_horizon_is_listened_for() -> None:
    said: list[str] = []
    passes = [on_pass("classroom-1", 437_500_000.0), on_pass("quetzal-1", None)]
    ways = listening(passes, said).wanted()
    assert {id for way in ways for id in way.satellites} == {"classroom-1", "quetzal-1"}
    assert listening(passes, said).tuned_hz() == 437_500_000.0
    assert listening([passes[0]], said, satellite="quetzal-1").wanted()[0].satellites == (
        "quetzal-1",
    )
    assert said == []
    # Another frequency than the definition's is what the station's settings say.
    (moved,) = listening([on_pass("classroom-1", 435_000_000.0)], said).wanted()
    assert moved.frequency_hz == 435_000_000.0


def test_who_cannot_be_demodulated_is_told_once() -> None:
    said: list[str] = []
    lora = next(
        id
        for id, sketch in SatelliteCatalog().index.items()
        if {link.modulation for link in sketch.downlinks} == {"LoRa"}
    )
    ears = listening([on_pass(lora, None)], said)
    assert ears.wanted() == ears.wanted() == ()
    assert len(said) == 1 and "there is no demodulator for 'LoRa'" in said[0]


def test_doppler_is_that_of_the_orbit() -> None:
    one = on_pass("classroom-1", 437_500_000.0)
    shift = Doppler(one.elements, SITE)
    for second in (0, 0.5, 59.9, 61, 200, 3, 300.25):
        when = one.aos + timedelta(seconds=second)
        there = pointing(one.elements, SITE, when)
        right = 437_500_000.0 + doppler_hz(there.range_rate_km_s, 437_500_000.0)
        assert shift.received_hz(437_500_000.0, to_us(when)) == pytest.approx(right, abs=0.5)


class Band:
    """IQ as a receiver behind rtl_tcp gives it."""

    sound = Sound(240_000, "f32le", 2, iq=True, live=True)
    centre_hz: float | None = 437_560_000.0


def test_doppler_is_taken_out_of_iq(frames: list[bytes]) -> None:
    """At culmination the signal drifts by some 100 Hz a second, beside the middle of the band."""
    one = on_pass("classroom-1", 437_500_000.0)
    begin_us = to_us(one.one.tca) - 500_000
    shift = Doppler(one.elements, SITE)
    seconds = np.arange(240_000) / 240_000
    places = [shift.received_hz(437_500_000.0, begin_us + us) for us in (0, 500_000, 1_000_000)]
    offset = np.interp(seconds, (0, 0.5, 1), places) - 437_560_000.0
    samples = air.iq(frames[0], 240_000, offset)
    now = [begin_us]
    ears = Listening(
        LinkConfig("radio", "rtl_tcp://pi"), SITE, SatelliteCatalog(), lambda: [one],
        lambda: now[0], print, follows=True,
    )  # fmt: skip
    ear = Ear(ears.wanted, lambda: now[0], received_hz=ears.received_hz)
    ear.begin(Band())
    found = []
    for start in range(0, len(samples), 24_000):
        now[0] = begin_us + round((start + 24_000) / 0.24)
        found += ear.feed(samples[start : start + 24_000].tobytes())
    found += ear.flush()
    (arrival,) = found
    assert arrival.item.data == frames[0]
    assert arrival.item.time_us is not None
    burst_s = len(air.bits(frames[0])) / air.MODE.baud
    first_s = 0.5 - burst_s / 2 + air.FLAGS * 8 / air.MODE.baud
    at = from_us(arrival.item.time_us) - from_us(begin_us)
    assert at.total_seconds() == pytest.approx(first_s, abs=0.002)
