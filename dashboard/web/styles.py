"""Style sheets of a page in one answer: each lies in a file of its own, and each request costs a
phone in a full classroom a wait."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app

from dashboard.web.answers import RequestError

FOLDER = Path(__file__).parents[1] / "static" / "css"
#: On every page.
EVERYWHERE = ("tokens", "site", "parts")
_NAMES = re.compile(r"[a-z]+(?:\+[a-z]+){0,15}")


def init_styles(app: Flask) -> None:
    """Serve joined sheets beside the static files, which browsers keep for ever too."""
    app.add_url_rule(f"{app.static_url_path}/styles/<names>.css", view_func=joined)
    app.jinja_env.globals["styles"] = address


def address(names: Sequence[str] = ()) -> str:
    """Where the sheets of a page are: those of all pages, then ``names``."""
    return f"{current_app.static_url_path}/styles/{'+'.join((*EVERYWHERE, *names))}.css"


def joined(names: str) -> Response:
    """The sheets in their order."""
    if not _NAMES.fullmatch(names):
        raise RequestError(404, "there are no such styles")
    return Response(_text(names), mimetype="text/css")


@cache
def _all() -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.css"))}


def _text(names: str) -> str:
    known, wanted = _all(), names.split("+")
    if any(name not in known for name in wanted):
        raise RequestError(404, "there are no such styles")
    return "\n".join(known[name] for name in wanted)
