"""What stands before the application: it refuses hosts that are not ours, and always answers.

Nothing here may need a page, a session or the data folder: this answers when they cannot.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterable
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING

from dashboard.web.hosts import OurHosts, host_name
from groundstation.words.language import LANGUAGES, in_language
from groundstation.words.reasons import reason_text

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

FAILED = "the dashboard failed here; its log has the reason, please report it"
_PAGE = (
    '<!doctype html>\n<html lang="{code}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{title}</title></head>\n'
    "<body><h1>{title}</h1>{sentences}</body></html>\n"
)
_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_log = logging.getLogger(__name__)


class Gate:
    """A WSGI application in front of ``app``. ``language``: of the words, without a wish."""

    def __init__(self, app: WSGIApplication, hosts: OurHosts, language: str):
        self._app = app
        self._hosts = hosts
        self._language = language

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request. Raises nothing but what an answer that has begun runs into."""
        try:
            host = environ.get("HTTP_HOST")
            if host is None or host_name(host) in self._hosts:  # HTTP/1.0 names no host
                return self._app(environ, start)
            status, sentences = self._refusal(environ, host_name(host))
        except Exception as error:
            log_failure(environ.get("PATH_INFO", ""), error)
            status, sentences = 500, [reason_text(FAILED, self._code(environ))]
        return self._answer(environ, start, status, sentences)

    def _refusal(self, environ: WSGIEnvironment, name: str | None) -> tuple[int, list[str]]:
        _ = in_language(self._code(environ))
        if name is None:
            return 400, [_("What this page was asked for by (the Host header) is no name.")]
        address = "http://192.168.1.20:8080/"
        setting = f'[dashboard] hosts = ["{name}"]'
        return 403, [
            _("This dashboard does not go by the name %(name)s.", name=name),
            _("Open it by the address of its computer, such as %(address)s.", address=address),
            _("If the name is yours, write into station.toml: %(setting)s", setting=setting),
        ]

    def _code(self, environ: WSGIEnvironment) -> str:
        """The language that the browser puts first, where it is one of ours."""
        first = str(environ.get("HTTP_ACCEPT_LANGUAGE", ""))[:2].lower()
        return first if first in LANGUAGES else self._language

    def _answer(
        self, environ: WSGIEnvironment, start: StartResponse, status: int, sentences: list[str]
    ) -> list[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        if path.startswith("/api/") or path.endswith((".json", ".csv", ".hex")):
            kind, text = "application/json", json.dumps({"error": " ".join(sentences)}) + "\n"
        else:
            kind, text = "text/html; charset=utf-8", plain_page(self._code(environ), sentences)
        body = text.encode()
        headers = [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("Content-Security-Policy", _POLICY),
            ("X-Content-Type-Options", "nosniff"),
        ]
        start(f"{status} {HTTPStatus(status).phrase}", headers)
        return [b"" if environ.get("REQUEST_METHOD") == "HEAD" else body]


def plain_page(code: str, sentences: Iterable[str]) -> str:
    """A page in the language ``code`` that needs nothing else."""
    words = in_language(code)
    title = words("This page cannot be shown")
    shown = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    return _PAGE.format(code=code, title=escape(title), sentences=shown)


def log_failure(path: str, error: BaseException) -> None:
    """One line: what was asked for, what went wrong, and where."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "nowhere"
    # With %a neither a line feed nor a terminal's order of the one who asks comes through.
    _log.error("%a failed: %a in %s", path[:200], error, place)
