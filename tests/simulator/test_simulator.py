"""The simulated satellite: an orbit that rises now, physics that agree with themselves."""

import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from decoders.decode import Decoder
from decoders.encode import Encoder
from decoders.framing.kiss import KissDeframer
from groundstation.catalog import SatelliteCatalog
from groundstation.clock import Clock
from groundstation.model import Site, from_us, to_us
from groundstation.orbit.passes import find_passes
from groundstation.orbit.pointing import pointing
from groundstation.simulator.beacon import PACKET, BeaconSimulator
from groundstation.simulator.flight import elements_for, next_passes
from groundstation.simulator.port import TcpVirtualPort, open_virtual_port
from groundstation.simulator.spacecraft import Spacecraft

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
BISHKEK = Site("Bishkek", 42.8746, 74.5698, 800)
CLASSROOM = SatelliteCatalog().satellites["classroom-1"]


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(42.9, 74.6), (0, 0), (-33, 151), (69, 20), (-78, 167)]
)
def test_the_first_pass_begins_now_and_is_high(latitude: float, longitude: float) -> None:
    site = Site("school", latitude, longitude, 100)
    elements = elements_for(site, NOW, 5.0, "Test")
    first = find_passes(elements, site, NOW, NOW + timedelta(hours=1))[0]
    assert first.aos is not None
    assert abs((first.aos - NOW).total_seconds() - 5.0) < 1.0
    assert 60 < first.max_elevation_deg < 88
    assert next_passes(elements, site, first.tca + timedelta(hours=1))


def test_physics_agree_with_themselves() -> None:
    """Six orbits: charge is the sum of the currents, light warms, night cools, nothing escapes."""
    craft = Spacecraft(random.Random(5))
    in_sun, in_shadow = [], []
    for minute in range(6 * 94):
        sunlit = minute % 94 < 60
        before = craft.charge
        craft.step(60.0, sunlit, transmitting=False)
        values = craft.values()
        surplus = sum(craft.panels_ma) - craft.load_ma
        if before < 1.0:
            assert craft.charge == pytest.approx(min(1.0, before + surplus / 60 / 2600), abs=1e-9)
        (in_sun if sunlit else in_shadow).append(values)
        assert 3.0 <= craft.battery_voltage <= 4.2
        assert craft.uptime_s == pytest.approx(86_400 + 60 * (minute + 1))
    assert all(v["panel_current_0"] < 10 for v in in_shadow)  # sensor noise alone
    assert all("sunlight" not in v["status"] for v in in_shadow)
    warm = max(v["panel_temperature"] for v in in_sun)
    cold = min(v["panel_temperature"] for v in in_shadow)
    assert warm > 30
    assert cold < -25


def test_every_beacon_encodes_and_reads_back() -> None:
    craft, encoder, decoder = Spacecraft(random.Random(2)), Encoder(CLASSROOM), Decoder([CLASSROOM])
    for second in range(300):
        craft.step(30.0, second % 3 > 0, transmitting=True)
        values = craft.values()
        decoded = decoder.decode(encoder.encode(PACKET, values))
        assert decoded.error is None
        assert decoded.simulated
        found = decoded.named["battery_voltage"].value
        assert found == pytest.approx(values["battery_voltage"], abs=0.0005)
        assert decoded.named["mode"].value == values["mode"]


class RecordingPort:
    url = ""

    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        self.data += data

    def close(self) -> None:
        pass


def test_beacons_come_only_in_view_and_the_wait_is_skipped() -> None:
    clock = Clock(0, to_us(NOW))
    elements = elements_for(BISHKEK, NOW, 5.0, "Test")
    port = RecordingPort()
    simulator = BeaconSimulator(CLASSROOM, elements, BISHKEK, port, clock)
    heard = {}
    second, jump = 0, clock.as_json()
    while clock.as_json() == jump:
        when = NOW + timedelta(seconds=second)
        before = len(port.data)
        simulator.tick(when)
        heard[second] = len(port.data) > before
        if heard[second]:
            assert pointing(elements, BISHKEK, when).elevation_deg > 10
        second += 2
    assert not heard[0]
    assert sum(heard.values()) > 200
    frames = KissDeframer().feed(port.data)
    assert len(frames) == sum(heard.values())
    # After the pass and a little patience the clock stands shortly before the next one.
    jumped = from_us(int(clock.as_json()["station_origin_us"]))
    assert 10 < second - max(when for when, was in heard.items() if was) < 60
    coming = next_passes(elements, BISHKEK, jumped)[0]
    assert coming.aos is not None
    assert (coming.aos - jumped).total_seconds() == pytest.approx(20, abs=1)
    assert jumped > NOW + timedelta(hours=1)


def test_the_same_seed_flies_the_same() -> None:
    streams = []
    for _ in range(2):
        port = RecordingPort()
        elements = elements_for(BISHKEK, NOW, 5.0, "Test")
        simulator = BeaconSimulator(
            CLASSROOM, elements, BISHKEK, port, Clock(0, to_us(NOW)), seed=7
        )
        for second in range(60):
            simulator.tick(NOW + timedelta(seconds=second))
        streams.append(port.data)
    assert streams[0] == streams[1] != b""


def test_virtual_serial_port_is_a_terminal_and_never_blocks() -> None:
    port = open_virtual_port()
    try:
        assert Path(port.url).is_char_device()
        for _ in range(100):
            port.write(b"x" * 1000)  # nobody reads
        reader = os.open(port.url, os.O_RDONLY | os.O_NOCTTY)
        assert os.read(reader, 10) == b"x" * 10
        os.close(reader)
    finally:
        port.close()


def test_tcp_port_for_systems_without_pseudo_terminals() -> None:
    import socket

    port = TcpVirtualPort()
    host, number = port.url.removeprefix("tcp://").split(":")
    port.write(b"nobody listens")
    with socket.create_connection((host, int(number))) as listener:
        for _ in range(50):
            port.write(b"hello")
            listener.settimeout(0.1)
            try:
                assert listener.recv(5) == b"hello"
                break
            except TimeoutError:
                continue
        else:
            pytest.fail("nothing came")
    port.close()
