"""Answers are small: compressed, and not sent twice."""

from __future__ import annotations

import gzip
import socket
import urllib.request
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.dashboard.conftest import Served
from tests.dashboard.sse import EventStream
from tests.dashboard.station_folder import StationFolder


@pytest.mark.parametrize(
    "path", ["/", "/satellites/classroom-1", "/api/v1/satellites", "/frames.csv", "/satellites"]
)
def test_compressed_answers_are_the_same(client: FlaskClient, path: str) -> None:
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    found = gzip.decompress(packed.data)
    assert len(packed.data) < len(found)
    if path.startswith("/api/") or path.endswith(".csv"):  # on pages the clock goes on
        assert found == plain.data
    else:
        assert len(found) == len(plain.data)


def test_a_page_that_a_browser_has_is_not_sent_again(
    station: StationFolder, client: FlaskClient
) -> None:
    first = client.get("/api/v1/satellites/classroom-1")
    tag = {"If-None-Match": first.headers["ETag"], "Accept-Encoding": "gzip"}
    again = client.get("/api/v1/satellites/classroom-1", headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    latest = client.get("/api/v1/satellites/classroom-1/latest")
    station.receive(battery_voltage=3.9)
    tag = {"If-None-Match": latest.headers["ETag"]}
    news = client.get("/api/v1/satellites/classroom-1/latest", headers=tag)
    assert news.status_code == 200
    assert news.json
    assert news.json["parameters"]["battery_voltage"]["value"] == pytest.approx(3.9)


def test_the_largest_page_is_small_on_the_way(client: FlaskClient) -> None:
    """CPSat has 851 rows."""
    packed = client.get("/satellites/cpsat", headers={"Accept-Encoding": "gzip"})
    assert len(packed.data) < 100_000


def test_a_stream_is_not_held_back(station: StationFolder, serve: Callable[..., Served]) -> None:
    with EventStream(serve(station.folder).port) as stream:
        stream.next("snapshot")
        station.receive()
        assert stream.next("frame").data["seq"] == 24


def test_idle_connections_do_not_shut_others_out(
    station: StationFolder, serve: Callable[..., Served]
) -> None:
    served = serve(station.folder)
    idle = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(1000)]
    try:
        with urllib.request.urlopen(f"{served.url}/api/v1/status", timeout=60) as answer:
            assert answer.status == 200
    finally:
        for each in idle:
            each.close()
