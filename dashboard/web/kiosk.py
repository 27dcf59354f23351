"""The wall: boards one after the other, one screen each, without anything around them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard.show import wall
from dashboard.show.i18n import gettext as _
from dashboard.web.answers import RequestError, whole_number
from dashboard.web.board_tiles import tile_views
from dashboard.web.boards import script_data, stored_board, stored_boards, turned
from dashboard.web.context import Context, context
from dashboard.web.shell import page
from dashboard.web.turn import AWAKE_S, Turn, turn
from decoders.definition.model import Satellite
from groundstation.model import iso, to_us
from groundstation.model.board import Board, Tile

kiosk = Blueprint("kiosk", __name__)

#: Seconds for which one screen is shown: at least, at most, without a wish.
SHORTEST, LONGEST, USUAL = 5, 3600, 30
#: Boards that an address names at most.
_MOST_NAMED = 20
_MOST_ID = (1 << 63) - 1
_BOARD = "boards.board_page"


@dataclass(frozen=True, slots=True)
class _Screen:
    """Tiles that fit together; ``of``: whom the whole board shows, None: whose pass is on."""

    name: str
    tiles: tuple[Tile, ...]
    of: frozenset[str | None]


@kiosk.before_app_request
def as_wall() -> AnyResponse | None:
    """``?kiosk`` at the first page or at a board: the same on the wall."""
    if "kiosk" not in request.args or request.endpoint not in ("now.first_page", _BOARD):
        return None
    kept = [(name, text) for name, text in request.args.items(multi=True) if name != "kiosk"]
    board = [("board", str(number)) for number in (request.view_args or {}).values()]
    return redirect(f"/kiosk?{urlencode([*board, *kept])}", 302)


@kiosk.get("/kiosk")
def wall_page() -> Response:
    """One screen; the script asks for the next one."""
    ctx = context()
    text = request.args.get("every")
    every = whole_number("every", text, SHORTEST, LONGEST) if text else USUAL
    at = whole_number("at", request.args.get("at") or "0", 0, _MOST_ID)
    on = turn(ctx)
    shown = turned(ctx)
    screens = _screens(ctx, on, shown)
    screen = screens[at % len(screens)]
    views = tile_views(ctx, screen.tiles, shown)
    marks = [view.simulated for view in views if view.simulated is not None]
    simulated = any(marks) or bool(shown and shown.simulated) or ctx.data.status().simulated
    return page(
        "kiosk.html",
        "",
        script="kiosk.js",
        simulated=simulated,
        all_simulated=simulated and all(marks),
        data={
            **script_data(ctx, [view.script for view in views]),
            "every": every if len(screens) > 1 else LONGEST,
            "next": (at + 1) % len(screens),
            "awake": _awake(on),
        },
        name=screen.name,
        views=views,
        extent=wall.extent(screen.tiles),
        count=len(screens),
        number=at % len(screens) + 1,
        passing=ctx.data.names().get(on.satellite or ""),
        site=ctx.data.site,
    )


def _screens(ctx: Context, on: Turn, shown: Satellite | None) -> list[_Screen]:
    """Those of the boards that are named, else of those on the wall; during a pass, of those that
    show its satellite; where none is left, the standard one."""
    found = [
        _Screen(board.name, tuple(board.tiles[n] for n in numbers), _of(board))
        for board in _boards(ctx)
        for numbers in wall.screens(board.tiles)
    ]
    if on.satellite is not None:
        found = [screen for screen in found if {None, on.satellite} & screen.of]
    if found:
        return found
    name = shown.name if shown else _("Now")
    board = wall.standard(6, name)
    return [_Screen(name, board.tiles, _of(board))]


def _boards(ctx: Context) -> list[Board]:
    wished = request.args.getlist("board")
    if len(wished) > _MOST_NAMED:
        raise RequestError(400, f"board is named more than {_MOST_NAMED} times")
    if wished:
        ids = [whole_number("board", text, 1, _MOST_ID) for text in wished]
        return [stored_board(ctx, id).board for id in ids]
    return [found.board for found in stored_boards(ctx) if found.on_wall]


def _of(board: Board) -> frozenset[str | None]:
    return frozenset(tile.satellite for tile in board.tiles)


def _awake(on: Turn) -> dict[str, str | int | None]:
    """During a pass until its end, else from when: a minute before the next one."""
    until = on.until if on.satellite else None
    return {
        "until": iso(to_us(until)) if until else None,
        "from": iso(to_us(on.next_aos) - AWAKE_S * 1_000_000) if on.next_aos else None,
    }
