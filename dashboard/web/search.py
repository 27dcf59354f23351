"""Search over satellites, their values, pages and words."""

from __future__ import annotations

from typing import TypedDict

from flask import Blueprint, Response, request

from dashboard.data.order import configured
from dashboard.lessons.glossary import glossary
from dashboard.lessons.titles import titles
from dashboard.show import display
from dashboard.show.i18n import current, language
from dashboard.show.i18n import gettext as _
from dashboard.web import queries
from dashboard.web.answers import json_answer
from dashboard.web.context import Context, context
from dashboard.web.shell import navigation, page

search = Blueprint("search", __name__)

#: Characters that are looked for, and things of a kind that are found.
MOST_CHARACTERS, MOST_FOUND = 80, 30


class FoundPage(TypedDict):
    """A page, or a place on one."""

    title: str
    path: str


class FoundSatellite(TypedDict):
    """A satellite that is defined here."""

    id: str
    name: str


class FoundParameter(TypedDict):
    """A value of a satellite of this station, or of one that was heard."""

    satellite: str
    satellite_name: str
    parameter: str
    label: str


class SearchRecord(TypedDict):
    """What was found."""

    query: str
    pages: list[FoundPage]
    satellites: list[FoundSatellite]
    parameters: list[FoundParameter]


@search.get("/search")
def search_page() -> Response:
    """One field, and what it finds."""
    found = _found(context(), _wish())
    is_empty = not (found["pages"] or found["satellites"] or found["parameters"])
    return page(
        "search.html", "search", found=found, is_empty=is_empty, most_characters=MOST_CHARACTERS
    )


@search.get("/api/v1/search")
@search.get("/search.json")
def search_json() -> Response:
    """The same for programs."""
    return json_answer(_found(context(), _wish()))


def _wish() -> str:
    return request.args.get("q", "").strip()[:MOST_CHARACTERS]


def _found(ctx: Context, wish: str) -> SearchRecord:
    found: SearchRecord = {"query": wish, "pages": [], "satellites": [], "parameters": []}
    if wish:
        every = queries.satellites(ctx)
        meant = [item for item in every if queries.is_meant(item, wish)]
        found["pages"] = _pages(wish)
        found["satellites"] = [
            {"id": item["id"], "name": item["name"]} for item in meant[:MOST_FOUND]
        ]
        own = configured(ctx.data)
        mine = [item["id"] for item in every if item["heard"] or item["id"] in own]
        found["parameters"] = _parameters(ctx, wish, mine)
    return found


def _pages(wish: str) -> list[FoundPage]:
    """Pages, lessons, words of the glossary, and a frame by its number."""
    frame = [(_("Frame %(seq)s", seq=wish), f"/frames/{wish}")]
    known = [
        *(frame if wish.isascii() and wish.isdigit() and 0 < int(wish) <= queries.MOST_SEQ else []),
        *((words, path) for _name, path, words in navigation()),
        (_("Exercises"), "/exercises"),
        (_("On your phone"), "/share"),
        (_("Boards"), "/boards"),
        (_("The wall"), "/kiosk"),
        (_("Notes"), "/notes"),
        (_("My village"), "/place"),
        *((title, f"/learn/{id}") for id, title in titles(current()).items()),
    ]
    found = [(title, path) for title, path in known if wish in path.split("/") or _in(wish, title)]
    terms = [
        (item.term, f"/learn#{item.id}")
        for item in glossary(current())
        if _in(wish, item.term) or _in(wish, item.text)
    ]
    return [{"title": title, "path": path} for title, path in [*found, *terms][:MOST_FOUND]]


def _parameters(ctx: Context, wish: str, mine: list[str]) -> list[FoundParameter]:
    """Values whose name or label holds the wish, those whose label begins with it first."""
    code = language()
    found: list[FoundParameter] = []
    for id in mine:
        satellite = queries.find_satellite(ctx, id)
        for name, row in display.named_rows(satellite, ctx.latest(id)).items():
            label = display.label(name, row, code)
            if _in(wish, label) or _in(wish, name) or _in(wish, name.replace("_", " ")):
                found.append(
                    {
                        "satellite": id,
                        "satellite_name": satellite.name,
                        "parameter": name,
                        "label": label,
                    }
                )
    found.sort(key=lambda item: not item["label"].casefold().startswith(wish.casefold()))
    return found[:MOST_FOUND]


def _in(wish: str, text: str) -> bool:
    return wish.casefold() in text.casefold()
