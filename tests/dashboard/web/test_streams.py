"""Whole histories as files: what the export writes, streamed, a few at a time."""

from __future__ import annotations

import csv
import io
import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from dashboard.web.streams import MOST
from groundstation.cli import groundstation
from groundstation.model import Reception
from tests.dashboard.conftest import Served, wait_until
from tests.dashboard.station_folder import SATELLITE, StationFolder
from tests.station.frames import beacon


def export(station: StationFolder, *words: str) -> str:
    made = ["export", "--data", str(station.folder), *words]
    result = CliRunner().invoke(groundstation, made)
    assert result.exit_code == 0, result.output
    return result.stdout


HISTORY = f"/satellites/{SATELLITE}/history.csv"


def test_values_are_those_of_the_export(station: StationFolder, client: FlaskClient) -> None:
    answer = client.get(HISTORY)
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{SATELLITE}.csv"'
    assert answer.text == export(station)
    assert client.get("/api/v1" + HISTORY).text == answer.text
    some = client.get(f"{HISTORY}?parameters=battery_voltage,mode&units=1").text
    assert some == export(station, "--parameters", "battery_voltage,mode", "--units")
    assert client.get(f"{HISTORY}?quantity=battery_voltage").text == export(
        station, "--quantity", "battery_voltage"
    )


def test_times_and_passes(station: StationFolder, client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"{HISTORY}?since=1m").text)))
    assert 0 < len(rows) < 21
    since = rows[1]["time"]
    later = list(csv.DictReader(io.StringIO(client.get(f"{HISTORY}?since={since}").text)))
    assert [row["seq"] for row in later] == [row["seq"] for row in rows[1:]]
    assert client.get(f"{HISTORY}?until=2001-01-01").text.count("\n") == 1
    (key,) = re.findall(r"history\.csv\?pass=([\w-]+)", client.get("/passes/last").text)
    assert client.get(f"{HISTORY}?pass={key}").text == export(station, "--pass", key)
    frames = client.get(f"/frames.hex?pass={key}").text
    assert frames == export(station, "--format", "hex", "--pass", key)


def test_frames_are_those_of_the_export(station: StationFolder, client: FlaskClient) -> None:
    answer = client.get("/frames.hex")
    assert (answer.mimetype, answer.text) == ("text/plain", export(station, "--format", "hex"))
    mine = client.get(f"/api/v1/frames.hex?satellite={SATELLITE}").text
    assert mine == export(station, "--format", "hex", "--satellite", SATELLITE)


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        (f"{HISTORY}?since=noon", 400, "since is 'noon', it must be a time"),
        (f"{HISTORY}?pass=1-x", 404, "there is no pass '1-x'"),
        (f"{HISTORY}?parameters=batery_voltage", 404, "did you mean 'battery_voltage'?"),
        ("/satellites/nobody/history.csv", 404, "nobody"),
        ("/satellites/quetzal-1/history.csv", 404, "nothing was heard of 'quetzal-1'"),
        ("/frames.hex?since=99999999999d", 400, "since is '99999999999d', it must be a time"),
        ("/api/v1/frames?since=noon", 400, "since is 'noon', it must be a time"),
        ("/api/v1/frames?since=1d&before=4", 409, "before goes with no time"),
    ],
)
def test_what_is_not_there_is_told(client: FlaskClient, path: str, status: int, told: str) -> None:
    for _ in range(2 * MOST):  # none of them keeps a place
        answer = client.get(path)
        assert answer.status_code == status
        assert told in answer.get_json()["error"]


def test_without_a_journal(tmp_path: Path, make_app: Callable[[StationFolder], Flask]) -> None:
    folder = StationFolder(tmp_path)
    answer = make_app(folder).test_client().get("/frames.hex")
    assert answer.status_code == 503
    folder.close()


def test_times_in_the_interface(station: StationFolder, client: FlaskClient) -> None:
    every = client.get("/api/v1/frames?after=0&limit=1000").get_json()["frames"]
    times = [frame["received"] for frame in every]
    path = f"/api/v1/frames?since={times[5]}&until={times[9]}"
    assert client.get(path).get_json()["frames"] == every[5:9]
    assert client.get(f"{path}&after={every[6]['seq']}").get_json()["frames"] == every[7:9]
    assert client.get(f"{path}&limit=2").get_json()["frames"] == every[5:7]
    assert client.get("/api/v1/frames?since=1d&limit=1000").get_json()["frames"] == every
    assert client.get("/api/v1/frames?until=2001-01-01").get_json()["frames"] == []
    series = f"/api/v1/satellites/{SATELLITE}/parameters/battery_voltage"
    found = client.get(f"{series}?since=7d").get_json()
    assert len(found["times"]) == 21
    assert found == client.get(f"{series}?start=7d").get_json()


def test_the_buttons_lead_to_what_the_page_shows(
    station: StationFolder, client: FlaskClient
) -> None:
    pages = ("/", "/satellites", f"/satellites/{SATELLITE}", "/passes", "/passes/last")
    for path in (*pages, "/frames", "/frames?before=9", "/frames/5", "/status"):
        links = re.findall(r'href="([^"#]+)" download', client.get(path).text)
        assert {link.partition("?")[0].rpartition(".")[2] for link in links} >= {"json", "csv"}
        for link in links:
            answer = client.get(link.replace("&amp;", "&"), buffered=True)
            assert answer.status_code == 200, (path, link)
    html = client.get("/frames?before=9").text
    shown = re.findall(r'<td class="number"><a href="/frames/(\d+)"', html)
    (link,) = re.findall(r'href="(/frames\.json[^"]*)" download', html)
    frames = client.get(link).get_json()["frames"]
    assert [str(frame["seq"]) for frame in frames] == shown


def stalled(port: int, path: str) -> socket.socket:
    """A reader that asks, takes the beginning of the answer, and nothing more."""
    made = socket.create_connection(("127.0.0.1", port))
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    assert made.recv(12) == b"HTTP/1.1 200"
    return made


def test_slow_readers_leave_room_for_pages(tmp_path: Path, serve: Callable[..., Served]) -> None:
    folder = StationFolder(tmp_path / "data")
    many = [Reception(0, n * 1_000_000, "tnc", beacon(n)) for n in range(60_000)]
    folder.journal.append(many)
    folder.close()
    served = serve(folder.folder)
    readers = [stalled(served.port, "/frames.hex") for _ in range(MOST)]
    refused = stalled_refusal(served.port)
    assert b"503" in refused.split(b"\r\n")[0]
    assert f"{MOST} files are being fetched already".encode() in refused
    assert b"Station" in served.get("/status")
    for reader in readers:
        reader.close()
    wait_until(lambda: stalled_refusal(served.port).startswith(b"HTTP/1.1 200"))
    readers = [stalled(served.port, "/frames.hex")]
    assert served.end() == 0  # a slow reader does not hold up the end
    readers[0].close()


def stalled_refusal(port: int) -> bytes:
    """The beginning of an answer to one more reader, which leaves at once."""
    with socket.create_connection(("127.0.0.1", port)) as made:
        made.sendall(f"GET /frames.hex HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        answer = b""
        while len(answer) < 4096 and (data := made.recv(4096)):
            answer += data
            if answer.startswith(b"HTTP/1.1 503") and answer.endswith(b"}\n"):
                break
        return answer
