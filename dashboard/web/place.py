"""Where somebody lives: passes over her village, and where to point. Nothing of it is kept here."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from flask import Blueprint, Response, request

from dashboard.data.records import ComingPass
from dashboard.data.villages import VILLAGES
from dashboard.show import i18n, wording
from dashboard.show.i18n import current, language
from dashboard.show.i18n import gettext as _
from dashboard.web import queries
from dashboard.web.answers import RequestError
from dashboard.web.context import Context, context
from dashboard.web.shell import page
from dashboard.web.somewhere import place_of
from decoders.suggest import hint
from groundstation.model import Site

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
    there = _asked()
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
            "place": there and {"place": f"{there.latitude_deg},{there.longitude_deg}"},
            "pass": chosen and chosen["item"],
        },
        there=there,
        words=_words(there) if there else "",
        listed=listed,
        chosen=chosen,
        problem=_problem(ctx),
        villages=sorted(((one.id, one.name(code)) for one in VILLAGES), key=lambda one: one[1]),
        of=request.args.get("of", ""),
        site=ctx.data.site,
    )


def _asked() -> Site | None:
    """The place of the query. Raises RequestError 400 and 404."""
    wish, given = request.args.get("of"), request.args
    if not wish:
        texts = (given.get("latitude", "").strip(), given.get("longitude", "").strip())
        return place_of(",".join(texts)) if any(texts) else None
    found = {one.id: one for one in VILLAGES}
    if wish not in found:
        raise RequestError(404, f"there is no place {wish[:80]!r} in the list{hint(wish, found)}")
    return found[wish].site(language())


def _words(there: Site) -> str:
    """Its name with its coordinates, or these alone."""
    number = current().number
    north = _("%(n)s° north", n=number(there.latitude_deg, 2))
    if there.latitude_deg < 0:
        north = _("%(n)s° south", n=number(-there.latitude_deg, 2))
    east = _("%(n)s° east", n=number(there.longitude_deg, 2))
    if there.longitude_deg < 0:
        east = _("%(n)s° west", n=number(-there.longitude_deg, 2))
    return f"{there.name} ({north}, {east})" if there.name else f"{north}, {east}"


def _problem(ctx: Context) -> str:
    """Why there is no pass; a place needs no site of the station."""
    code = ctx.sky.problem()
    return wording.pass_problem(None if code == "no_site" else code)


def _listed(ctx: Context, item: ComingPass) -> _Listed:
    return {
        "key": f"{item['norad']}-{item['aos']}",
        "day": i18n.day(datetime.fromisoformat(item["aos"]), ctx.data.zone, language()),
        "item": item,
        "from_words": wording.compass_word(item["aos_azimuth_deg"]),
        "to_words": wording.compass_word(item["los_azimuth_deg"]),
    }
