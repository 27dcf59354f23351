"""What a page of ours is called, by its address, in the language of the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from flask import Flask, current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from dashboard.lessons.titles import titles
from dashboard.show import display
from dashboard.show.i18n import current, language
from dashboard.show.i18n import gettext as _
from dashboard.web import queries
from dashboard.web.answers import RequestError
from dashboard.web.boards import stored_board
from dashboard.web.context import context
from dashboard.web.flown import find_flown
from decoders.definition.model import Satellite
from groundstation.errors import StoreError

#: The parts of a path that are variable, and the query.
_Parts: TypeAlias = Mapping[str, Any]
_Query: TypeAlias = Mapping[str, str]

#: Pages that ask something, so that answers can be counted.
_ASKING = {
    *("exercises.by_hand", "exercises.damaged_byte", "exercises.which_satellite", "learn.lesson"),
}


def init_page_names(app: Flask) -> None:
    """Let templates call pages by their names."""
    app.jinja_env.globals.update(page_name=page_name, page_asks=asks)


def page_name(address: str) -> str | None:
    """Such as ``Frame 7: Battery voltage``; None where no page of ours is that can be shown on
    other screens. Where what it is about is missing, its path."""
    parts = urlsplit(address)
    endpoint, variable = _endpoint(parts.path)
    named = _NAMES.get(endpoint)
    if named is None:
        return None
    try:
        return named(variable, dict(parse_qsl(parts.query)))
    except (RequestError, StoreError):
        return parts.path


def asks(address: str) -> bool:
    """Whether the page has a question to answer."""
    return _endpoint(urlsplit(address).path)[0] in _ASKING


def _endpoint(path: str) -> tuple[str, _Parts]:
    """Which function makes the page, and the variable parts of its path; empty: none."""
    try:
        return current_app.url_map.bind("localhost").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return "", {}


def _with(name: str, more: str) -> str:
    return f"{name}: {more}" if more else name


def _frame(parts: _Parts, query: _Query) -> str:
    seq = int(parts["seq"])
    return _with(_("Frame %(seq)s", seq=seq), _value_of_frame(seq, query.get("value", "")))


def _example(parts: _Parts, query: _Query) -> str:
    satellite = queries.find_satellite(context(), parts["id"])
    return f"{_('Example frame %(n)s', n=parts['number'])} · {satellite.name}"


def _by_hand(parts: _Parts, query: _Query) -> str:
    seq, value = query.get("frame", ""), query.get("value", "")
    label = _value_of_frame(int(seq), value) if seq.isascii() and seq.isdigit() else ""
    return _with(_("Decode it by hand"), label)


def _worksheet(parts: _Parts, query: _Query) -> str:
    return _("Answer sheet") if query.get("answers") == "1" else _("Worksheet")


def _satellite(parts: _Parts, query: _Query) -> str:
    satellite = queries.find_satellite(context(), parts["id"])
    wish = query.get("parameters") or query.get("parameter") or ""
    return _with(satellite.name, _labels(satellite, wish.split(",")))


def _lesson(parts: _Parts, query: _Query) -> str:
    return titles(current()).get(parts["id"]) or _("Learn")


def _board(parts: _Parts, query: _Query) -> str:
    return stored_board(context(), parts["board"]).board.name


def _flown(parts: _Parts, query: _Query) -> str:
    return _("Pass of %(name)s", name=find_flown(context(), parts["key"]).report["name"])


def _value_of_frame(seq: int, name: str) -> str:
    """What a value is called that a frame of its sender may have, or empty."""
    if not name or seq > queries.MOST_SEQ:
        return ""
    with context().data.frames() as frames:
        found = frames.get(seq)
    satellite = context().data.satellite(found.satellite) if found and found.satellite else None
    return _labels(satellite, [name]) if satellite else ""


def _labels(satellite: Satellite, names: list[str]) -> str:
    rows = satellite.rows()
    known = [(name, row) for name in names if (row := display.find_row(rows, name))]
    return ", ".join(display.label(name, row, language()) for name, row in known)


#: By the function that makes the page.
_NAMES: dict[str, Callable[[_Parts, _Query], str]] = {
    "now.first_page": lambda parts, query: _("Now"),
    "pages.satellites": lambda parts, query: _("Satellites"),
    "pages.frames": lambda parts, query: _("Frames"),
    "pages.status": lambda parts, query: _("Station"),
    "satellite_page.satellite": _satellite,
    "pass_list.passes": lambda parts, query: _("Passes"),
    "flown.flown_page": _flown,
    "place.place_page": lambda parts, query: _("My village"),
    "frame_page.frame": _frame,
    "frame_page.example": _example,
    "exercises.overview": lambda parts, query: _("Exercises"),
    "exercises.by_hand": _by_hand,
    "exercises.damaged_byte": lambda parts, query: _("Find the damaged byte"),
    "exercises.which_satellite": lambda parts, query: _("Which satellite is this?"),
    "exercises.worksheet": _worksheet,
    "learn.overview": lambda parts, query: _("Learn"),
    "learn.signal": lambda parts, query: _("A burst, from sound to frame"),
    "learn.lesson": _lesson,
    "desk.alarms": lambda parts, query: _("Alarms"),
    "boards.board_list": lambda parts, query: _("Boards"),
    "boards.board_page": _board,
    "notes.notes_page": lambda parts, query: _("Notes"),
}
