"""Answers made small: compressed where the browser takes it, and not sent again while they are the
same. A school's phones share one slow network."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache

from flask import Request, Response

#: Smaller answers gain nothing.
_LEAST_BYTES = 500
_LEVEL = 6
_TEXTS = ("text/", "application/json", "application/javascript", "image/svg+xml")


def pack(request: Request, answer: Response) -> Response:
    """``answer`` with an ETag (a browser that has it gets 304) and, where it pays, compressed.

    Streams pass as they are.
    """
    if request.method not in ("GET", "HEAD") or answer.status_code != 200 or _is_stream(answer):
        return answer
    answer.direct_passthrough = False
    body = answer.get_data()
    if not answer.headers.get("ETag"):
        answer.set_etag(hashlib.sha256(body).hexdigest()[:20], weak=True)
    if answer.headers.get("Cache-Control") == "no-store":
        # It may be kept, but never shown without asking whether it is still so.
        answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request)
    if answer.status_code == 200 and _is_worth_it(request, answer, len(body)):
        answer.set_data(_compressed(body))
        answer.headers["Content-Encoding"] = "gzip"
    answer.vary.add("Accept-Encoding")
    return answer


def _is_stream(answer: Response) -> bool:
    return answer.is_streamed and not answer.direct_passthrough


def _is_worth_it(request: Request, answer: Response, size: int) -> bool:
    takes_it = request.accept_encodings.quality("gzip") > 0
    is_text = (answer.mimetype or "").startswith(_TEXTS)
    return takes_it and is_text and size >= _LEAST_BYTES


@lru_cache(maxsize=64)
def _compressed(body: bytes) -> bytes:
    """Scripts and styles are asked for again and again, by thirty phones at once."""
    return gzip.compress(body, _LEVEL, mtime=0)
