"""Answers to questions about the station's data, as records: what API and pages have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import cast

from dashboard.data import present
from dashboard.data.condition import clock_doubted
from dashboard.data.records import (
    BandRecord,
    ComingPass,
    FrameBytes,
    LatestRecord,
    ParameterRecord,
    SatelliteDescribed,
    SatelliteListed,
    SeriesRecord,
    TrackRecord,
)
from dashboard.data.sky import MAX_POINTS, point_record, sun_record
from dashboard.show import display
from dashboard.show.xray import Xray
from dashboard.web.answers import RequestError, told
from dashboard.web.context import Context
from decoders.definition.model import Example, Satellite
from decoders.suggest import hint
from groundstation.errors import ElementsError, SiteError, StoreError
from groundstation.history.selection import Selection
from groundstation.model import FrameRow, Reception, Site, from_us, iso, to_us
from groundstation.model.pass_report import WholePass
from groundstation.orbit.passes import Pass
from groundstation.storage.telemetry.bands import Band

#: The largest number that a journal can give a frame.
MOST_SEQ = (1 << 63) - 1
#: Without a start, a series covers this long before its end.
#: Receptions read at once where those of a time are looked for.
_LOOKED_AT = 1000
#: Entries of one series at most, and without a wish.
MOST_ENTRIES, ENTRIES = 5000, 600
#: Parameters of one chart.
MOST_PARAMETERS = 4
#: Receptions, passes, alarms or changes in one answer at most.
MOST_ANSWERED = 1000
DEFAULT_SPAN = timedelta(hours=1)


def find_satellite(ctx: Context, id: str) -> Satellite:
    """A definition; raises RequestError 404."""
    found = ctx.data.satellite(id)
    if found is None:
        raise RequestError(404, f"there is no satellite {told(id)}{_near(ctx, id)}")
    return found


def check_satellite(ctx: Context, id: str | None) -> None:
    """Raises RequestError 404 for one that there is not, nor ever was here."""
    if id and id not in ctx.data.catalog.index and id not in ctx.data.names():
        raise RequestError(404, f"there is no satellite {told(id)}{_near(ctx, id)}")


def _near(ctx: Context, id: str) -> str:
    return hint(id, ctx.data.catalog.index, "; /api/v1/satellites lists all")


def satellites(ctx: Context) -> list[SatelliteListed]:
    """All definitions in short, those that were heard lately first."""
    heard = ctx.tail.recent.heard()
    order = {id: place for place, id in enumerate(heard)}
    listed = ctx.data.status().satellites
    items = sorted(
        ctx.data.catalog.index.values(),
        key=lambda item: (
            order.get(item.id, len(order)),
            item.id not in listed,
            item.name.casefold(),
        ),
    )
    return [
        {
            **present.satellite(item),
            "parameters": item.parameters,
            "heard": iso(heard[item.id]) if item.id in heard else None,
        }
        for item in items
    ]


def is_meant(item: SatelliteListed, wish: str) -> bool:
    """Whether a wish such as ``quetzal``, ``TG1`` or ``45598`` names this satellite."""
    names = (item["id"], item["name"], str(item["norad"] or ""), *item["callsigns"])
    return any(wish.casefold() in name.casefold() for name in names)


def satellite(ctx: Context, id: str, code: str) -> SatelliteDescribed:
    """A definition with its parameters, labels in the language ``code``."""
    found = find_satellite(ctx, id)
    known = ctx.latest(id)
    parameters: list[ParameterRecord] = []
    for name, row in display.named_rows(found, known).items():
        if row is not None:
            record = present.parameter(name, row, found, code)
            record["label"] = display.label(name, row, code)
            parameters.append(record)
    return {**present.satellite(found), "parameters": parameters}


def latest(ctx: Context, id: str) -> LatestRecord:
    """Latest readings by parameter name."""
    find_satellite(ctx, id)
    known = ctx.latest(id)
    return {
        "satellite": id,
        "simulated": any(sample.simulated for sample in known.values()),
        "parameters": present.readings(known),
    }


def series(
    ctx: Context, id: str, name: str, start: datetime | None, end: datetime | None, points: int
) -> SeriesRecord:
    """History of a parameter; without an end until now, without a start one hour."""
    found = find_satellite(ctx, id)
    rows = found.rows()
    row = display.find_row(rows, name)
    if row is None:
        near = hint(name, rows, f"; /api/v1/satellites/{id} has all")
        raise RequestError(404, f"{found.name} has no parameter {told(name)}{near}")
    until = end or from_us(ctx.data.status().now_us())
    since = start or until - DEFAULT_SPAN
    if since >= until:
        raise RequestError(409, "start must be before end")
    span = to_us(since), to_us(until)
    try:
        history = ctx.data.telemetry.series(id, name, *span, points)
        words = None
        if not display.is_numeric(row):
            words = ctx.data.telemetry.bands(id, name, *span, points)
    except StoreError as error:
        raise RequestError(503, str(error)) from error
    known = ctx.latest(id).get(name)
    return {
        "satellite": id,
        "parameter": name,
        "unit": history.unit or row.unit,
        "simulated": found.simulated or bool(known and known.simulated),
        "bucket_s": (words.bucket_us if words else history.bucket_us) / 1_000_000,
        "bands": None if words is None else [_band(band) for band in words.bands],
        "digits": display.digits(row, rows),
        "limits": present.limits(row.limits),
        "times": [iso(time_us) for time_us in history.times_us],
        "minimum": list(history.minimum),
        "maximum": list(history.maximum),
        "mean": list(history.mean),
    }


def _band(band: Band) -> BandRecord:
    """What a parameter of words said for a time; value None: several words."""
    return {
        "start": iso(band.start_us),
        "end": iso(band.end_us),
        "value": band.value,
        "state": band.state,
    }


def receptions(
    ctx: Context,
    satellite: str | None,
    limit: int,
    *,
    after: int | None,
    before: int | None,
    span: tuple[datetime | None, datetime | None] = (None, None),
) -> list[FrameRow]:
    """Receptions: with ``after`` or a ``span`` of time oldest first, else newest first below
    ``before``."""
    if span != (None, None):
        if before is not None:
            raise RequestError(409, "before goes with no time: use after")
        return _received(ctx, satellite, limit, after or 0, span)
    if after is not None and before is not None:
        raise RequestError(409, "after and before are two ways to go: use one of them")
    with ctx.data.frames() as found:
        if after is not None:
            return found.after(after, limit, satellite)
        return found.before(before, limit, satellite)


def _received(
    ctx: Context,
    satellite: str | None,
    limit: int,
    after: int,
    span: tuple[datetime | None, datetime | None],
) -> list[FrameRow]:
    """Receptions of a time, in order of number; ``span`` without its end."""
    since_us, until_us = (None if when is None else to_us(when) for when in span)
    chosen = Selection(since_us=since_us, until_us=until_us)
    kept: list[FrameRow] = []
    with ctx.data.journal() as journal, ctx.data.frames() as found:
        seq = after if since_us is None else max(after, journal.first_since(since_us) - 1)
        last = MOST_SEQ if until_us is None else journal.last_before(until_us)
        while len(kept) < limit and seq < last:
            rows = found.after(seq, _LOOKED_AT, satellite)
            kept += [row for row in rows if chosen.holds(row.received_us)]
            seq = rows[-1].seq if rows else last
    return kept[:limit]


def frames(found: Sequence[FrameRow]) -> list[FrameBytes]:
    """Receptions with their bytes."""
    return [{**present.reception(item), "raw": item.raw.hex()} for item in found]


def frame(ctx: Context, seq: int, number: int = 1, flips: frozenset[int] = frozenset()) -> Xray:
    """One reception decoded, packet ``number`` of those that it holds, with bits turned over;
    raises RequestError."""
    found = reception(ctx, seq)
    if flips and max(flips) >= 8 * len(found.raw):
        raise RequestError(404, f"frame {seq} has no bit {max(flips)}, only {8 * len(found.raw)}")
    try:
        return Xray(ctx.data, found, number - 1, flips)
    except IndexError:
        raise RequestError(404, f"frame {seq} has no packet {number}") from None


def example(
    ctx: Context, id: str, number: int, flips: frozenset[int] = frozenset()
) -> tuple[Xray, Example]:
    """Example frame ``number`` of a definition, from 1, decoded, with bits turned over; raises
    RequestError."""
    examples = find_satellite(ctx, id).examples
    if not 0 < number <= len(examples):
        raise RequestError(404, f"{id} has no example frame {number}, only {len(examples)}")
    found = examples[number - 1]
    if flips and max(flips) >= 8 * len(found.frame):
        raise RequestError(404, f"the example has no bit {max(flips)}, only {8 * len(found.frame)}")
    now_us = ctx.data.status().now_us()
    return Xray(ctx.data, Reception(0, now_us, "", found.frame, id), 0, flips), found


def reception(ctx: Context, seq: int) -> Reception:
    """One reception; raises RequestError 404."""
    try:
        with ctx.data.journal() as journal:
            found = journal.get(seq) if seq <= MOST_SEQ else None
    except StoreError:
        found = None
    if found is None:
        raise RequestError(404, f"there is no frame {seq}")
    return found


def pass_record(ctx: Context, item: Pass, ids: Mapping[int, str] | None = None) -> ComingPass:
    """A pass with the names that pages use. ``ids``: satellites by NORAD number, where known."""
    id = (ctx.sky.norads() if ids is None else ids).get(item.norad)
    known = ctx.data.catalog.index[id] if id else None
    whole = cast(WholePass, item.as_json())  # the sky leaves out those with an open end
    return {
        **whole,
        "satellite_id": id,
        "name": known.name if known else item.satellite,
        "frequency_hz": known.frequency_hz if known else None,
        "trusted": not clock_doubted(ctx.data.status(), ctx.tail.recent.last_us()),
        "simulated": bool(known and known.simulated),
    }


def passes(
    ctx: Context, satellite: str | None = None, place: Site | None = None
) -> list[ComingPass]:
    """Passes over the site, or over ``place``, that are not over, in order of time."""
    now = from_us(ctx.data.status().now_us())
    ids = ctx.sky.norads()
    return [
        pass_record(ctx, item, ids)
        for item in ctx.sky.passes(place)
        if item.los and item.los > now and satellite in (None, ids.get(item.norad))
    ]


def track(
    ctx: Context,
    norad: int,
    start: datetime,
    end: datetime,
    step_s: float,
    place: Site | None = None,
) -> TrackRecord:
    """Where a satellite is over a time, seen from the site or from ``place``, and where the Sun
    stands at its start."""
    if start >= end:
        raise RequestError(409, "start must be before end")
    if (end - start).total_seconds() / step_s > MAX_POINTS:
        raise RequestError(409, f"these are more than {MAX_POINTS} points: take a longer step")
    try:
        points = ctx.sky.track(norad, start, end, step_s, place)
    except LookupError as error:
        raise RequestError(404, str(error.args[0])) from error
    except (ElementsError, SiteError) as error:
        raise RequestError(422, str(error)) from error
    return {
        "norad": norad,
        "points": [point_record(point) for point in points],
        "sun": sun_record(start),
    }
