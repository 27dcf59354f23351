"""Boards for Grafana: each query is asked of a real InfluxDB, and every value is on the board."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from decoders.definition.limits import Limits
from decoders.words import ENGLISH
from groundstation.catalog import SatelliteCatalog
from groundstation.cli.board import board as board_command
from groundstation.cli.decode import decode
from groundstation.storage.grafana import _thresholds, board
from tests.storage.servers import InfluxServer

CATALOG = SatelliteCatalog()
#: With repeated rows and groups, words, flags, limits, derived values, and names that points take.
SATELLITES = ("classroom-1", "quetzal-1", "cute", "grbalpha", "cpsat")
HOUR_NS = 3_600_000_000_000
START_NS = 1_780_000_000_000_000_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxServer]:
    found = InfluxServer(tmp_path_factory.mktemp("influx"))
    found.start()
    found.query("CREATE DATABASE station")
    yield found
    found.close()


def targets(found: dict[str, Any]) -> list[str]:
    return [each["query"] for panel in found["panels"] for each in panel.get("targets", ())]


def written(server: InfluxServer, id: str) -> set[str]:
    """Golden frames of a satellite go into the database; its fields of engineering values."""
    known, wanted = CATALOG.satellites[id], set()
    for place, example in enumerate(known.examples):
        words = ["--satellite", id, "--hex", example.frame.hex(), "--format", "influx"]
        for line in CliRunner().invoke(decode, words).stdout.splitlines():
            bare = re.sub(r" \d+$", "", line)
            send(server, f"{bare} {START_NS + place * HOUR_NS}")
    for series in server.query(f'SHOW FIELD KEYS FROM "{id}"', "station"):
        for name, _ in series["values"]:
            row = known.row(name.removesuffix(".text"))
            if row is not None and getattr(row, "kind", "") not in ("bytes", "time"):
                wanted.add(name)
    assert len(wanted) > 5
    return wanted


def send(server: InfluxServer, line: str) -> None:
    url = f"{server.url}/write?db=station"
    urllib.request.urlopen(urllib.request.Request(url, line.encode(), method="POST")).close()


@pytest.mark.parametrize("id", SATELLITES)
def test_every_value_is_on_the_board(server: InfluxServer, id: str) -> None:
    wanted = written(server, id)
    known = CATALOG.satellites[id]
    seen: set[str] = set()
    for query in targets(board(known, ENGLISH)):
        asked = query.replace("$timeFilter", "time > 0").replace("$__interval", "1h")
        asked = asked.replace("$simulated", str(known.simulated).lower())
        # The fields that answer, by name: an alias hides them.
        selected = r"SELECT (?:mean|last)\((.+)\) FROM (.+) GROUP BY .*"
        bare = re.sub(selected, r"SELECT \1 FROM \2", asked)
        for series in server.query(bare, "station"):
            for place, column in enumerate(series["columns"][1:], 1):
                if any(row[place] is not None for row in series["values"]):
                    seen.add(column)
        server.query(asked, "station")  # raises where the server does not understand it
    assert wanted - seen == set()


@pytest.mark.parametrize(
    ("limits", "steps"),
    [
        (
            Limits(warning=(3.5, 4.15), critical=(3.3, 4.25)),
            [(None, "red"), (3.3, "orange"), (3.5, "green"), (4.15, "orange"), (4.25, "red")],
        ),
        (Limits(warning=(3.5, float("inf"))), [(None, "orange"), (3.5, "green")]),
        (Limits(critical=(float("-inf"), 60.0)), [(None, "green"), (60.0, "red")]),
        (
            Limits(warning=(0.0, 40.0), critical=(float("-inf"), 60.0)),
            [(None, "orange"), (0.0, "green"), (40.0, "orange"), (60.0, "red")],
        ),
        (
            Limits(warning=(float("-inf"), 40.0), critical=(-10.0, 60.0)),
            [(None, "red"), (-10.0, "green"), (40.0, "orange"), (60.0, "red")],
        ),
    ],
)
def test_limits_are_colours(limits: Limits, steps: list[tuple[float | None, str]]) -> None:
    found: Any = _thresholds("x", limits)
    shown = found["properties"][0]["value"]["steps"]
    assert [(step["value"], step["color"]) for step in shown] == steps


def test_every_satellite_has_a_board() -> None:
    for id, known in CATALOG.satellites.items():
        found: Any = board(known, ENGLISH)
        json.dumps(found, allow_nan=False)
        numbers = [panel["id"] for panel in found["panels"]]
        assert len(numbers) == len(set(numbers))
        places = [(p["gridPos"]["x"], p["gridPos"]["y"]) for p in found["panels"]]
        assert len(places) == len(set(places)), id
        for panel in found["panels"]:
            assert len(panel.get("targets", ())) <= 8


def test_the_command_writes_in_a_language_and_over_nothing(tmp_path: Path) -> None:
    path = tmp_path / "board.json"
    result = CliRunner().invoke(board_command, ["classroom-1", "--lang", "ky", "-o", str(path)])
    assert result.exit_code == 0
    found = json.loads(path.read_text("utf-8"))
    titles = [panel["title"] for panel in found["panels"]]
    assert any("Батарея" in title for title in titles), titles
    defaults = [panel.get("fieldConfig", {}).get("defaults", {}) for panel in found["panels"]]
    assert {"unit": "suffix:мА"} in defaults
    mapped = [each["mappings"][0]["options"] for each in defaults if "mappings" in each]
    assert any(options.get("safe") == {"text": "коопсуз"} for options in mapped), mapped
    before = path.read_text("utf-8")
    assert CliRunner().invoke(board_command, ["quetzal-1", "-o", str(path)]).exit_code != 0
    assert path.read_text("utf-8") == before
