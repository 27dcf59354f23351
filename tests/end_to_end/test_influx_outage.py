"""InfluxDB killed with -9 while frames arrive, then started again: nothing missing or twice."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from decoders.framing.kiss import kiss_encode
from tests.links.devices import TcpDevice, wait_until
from tests.station.frames import SATELLITE, beacon
from tests.station.running import Process, journal, running, write_config
from tests.storage.servers import InfluxServer

STORAGE = '[storage]\nkind = "influx"\nurl = "{url}"\nbucket = "school"\n'


@pytest.fixture
def server(tmp_path: Path) -> Iterator[InfluxServer]:
    server = InfluxServer(tmp_path)
    yield server
    server.close()


class Sender:
    """Sends numbered beacons, about 150 a second, until it is stopped."""

    def __init__(self, device: TcpDevice):
        self.sent = 0
        self._device = device
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        for number in itertools.count():
            self._device.write(kiss_encode(beacon(number)))
            self.sent = number + 1
            if self._stopping.wait(0.007):
                return

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()


def follower(station: Process) -> dict[str, object]:
    found: dict[str, object] = station.status().get("followers", {}).get("influx", {})
    return found


def keeps_up(station: Process) -> bool:
    state = follower(station)
    return state.get("error") is None and state.get("lag") in range(5)


def test_killed_while_frames_arrive(tmp_path: Path, server: InfluxServer) -> None:
    chance = random.Random(20264)
    device = TcpDevice()
    device.plug()
    write_config(tmp_path, device.url, more=STORAGE.format(url=server.url))
    with running(tmp_path) as station:
        wait_until(lambda: "Connection refused" in str(follower(station).get("error")))
        sender = Sender(device)  # frames come while the database is not there at all
        server.start()
        for _ in range(3):
            wait_until(lambda: keeps_up(station))
            time.sleep(chance.uniform(0, 0.3))
            server.kill()
            wait_until(lambda: "cannot be reached" in str(follower(station).get("error")))
            lag = follower(station)["lag"]
            assert isinstance(lag, int)
            wait_until(lambda: follower(station)["lag"] > lag, what="a growing lag")  # type: ignore[operator]  # noqa: B023
            server.start()
        sender.stop()
        wait_until(lambda: len(journal(station.data)) == sender.sent)
        wait_until(lambda: follower(station)["seq"] == sender.sent)
        wait_until(lambda: follower(station)["error"] is None)
    device.unplug()
    assert [item.raw for item in journal(station.data)] == [
        beacon(number) for number in range(sender.sent)
    ]
    (series,) = server.query(f'SELECT uptime FROM "{SATELLITE}"', "school")
    assert [row[1] for row in series["values"]] == list(range(sender.sent))
    (series,) = server.query(f'SELECT count("mode.state") FROM "{SATELLITE}"', "school")
    assert series["values"][0][1] == sender.sent
    assert station.log().count("influx: goes on") >= 4  # a slow disk is an outage too


def test_a_token_that_is_not_set_shows(tmp_path: Path, server: InfluxServer) -> None:
    more = STORAGE.format(url=server.url) + 'token_env = "NO_SUCH_TOKEN"\n'
    write_config(tmp_path, "loop://", more=more)
    with running(tmp_path) as station:
        wait_until(lambda: "NO_SUCH_TOKEN" in str(follower(station).get("error")))
        assert "the environment variable NO_SUCH_TOKEN" in station.log()
