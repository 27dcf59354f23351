"""The pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from dashboard.data import present
from dashboard.data.order import configured
from dashboard.data.records import ComingPass
from dashboard.show import i18n, wording
from dashboard.show.i18n import language
from dashboard.web import live, queries
from dashboard.web.answers import RequestError, instant, whole_number
from dashboard.web.context import context
from dashboard.web.flown import LISTED, flown_records
from dashboard.web.listed import named
from dashboard.web.shell import page
from groundstation.errors import StoreError
from groundstation.model import from_us

pages = Blueprint("pages", __name__)

FRAMES_A_PAGE = 50
#: Passes to come on their page.
PASSES_A_PAGE = 60
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


@pages.get("/passes")
def passes() -> Response:
    """Passes by local day, one of them in the sky and on the map."""
    ctx, code = context(), language()
    from_text = request.args.get("from")
    begin = instant("from", from_text) if from_text else None
    coming = queries.passes(ctx)
    if begin is not None:
        coming = [item for item in coming if datetime.fromisoformat(item["aos"]) >= begin]
    end = page_end([item["aos"] for item in coming])
    found, later = [_pass_row(item) for item in coming[:end]], coming[end:]
    wish = request.args.get("pass")
    chosen = next((item for item in found if item["key"] == wish), found[0] if found else None)
    days: dict[str, list[_PassRow]] = {}
    for item in found:
        days.setdefault(_day(item["aos"], code), []).append(item)
    site = ctx.data.site
    return page(
        "passes.html",
        "passes",
        script="passes.js",
        simulated=ctx.data.status().simulated or any(item["simulated"] for item in found),
        data={
            "passes": found,
            "chosen": chosen["key"] if chosen else None,
            "site": {"latitude_deg": site.latitude_deg, "longitude_deg": site.longitude_deg}
            if site
            else None,
        },
        days=days,
        chosen=chosen,
        pass_problem=wording.pass_problem(ctx.sky.problem()),
        followed=wording.followed_words(ctx.sky.followed()),
        unusable=wording.unusable_words(ctx.sky.unusable()),
        earliest_link="/passes" if begin else None,
        from_text=from_text,
        later_link=f"/passes?{urlencode({'from': later[0]['aos']})}" if later else None,
        flown=[{**item, "day": _day(item["aos"], code)} for item in flown_records(ctx, LISTED)],
    )


def page_end(times: Sequence[str]) -> int:
    """How many passes are one page: never some of those that rise at the same time, for the next
    page begins with a time."""
    end = PASSES_A_PAGE
    while end < len(times) and times[end] == times[end - 1]:
        end += 1
    return end


class _PassRow(ComingPass):
    """A pass in the list: what names it, and its directions and length in words."""

    key: str
    from_words: str
    to_words: str
    minutes: str


def _pass_row(item: ComingPass) -> _PassRow:
    seconds = int(item["duration_s"])
    return {
        **item,
        "key": f"{item['norad']}-{item['aos']}",
        "from_words": _compass(item["aos_azimuth_deg"]),
        "to_words": _compass(item["los_azimuth_deg"]),
        "minutes": f"{seconds // 60}:{seconds % 60:02}",
    }


def _day(time: str, code: str) -> str:
    return i18n.day(datetime.fromisoformat(time), context().data.zone, code)


def _compass(azimuth_deg: float) -> str:
    return wording.compass_words()[round(azimuth_deg / 45) % 8]


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
        },
        frames=records,
        names=names,
        chosen=satellite,
        query=_query({**query, **({"before": before} if before else {})}),
        all_query=_query(query),
        newest_link="/frames" + (f"?{urlencode(query)}" if query else "") if before else None,
        older_link=f"/frames?{urlencode(older)}" if older else None,
    )


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
        station_now=from_us(data_status.now_us()),
    )


def iso_of(when: datetime) -> str:
    """An aware time as ISO 8601 with Z."""
    return when.isoformat(timespec="seconds").replace("+00:00", "Z")


def error_page(problem: RequestError) -> Response:
    """A page that says what went wrong, in one sentence."""
    answer = page("error.html", "", sentence=problem.sentence)
    answer.status_code = problem.status
    return answer
