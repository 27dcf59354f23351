"""How many tiles of a board fit on one screen, and the standard board."""

from __future__ import annotations

from dashboard.show.wall import extent, screens, standard
from groundstation.model.board import Tile

ONE, WIDE = Tile("sky"), Tile("sky", width=4)


def test_tiles_take_the_first_free_place() -> None:
    assert screens([]) == []
    assert screens([ONE] * 12) == [list(range(12))]
    assert screens([ONE] * 13) == [list(range(12)), [12]]
    assert screens([WIDE] * 4) == [[0, 1, 2], [3]]
    # The last small one fits beside the first, above the wide one.
    assert screens([ONE, WIDE, WIDE, ONE]) == [[0, 1, 2, 3]]
    assert extent([ONE, WIDE, ONE]) == (4, 2)
    whole = Tile("sky", width=4, height=3)
    assert screens([ONE, whole, ONE]) == [[0], [1], [2]]
    assert extent([whole]) == (4, 3)
    assert extent([ONE, ONE]) == (2, 1)


def test_the_standard_board_is_one_full_screen() -> None:
    board = standard(6, "Now")
    assert screens(board.tiles) == [list(range(8))]
    assert extent(board.tiles) == (4, 3)
    assert sum(tile.width * tile.height for tile in board.tiles) == 12
    assert [tile.parameters for tile in board.tiles if tile.kind == "value"] == [
        (f"#{place}",) for place in range(1, 7)
    ]
