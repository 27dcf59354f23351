"""Unplugging a device 100 times at random bytes: the station lives and no whole frame is lost."""

from __future__ import annotations

import random
from pathlib import Path

from decoders.framing.kiss import kiss_encode
from groundstation.config import Config, LinkConfig
from groundstation.links.link import Backoff
from groundstation.model import Site
from groundstation.station import Station
from tests.links.devices import PtyDevice, wait_until
from tests.station.frames import beacon
from tests.station.running import journal

TIMES = 100
#: A real station waits half a second before it opens a lost device again.
QUICK = Backoff(0.01, 0.05)


def test_unplugging_at_random_bytes(tmp_path: Path) -> None:
    chance = random.Random(20261)
    device = PtyDevice(tmp_path / "ttyUSB0")
    config = Config(
        Site("Test", 42.87, 74.57), links=(LinkConfig("tnc", device.url, satellite="classroom-1"),)
    )
    station = Station(config, tmp_path / "data", backoff=QUICK)
    station.start()
    (link,) = station.links
    whole: list[bytes] = []
    cut: list[bytes] = []
    number = 0
    for _ in range(TIMES):
        device.plug()
        wait_until(lambda: link.state.state == "open", what=link)
        start = link.state.bytes
        stream = b""
        for _ in range(chance.randint(1, 5)):
            stream += kiss_encode(beacon(number))
            whole.append(beacon(number))
            number += 1
        device.write(stream)
        # The kernel throws away what a reader has not taken when a terminal is hung up, as a
        # cable does with bits in flight. A frame is delivered once its bytes have been read.
        wait_until(lambda: link.state.bytes >= start + len(stream), what=link)  # noqa: B023
        next_frame = kiss_encode(beacon(number))
        part = next_frame[: chance.randrange(len(next_frame))]
        device.write(part)
        if chance.random() < 0.7:  # otherwise some of it is in flight
            wait_until(lambda: link.state.bytes >= start + len(stream) + len(part), what=link)  # noqa: B023
        cut.append(part)
        number += 1
        device.unplug()
        wait_until(lambda: link.state.state == "waiting", what=link)
    station.stop()
    found = journal(tmp_path / "data")
    assert [item.raw for item in found if not item.damaged] == whole
    assert all(item.satellite == "classroom-1" for item in found if not item.damaged)
    # What was read of a frame that never ended is there too, as damaged, and says why.
    halves = [item for item in found if item.damaged]
    assert len(halves) > TIMES / 2
    for item in halves:
        assert any(part[1:].startswith(item.raw) for part in cut)
        assert item.error == "ends without a KISS frame marker"


def test_frames_in_flight_are_lost_whole_or_not_at_all(tmp_path: Path) -> None:
    """Unplugged without waiting: what arrives is what was sent, in order, and nothing else."""
    chance = random.Random(20262)
    device = PtyDevice(tmp_path / "ttyUSB0")
    config = Config(Site("Test", 42.87, 74.57), links=(LinkConfig("tnc", device.url),))
    station = Station(config, tmp_path / "data", backoff=QUICK)
    station.start()
    (link,) = station.links
    for turn in range(30):
        device.plug()
        wait_until(lambda: link.state.state == "open", what=link)
        frames = [kiss_encode(beacon(100 * turn + index)) for index in range(20)]
        device.write(b"".join(frames)[: chance.randrange(400, 1300)])
        device.unplug()
        wait_until(lambda: link.state.state == "waiting", what=link)
    station.stop()
    frames_of_turn: dict[int, list[bytes]] = {}
    for item in journal(tmp_path / "data"):
        if not item.damaged:
            number = int.from_bytes(item.raw[20:24])  # uptime: after address, "C1 01", counter
            frames_of_turn.setdefault(number // 100, []).append(item.raw)
    assert list(frames_of_turn) == sorted(frames_of_turn)
    for turn, found in frames_of_turn.items():
        assert found == [beacon(100 * turn + index) for index in range(len(found))]
