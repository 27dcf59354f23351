"""The page of one satellite: a chart of what was chosen, and all parameters by group."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, request

from dashboard.show import display, wording
from dashboard.show.display import Card, CardGroup, Row
from dashboard.show.i18n import gettext as _
from dashboard.show.i18n import language
from dashboard.web import permit, queries
from dashboard.web.charts import (
    ALL,
    DEFAULT_SPAN,
    LAST_PASS,
    SPANS,
    THIS_PASS,
)
from dashboard.web.context import Context, context
from dashboard.web.hero import hero_names
from dashboard.web.queries import MOST_PARAMETERS
from dashboard.web.shell import page
from decoders.definition.model import Satellite
from groundstation.model import Sample, from_us
from groundstation.storage.notes import MOST_TEXT

satellite_page = Blueprint("satellite_page", __name__)

#: Rows of all groups that stand open at first, and of one group before "more".
MOST_OPEN, MOST_OF_GROUP = 60, 40


@satellite_page.get("/satellites/<id>")
def satellite(id: str) -> Response:
    """The page."""
    ctx, code = context(), language()
    found = queries.find_satellite(ctx, id)
    known = ctx.latest(id)
    rows, every = display.named_rows(found, known), found.rows()
    cards = [display.card(name, row, every, known.get(name), code) for name, row in rows.items()]
    marks = [card.simulated for card in cards if card.time]
    chosen = _chosen(ctx, found, rows, known)
    simulated = found.simulated or ctx.data.status().simulated or any(marks)
    return page(
        "satellite.html",
        "satellite",
        script="satellite.js",
        simulated=simulated,
        all_simulated=simulated and all(marks),
        data={
            "satellite": id,
            "chosen": chosen,
            "unheard": not known,
            "most": MOST_PARAMETERS,
            "time": _time(),
            "xy": request.args.get("xy") == "1",
            "note_token": permit.token("note"),
            "parameters": {
                name: display.script_parameter(name, row, every, code) for name, row in rows.items()
            },
        },
        satellite=found,
        unheard=not known,
        charted=bool(chosen),
        **({} if known else _awaited(ctx, found)),
        groups=_open(display.groups(found, cards, code)),
        count=len(cards),
        most_of_group=MOST_OF_GROUP,
        ranges=_ranges(ctx, found),
        note_token=permit.token("note"),
        most_note=MOST_TEXT,
        note_time=f"{from_us(ctx.data.status().now_us()).astimezone(ctx.data.zone):%Y-%m-%dT%H:%M:%S}",
    )


def _chosen(
    ctx: Context, found: Satellite, rows: Mapping[str, Row | None], known: Mapping[str, Sample]
) -> list[str]:
    """The parameters that the address names, else the first value of the first page."""
    text = request.args.get("parameters") or request.args.get("parameter") or ""
    wished = [name for name in dict.fromkeys(text.split(",")) if name in rows]
    if wished:
        return wished[:MOST_PARAMETERS]
    charted = [name for name, row in rows.items() if display.is_numeric(row) and name in known]
    preferred = [name for name in hero_names(ctx, found, rows, known) if name in charted]
    return (preferred or charted)[:1]


def _awaited(ctx: Context, found: Satellite) -> dict[str, object]:
    """What is told of a satellite that was never heard: its next pass, or why none is known."""
    item = ctx.sky.coming(found.norad) if found.norad is not None else None
    coming = queries.pass_record(ctx, item) if item else None
    return {
        "coming": coming,
        "doubts": wording.doubtful_words([coming] if coming else []),
        "pass_problem": _pass_problem(ctx, found),
    }


def _pass_problem(ctx: Context, found: Satellite) -> str:
    """Why no pass of it is known; empty where it is in no catalogue of orbits."""
    if found.norad is None:
        return ""
    if (code := ctx.sky.problem()) in ("no_site", "no_elements"):
        return wording.pass_problem(code)
    if ctx.data.elements.for_norad(found.norad) is None:
        return _(
            "Its orbital elements are not here: bring them with “groundstation elements import "
            "FILE” or “update”."
        )
    if found.norad in {item.norad for item in ctx.sky.followed().elements}:
        return wording.pass_problem(code)
    return _("Its passes are not computed: name it as [[satellites]] in station.toml.")


def _time() -> dict[str, str]:
    """The time that the address names: start and end, or a range."""
    if start := request.args.get("start"):
        return {"start": start, "end": request.args.get("end", "")}
    return {"range": request.args.get("range") or DEFAULT_SPAN}


def _ranges(ctx: Context, found: Satellite) -> list[tuple[str, str]]:
    """Words of the buttons by their range."""
    words = [_("%(n)s h", n=1), *(_("%(n)s d", n=n) for n in (1, 7, 30, 365))]
    spans = list(zip(SPANS, words, strict=True))
    if found.norad is None or not ctx.data.site:
        return [*spans, (ALL, _("all"))]
    return [(THIS_PASS, _("this pass")), (LAST_PASS, _("last pass")), *spans, (ALL, _("all"))]


def _open(groups: list[CardGroup]) -> list[tuple[CardGroup, list[Card], list[Card], bool]]:
    """Groups with their first rows, the others, and whether they stand open: those with a value
    first come first, until the page would be long."""
    found, shown = [], 0
    for group in groups:
        first, more = group.cards[:MOST_OF_GROUP], group.cards[MOST_OF_GROUP:]
        is_open = shown == 0 or shown + len(first) <= MOST_OPEN
        shown += len(first) if is_open else 0
        found.append((group, first, more, is_open))
    return found
