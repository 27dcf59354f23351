"""Boards: what a teacher has put together for a screen, as desk.db and files have it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypedDict, cast, get_args

from decoders.suggest import nearest
from groundstation.errors import BoardError

Kind: TypeAlias = Literal["value", "chart", "story", "sky", "map", "frames"]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: A board is so many columns wide; a tile takes 1 to COLUMNS of them, and 1 to ROWS rows.
COLUMNS, ROWS = 4, 3
#: Tiles of a board, parameters of a chart, characters of a name and of one word.
MOST_TILES, MOST_PARAMETERS, MOST_NAME, MOST_WORD = 24, 4, 60, 80
#: How far a chart reaches back; the pass that is on, the last one.
RANGES = ("pass", "last", "1h", "1d", "7d", "30d")
#: In place of a parameter: the first (#1) to sixth value of the first page, whichever that is.
_PLACE = re.compile(r"#[1-6]")
#: A name has a sign that is seen: Latin or Cyrillic, a digit, a mark.
VISIBLE = r"^[\s\S]*[!-~À-ɏЀ-ӿ][\s\S]*$"
#: What a file says it is, and of which form.
FORMAT, VERSION = "groundstation-board", 1
_KEYS = ("format", "version", "name", "tiles")
_TILE_KEYS = ("kind", "satellite", "parameters", "range", "width", "height")


class TileRecord(TypedDict):
    """A tile as files have it; ``parameters`` of values and charts, ``range`` of charts matter."""

    kind: Kind
    satellite: str | None
    parameters: list[str]
    range: str
    width: int
    height: int


class BoardRecord(TypedDict):
    """A board as files have it."""

    format: str
    version: int
    name: str
    tiles: list[TileRecord]


@dataclass(frozen=True, slots=True)
class Tile:
    """One thing on a board.

    ``satellite`` None: the one whose pass is on, else the first. ``parameters``: names, or ``#1``
    to ``#6``: the values of the first page in their order.
    """

    kind: Kind
    satellite: str | None = None
    parameters: tuple[str, ...] = ()
    range: str = "1h"
    width: int = 1
    height: int = 1

    def to_json(self) -> TileRecord:
        """As files have it."""
        return {
            "kind": self.kind,
            "satellite": self.satellite,
            "parameters": list(self.parameters),
            "range": self.range,
            "width": self.width,
            "height": self.height,
        }


@dataclass(frozen=True, slots=True)
class Board:
    """A name and tiles in their order."""

    name: str
    tiles: tuple[Tile, ...] = ()

    def to_json(self) -> BoardRecord:
        """As files have it."""
        tiles = [tile.to_json() for tile in self.tiles]
        return {"format": FORMAT, "version": VERSION, "name": self.name, "tiles": tiles}


def place_of(parameter: str) -> int | None:
    """The number in ``#1``; None for a name."""
    return int(parameter[1:]) if _PLACE.fullmatch(parameter) else None


def board_of(text: str) -> Board:
    """The board of a file. Raises BoardError, which names the field."""
    try:
        found = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BoardError(f"this is no board: it is not JSON ({error})") from error
    return from_json(found)


def from_json(found: object) -> Board:
    """The board of an object. Raises BoardError, which names the field."""
    given = _object("the board", found, _KEYS)
    if given.get("format") != FORMAT:
        raise BoardError(f"format is {_told(given.get('format'))}, it must be {FORMAT!r}")
    if given.get("version") != VERSION or isinstance(given["version"], bool):
        raise BoardError(f"version is {_told(given.get('version'))}, it must be {VERSION}")
    tiles = given.get("tiles", [])
    if not isinstance(tiles, list) or len(tiles) > MOST_TILES:
        raise BoardError(f"tiles must be a list of at most {MOST_TILES}")
    name = checked_name(given.get("name"))
    return Board(name, tuple(tile_of(tile, f"tiles[{n}]") for n, tile in enumerate(tiles)))


def checked_name(found: object) -> str:
    """The name of a board. Raises BoardError."""
    text = found if isinstance(found, str) else ""
    if len(text) > MOST_NAME or not re.fullmatch(VISIBLE, text):
        raise BoardError(f"name is {_told(found)}, it must be text of 1 to {MOST_NAME} characters")
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def tile_of(found: object, where: str) -> Tile:
    """One tile; ``where`` names it in errors. Raises BoardError."""
    given = _object(where, found, _TILE_KEYS)
    kind = given.get("kind")
    if kind not in KINDS:
        hint = nearest(kind, KINDS)
        raise BoardError(f"{where}.kind is {_told(kind)}: {hint}")
    satellite = given.get("satellite")
    if satellite is not None and not _is_word(satellite):
        raise BoardError(f"{where}.satellite is {_told(satellite)}, it must be an id or null")
    span = given.get("range", "1h")
    if span not in RANGES:
        raise BoardError(f"{where}.range is {_told(span)}: {nearest(span, RANGES)}")
    return Tile(
        kind=cast(Kind, kind),
        satellite=satellite,
        parameters=_parameters(cast(Kind, kind), given.get("parameters", []), where),
        range=span,
        width=whole(f"{where}.width", given.get("width", 1), 1, COLUMNS),
        height=whole(f"{where}.height", given.get("height", 1), 1, ROWS),
    )


def _parameters(kind: Kind, found: object, where: str) -> tuple[str, ...]:
    fewest, most = {"value": (1, 1), "chart": (1, MOST_PARAMETERS)}.get(kind, (0, 0))
    words = isinstance(found, list) and all(_is_word(name) for name in found)
    if not words or not fewest <= len(cast(list[str], found)) <= most:
        wanted = f"{fewest} to {most} names" if most else f"left out for a {kind}"
        raise BoardError(f"{where}.parameters is {_told(found)}, it must be {wanted}")
    return tuple(dict.fromkeys(cast(list[str], found)))


def _object(where: str, found: object, keys: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise BoardError(f"{where} is {_told(found)}, it must be an object")
    for name in found:
        if name not in keys:
            raise BoardError(f"{where} has no field {_told(name)}: {nearest(name, keys)}")
    return found


def whole(where: str, found: object, low: int, most: int) -> int:
    """A whole number of JSON, where 2.0 is one. Raises BoardError."""
    number = int(found) if isinstance(found, float) and found.is_integer() else found
    if not isinstance(number, int) or isinstance(number, bool) or not low <= number <= most:
        told = f"it must be a whole number from {low} to {most}"
        raise BoardError(f"{where} is {_told(found)}, {told}")
    return number


def _is_word(found: object) -> bool:
    return isinstance(found, str) and 0 < len(found) <= MOST_WORD


def _told(found: object) -> str:
    text = repr(found)
    return text if len(text) <= MOST_WORD else f"{text[:MOST_WORD]}…"


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")
