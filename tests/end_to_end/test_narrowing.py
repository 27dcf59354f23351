"""A definition narrowed and another added while a station runs: all that it serves is corrected.

Without a command, pages, charts, CSV and InfluxDB say what a new folder with the same receptions
says by today's definitions; and what that is, the bytes that were sent tell.
"""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from decoders.framing.kiss import kiss_encode
from groundstation.catalog import SatelliteCatalog
from groundstation.config import StorageConfig
from groundstation.interpret.redo import redo
from groundstation.model import Reception
from tests.dashboard.conftest import Served
from tests.end_to_end.test_station_with_dashboard import ask
from tests.interpret.test_reinterpretation import A_NARROWED, A, B, frame
from tests.links.devices import TcpDevice, wait_until
from tests.peers import free_port
from tests.station.running import journal, running, wait_for_frames, write_config
from tests.storage.servers import InfluxServer

#: More than the interpreter and the sink take at once.
BEFORE, MEANWHILE = 2500, 60
SPAN = "start=2020-01-01T00:00:00Z&end=2100-01-01T00:00:00Z&points=5000"
PATHS = (
    *(f"/api/v1/frames?after={after}&limit=1000" for after in (0, 1000, 2000)),
    *("/api/v1/frames?satellite=a-1&limit=1000", "/api/v1/frames?satellite=b-1&limit=1000"),
    *("/frames.csv?limit=1000", "/api/v1/satellites/a-1/latest", "/api/v1/satellites/b-1/latest"),
    *("/satellites/a-1.csv", "/satellites/b-1.csv"),
    *(
        f"{begin}/{series}{end}?{SPAN}"
        for series in (
            *(f"a-1/parameters/{name}" for name in ("kind", "volts", "battery")),
            *("b-1/parameters/kind", "b-1/parameters/level"),
        )
        for begin, end in (("/api/v1/satellites", ""), ("/satellites", ".csv"))
    ),
)


@pytest.fixture
def influx(tmp_path: Path) -> Iterator[InfluxServer]:
    (tmp_path / "influx").mkdir()
    server = InfluxServer(tmp_path / "influx")
    server.start()
    server.query('CREATE DATABASE "school"')
    yield server
    server.close()


def answer(port: int, path: str) -> tuple[int, str]:
    """Status and text."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as found:
            return found.status, found.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def pages(port: int) -> dict[str, tuple[int, str]]:
    return {path: answer(port, path) for path in PATHS}


def served(folder: Path) -> dict[str, tuple[int, str]]:
    """What a dashboard of its own says of a folder."""
    dashboard = Served(folder)
    try:
        return pages(dashboard.port)
    finally:
        dashboard.end()


def database(server: InfluxServer, name: str) -> list[list[dict[str, Any]]]:
    """All points, and the names of all fields."""
    return [
        server.query(statement, name)
        for statement in (
            'SELECT * FROM "a-1","b-1"',
            "SHOW SERIES",
            "SHOW FIELD KEYS",
        )
    ]


def column(server: InfluxServer, satellite: str, field: str) -> dict[int, float]:
    """Values of one field by the times of their points, nanoseconds."""
    found = server.query(f'SELECT "{field}" FROM "{satellite}"', "school")
    return {time_ns: value for series in found for time_ns, value in series["values"]}


def fresh(folder: Path, data: Path, storage: StorageConfig) -> Path:
    """A folder with the same receptions, interpreted at once by the definitions of today."""
    folder.mkdir()
    shutil.copytree(data / "satellites", folder / "satellites")
    with closing(sqlite3.connect(data / "journal.db")) as source:
        source.execute("VACUUM INTO ?", (str(folder / "journal.db"),))
    said: list[str] = []
    redo(folder, SatelliteCatalog(folder), said.append, storage)
    assert not [text for text in said if "influx" in text]
    return folder


def define(data: Path, **definitions: str) -> None:
    """Write definitions as an editor does: each appears whole."""
    for id, text in definitions.items():
        path = data / "satellites" / f"{id.replace('_', '-')}.toml"
        new = path.with_suffix(".new")
        new.write_text(text, "utf-8")
        new.replace(path)


def test_all_that_is_served_is_corrected(tmp_path: Path, influx: InfluxServer) -> None:
    chance = random.Random(2026)
    sent = [
        frame(chance.choice((1, 2, 3)), chance.randrange(65536)) for _ in range(BEFORE + MEANWHILE)
    ]
    data, port, device = tmp_path / "data", free_port(), TcpDevice()
    (data / "satellites").mkdir(parents=True)
    define(data, a_1=A)
    device.plug()
    storage = StorageConfig("influx", influx.url, "school")
    settings = f'[storage]\nkind = "influx"\nurl = "{storage.url}"\nbucket = "{storage.bucket}"\n'
    write_config(tmp_path, device.url, more=settings)
    with running(tmp_path, "--port", str(port)) as station:
        wait_until(lambda: ask(port, "/api/v1/status"), what="the dashboard")
        device.write(b"".join(kiss_encode(each) for each in sent[:BEFORE]))
        wait_until(lambda: len(column(influx, "a-1", "volts")) == BEFORE, what="the old values")
        assert ask(port, "/api/v1/satellites/a-1/latest")["parameters"].keys() == {"kind", "volts"}

        define(data, a_1=A_NARROWED, b_1=B)
        for each in sent[BEFORE:]:  # frames go on coming while history is made anew
            device.write(kiss_encode(each))
            time.sleep(0.03)
        wait_for_frames(data, sent)
        copy = fresh(tmp_path / "fresh", data, StorageConfig("influx", influx.url, "fresh"))
        expected = served(copy)
        wait_until(lambda: pages(port) == expected, what="pages like those of a fresh folder")
        points = database(influx, "fresh")
        wait_until(lambda: database(influx, "school") == points, what="points like fresh ones")

        assert_told_by_the_bytes(expected, influx, journal(data))
        assert_xrays_agree(port, sent)
    device.unplug()
    assert "Traceback" not in station.log()


def assert_told_by_the_bytes(
    answers: dict[str, tuple[int, str]], influx: InfluxServer, receptions: list[Reception]
) -> None:
    """What both say is right."""
    by_kind = {kind: [each for each in receptions if each.raw[4] == kind] for kind in (1, 2)}
    for satellite, name, kind, divisor in (("a-1", "battery", 1, 100), ("b-1", "level", 2, 1)):
        right = {
            # As docs/storage.md tells how values lie in InfluxDB.
            each.received_us * 1000 + each.seq % 1000: int.from_bytes(each.raw[5:]) / divisor
            for each in by_kind[kind]
        }
        series = answers[f"/api/v1/satellites/{satellite}/parameters/{name}?{SPAN}"][1]
        assert json.loads(series)["mean"] == list(right.values())
        assert column(influx, satellite, name) == right
    assert column(influx, "a-1", "volts") == {}
    assert answers[f"/api/v1/satellites/a-1/parameters/volts?{SPAN}"][0] == 404
    rows = [row for path in PATHS[:3] for row in json.loads(answers[path][1])["frames"]]
    assert [(row["raw"], row["satellite"]) for row in rows] == [
        (each.raw.hex(), {1: "a-1", 2: "b-1"}.get(each.raw[4])) for each in receptions
    ]


def assert_xrays_agree(port: int, sent: list[bytes]) -> None:
    """The X-ray of a frame says of it what the list of frames says, for each kind, old and new."""
    kinds = [each[4] for each in sent]
    for kind in (1, 2, 3):
        for seq in (kinds.index(kind) + 1, len(kinds) - kinds[::-1].index(kind)):
            (listed,) = ask(port, f"/api/v1/frames?after={seq - 1}&limit=1")["frames"]
            xray = ask(port, f"/api/v1/frames/{seq}")
            assert {key: xray[key] for key in listed} == listed
