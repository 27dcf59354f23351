"""Boards: put together by a teacher, looked at by everybody, kept in files too."""

from __future__ import annotations

from typing import TypedDict
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request

from dashboard.data.order import in_order
from dashboard.show import display
from dashboard.show.i18n import gettext as _
from dashboard.show.i18n import language
from dashboard.web import permit, queries
from dashboard.web.answers import RequestError, json_answer, refusals, whole_number
from dashboard.web.board_acts import ACTS, do
from dashboard.web.board_tiles import tile_views
from dashboard.web.context import Context, context
from dashboard.web.now import shown_satellite
from dashboard.web.shell import page
from dashboard.web.turn import turn
from decoders.definition.model import Satellite
from decoders.suggest import hint, nearest
from groundstation.errors import DeskUnknownError
from groundstation.model import iso, to_us
from groundstation.model.board import (
    KINDS,
    MOST_NAME,
    MOST_PARAMETERS,
    MOST_TILES,
    MOST_WORD,
    RANGES,
    Board,
    BoardRecord,
    board_of,
    checked_name,
    from_json,
    place_of,
    whole,
)
from groundstation.storage.boards import StoredBoard

boards = Blueprint("boards", __name__)

_MOST_ID = (1 << 63) - 1
#: Places of the first page's values, for boards whose satellite changes.
_PLACES = tuple(f"#{place}" for place in range(1, 7))


class StoredRecord(TypedDict):
    """A board that is kept here."""

    id: int
    revision: int
    on_wall: bool
    board: BoardRecord


class _Choice(TypedDict):
    """What can be added. ``satellites``: ids and names; ``values``: parameters and labels of the
    satellite ``of``; ``most``: of one chart."""

    satellites: list[tuple[str, str]]
    of: str | None
    values: list[tuple[str, str]]
    most: int


@boards.get("/boards")
def board_list() -> Response:
    """All of them, and how to make one."""
    ctx = context()
    return page(
        "boards.html",
        "boards",
        boards=stored_boards(ctx),
        may_arrange=permit.visitor().may("board"),
        token=permit.form_token(),
        most_name=MOST_NAME,
    )


@boards.get("/boards/<int:board>")
def board_page(board: int) -> Response:
    """One board; with ``?edit=1`` for those who may arrange it."""
    ctx = context()
    found = stored_board(ctx, board)
    edits = request.args.get("edit") == "1" and permit.visitor().may("board")
    turned_to = turned(ctx)
    views = tile_views(ctx, found.board.tiles, turned_to)
    marks = [view.simulated for view in views if view.simulated is not None]
    return page(
        "board.html",
        "boards",
        script="board.js",
        simulated=any(marks),
        all_simulated=bool(marks) and all(marks) and ctx.data.status().simulated,
        data=script_data(ctx, [view.script for view in views]),
        board=found,
        views=views,
        site=ctx.data.site,
        edits=edits,
        may_arrange=permit.visitor().may("board"),
        token=permit.form_token(),
        choice=_choice(ctx) if edits else None,
        ranges=_range_words() if edits else None,
        kinds=[kind for kind in KINDS if kind not in ("value", "chart")],
        most_name=MOST_NAME,
        room=MOST_TILES - len(views),
    )


@boards.get("/boards/<int:board>.json")
def board_file(board: int) -> Response:
    """The board as a file, for another station."""
    answer = json_answer(stored_board(context(), board).board.to_json())
    answer.headers["Content-Disposition"] = f'attachment; filename="board-{board}.json"'
    return answer


@boards.get("/api/v1/boards")
@boards.get("/boards.json")
def boards_json() -> Response:
    """All boards for programs."""
    return json_answer({"boards": [_record(found) for found in stored_boards(context())]})


@boards.get("/api/v1/boards/<int:board>")
def board_json(board: int) -> Response:
    """One of them."""
    return json_answer(_record(stored_board(context(), board)))


@boards.post("/boards/make")
def make_by_form() -> Response:
    """An empty board of a name."""
    actor = permit.check_change("board")
    ctx = context()
    with refusals():
        name = checked_name(request.form.get("name", ""))
        found = ctx.data.boards.add(Board(name), permit.now_us(), actor)
    return _to(f"/boards/{found.id}?edit=1")


@boards.post("/boards/import")
def import_by_form() -> Response:
    """A board from a file."""
    actor = permit.check_change("board")
    ctx, file = context(), request.files.get("file")
    try:
        text = (file.read() if file else b"").decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(400, "this is no board: it is not UTF-8 text") from error
    with refusals():
        given = checked(ctx, board_of(text))
        found = ctx.data.boards.add(given, permit.now_us(), actor, "from a file")
    return _to(f"/boards/{found.id}")


@boards.post("/boards/<int:board>/arrange")
def arrange_by_form(board: int) -> Response:
    """A button of a board that is arranged."""
    actor = permit.check_change("board")
    ctx, form = context(), request.form
    found = stored_board(ctx, board)
    act = form.get("act", "")
    if act not in ACTS:
        raise RequestError(400, f"act is {act[:80]!r}: {nearest(act, ACTS)}")
    revision = whole_number("revision", form.get("revision", ""), 0)
    with refusals():
        change = do(act, found, form)
        given = checked(ctx, change.board)
        ctx.data.boards.change(
            *(board, revision, given, change.on_wall, permit.now_us(), actor, change.what)
        )
    of = form.get("of")
    kept = {"edit": "1", **({} if of is None else {"of": of[:MOST_WORD]})}
    return _to(f"/boards/{board}?{urlencode(kept)}{change.anchor}")


@boards.post("/boards/<int:board>/remove")
def remove_by_form(board: int) -> Response:
    """A board goes."""
    _remove(board)
    return _to("/boards")


@boards.post("/api/v1/boards/make")
def make_by_program() -> Response:
    """A board as its file has it."""
    actor = permit.check_change("board")
    ctx = context()
    with refusals():
        given = checked(ctx, from_json(request.get_json(silent=True)))
        found = ctx.data.boards.add(given, permit.now_us(), actor)
    return json_answer(_record(found))


@boards.post("/api/v1/boards/<int:board>/change")
def change_by_program(board: int) -> Response:
    """Another board in the place of a revision."""
    actor = permit.check_change("board")
    ctx, given = context(), request.get_json(silent=True)
    fields = {"revision", "on_wall", "board"}
    if not isinstance(given, dict) or set(given) != fields:
        raise RequestError(
            400, 'the body must be JSON such as {"revision": 1, "on_wall": false, "board": {…}}'
        )
    found = stored_board(ctx, board)
    on_wall = given["on_wall"]
    if not isinstance(on_wall, bool):
        raise RequestError(400, f"on_wall is {on_wall!r:.80}, it must be true or false")
    with refusals():
        revision = whole("revision", given["revision"], 0, _MOST_ID)
        wished = checked(ctx, from_json(given["board"]))
        changed = ctx.data.boards.change(
            *(found.id, revision, wished, on_wall, permit.now_us(), actor, "all of it")
        )
    return json_answer(_record(changed))


@boards.post("/api/v1/boards/<int:board>/remove")
def remove_by_program(board: int) -> Response:
    """The same for programs."""
    _remove(board)
    return json_answer({"removed": board})


def _remove(id: int) -> None:
    actor = permit.check_change("board")
    ctx = context()
    stored_board(ctx, id)
    with refusals():
        ctx.data.boards.remove(id, permit.now_us(), actor)


def stored_boards(ctx: Context) -> list[StoredBoard]:
    """All of them. Raises RequestError 503."""
    with refusals():
        return ctx.data.boards.all()


def stored_board(ctx: Context, id: int) -> StoredBoard:
    """One. Raises RequestError 404 or 503."""
    with refusals():
        found = ctx.data.boards.one(id) if id <= _MOST_ID else None
    if found is None:
        raise RequestError(404, f"there is no board {id}; /boards lists all")
    return found


def checked(ctx: Context, given: Board) -> Board:
    """``given``, whose satellites and values there are. Raises DeskUnknownError, which names
    the field."""
    for number, tile in enumerate(given.tiles):
        where = f"tiles[{number}]"
        satellite = None if tile.satellite is None else ctx.data.satellite(tile.satellite)
        if tile.satellite is not None and satellite is None:
            near = hint(tile.satellite, ctx.data.catalog.index)
            raise DeskUnknownError(f"{where}.satellite: there is no {tile.satellite!r} here{near}")
        for name in tile.parameters:
            _check_parameter(where, name, satellite)
    return given


def _check_parameter(where: str, name: str, satellite: Satellite | None) -> None:
    if place_of(name):
        return
    if satellite is None:
        raise DeskUnknownError(
            f"{where}.parameters: {name!r} needs a satellite; without one, write #1 to #6"
        )
    rows = satellite.rows()
    if display.find_row(rows, name) is None:
        raise DeskUnknownError(
            f"{where}.parameters: {satellite.id} has no {name!r}{hint(name, rows)}"
        )


def turned(ctx: Context) -> Satellite | None:
    """The satellite of tiles that name none: whose pass is on, else that of the first page."""
    on = turn(ctx).satellite
    if on is not None and "satellite" not in request.args:
        return ctx.data.satellite(on)
    return shown_satellite(ctx, in_order(ctx.data, ctx.tail.recent.heard()))


def script_data(ctx: Context, tiles: list[dict[str, object]]) -> dict[str, object]:
    """What the scripts of boards and of the wall need."""
    change = turn(ctx).until
    return {
        "tiles": tiles,
        "names": ctx.data.names(),
        "stale_s": display.STALE_S,
        "until": iso(to_us(change)) if change else None,
    }


def _record(found: StoredBoard) -> StoredRecord:
    return {
        "id": found.id,
        "revision": found.revision,
        "on_wall": found.on_wall,
        "board": found.board.to_json(),
    }


def _choice(ctx: Context) -> _Choice:
    """Satellites to choose from, and the values of the chosen one."""
    index = ctx.data.catalog.index
    first = in_order(ctx.data, ctx.tail.recent.heard())
    others = sorted((id for id in index if id not in first), key=lambda id: index[id].name.lower())
    wish = request.args.get("of")
    found = queries.find_satellite(ctx, wish) if wish else None
    values: list[tuple[str, str]] = []
    if found is not None:
        rows = display.named_rows(found, ctx.latest(found.id))
        values = [(name, display.label(name, row, language())) for name, row in rows.items()]
    elif wish is not None:
        values = [(place, _("value %(n)s of the first page", n=place[1:])) for place in _PLACES]
    return {
        "satellites": [(id, index[id].name) for id in (*first, *others) if id in index],
        "of": wish,
        "values": values,
        "most": MOST_PARAMETERS,
    }


def _range_words() -> list[tuple[str, str]]:
    words = [
        *(_("this pass"), _("last pass"), _("%(n)s h", n=1)),
        *(_("%(n)s d", n=n) for n in (1, 7, 30)),
    ]
    return list(zip(RANGES, words, strict=True))


def _to(path: str) -> Response:
    return redirect(path, 303)  # type: ignore[return-value]  # werkzeug's, as Flask's
