"""A teacher puts one page on all screens, sees how many have answered, and ends it."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, request

from dashboard.data.spotlight import SpotlightRecord
from dashboard.show.i18n import language
from dashboard.web import permit
from dashboard.web.answers import RequestError, json_answer, told
from dashboard.web.asked import body
from dashboard.web.classroom import address, teach_in
from dashboard.web.context import context
from dashboard.web.page_names import page_name
from groundstation.errors import StoreError
from groundstation.storage.audit import Actor, write_change

spotlight = Blueprint("spotlight", __name__)

#: Characters of the address of a page.
MOST_PATH = 500


@spotlight.post("/spotlight")
def show_by_form() -> Response:
    """The button of each page."""
    actor = _checked_actor()
    path = _show(request.form.get("path", ""), actor)
    teach_in(language())
    return redirect(path, 303)  # type: ignore[return-value]  # werkzeug's, as Flask's


@spotlight.post("/spotlight/end")
def end_by_form() -> Response:
    """The other one."""
    _end()
    return redirect("/", 303)  # type: ignore[return-value]


@spotlight.get("/api/v1/spotlight")
def spotlight_json() -> Response:
    """What is shown."""
    return json_answer({"spotlight": _record()})


@spotlight.post("/api/v1/spotlight")
def show_by_program() -> Response:
    """The same for programs."""
    actor = _checked_actor()
    _show(body()["path"], actor)
    return json_answer({"spotlight": _record()})


@spotlight.post("/api/v1/spotlight/end")
def end_by_program() -> Response:
    """The same for programs."""
    _end()
    return json_answer({"spotlight": None})


def _record() -> SpotlightRecord | None:
    return context().data.spotlight.record()


def _checked_actor() -> Actor:
    """Who changes it. Raises RequestError 403, 413 or 429."""
    return permit.check_change("spotlight")


def _show(wish: str, actor: Actor) -> str:
    """Show it; returns the address. Raises RequestError 404 or 503."""
    path = _checked(wish)
    _write_down(actor, "spotlight", path)
    context().data.spotlight.show(path)
    return path


def _end() -> None:
    actor = _checked_actor()
    shown = _record()
    if shown is not None:
        _write_down(actor, "spotlight ended", shown["path"])
        context().data.spotlight.end()


def _write_down(actor: Actor, act: str, path: str) -> None:
    try:
        write_change(context().data.folder, permit.now_us(), actor, act, path)
    except StoreError as error:
        raise RequestError(503, str(error)) from error


def _checked(wish: str) -> str:
    """The address of a page of ours. Raises RequestError 404."""
    parts = urlsplit(wish)
    plain = wish.isprintable() and len(wish) <= MOST_PATH and not (parts.scheme or parts.netloc)
    if not (plain and parts.path.startswith("/") and page_name(wish) is not None):
        raise RequestError(404, f"{told(wish)} is no page that can be shown, such as /frames/7")
    return address(parts.path, parts.query)
