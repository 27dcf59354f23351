"""The first page: what a satellite does, in a sentence, on a map, in a few values."""

from __future__ import annotations

from flask import Blueprint, Response, request

from dashboard.data.order import configured, in_order
from dashboard.data.records import AntennaRecord, ComingPass
from dashboard.show import display, wording
from dashboard.show.i18n import current, language
from dashboard.web import live, permit, queries
from dashboard.web.answers import json_answer
from dashboard.web.context import Context, context
from dashboard.web.hero import Hero
from dashboard.web.listed import named
from dashboard.web.shell import page
from dashboard.web.stories import stories
from decoders.definition.model import Satellite
from groundstation.errors import StoreError
from groundstation.words.alarms import AlarmRecord, record

now = Blueprint("now", __name__)

#: Frames and alarms listed on the first page.
LAST_FRAMES, ALARMS = 6, 3
#: Satellites offered beside the shown one.
OTHERS = 6


@now.get("/")
def first_page() -> Response:
    """The first page."""
    ctx, code = context(), language()
    order = in_order(ctx.data, ctx.tail.recent.heard())
    shown = shown_satellite(ctx, order)
    told = stories().now(shown.id, code) if shown else None
    known = ctx.latest(shown.id) if shown else {}
    chosen = told["values"] if told else []
    heroes = [Hero(ctx, shown, name, known.get(name), code) for name in chosen if shown]
    names = ctx.data.names()
    frames = [named(item, names) for item in ctx.tail.recent.frames()[:LAST_FRAMES]]
    coming = (told and told["pass"]) or _coming(ctx)
    alarms = _alarms(ctx)
    marks = [
        *(hero.card.simulated for hero in heroes if hero.card.time),
        *(bool(item["simulated"]) for item in (*frames, *alarms)),
        *([coming["simulated"]] if coming else []),
    ]
    return page(
        "now.html",
        "now",
        script="now.js",
        simulated=ctx.data.status().simulated or any(marks) or bool(shown and shown.simulated),
        all_simulated=all(marks) and ctx.data.status().simulated,
        data={
            **_whom(ctx, shown, order),
            "names": names,
            "stale_s": display.STALE_S,
            "pass": coming,
            "parameters": {hero.card.name: hero.script for hero in heroes},
        },
        satellite=shown,
        told=told,
        others=[_other(ctx, id) for id in order if not shown or id != shown.id][:OTHERS],
        heroes=heroes,
        frames=frames,
        alarms=alarms,
        **{"pass": coming},
        antenna=_antenna(ctx),
        doubts=wording.doubtful_words([coming] if coming else []),
        pass_problem=wording.pass_problem(ctx.sky.problem()),
        site=ctx.data.site,
        may_choose=permit.visitor().may("choose"),
    )


def _whom(ctx: Context, shown: Satellite | None, order: list[str]) -> dict[str, object]:
    """Whose page it is, and whom it gives way to: what comes before it in ``order``."""
    id = shown.id if shown else None
    return {
        "satellite": id,
        "chosen": bool(request.args.get("satellite")),
        "own": id in configured(ctx.data),
        "order": order[: order.index(id)] if id in order else [],
    }


@now.get("/api/v1/satellites/<id>/now")
def story(id: str) -> Response:
    """What one satellite does now: the sentence, the place, the values that tell most."""
    return json_answer(stories().now(id, language()))


def _other(ctx: Context, id: str) -> dict[str, str]:
    return {"id": id, "name": ctx.data.catalog.index[id].name}


def _coming(ctx: Context) -> ComingPass | None:
    """The next pass of any satellite, where the shown one has none."""
    item = ctx.sky.coming()
    return queries.pass_record(ctx, item) if item else None


def _alarms(ctx: Context) -> list[AlarmRecord]:
    """What is wrong now and nobody has seen or mended, the worst first."""
    try:
        found = ctx.data.alarms.current(ctx.data.status().now_us())
    except StoreError:
        return []
    active = [item for item in found if item.alarm.active and item.standing != "shelved"]
    active.sort(key=lambda item: (item.alarm.severity != "critical", -item.alarm.triggered_us))
    of = ctx.data.catalog.satellites
    return [record(item, of.get(item.alarm.key.satellite), current()) for item in active[:ALARMS]]


def _antenna(ctx: Context) -> AntennaRecord | None:
    """What the antenna is following, if anything."""
    found = live.status(ctx)
    schedule = found["schedule"] if found["running"] else None
    return schedule["antenna"] if schedule else None


def shown_satellite(ctx: Context, order: list[str]) -> Satellite | None:
    """The one that was asked for, else the first that has been heard, else the first."""
    if wish := request.args.get("satellite"):
        return queries.find_satellite(ctx, wish)
    known = [found for id in order if (found := ctx.data.satellite(id))]
    return next((found for found in known if ctx.latest(found.id)), next(iter(known), None))
