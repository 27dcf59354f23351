"""Passes that were flown: their list, their reports, and the calendar of those to come."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Blueprint, Response, make_response, request

from dashboard.data.records import FlownRecord
from dashboard.show import i18n
from dashboard.show.i18n import language
from dashboard.web.answers import RequestError, csv_answer, json_answer, told
from dashboard.web.context import Context, context
from dashboard.web.queries import MOST_ANSWERED, check_satellite
from dashboard.web.shell import page
from dashboard.web.somewhere import place_of
from groundstation.errors import ElementsError, StoreError
from groundstation.model import FlownPass, from_us, to_us
from groundstation.orbit.calendar import to_ical
from groundstation.orbit.revolution import revolution_of_month
from groundstation.passes.book import receptions_of, values_of
from groundstation.passes.frames import Heard, heard
from groundstation.passes.page import body, stylesheet

flown = Blueprint("flown", __name__)

#: Flown passes on the page of passes, and in one answer without a wish.
LISTED = 30
_KEY = re.compile(r"(\d{1,9})-(\d{8}T\d{6}Z)")
_BRIEF = (
    *("pass", "satellite", "name", "aos", "los", "max_elevation_deg", "frames", "bad_frames"),
    *("timing_error_s", "doubt", "simulated"),
)
_FRAME_COLUMNS = (
    *("seq", "time", "elevation_deg", "azimuth_deg", "doppler_hz", "status", "packet", "error"),
    *("values", "simulated"),
)


def flown_records(ctx: Context, limit: int, satellite: str | None = None) -> list[FlownRecord]:
    """Flown passes in brief, newest first; none while there is no journal."""
    try:
        with ctx.data.journal() as journal:
            return [brief(item) for item in journal.each_pass(limit, satellite)]
    except StoreError:
        return []


def brief(item: FlownPass) -> FlownRecord:
    """A flown pass in a line."""
    report = item.report
    predicted, happened = report["predicted"], report["heard"]
    return {
        "pass": item.key,
        "satellite": item.satellite,
        "name": report["name"],
        "aos": predicted["aos"],
        "los": predicted["los"],
        "max_elevation_deg": predicted["max_elevation_deg"],
        "frames": happened["frames"],
        "bad_frames": happened["bad_frames"],
        "timing_error_s": predicted["timing_error_s"],
        "doubt": report["doubt"],
        "simulated": report["simulated"],
    }


def find_flown(ctx: Context, key: str) -> FlownPass:
    """The pass of that name, or the ``last`` one. Raises RequestError 404."""
    match = _KEY.fullmatch(key)
    found: list[FlownPass] = []
    try:
        with ctx.data.journal() as journal:
            if key == "last":
                found = journal.passes(1)
            elif match:
                begin_us = _instant_us(match[2])
                found = journal.flown(int(match[1]), begin_us, begin_us + 1_000_000)
    except (StoreError, ValueError):
        pass  # no journal, or a time that is none: there is no such pass
    if not found:
        raise RequestError(404, f"there is no flown pass {told(key)}; /passes lists them")
    return found[-1]


def _instant_us(text: str) -> int:
    return to_us(datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC))


def _frames(ctx: Context, item: FlownPass) -> Sequence[Heard]:
    satellite = ctx.data.satellite(item.satellite)
    found = receptions_of(ctx.data.folder, item)
    values = values_of(ctx.data.telemetry, item.satellite, found)
    try:
        return heard(item.report, found, satellite, values, i18n.current())
    except ElementsError:
        return ()


@flown.get("/passes/<key>")
def flown_page(key: str) -> Response:
    """The report of one pass."""
    ctx, code = context(), language()
    item = find_flown(ctx, key)
    report = item.report
    html = body(report, _frames(ctx, item), i18n.current(), ctx.data.zone, "/frames/")
    return page(
        "flown.html",
        "passes",
        simulated=report["simulated"],
        name=report["name"],
        mark=report["simulated"],
        key=item.key,
        satellite=item.satellite,
        has_values=ctx.data.satellite(item.satellite) is not None,
        day=i18n.day(from_us(item.aos_us), ctx.data.zone, code),
        aos=report["predicted"]["aos"],
        report=html,
    )


@flown.get("/report.css")
def report_style() -> Response:
    """The rules that a report brings with it."""
    answer = make_response(stylesheet())
    answer.mimetype = "text/css"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@flown.get("/api/v1/passes/flown")
def flown_list() -> Response:
    """Passes that were flown, newest first."""
    return json_answer({"passes": _flown(LISTED)})


@flown.get("/passes/flown.csv")
def flown_csv() -> Response:
    """The same as a table."""
    return csv_answer("flown", _BRIEF, _flown(MOST_ANSWERED))


def _flown(usual: int) -> list[FlownRecord]:
    """As the query has it."""
    ctx, satellite = context(), request.args.get("satellite") or None
    check_satellite(ctx, satellite)
    return flown_records(ctx, int(request.args.get("limit") or usual), satellite)


@flown.get("/api/v1/passes/flown/<key>")
@flown.get("/passes/<key>.json")
def flown_json(key: str) -> Response:
    """The whole account of one pass."""
    item = find_flown(context(), key)
    return json_answer({"pass": item.key, **item.report})


@flown.get("/passes/<key>.csv")
def flown_frames_csv(key: str) -> Response:
    """The frames of one pass as a table."""
    ctx = context()
    item = find_flown(ctx, key)
    rows = [
        {
            "seq": one.seq,
            "time": one.when.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "elevation_deg": round(one.elevation_deg, 2),
            "azimuth_deg": round(one.azimuth_deg, 2),
            "doppler_hz": None if one.doppler_hz is None else round(one.doppler_hz, 1),
            "status": one.status,
            "packet": one.packet,
            "error": one.error,
            "values": "; ".join(f"{v.name} {v.text} {v.unit}".strip() for v in one.values),
            "simulated": one.simulated,
        }
        for one in _frames(ctx, item)
    ]
    return csv_answer(f"pass-{item.key}", _FRAME_COLUMNS, rows)


@flown.get("/passes.ics")
def calendar() -> Response:
    """The passes to come as a calendar that phones subscribe to; ``place``: over another one."""
    ctx = context()
    there = place_of(request.args.get("place"))
    site = there or ctx.data.site
    if site is None:
        raise RequestError(404, "the place of the antenna is not known: set it in station.toml")
    now = from_us(ctx.data.status().now_us())
    coming = ctx.sky.passes(there)
    elements = {item.norad: item for item in ctx.data.elements.of(one.norad for one in coming)}
    known = [item for item in coming if item.norad in elements]
    text = to_ical(
        known,
        site,
        made=now,
        window=(now, now),
        orbits={
            place: revolution_of_month(elements[item.norad], item.tca)
            for place, item in enumerate(known)
        },
        # Grows from one reading to the next: calendars take the later one.
        sequence=int(time.time()) // 60 - 29_000_000,
        words=i18n.current(),
        zone=ctx.data.zone,
    )
    answer = make_response(text)
    answer.mimetype = "text/calendar"
    answer.headers["Cache-Control"] = "no-store"
    return answer
