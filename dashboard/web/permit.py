"""Who may change something: teachers and operators that are logged in.

While there are no accounts, it is whoever sits at this computer: the request comes from a loopback
address, asks for this computer by a name that only it has, and was handed on by no other server.
Every change comes from our own page (Origin, RFC 6454), and knows the token that only our pages
tell, and only to whom it is for.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args
from urllib.parse import urlsplit

from flask import current_app, g, request

from dashboard.show.i18n import gettext as _
from dashboard.web.answers import RequestError
from dashboard.web.context import context
from dashboard.web.hosts import host_name
from dashboard.web.throttle import Throttle
from groundstation.errors import StoreError
from groundstation.storage.accounts import Role
from groundstation.storage.audit import Actor

if TYPE_CHECKING:
    from flask import Flask

#: What can be changed.
Act: TypeAlias = Literal[
    "acknowledge", "shelve", "unshelve", "spotlight", "board", "choose", "note"
]
ACTS: tuple[Act, ...] = get_args(Act)
RIGHTS: Mapping[Role, frozenset[Act]] = {
    "teacher": frozenset(ACTS) - {"shelve", "unshelve"},
    "operator": frozenset(ACTS),
}
#: The header and the field of a form that hold the token; the cookie of a login.
HEADER, FIELD, COOKIE = "X-Groundstation-Token", "token", "groundstation_login"
#: Bytes of a request that changes something.
MOST_BYTES = 16_384
#: Changes from one address: so many at once, then one a second.
_FREE_CHANGES, _PAUSE_S = 100, 1.0
_KEY, _CHANGES = "change-key", "changes"
_HANDED_ON = (
    *("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"),
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks. ``name`` None: anybody. ``role`` None: may look only. ``secret``: of the login."""

    name: str | None
    role: Role | None
    secret: str = ""

    def may(self, act: Act) -> bool:
        """Whether this is for him or her to do."""
        return self.role is not None and act in RIGHTS[self.role]


def init_permits(app: Flask) -> None:
    """A key of this process."""
    app.extensions[_KEY] = secrets.token_bytes(32)
    app.extensions[_CHANGES] = Throttle(_FREE_CHANGES, _PAUSE_S, _PAUSE_S)


def visitor() -> Visitor:
    """Who sends this request."""
    if "visitor" not in g:
        g.visitor = _visitor()
    found: Visitor = g.visitor
    return found


def _visitor() -> Visitor:
    accounts, secret = context().data.accounts, request.cookies.get(COOKIE, "")
    try:
        account = accounts.logged_in(secret, now_us()) if secret else None
        if account is not None:
            return Visitor(account.name, account.role, secret)
        alone = not accounts.exist() and _is_at_this_computer()
    except StoreError:
        alone = False  # who may change something is not known: nobody
    return Visitor(None, "operator" if alone else None)


def has_accounts() -> bool:
    """Whether somebody can log in; no where ``desk.db`` cannot be read."""
    try:
        return context().data.accounts.exist()
    except StoreError:
        return False


def now_us() -> int:
    """The real time, which logins go by: that of the station may be simulated."""
    return time.time_ns() // 1000


def token(act: Act) -> str | None:
    """The token for a page that is shown to somebody who may do this, else None."""
    return form_token() if visitor().may(act) else None


def form_token() -> str:
    """The token of this visitor, for whatever is sent."""
    key: bytes = current_app.extensions[_KEY]
    return hmac.new(key, visitor().secret.encode(), hashlib.sha256).hexdigest()


def check_change(act: Act) -> Actor:
    """Who does it. Raises RequestError 403 where this request may not, 413 for a body that is too
    long, 429 for too many."""
    check_size()
    here = visitor()
    problem = ("" if here.may(act) else _refusal(here)) or own_page_problem()
    if problem:
        raise RequestError(403, problem)
    throttle: Throttle = current_app.extensions[_CHANGES]
    if throttle.attempt(request.remote_addr):
        raise RequestError(429, "too many changes at once: wait a second")
    return Actor(here.name or _("this computer"), request.remote_addr or "")


def check_size() -> None:
    """Raise RequestError 413 for a body that is longer than any change."""
    if request.content_length is None or request.content_length > MOST_BYTES:
        raise RequestError(413, f"the request is longer than {MOST_BYTES} bytes")


def own_page_problem() -> str:
    """Why this request does not come from a page of ours; empty: it does."""
    return _wrong_origin() or _wrong_token()


def _refusal(here: Visitor) -> str:
    if here.role is not None:
        return f"this is not for a {here.role} to do: ask an operator"
    try:
        has_accounts = context().data.accounts.exist()
    except StoreError as error:
        return str(error)
    if has_accounts:
        return "log in first, at the foot of any page: others may look only"
    return (
        "changes are taken from this computer alone: open http://127.0.0.1 on it, or make an "
        "account there with 'groundstation accounts add NAME'"
    )


def _is_at_this_computer() -> bool:
    handed_on = any(name in request.headers for name in _HANDED_ON)
    return not handed_on and _is_loopback(request.remote_addr) and _is_this_computer(request.host)


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
    if hmac.compare_digest(given.encode(), form_token().encode()):
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
