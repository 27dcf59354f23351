"""The pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from dashboard.data import present
from dashboard.data.condition import clock_kind
from dashboard.data.order import configured
from dashboard.show import wording
from dashboard.show.i18n import language
from dashboard.web import live, permit, queries
from dashboard.web.answers import RequestError, whole_number
from dashboard.web.context import Context, context
from dashboard.web.listed import named
from dashboard.web.shell import page
from groundstation.errors import StoreError

pages = Blueprint("pages", __name__)

FRAMES_A_PAGE = 50
#: Of what is looked for.
MOST_CHARACTERS = 80


@pages.get("/satellites")
def satellites() -> Response:
    """Those of this station and those that were heard; the others by a search, or all."""
    ctx = context()
    every = queries.satellites(ctx)
    wish = request.args.get("q", "").strip()[:MOST_CHARACTERS]
    own = configured(ctx.data)
    every_one = request.args.get("all") == "1"
    found = [item for item in every if queries.is_meant(item, wish)] if wish else every
    return page(
        "satellites.html",
        "satellite",
        mine=[item for item in every if item["heard"] or item["id"] in own],
        found=found if wish or every_one else [],
        q=wish,
        all=every_one and not wish,
        count=len(every),
        most_characters=MOST_CHARACTERS,
        problems=ctx.data.catalog.problems,
        simulated=ctx.data.status().simulated,
    )


@pages.get("/frames")
def frames() -> Response:
    """The journal, newest first."""
    ctx = context()
    satellite = request.args.get("satellite") or None
    before_text = request.args.get("before")
    before = whole_number("before", before_text, 0) if before_text else None
    try:
        found = queries.receptions(ctx, satellite, FRAMES_A_PAGE + 1, after=None, before=before)
    except StoreError:
        found = []  # no journal yet; the notice above says so
    shown = found[:FRAMES_A_PAGE]
    names = ctx.data.names()
    records = [named(present.reception(item), names) for item in shown]
    packets = _packets(ctx, {item["satellite"] for item in records} | {*configured(ctx.data)})
    query = {"satellite": satellite} if satellite else {}
    older = {**query, "before": shown[-1].seq} if len(found) > FRAMES_A_PAGE else None
    return page(
        "frames.html",
        "frames",
        script="frames.js",
        simulated=any(item["simulated"] for item in records),
        data={
            "names": names,
            "newest": before is None,
            "chosen": satellite,
            "limit": FRAMES_A_PAGE,
            "packets": packets,
        },
        frames=records,
        packets=packets,
        names=names,
        chosen=satellite,
        has_examples=_has_examples(ctx, satellite),
        query=_query({**query, **({"before": before} if before else {})}),
        all_query=_query(query),
        newest_link="/frames" + (f"?{urlencode(query)}" if query else "") if before else None,
        older_link=f"/frames?{urlencode(older)}" if older else None,
    )


def _has_examples(ctx: Context, id: str | None) -> bool:
    """Whether its definition holds frames that others received."""
    found = ctx.data.satellite(id) if id else None
    return found is not None and bool(found.examples)


def _packets(ctx: Context, satellites: Iterable[str | None]) -> dict[str, dict[str, str]]:
    """What packets are called in the language of the request, by satellite and name."""
    found = [ctx.data.satellite(id) for id in satellites if id]
    code = language()
    return {
        each.id: {packet.name: packet.label(code) for packet in each.packets}
        for each in found
        if each is not None
    }


def _query(keys: Mapping[str, str | int]) -> str:
    return f"?{urlencode(keys)}" if keys else ""


@pages.get("/status")
def status() -> Response:
    """The station itself: radios, followers, disk, clock, elements."""
    ctx = context()
    record = live.status(ctx)
    data_status = ctx.data.status()
    return page(
        "status.html",
        "station",
        simulated=data_status.simulated,
        record=record,
        schedule=record["schedule"] if record["running"] else None,
        links=[{**link, "word": wording.link_word(link["state"])} for link in record["links"]],
        folder=str(ctx.data.folder),
        disk=ctx.data.disk(),
        elements=[
            {"name": item.name, "norad": item.norad, "epoch": iso_of(item.epoch)}
            for item in ctx.sky.followed().elements
        ],
        elements_problems=ctx.data.elements.problems,
        catalog_problems=ctx.data.catalog.problems,
        last_seq=ctx.tail.seq,
        followers={name: wording.follower_words(name) for name in record["followers"]},
        counts=wording.counts_words(ctx.tail.seq, record["followers"]),
        clock_words=wording.clock_words(
            clock_kind(data_status), (data_status.now_us() - permit.now_us()) / 1e6
        ),
    )


def iso_of(when: datetime) -> str:
    """An aware time as ISO 8601 with Z."""
    return when.isoformat(timespec="seconds").replace("+00:00", "Z")


def error_page(problem: RequestError) -> Response:
    """A page that says what went wrong, in one sentence."""
    answer = page("error.html", "", sentence=problem.sentence)
    answer.status_code = problem.status
    return answer
