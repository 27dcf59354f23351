"""What one button of a board that is arranged does; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from groundstation.errors import BoardError
from groundstation.model.board import (
    COLUMNS,
    MOST_PARAMETERS,
    MOST_TILES,
    ROWS,
    Board,
    Tile,
    checked_name,
    tile_of,
)
from groundstation.storage.boards import StoredBoard


@dataclass(frozen=True, slots=True)
class Change:
    """A board as it is to be; ``what``: for the list of changes; ``anchor``: the tile to look
    at."""

    board: Board
    on_wall: bool
    what: str
    anchor: str = ""


def do(act: str, found: StoredBoard, form: Mapping[str, str]) -> Change:
    """``act`` is one of ACTS. Raises BoardError, which names the field."""
    board = found.board
    if act == "rename":
        name = checked_name(form.get("name", ""))
        return Change(replace(board, name=name), found.on_wall, f"name: {name}")
    if act == "wall":
        on_wall = form.get("on_wall") == "1"
        return Change(board, on_wall, "on the wall" if on_wall else "not on the wall")
    if act == "add":
        return _added(found, form)
    number = _number(form.get("tile", ""), board)
    tiles, anchor = _MOVES[act](list(board.tiles), number)
    what = f"tile {number + 1} ({_words(board.tiles[number])}): {act}"
    return Change(replace(board, tiles=tuple(tiles)), found.on_wall, what, f"#tile-{anchor}")


def _added(found: StoredBoard, form: Mapping[str, str]) -> Change:
    """One more tile, or one for each of the values."""
    kind = form.get("kind", "")
    fields = (form.get(f"parameter{n}", "").strip() for n in range(MOST_PARAMETERS))
    names = list(dict.fromkeys(filter(None, fields)))
    common: dict[str, object] = {"kind": kind, "satellite": form.get("satellite") or None}
    if kind == "value" and names:
        given = [{**common, "parameters": [name]} for name in names]
    elif kind in ("value", "chart"):
        given = [{**common, "parameters": names, "range": form.get("range", "1h"), "width": 2}]
    else:
        given = [{**common, "width": 2}]
    before = found.board.tiles
    added = tuple(tile_of(item, f"tiles[{len(before) + n}]") for n, item in enumerate(given))
    if len(before) + len(added) > MOST_TILES:
        raise BoardError(f"tiles must be a list of at most {MOST_TILES}")
    what = "; ".join(f"added {_words(tile)}" for tile in added)
    anchor = f"#tile-{len(before) + len(added)}"
    return Change(replace(found.board, tiles=before + added), found.on_wall, what, anchor)


def _number(text: str, board: Board) -> int:
    """A tile's place from 0; the form counts from 1."""
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:4]) <= len(board.tiles):
        raise BoardError(f"tile is {text[:80]!r}, it must be from 1 to {len(board.tiles)}")
    return int(text) - 1


def _words(tile: Tile) -> str:
    return " ".join((tile.kind, *tile.parameters, *([tile.satellite] if tile.satellite else [])))


#: Tiles after a button was pressed at one of them, and the number from 1 of what to look at.
_Moved = tuple[list[Tile], int]


def _swap(tiles: list[Tile], number: int, by: int) -> _Moved:
    other = min(max(number + by, 0), len(tiles) - 1)
    tiles[number], tiles[other] = tiles[other], tiles[number]
    return tiles, other + 1


def _size(tiles: list[Tile], number: int, wider: int, taller: int) -> _Moved:
    tile = tiles[number]
    width = min(max(tile.width + wider, 1), COLUMNS)
    height = min(max(tile.height + taller, 1), ROWS)
    tiles[number] = replace(tile, width=width, height=height)
    return tiles, number + 1


def _out(tiles: list[Tile], number: int) -> _Moved:
    del tiles[number]
    return tiles, min(number + 1, len(tiles))


_MOVES: dict[str, Callable[[list[Tile], int], _Moved]] = {
    "earlier": lambda tiles, number: _swap(tiles, number, -1),
    "later": lambda tiles, number: _swap(tiles, number, 1),
    "wider": lambda tiles, number: _size(tiles, number, 1, 0),
    "narrower": lambda tiles, number: _size(tiles, number, -1, 0),
    "taller": lambda tiles, number: _size(tiles, number, 0, 1),
    "lower": lambda tiles, number: _size(tiles, number, 0, -1),
    "remove": _out,
}
ACTS = ("rename", "wall", "add", *_MOVES)
