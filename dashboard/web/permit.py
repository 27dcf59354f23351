"""Who may change something: whoever sits at this computer, on a page of ours.

There are no accounts yet. A change is taken from this computer alone: the request comes from a
loopback address, asks for this computer by a name that only it has, was handed on by no other
server, comes from our own page (Origin, RFC 6454), and knows the token that only our pages tell.
"""

from __future__ import annotations

import hmac
import secrets
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app, request

from dashboard.web.answers import RequestError
from dashboard.web.hosts import host_name

if TYPE_CHECKING:
    from flask import Flask

#: The header and the field of a form that hold the token.
HEADER, FIELD = "X-Groundstation-Token", "token"
#: Bytes of a request that changes something.
MOST_BYTES = 16_384
_KEY = "change-token"
_HANDED_ON = (
    *("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"),
)


def init_permits(app: Flask) -> None:
    """A token of this process."""
    app.extensions[_KEY] = secrets.token_urlsafe(32)


def token() -> str | None:
    """The token for a page that is shown to somebody who may change things, else None."""
    return None if _refusal() else str(current_app.extensions[_KEY])


def check_change() -> None:
    """Raise RequestError 403 where this request may not change anything."""
    problem = _refusal() or _wrong_origin() or _wrong_token()
    if problem:
        raise RequestError(403, problem)


def _refusal() -> str:
    handed_on = any(name in request.headers for name in _HANDED_ON)
    if handed_on or not (_is_loopback(request.remote_addr) and _is_this_computer(request.host)):
        return "changes are taken from this computer alone: open http://127.0.0.1 on it"
    return ""


def _wrong_origin() -> str:
    origin = request.headers.get("Origin")
    if origin is None:
        # Browsers send one with every change; a program that sends none must know the token.
        return "" if HEADER in request.headers else "the request does not say where it comes from"
    # A page that was loaded without encryption, as ours are, cannot be another server's here.
    parts = urlsplit(origin)
    if parts.scheme not in ("http", "https") or parts.netloc.lower() != request.host.lower():
        return "the request comes from a page of another server"
    return ""


def _wrong_token() -> str:
    given = request.headers.get(HEADER) or request.form.get(FIELD) or ""
    right = str(current_app.extensions[_KEY])
    if hmac.compare_digest(given.encode(), right.encode()):
        return ""
    return "the page is older than this dashboard: load it again"


def _is_loopback(address: str | None) -> bool:
    try:
        found = ip_address(address or "")
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


def _is_this_computer(host: str) -> bool:
    name = host_name(host)
    return name is not None and (name == "localhost" or _is_loopback(name))
