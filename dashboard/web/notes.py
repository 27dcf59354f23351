"""Notes at a time of a chart or at a frame: written by teachers and operators, read by all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, Response, redirect, request

from dashboard.web import permit, queries
from dashboard.web.answers import (
    RequestError,
    csv_answer,
    instant,
    json_answer,
    refusals,
    whole_number,
)
from dashboard.web.asked import body
from dashboard.web.context import Context, context
from dashboard.web.shell import page
from groundstation.errors import StoreError
from groundstation.model import from_us, to_us
from groundstation.storage.audit import Actor
from groundstation.storage.notes import Note, NoteRecord

notes = Blueprint("notes", __name__)

#: In one answer without a wish; on a chart or a frame.
USUAL, MOST_SHOWN = 100, 200
_COLUMNS = ("time", "satellite", "seq", "text", "by", "written")
_END_US = (1 << 63) - 1


@notes.get("/notes")
def notes_page() -> Response:
    """All notes, those about the latest time first."""
    ctx = context()
    found = _listed(ctx, USUAL + 1)
    shown = found[:USUAL]
    return page(
        "notes.html",
        "notes",
        notes=shown,
        names=ctx.data.names(),
        satellite=request.args.get("satellite") or "",
        may_write=permit.visitor().may("note"),
        token=permit.form_token(),
        older=shown[-1]["time"] if len(found) > USUAL else None,
        newest="before" not in request.args,
    )


@notes.get("/api/v1/notes")
@notes.get("/notes.json")
def notes_json() -> Response:
    """The same for programs."""
    return json_answer({"notes": _listed(context(), _limit())})


@notes.get("/notes.csv")
def notes_csv() -> Response:
    """The same as a table."""
    return csv_answer("notes", _COLUMNS, _listed(context(), _limit()))


@notes.post("/notes/write")
def write_by_form() -> Response:
    """The form of a frame, or of a chart where scripts do not run."""
    actor = permit.check_change("note")
    note = _write(context(), request.form, actor)
    path = "/notes" if note.seq is None else f"/frames/{note.seq}#notes"
    return redirect(path, 303)  # type: ignore[return-value]  # werkzeug's, as Flask's


@notes.post("/notes/<int:note>/remove")
def remove_by_form(note: int) -> Response:
    """A button beside a note."""
    _remove(note)
    return redirect("/notes", 303)  # type: ignore[return-value]


@notes.post("/api/v1/notes/write")
def write_by_program() -> Response:
    """The same for programs: JSON in, the note out."""
    actor = permit.check_change("note")
    texts = {name: str(value) for name, value in body().items()}
    return json_answer(_write(context(), texts, actor).record())


@notes.post("/api/v1/notes/<int:note>/remove")
def remove_by_program(note: int) -> Response:
    """The same for programs."""
    _remove(note)
    return json_answer({"removed": note})


def notes_of(ctx: Context, satellite: str, start: datetime, end: datetime) -> list[NoteRecord]:
    """Those on a chart; none where ``desk.db`` cannot be read, which the station page says."""
    try:
        found = ctx.data.notes.between(satellite, to_us(start), to_us(end), MOST_SHOWN)
    except StoreError:
        return []
    return [note.record() for note in found]


def notes_of_frame(ctx: Context, seq: int) -> list[NoteRecord]:
    """Those of one frame, likewise."""
    try:
        return [note.record() for note in ctx.data.notes.of_frame(seq, MOST_SHOWN)]
    except StoreError:
        return []


def _limit() -> int:
    return int(request.args.get("limit") or USUAL)


def _listed(ctx: Context, limit: int) -> list[NoteRecord]:
    satellite = request.args.get("satellite") or None
    if satellite is not None:
        queries.find_satellite(ctx, satellite)
    before = request.args.get("before")
    before_us = to_us(instant("before", before)) if before else _END_US
    with refusals():
        found = ctx.data.notes.newest(satellite, before_us, limit)
    return [note.record() for note in found]


def _write(ctx: Context, given: Mapping[str, str], actor: Actor) -> Note:
    """Raises RequestError 400, 404 or 503."""
    if text := given.get("seq"):
        satellite, at_us, seq = _frame(ctx, whole_number("seq", text, 1, queries.MOST_SEQ))
    else:
        satellite, seq = queries.find_satellite(ctx, given.get("satellite", "")).id, None
        at_us = to_us(_time(ctx, given))
    with refusals():
        return ctx.data.notes.write(
            *(satellite, at_us, seq, given.get("text", ""), permit.now_us(), actor)
        )


def _frame(ctx: Context, seq: int) -> tuple[str, int, int]:
    """Whose a frame is, empty: nobody's; when it came; its number."""
    found = queries.reception(ctx, seq)
    rows = queries.receptions(ctx, None, 1, after=seq - 1, before=None)
    return (rows[0].satellite if rows else None) or "", found.received_us, seq


def _time(ctx: Context, given: Mapping[str, str]) -> datetime:
    """``time`` as programs say it, or ``local`` by the clock of the site, as forms do; now where
    neither is given."""
    if text := given.get("time"):
        return instant("time", text)
    if (text := given.get("local")) is None:
        return from_us(ctx.data.status().now_us())
    when = instant("local", text)
    if datetime.fromisoformat(text).tzinfo is None:
        when = when.replace(tzinfo=ctx.data.zone)
    return when


def _remove(id: int) -> None:
    actor = permit.check_change("note")
    ctx = context()
    with refusals():
        if id > _END_US or ctx.data.notes.one(id) is None:
            raise RequestError(404, f"there is no note {id}")
        ctx.data.notes.remove(id, permit.now_us(), actor)
