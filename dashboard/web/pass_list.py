"""The page of passes: a day of them at a glance, a list to choose from, one in the sky."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from dashboard.data.records import ComingPass
from dashboard.show import i18n, wording
from dashboard.show.i18n import language
from dashboard.show.timeline import timeline
from dashboard.web import queries
from dashboard.web.answers import instant, whole_number
from dashboard.web.context import context
from dashboard.web.flown import LISTED, flown_records
from dashboard.web.shell import page
from dashboard.web.somewhere import asked_place, asked_query, in_address, place_words
from groundstation.model import from_us

pass_list = Blueprint("pass_list", __name__)

#: Passes to come on one page.
PASSES_A_PAGE = 60
#: Heights that the page offers as the least one, degrees.
HEIGHTS = (10, 20, 30, 45, 60)


class _PassRow(ComingPass):
    """A pass in the list: what names it, and its directions and length in words."""

    key: str
    from_words: str
    to_words: str
    minutes: str


@pass_list.get("/passes")
def passes() -> Response:
    """Passes by local day, one of them in the sky and on the map."""
    ctx, code = context(), language()
    from_text = request.args.get("from")
    begin = instant("from", from_text) if from_text else None
    there = asked_place()
    every = queries.passes(ctx, None, there)
    wanted = _Wanted()
    coming = [item for item in every if wanted.holds(item)]
    if begin is not None:
        coming = [item for item in coming if datetime.fromisoformat(item["aos"]) >= begin]
    end = page_end([item["aos"] for item in coming])
    found, later = [_pass_row(item) for item in coming[:end]], coming[end:]
    wish = request.args.get("pass")
    chosen = next((item for item in found if item["key"] == wish), found[0] if found else None)
    days: dict[str, list[_PassRow]] = {}
    for item in found:
        days.setdefault(_day(item["aos"], code), []).append(item)
    site = there or ctx.data.site
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
            "place": in_address(there),
        },
        days=days,
        there=there,
        words=place_words(there) if there else "",
        in_place=in_address(there),
        asked=asked_query(),
        chosen=chosen,
        day=timeline(
            (item for item in every if item["max_elevation_deg"] >= wanted.height_deg),
            from_us(ctx.data.status().now_us()),
        ),
        wanted=wanted,
        wanted_query=wanted.query(),
        heights=HEIGHTS,
        names=_names(every),
        pass_problem=wording.pass_problem(ctx.sky.problem(there)) if not every else None,
        followed=wording.followed_words(ctx.sky.followed()),
        doubts=[*wording.unusable_words(ctx.sky.unusable()), *wording.doubtful_words(every)],
        earliest_link=f"/passes{_with({**asked_query(), **wanted.query()})}" if begin else None,
        from_text=from_text,
        later_link="/passes" + _with({**asked_query(), **wanted.query(), "from": later[0]["aos"]})
        if later
        else None,
        flown=[{**item, "day": _day(item["aos"], code)} for item in flown_records(ctx, LISTED)],
    )


class _Wanted:
    """Which passes the query asks for: of one satellite, and so high at least."""

    def __init__(self) -> None:
        norad, height = request.args.get("norad"), request.args.get("height")
        self.norad = whole_number("norad", norad, 0, 999_999_999) if norad else None
        self.height_deg = whole_number("height", height, 0, 90) if height else 0

    def holds(self, item: ComingPass) -> bool:
        """Whether a pass is among them."""
        is_its = self.norad is None or item["norad"] == self.norad
        return is_its and item["max_elevation_deg"] >= self.height_deg

    def query(self) -> dict[str, str]:
        """The same as a query."""
        height = {"height": str(self.height_deg)} if self.height_deg else {}
        return {**height, **({} if self.norad is None else {"norad": str(self.norad)})}


def page_end(times: Sequence[str]) -> int:
    """How many passes are one page: never some of those that rise at the same time, for the next
    page begins with a time."""
    end = PASSES_A_PAGE
    while end < len(times) and times[end] == times[end - 1]:
        end += 1
    return end


def _with(query: Mapping[str, str]) -> str:
    return f"?{urlencode(query)}" if query else ""


def _names(passes: Iterable[ComingPass]) -> list[tuple[int, str]]:
    """The satellites that have passes, by name."""
    found = {item["norad"]: item["name"] for item in passes}
    return sorted(found.items(), key=lambda item: item[1].casefold())


def _pass_row(item: ComingPass) -> _PassRow:
    seconds = int(item["duration_s"])
    return {
        **item,
        "key": f"{item['norad']}-{item['aos']}",
        "from_words": wording.compass_word(item["aos_azimuth_deg"]),
        "to_words": wording.compass_word(item["los_azimuth_deg"]),
        "minutes": f"{seconds // 60}:{seconds % 60:02}",
    }


def _day(time: str, code: str) -> str:
    return i18n.day(datetime.fromisoformat(time), context().data.zone, code)
