"""How phones get here: a QR code and an address to type, for the wall."""

from __future__ import annotations

from typing import TypedDict

from flask import Blueprint, Response, current_app

from dashboard.show.i18n import language
from dashboard.web import permit
from dashboard.web.answers import json_answer
from dashboard.web.broadcast import Broadcaster
from dashboard.web.classroom import may_spotlight, teach_in
from dashboard.web.context import context
from dashboard.web.shell import page
from groundstation.sharing import qr_of_page, share_urls

share = Blueprint("share", __name__)


class ShareRecord(TypedDict):
    """``urls``: what phones in the same network type, the likeliest first; none: not shared.

    ``listening``: live pages that are open now; ``language``: in which phones begin that have
    chosen none, None: in their browser's.
    """

    urls: list[str]
    listening: int
    language: str | None


@share.get("/share")
def share_page() -> Response:
    """For the projector. Phones that come begin in the language in which a teacher looks at it."""
    teach_in(language())
    found = _record()
    urls = found["urls"]
    return page(
        "share.html",
        "share",
        script="share.js",
        urls=urls,
        code_image=qr_of_page(urls[0]) if urls else None,
        listening=found["listening"],
        is_led=may_spotlight(),
        has_accounts=permit.has_accounts(),
    )


@share.get("/api/v1/share")
@share.get("/share.json")
def share_json() -> Response:
    """The same for programs."""
    return json_answer(_record())


def _record() -> ShareRecord:
    broadcaster: Broadcaster = current_app.extensions["broadcaster"]
    host, port = current_app.extensions["place"]
    return {
        "urls": share_urls(host, port),
        "listening": broadcaster.listening,
        "language": context().data.spotlight.language,
    }
