"""Boards as files have them: what is understood, and what is refused with the field named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from groundstation.errors import BoardError
from groundstation.model.board import COLUMNS, MOST_TILES, ROWS, Board, Tile, board_of

TILE = {"kind": "value", "satellite": "classroom-1", "parameters": ["battery_voltage"]}
FILE: dict[str, Any] = {
    "format": "groundstation-board",
    "version": 1,
    "name": "Power",
    "tiles": [TILE, {"kind": "sky", "width": 2, "height": 2}],
}
BOARD = Board(
    "Power",
    (Tile("value", "classroom-1", ("battery_voltage",)), Tile("sky", width=2, height=2)),
)


def test_a_file_and_back() -> None:
    assert board_of(json.dumps(FILE)) == BOARD
    assert board_of(json.dumps(BOARD.to_json())) == BOARD


def tile(**change: Any) -> dict[str, Any]:
    return {**FILE, "tiles": [TILE, {**TILE, **change}]}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ("", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ('{"format": NaN}', "NaN is no number"),
        ([], "the board is []"),
        ({**FILE, "format": "grafana"}, "format is 'grafana'"),
        ({**FILE, "version": 2}, "version is 2"),
        ({**FILE, "version": True}, "version is True"),
        ({**FILE, "titles": []}, "no field 'titles': did you mean 'tiles'?"),
        ({**FILE, "name": ""}, "name is ''"),
        ({**FILE, "name": "x" * 61}, "name is"),
        ({**FILE, "name": " \u202e"}, "name is"),
        ({**FILE, "name": 7}, "name is 7"),
        ({**FILE, "tiles": {}}, "tiles must be a list"),
        ({**FILE, "tiles": [TILE] * (MOST_TILES + 1)}, "tiles must be a list of at most"),
        ({**FILE, "tiles": [7]}, "tiles[0] is 7"),
        (tile(kind="values"), "tiles[1].kind is 'values': did you mean 'value'?"),
        (tile(kind=["value"]), "tiles[1].kind is"),
        (tile(satellite=7), "tiles[1].satellite is 7"),
        (tile(satellite=""), "tiles[1].satellite is ''"),
        (tile(parameters=[]), "tiles[1].parameters is []"),
        (tile(parameters=["a", "b"]), "tiles[1].parameters is"),
        (tile(parameters="battery_voltage"), "tiles[1].parameters is"),
        (tile(parameters=[{}]), "tiles[1].parameters is"),
        (tile(kind="chart", parameters=["a"] * 5), "tiles[1].parameters is"),
        (tile(kind="map"), "it must be left out for a map"),
        (tile(range="2h"), "tiles[1].range is '2h'"),
        (tile(range={}), "tiles[1].range is {}"),
        (tile(width=COLUMNS + 1), "tiles[1].width is 5, it must be a whole number from 1 to 4"),
        (tile(width=1.5), "tiles[1].width is 1.5"),
        (tile(width=True), "tiles[1].width is True"),
        (tile(height=ROWS + 1), "tiles[1].height is 4"),
        (tile(height=-(10**400)), "tiles[1].height is"),
        (tile(colour="red"), "tiles[1] has no field 'colour'"),
        (tile(**{"<script>" * 100: 1}), "tiles[1] has no field"),
    ],
)
def test_another_is_refused_with_its_field(given: object, field: str) -> None:
    with pytest.raises(BoardError) as refused:
        board_of(given if isinstance(given, str) else json.dumps(given))
    assert field in str(refused.value)
    assert len(str(refused.value)) < 300
