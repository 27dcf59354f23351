"""A teacher puts one page on all screens, sees how many have answered, and ends it."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, Response, current_app, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from dashboard.data.spotlight import SpotlightRecord
from dashboard.web import permit
from dashboard.web.answers import RequestError, json_answer, told
from dashboard.web.asked import body
from dashboard.web.context import context
from dashboard.web.somewhere import KEYS
from groundstation.errors import StoreError
from groundstation.sharing import is_shared
from groundstation.storage.audit import Actor, write_change

spotlight = Blueprint("spotlight", __name__)

#: Characters of the address of a page.
MOST_PATH = 500
#: By which the answers of one browser count once. It says nothing about who it is.
PUPIL = "groundstation_pupil"
#: Of a page's query, what belongs to one browser, such as her village, or is an answer.
_OWN = {"lang", "projector", "a", "answer", "byte", *KEYS}
#: Blueprints whose pages can be shown.
_SHOWN = {
    *("now", "pages", "pass_list", "frame_page", "exercises", "learn", "flown", "desk"),
    *("boards", "notes"),
}


def may_spotlight() -> bool:
    """Whether whoever asks may show a page on all screens, and there are other screens."""
    host, _ = current_app.extensions["place"]
    return is_shared(host) and permit.visitor().may("spotlight")


def here() -> str:
    """The page that is asked for, as it would be shown."""
    return _address(request.path, request.query_string.decode("utf-8", "replace"))


def note_answer(answer: Response, right: bool) -> None:
    """Count a pupil's answer to this page, and know the browser again."""
    if permit.visitor().may("spotlight"):
        return
    pupil = request.cookies.get(PUPIL, "")[:40]
    if not pupil:
        pupil = secrets.token_urlsafe(12)
        answer.set_cookie(PUPIL, pupil, httponly=True, samesite="Lax")
    query = {name: request.args[name] for name in request.args}
    context().data.spotlight.note(request.path, query, pupil, right)


@spotlight.post("/spotlight")
def show_by_form() -> Response:
    """The button of each page."""
    actor = _checked_actor()
    path = _show(request.form.get("path", ""), actor)
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
    if not (plain and parts.path.startswith("/") and _is_page(parts.path)):
        raise RequestError(404, f"{told(wish)} is no page that can be shown, such as /frames/7")
    return _address(parts.path, parts.query)


def _is_page(path: str) -> bool:
    routes = current_app.url_map.bind("localhost")
    try:
        endpoint, _ = routes.match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    is_data = path.startswith("/api/") or path.endswith((".json", ".csv", ".hex"))
    return not is_data and str(endpoint).partition(".")[0] in _SHOWN


def _address(path: str, query: str) -> str:
    kept = [(name, value) for name, value in parse_qsl(query) if name not in _OWN]
    return f"{path}?{urlencode(kept)}" if kept else path
