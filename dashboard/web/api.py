"""``/api/v1``, and the JSON and CSV twins of the pages: the same answers under two addresses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Blueprint, Response, request

from dashboard.data import present
from dashboard.data.records import (
    BandRecord,
    ComingPass,
    FrameBytes,
    ReadingRecord,
    SeriesRecord,
)
from dashboard.data.xray_records import EXAMPLE_KEYS, XrayRecord
from dashboard.show import display
from dashboard.show.i18n import language
from dashboard.show.xray import MOST_FLIPS
from dashboard.web import live, openapi, queries
from dashboard.web.answers import (
    RequestError,
    bit_numbers,
    csv_answer,
    instant,
    json_answer,
)
from dashboard.web.context import context
from dashboard.web.somewhere import place_of
from groundstation.errors import StoreError
from groundstation.history.selection import ago
from groundstation.model import from_us

api = Blueprint("api", __name__)

#: Frames in one answer, and seconds between points of a track, without a wish.
FRAMES, _STEP_S = 50, 30
_READING_COLUMNS = (
    "parameter",
    "label",
    "raw",
    "value",
    "unit",
    "state",
    "time",
    "seq",
    "simulated",
)
_FRAME_COLUMNS = (
    *("seq", "received", "link", "satellite", "packet", "status", "error", "damaged", "simulated"),
    *("imported", "unsynchronised", "eb_n0_db", "offset_hz", "repaired", "length", "raw"),
)
_PASS_COLUMNS = (
    *("norad", "name", "aos", "tca", "los", "duration_s", "max_elevation_deg", "aos_azimuth_deg"),
    *("tca_azimuth_deg", "los_azimuth_deg", "sunlit", "elements_age_days", "timing_error_s"),
    *("trusted", "simulated"),
)
_SATELLITE_COLUMNS = ("id", "name", "norad", "callsigns", "parameters", "heard", "simulated")
_LINK_COLUMNS = (
    *("name", "url", "framing", "state", "detail", "listens", "last_byte", "bytes", "frames"),
    *("bad_frames", "simulated"),
)


class _ReadingRow(ReadingRecord):
    """A reading in a table."""

    parameter: str
    label: str


def _number(name: str) -> int | None:
    """A whole number of the query, whose bounds the description holds."""
    text = request.args.get(name)
    return int(text) if text else None


def _instant(name: str, *others: str) -> datetime | None:
    """A time from the query, under one of its names: a moment, or so long ago (``7d``)."""
    for each in (name, *others):
        if text := request.args.get(each):
            return ago(text, from_us(context().data.status().now_us())) or instant(each, text)
    return None


@api.get("/api/v1/status")
@api.get("/status.json")
def status() -> Response:
    """The station: links, followers, clock, notices."""
    return json_answer(live.status(context()))


@api.get("/status.csv")
def status_csv() -> Response:
    """The links as a table."""
    links = live.status(context())["links"]
    return csv_answer("links", _LINK_COLUMNS, links)


@api.get("/now.json")
def now() -> Response:
    """What the first page shows: the state, latest values and last frames."""
    return json_answer(live.snapshot(context()))


@api.get("/now.csv")
def now_csv() -> Response:
    """Latest values of the satellites that were heard lately."""
    ctx = context()
    rows = [{"satellite": id, **row} for id in ctx.tail.recent.heard() for row in _reading_rows(id)]
    return csv_answer("now", ("satellite", *_READING_COLUMNS), rows)


@api.get("/api/v1/satellites")
@api.get("/satellites.json")
def satellites() -> Response:
    """All satellites that are defined here."""
    return json_answer({"satellites": queries.satellites(context())})


@api.get("/satellites.csv")
def satellites_csv() -> Response:
    """The same as a table."""
    rows = [
        {**item, "callsigns": " ".join(item["callsigns"])} for item in queries.satellites(context())
    ]
    return csv_answer("satellites", _SATELLITE_COLUMNS, rows)


@api.get("/api/v1/satellites/<id>")
def satellite(id: str) -> Response:
    """One definition with its parameters."""
    return json_answer(queries.satellite(context(), id, language()))


@api.get("/api/v1/satellites/<id>/latest")
def latest(id: str) -> Response:
    """The latest reading of each parameter."""
    return json_answer(queries.latest(context(), id))


@api.get("/satellites/<id>.json")
def satellite_page_json(id: str) -> Response:
    """What the page of a satellite shows: definition and latest readings."""
    ctx = context()
    return json_answer(
        {**queries.satellite(ctx, id, language()), "latest": queries.latest(ctx, id)["parameters"]}
    )


@api.get("/satellites/<id>.csv")
def satellite_csv(id: str) -> Response:
    """Latest readings as a table."""
    queries.find_satellite(context(), id)
    return csv_answer(id, _READING_COLUMNS, _reading_rows(id))


def _reading_rows(id: str) -> list[_ReadingRow]:
    ctx = context()
    found, known = queries.find_satellite(ctx, id), ctx.latest(id)
    return [
        {
            "parameter": name,
            "label": display.label(name, row, language()),
            **present.reading(known[name]),
        }
        for name, row in display.named_rows(found, known).items()
        if name in known
    ]


@api.get("/api/v1/satellites/<id>/parameters/<name>")
def series(id: str, name: str) -> Response:
    """History of one parameter: samples, or minimum, maximum and mean of equal times."""
    return json_answer(_series(id, name))


@api.get("/satellites/<id>/parameters/<name>.csv")
def series_csv(id: str, name: str) -> Response:
    """The same as a table."""
    found = _series(id, name)
    if found["bands"] is not None:
        return _bands_csv(found, found["bands"])
    columns = ("time", "minimum", "maximum", "mean", "unit", "simulated")
    rows = [
        dict(zip(columns, (*row, found["unit"], found["simulated"]), strict=True))
        for row in zip(
            *(found["times"], found["minimum"], found["maximum"], found["mean"]), strict=True
        )
    ]
    return csv_answer(f"{id}-{name}", columns, rows)


def _bands_csv(found: SeriesRecord, bands: Sequence[BandRecord]) -> Response:
    """What a parameter of words said from when to when."""
    rows = [{**band, "simulated": found["simulated"]} for band in bands]
    columns = ("start", "end", "value", "state", "simulated")
    return csv_answer(f"{found['satellite']}-{found['parameter']}", columns, rows)


def _span() -> tuple[datetime | None, datetime | None]:
    return _instant("start", "since"), _instant("end", "until")


def _series(id: str, name: str) -> SeriesRecord:
    points = _number("points") or queries.ENTRIES
    return queries.series(context(), id, name, *_span(), points)


@api.get("/api/v1/frames")
@api.get("/frames.json")
def frames() -> Response:
    """Receptions with their bytes: after a seq oldest first, else newest first."""
    return json_answer({"frames": _frames()})


@api.get("/frames.csv")
def frames_csv() -> Response:
    """The same as a table."""
    return csv_answer("frames", _FRAME_COLUMNS, _frames())


def _frames() -> list[FrameBytes]:
    ctx, satellite = context(), request.args.get("satellite") or None
    queries.check_satellite(ctx, satellite)
    try:
        found = queries.receptions(
            ctx,
            satellite,
            _number("limit") or FRAMES,
            after=_number("after"),
            before=_number("before"),
            span=_span(),
        )
    except StoreError:
        found = []  # no journal yet: nothing was received
    return queries.frames(found)


def _frame(seq: int, flips: frozenset[int] = frozenset()) -> XrayRecord:
    number = _number("packet") or 1
    return queries.frame(context(), seq, number, flips).record(language())


@api.get("/api/v1/frames/<int:seq>")
@api.get("/frames/<int:seq>.json")
def frame(seq: int) -> Response:
    """The X-ray: layers, and each parameter with bits, raw value, steps and limits."""
    flips = bit_numbers("flip", request.args.get("flip", ""), MOST_FLIPS)
    return json_answer(_frame(seq, flips))


@api.get("/api/v1/satellites/<id>/examples/<int:number>")
@api.get("/satellites/<id>/examples/<int:number>.json")
def example(id: str, number: int) -> Response:
    """The X-ray of an example frame of a definition, which nobody need have received here."""
    flips = bit_numbers("flip", request.args.get("flip", ""), MOST_FLIPS)
    found, about = queries.example(context(), id, number, flips)
    record = found.record(language())
    shown = {name: value for name, value in record.items() if name in EXAMPLE_KEYS}
    return json_answer({**shown, "example": number, "source": about.source})


@api.get("/frames/<int:seq>.csv")
def frame_csv(seq: int) -> Response:
    """The values of one frame as a table."""
    if request.args.get("flip"):
        raise RequestError(400, "a table is of the frame as it came: leave flip out")
    record = _frame(seq)
    columns = (
        "parameter",
        "label",
        "first_bit",
        "bits",
        "raw",
        "value",
        "unit",
        "state",
        "simulated",
    )
    rows = [
        {
            **value,
            "parameter": name,
            "first_bit": value["bits"][0] if value["bits"] else None,
            "bits": value["bits"][1] if value["bits"] else None,
            "simulated": record["simulated"],
        }
        for name, value in record["parameters"].items()
    ]
    return csv_answer(f"frame-{seq}", columns, rows)


@api.get("/api/v1/passes")
@api.get("/passes.json")
def passes() -> Response:
    """Passes of the next two days."""
    return json_answer({"passes": _passes()})


@api.get("/passes.csv")
def passes_csv() -> Response:
    """The same as a table."""
    return csv_answer("passes", _PASS_COLUMNS, _passes())


def _passes() -> list[ComingPass]:
    ctx, satellite = context(), request.args.get("satellite") or None
    queries.check_satellite(ctx, satellite)
    return queries.passes(ctx, satellite, place_of(request.args.get("place")))[
        : _number("limit") or queries.MOST_ANSWERED
    ]


@api.get("/api/v1/track/<int:norad>")
def track(norad: int) -> Response:
    """Direction, distance and place of a satellite over a time."""
    ctx = context()
    start, end = _span()
    start = start or from_us(ctx.data.status().now_us())
    end = end or start + timedelta(minutes=100)
    step_s = _number("step") or _STEP_S
    return json_answer(
        queries.track(ctx, norad, start, end, step_s, place_of(request.args.get("place")))
    )


@api.get("/api/v1/openapi.json")
def description() -> Response:
    """This interface, described."""
    return json_answer(openapi.DESCRIPTION)
