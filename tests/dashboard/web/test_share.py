"""How phones reach the pages: addresses, ``--share``, the page for the wall."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from dashboard.data.station_data import StationData
from dashboard.web.app import close_app, create_app
from dashboard.web.openapi import DESCRIPTION
from groundstation import sharing
from groundstation.cli.share import told
from groundstation.storage.accounts import Accounts
from groundstation.storage.audit import Actor
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.test_api import check
from tests.peers import free_port
from tests.station.running import write_config


def test_addresses_are_of_this_computer() -> None:
    """Each can be listened on, which only an address of ours can."""
    for address in sharing.network_addresses():
        assert not ip_address(address).is_loopback
        with socket.create_server((address, 0)):
            pass


def test_the_likeliest_address_is_first(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ["169.254.3.4", "127.0.0.1", "192.168.1.20", "10.42.0.1"]
    monkeypatch.setattr(sharing, "_of_interfaces", lambda: iter(found))
    monkeypatch.setattr(sharing, "_of_name", lambda: iter(["127.0.1.1", "192.168.1.20"]))
    assert sharing.network_addresses() == ["10.42.0.1", "192.168.1.20", "169.254.3.4"]
    assert sharing.share_urls("0.0.0.0", 8080)[0] == "http://10.42.0.1:8080/"
    assert sharing.share_urls("0.0.0.0", 80)[0] == "http://10.42.0.1/"
    assert sharing.share_urls("192.168.1.20", 8080) == ["http://192.168.1.20:8080/"]
    assert sharing.share_urls("fd00::1", 8080) == ["http://[fd00::1]:8080/"]
    for host in ("127.0.0.1", "localhost", "::1"):
        assert sharing.share_urls(host, 8080) == []
    monkeypatch.setattr(sharing, "_of_interfaces", lambda: iter(()))
    monkeypatch.setattr(sharing, "_of_name", lambda: iter(()))
    assert told("0.0.0.0", 8080) == [
        "phones: this computer is in no network: join one, or open a hotspot on it"
    ]


@pytest.fixture
def make_placed(station: StationFolder) -> Iterator[Callable[[str], Flask]]:
    apps: list[Flask] = []

    def make(host: str) -> Flask:
        apps.append(create_app(StationData(station.folder), place=(host, 8080)))
        return apps[-1]

    yield make
    for app in apps:
        close_app(app)


def test_the_page_shows_address_and_code(make_placed: Callable[[str], Flask]) -> None:
    client = make_placed("192.168.1.20").test_client()
    page = client.get("/share").text
    assert '<a href="http://192.168.1.20:8080/">http://192.168.1.20:8080/</a>' in page
    assert f'src="{sharing.qr_of_page("http://192.168.1.20:8080/")}"' in page.replace("&#39;", "'")
    found: Any = client.get("/api/v1/share").json
    assert found == {
        "urls": ["http://192.168.1.20:8080/"],
        "listening": 0,
        "language": "en",  # of who sits at this computer
    }
    about = DESCRIPTION["paths"]["/api/v1/share"]["get"]
    check(about["responses"]["200"]["content"]["application/json"]["schema"], found, "share")


def test_it_says_who_may_change_something(
    make_placed: Callable[[str], Flask], station: StationFolder
) -> None:
    client = make_placed("192.168.1.20").test_client()
    assert "there is no account yet" in client.get("/share").text
    now_us = station.clock.now_us()
    Accounts(station.folder).add("Aida", "teacher", "three words do", now_us, Actor("test"))
    page = client.get("/share").text
    assert "who is logged in changes something, also from a phone" in page
    assert "there is no account yet" not in page


def test_a_page_that_only_this_computer_sees_says_how_to_share(
    make_placed: Callable[[str], Flask],
) -> None:
    client = make_placed("127.0.0.1").test_client()
    page = client.get("/share").text
    assert "groundstation run --share" in page
    assert "<img" not in re.sub(r"<header.*?</header>", "", page, flags=re.DOTALL)
    found: Any = client.get("/api/v1/share").json
    assert found["urls"] == []


def test_run_share_opens_the_network(tmp_path: Path) -> None:
    """The pages answer on each address of this computer, and the addresses are told."""
    write_config(tmp_path, f"tcp://127.0.0.1:{free_port()}")
    port = free_port()
    command = [sys.executable, "-m", "groundstation", "run", "-c", "station.toml", "--share"]
    with subprocess.Popen(
        [*command, "--data", "data", "--port", str(port)],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as station:
        assert station.stderr is not None
        lines: list[str] = []
        for line in station.stderr:
            lines.append(line)
            if "dashboard: http://0.0.0.0" in line:
                break
        for address in sharing.network_addresses():
            with socket.create_connection((address, port), timeout=60) as browser:
                browser.sendall(f"GET /share HTTP/1.0\r\nHost: {address}:{port}\r\n\r\n".encode())
                answer = b"".join(iter(lambda: browser.recv(1 << 16), b""))
            assert answer.startswith(b"HTTP/1.0 200")
            assert f"http://{address}:{port}/".encode() in answer
            assert any(f"http://{address}:{port}/" in line for line in lines), lines
        station.terminate()
        station.stderr.read()
    assert station.returncode == 0


def test_sharing_without_pages_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "groundstation", "run", "--share", "--no-dashboard"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "--no-dashboard leaves out" in done.stderr
