"""A class in front of its phones: what every page knows of what the teacher shows, in which
language phones begin, and whose answers count."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qsl, urlencode

from flask import Response, current_app, request

from dashboard.web import permit
from dashboard.web.context import context
from dashboard.web.somewhere import KEYS
from groundstation.sharing import is_shared

#: By which the answers of one browser count once. It says nothing about who it is.
PUPIL = "groundstation_pupil"
#: Of a page's query, what belongs to one browser, such as her village, or is an answer.
_OWN = {"lang", "projector", "a", "answer", "byte", *KEYS}


def may_spotlight() -> bool:
    """Whether whoever asks may show a page on all screens, and there are other screens."""
    host, _ = current_app.extensions["place"]
    return is_shared(host) and permit.visitor().may("spotlight")


def here() -> str:
    """The page that is asked for, as it would be shown."""
    return address(request.path, request.query_string.decode("utf-8", "replace"))


def address(path: str, query: str) -> str:
    """A page without what belongs to one browser."""
    kept = [(name, value) for name, value in parse_qsl(query) if name not in _OWN]
    return f"{path}?{urlencode(kept)}" if kept else path


def teach_in(code: str) -> None:
    """Let phones begin in the language ``code``, where a teacher asks."""
    if may_spotlight():
        context().data.spotlight.language = code


def language_of_class() -> str | None:
    """The language in which a phone begins that has chosen none; None: its browser's."""
    found = context().data.spotlight.language
    # Whoever could set it is not led by it: what counts for her is her own browser.
    return None if found is None or permit.visitor().may("spotlight") else found


def note_pupil(answer: Response, right: bool | None) -> None:
    """Count the browser of a pupil that opens the shown page, and whether its answer is right;
    None: it gave none. The browser is known again."""
    shown = context().data.spotlight
    query = {name: request.args[name] for name in request.args}
    if permit.visitor().may("spotlight") or not shown.is_page(request.path, query):
        return
    pupil = request.cookies.get(PUPIL, "")[:40]
    if not pupil:
        pupil = secrets.token_urlsafe(12)
        answer.set_cookie(PUPIL, pupil, httponly=True, samesite="Lax")
    shown.note(request.path, query, pupil, right)
