"""Parameters of a satellite over a time: what its page draws, for programs too."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard.data.chart_records import ChartPass, ChartRecord
from dashboard.web import queries
from dashboard.web.answers import RequestError, instant, json_answer
from dashboard.web.context import Context, context
from dashboard.web.notes import notes_of
from decoders.definition.model import Satellite
from groundstation.errors import StoreError
from groundstation.history.selection import ago
from groundstation.model import from_us, iso, to_us
from groundstation.orbit.shade import MOST_US, Shade, shade

charts = Blueprint("charts", __name__)

#: Times that have a name: the pass that is on, the last one, since the first frame.
THIS_PASS, LAST_PASS, ALL = "pass", "last", "all"
#: What buttons offer beside these.
SPANS = ("1h", "1d", "7d", "30d", "365d")
DEFAULT_SPAN = "1h"
#: So much is shown on both sides of a pass.
_BESIDE = timedelta(seconds=30)


@charts.get("/api/v1/satellites/<id>/chart")
def chart(id: str) -> Response:
    """History of up to four parameters on one axis of time, with passes and shadows."""
    ctx = context()
    return json_answer(chart_record(ctx, queries.find_satellite(ctx, id)))


@charts.get("/satellites/<id>/frame")
def frame_at(id: str) -> AnyResponse:
    """To the frame of a satellite that came at a time, or the next one before it."""
    ctx = context()
    queries.find_satellite(ctx, id)
    text = request.args.get("at", "")
    # A time is written to the millisecond: what came within it, too.
    at_us = to_us(instant("at", text)) + 1000
    try:
        found = ctx.data.telemetry.nearest(id, at_us, earlier=True)
    except StoreError as error:
        raise RequestError(503, str(error)) from error
    if found is None:
        raise RequestError(404, f"no frame of {id} came before {text}")
    return redirect(f"/frames/{found[0]}", 302)


def chart_record(ctx: Context, found: Satellite) -> ChartRecord:
    """What the query asks for."""
    names = list(dict.fromkeys(request.args["parameters"].split(",")))
    points = int(request.args.get("points") or queries.ENTRIES)
    start, end = _span(ctx, found)
    dark = _shade(ctx, found, start, end)
    return {
        "satellite": found.id,
        "start": iso(to_us(start)),
        "end": iso(to_us(end)),
        "series": [queries.series(ctx, found.id, name, start, end, points) for name in names],
        "notes": notes_of(ctx, found.id, start, end),
        "passes": _passes(ctx, found, start, end),
        "shadows": [{"start": iso(begin), "end": iso(until)} for begin, until in dark.spans],
        "shadows_known": dark.known,
    }


def _span(ctx: Context, found: Satellite) -> tuple[datetime, datetime]:
    """``start`` and ``end`` of the query, else its ``range``."""
    now = from_us(ctx.data.status().now_us())
    if text := request.args.get("start"):
        until = request.args.get("end")
        end = instant("end", until) if until else now
        return instant("start", text), end
    if request.args.get("end"):
        raise RequestError(409, "end goes with start")
    word = request.args.get("range") or DEFAULT_SPAN
    if word in (THIS_PASS, LAST_PASS):
        return _of_pass(ctx, found, word)
    if word == ALL:
        return _first(ctx, found, now), now
    return cast(datetime, ago(word, now)), now  # the description holds its form


def _first(ctx: Context, found: Satellite, now: datetime) -> datetime:
    """When its first frame came; an hour ago where none did."""
    try:
        first = ctx.data.telemetry.nearest(found.id, 0, earlier=False)
    except StoreError:
        first = None
    return from_us(first[1]) if first else now - timedelta(hours=1)


def _of_pass(ctx: Context, found: Satellite, word: str) -> tuple[datetime, datetime]:
    now = from_us(ctx.data.status().now_us())
    coming = ctx.sky.coming(found.norad) if found.norad is not None else None
    if word == THIS_PASS:
        if coming is None or coming.aos is None or coming.los is None or coming.aos > now:
            raise RequestError(404, f"{found.name} is not over the station now")
        return coming.aos - _BESIDE, coming.los + _BESIDE
    last = last_pass(ctx, found)
    if last is None:
        raise RequestError(404, f"no pass of {found.name} is known")
    return last[0] - _BESIDE, last[1] + _BESIDE


def last_pass(ctx: Context, found: Satellite) -> tuple[datetime, datetime] | None:
    """AOS and LOS of its last pass, by the book of flown ones and by the sky of the last hours."""
    now = from_us(ctx.data.status().now_us())
    spans = [
        (item.aos, item.los)
        for item in ctx.sky.passes()
        if item.norad == found.norad and item.aos and item.los and item.los <= now
    ]
    try:
        with ctx.data.journal() as journal:
            flown = journal.passes(1, found.id)
    except StoreError:
        flown = []
    spans += [(from_us(item.aos_us), from_us(item.los_us)) for item in flown]
    return max(spans, default=None)


def _passes(ctx: Context, found: Satellite, start: datetime, end: datetime) -> list[ChartPass]:
    """Flown passes of that time and those that the sky knows; none where they would be a blur."""
    if found.norad is None or to_us(end) - to_us(start) > MOST_US:
        return []
    spans = [
        (to_us(item.aos), to_us(item.los))
        for item in ctx.sky.passes()
        if item.norad == found.norad and item.aos and item.los
    ]
    window = to_us(start), to_us(end)
    try:
        with ctx.data.journal() as journal:
            flown = journal.flown(found.norad, *window)
    except StoreError:
        flown = []
    booked = [(item.aos_us, item.los_us) for item in flown]
    others = [span for span in spans if _overlap(span, window)]
    others = [span for span in others if not any(_overlap(span, one) for one in booked)]
    both = sorted(booked + others)
    return [{"aos": iso(aos_us), "los": iso(los_us)} for aos_us, los_us in both]


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _shade(ctx: Context, found: Satellite, start: datetime, end: datetime) -> Shade:
    if found.norad is None:
        return Shade((), False)
    return shade(ctx.data.elements.history_of(found.norad), to_us(start), to_us(end))
