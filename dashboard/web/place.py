"""Where somebody lives: passes over her village, and where to point. Nothing of it is kept here."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from flask import Blueprint, Response, request

from dashboard.data.records import ComingPass
from dashboard.data.villages import VILLAGES
from dashboard.show import i18n, wording
from dashboard.show.i18n import language
from dashboard.web import queries
from dashboard.web.context import Context, context
from dashboard.web.shell import page
from dashboard.web.somewhere import asked_place, in_address, place_words

place = Blueprint("place", __name__)

#: Passes on the page.
LISTED = 12


class _Listed(TypedDict):
    """A pass in a line: its day and directions in words, and what names it."""

    key: str
    day: str
    item: ComingPass
    from_words: str
    to_words: str


@place.get("/place")
def place_page() -> Response:
    """The next passes over a place and one of them in the sky, or the list of places."""
    ctx = context()
    there = asked_place()
    coming = queries.passes(ctx, None, there)[:LISTED] if there else []
    listed = [_listed(ctx, item) for item in coming]
    wish = request.args.get("pass")
    chosen = next((one for one in listed if one["key"] == wish), listed[0] if listed else None)
    marks = [item["simulated"] for item in coming]
    code = language()
    return page(
        "place.html",
        "passes",
        script="place.js",
        simulated=ctx.data.status().simulated or any(marks),
        all_simulated=ctx.data.status().simulated and bool(marks) and all(marks),
        data={
            "place": in_address(there),
            "pass": chosen and chosen["item"],
        },
        there=there,
        words=place_words(there) if there else "",
        listed=listed,
        doubts=wording.doubtful_words(coming),
        chosen=chosen,
        problem=wording.pass_problem(ctx.sky.problem(there)),
        villages=sorted(((one.id, one.name(code)) for one in VILLAGES), key=lambda one: one[1]),
        of=request.args.get("of", ""),
        site=ctx.data.site,
    )


def _listed(ctx: Context, item: ComingPass) -> _Listed:
    return {
        "key": f"{item['norad']}-{item['aos']}",
        "day": i18n.day(datetime.fromisoformat(item["aos"]), ctx.data.zone, language()),
        "item": item,
        "from_words": wording.compass_word(item["aos_azimuth_deg"]),
        "to_words": wording.compass_word(item["los_azimuth_deg"]),
    }
