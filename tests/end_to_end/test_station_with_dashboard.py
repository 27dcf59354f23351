"""``groundstation run`` with its real dashboard process: both live and end together."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

from decoders.framing.kiss import kiss_encode
from tests.links.devices import TcpDevice, wait_until
from tests.peers import free_port
from tests.station.frames import SATELLITE, beacon
from tests.station.running import Process, ask, children, running, write_config


def test_a_frame_reaches_the_page_and_both_end_on_sigterm(tmp_path: Path) -> None:
    device, port = TcpDevice(), free_port()
    device.plug()
    write_config(tmp_path, device.url)
    with running(tmp_path, "--port", str(port)) as station:
        wait_until(lambda: ask(port, "/api/v1/status"), what="the dashboard")
        (dashboard,) = children(station.popen.pid)
        device.write(kiss_encode(beacon(4711)))
        wait_until(
            lambda: "4711" in json.dumps(ask(port, f"/api/v1/satellites/{SATELLITE}/latest"))
        )
        os.kill(dashboard, signal.SIGKILL)  # a crash of the pages does not touch reception
        device.write(kiss_encode(beacon(4712)))
        wait_until(lambda: station.status()["links"][0]["frames"] == 2)
        wait_until(lambda: ask(port, "/api/v1/status"), what="the dashboard again")
        (dashboard,) = children(station.popen.pid)
        assert f"pages: http://127.0.0.1:{port}/" in station.log()
    device.unplug()
    assert not Path(f"/proc/{dashboard}").exists()
    assert "Traceback" not in station.log()


def test_kill_of_the_station_ends_the_dashboard(tmp_path: Path) -> None:
    port = free_port()
    write_config(tmp_path)
    station = Process(tmp_path, "--port", str(port))
    wait_until(lambda: ask(port, "/api/v1/status"), what="the dashboard")
    (dashboard,) = children(station.popen.pid)
    station.kill()
    wait_until(lambda: not Path(f"/proc/{dashboard}").exists(), what="the dashboard to end")
    with running(tmp_path, "--port", str(port)):  # at once on the same port
        wait_until(lambda: ask(port, "/api/v1/status"), what="the dashboard")
