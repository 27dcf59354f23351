"""What a satellite is doing now: a sentence, where it is, which values tell most."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import lru_cache
from typing import cast

from flask import Flask, current_app

from dashboard.data.now_records import NowRecord, WhereRecord
from dashboard.data.whereabouts import Lines, Whereabouts, whereabouts
from dashboard.show import display, story
from dashboard.web import queries
from dashboard.web.context import Context
from dashboard.web.hero import hero_names
from groundstation.model import from_us, iso
from groundstation.words.language import in_language

#: One answer serves all who ask within so long, seconds: a whole school asks at once.
_FRESH_S = 2.0
#: Where a satellite was last heard longer ago, its values are told of as what was.
_FRESH = timedelta(seconds=display.STALE_S)


class Stories:
    """Answers kept for a moment; safe to ask from several threads."""

    def __init__(self, ctx: Context):
        self._ctx = ctx
        self._kept = lru_cache(maxsize=64)(self._told)

    def now(self, id: str, code: str) -> NowRecord:
        """What satellite ``id`` does, in the language ``code``; raises RequestError 404."""
        tick, desk = int(time.monotonic() / _FRESH_S), self._ctx.data.chosen_values.stamp()
        return self._kept(id, code, self._ctx.tail.seq, tick, desk)

    def _told(self, id: str, code: str, seq: int, tick: int, desk: object) -> NowRecord:
        return now_record(self._ctx, id, code)


def init_stories(app: Flask) -> None:
    """Give the application its stories."""
    app.extensions["stories"] = Stories(app.extensions["groundstation"])


def stories() -> Stories:
    """Those of the application that serves this request."""
    return cast(Stories, current_app.extensions["stories"])


def now_record(ctx: Context, id: str, code: str) -> NowRecord:
    """What satellite ``id`` does, computed."""
    found, words = queries.find_satellite(ctx, id), in_language(code)
    known = ctx.latest(id)
    rows = display.named_rows(found, known)
    now = from_us(ctx.data.status().now_us())
    heard = max((from_us(sample.time_us) for sample in known.values()), default=None)
    fresh = heard is not None and now - heard < _FRESH
    elements = ctx.data.elements.for_norad(found.norad) if found.norad is not None else None
    where = whereabouts(elements, ctx.data.site, now) if elements else None
    item = ctx.sky.coming(found.norad) if found.norad is not None else None
    charging = story.is_charging(rows, known) if fresh else None
    judged = story.judged(known)
    labels = {name: display.label(name, rows.get(name), code) for name in judged.outside}
    doing = story.doing_words(charging, where.sunlit if where else None, words)
    return {
        "satellite": id,
        "name": found.name,
        "time": iso(ctx.data.status().now_us()),
        "heard": iso(max(sample.time_us for sample in known.values())) if known else None,
        "sentence": story.sentence(
            (
                story.where_words(doing, where, words),
                story.pass_words(item, now, words),
                story.values_words(judged, labels, fresh, words) if known else "",
            )
        ),
        "charging": charging,
        "judged": judged.count,
        "outside": list(judged.outside),
        "values": hero_names(ctx, found, rows, known),
        "pass": queries.pass_record(ctx, item) if item else None,
        "where": where_record(where) if where else None,
    }


def where_record(found: Whereabouts) -> WhereRecord:
    """A place as JSON, a tenth of a degree on the map."""
    point = found.point
    return {
        "latitude_deg": round(point.latitude_deg, 2),
        "longitude_deg": round(point.longitude_deg, 2),
        "altitude_km": round(point.altitude_km, 1),
        "sunlit": found.sunlit,
        "countries": list(found.below.countries) if found.below else [],
        "ocean": found.below.ocean if found.below else "",
        "distance_km": _rounded(found.distance_km),
        "direction_deg": _rounded(found.direction_deg),
        "flown": _tenths(found.flown),
        "ahead": _tenths(found.ahead),
        "seen": _tenths(found.seen),
        "night": _tenths(found.night),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _tenths(lines: Lines) -> list[list[list[float]]]:
    return [[[round(lon, 1), round(lat, 1)] for lon, lat in line] for line in lines]
