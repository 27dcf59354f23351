"""How the tiles of a board lie: what fits on one screen of the wall without scrolling."""

from __future__ import annotations

from collections.abc import Sequence

from groundstation.model.board import COLUMNS, ROWS, Board, Tile


def screens(tiles: Sequence[Tile]) -> list[list[int]]:
    """Numbers of ``tiles`` by screen, in their order: each takes the first free place from the top
    left, as ``grid-auto-flow: dense`` has it; one that fits nowhere begins the next screen."""
    found: list[list[int]] = []
    taken: set[tuple[int, int]] = set()
    for number, tile in enumerate(tiles):
        place = _place(tile, taken)
        if place is None or not found:
            found.append([])
            taken = set()
            place = _place(tile, taken)
        found[-1].append(number)
        taken |= _cells(tile, place or (0, 0))
    return found


def extent(tiles: Sequence[Tile]) -> tuple[int, int]:
    """How many columns and rows the tiles of one screen take."""
    taken: set[tuple[int, int]] = set()
    for tile in tiles:
        taken |= _cells(tile, _place(tile, taken) or (0, 0))
    rows, columns = zip(*(taken or {(0, 0)}), strict=True)
    return max(columns) + 1, max(rows) + 1


def standard(values: int, name: str, satellite: str | None = None) -> Board:
    """The board of a wall for which nobody has made one: values, the sky, the map."""
    cards = [Tile("value", satellite, (f"#{place}",)) for place in range(1, values + 1)]
    sky = Tile("sky", satellite, width=2, height=2)
    world = Tile("map", satellite, width=2)
    return Board(name, (*cards[:2], sky, *cards[2:], world))


def _place(tile: Tile, taken: set[tuple[int, int]]) -> tuple[int, int] | None:
    for row in range(ROWS - tile.height + 1):
        for column in range(COLUMNS - tile.width + 1):
            if not _cells(tile, (row, column)) & taken:
                return row, column
    return None


def _cells(tile: Tile, place: tuple[int, int]) -> set[tuple[int, int]]:
    row, column = place
    return {(row + y, column + x) for y in range(tile.height) for x in range(tile.width)}
