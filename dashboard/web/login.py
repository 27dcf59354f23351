"""Logging in and out, and the list of changes for those who may make them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TypedDict

from flask import Blueprint, Flask, Response, current_app, redirect, request

from dashboard.web import permit
from dashboard.web.answers import RequestError, json_answer
from dashboard.web.asked import body
from dashboard.web.context import context
from dashboard.web.shell import page
from dashboard.web.throttle import Throttle
from groundstation.errors import StoreError
from groundstation.storage.accounts import LOGIN_S, MOST_PASSWORD, Account
from groundstation.storage.audit import MOST_NAME, ChangeRecord, changes

login = Blueprint("login", __name__)

#: Wrong passwords from one address before it must wait; the pause doubles up to the longest.
FREE, FIRST_S, MOST_S = 5, 5.0, 900.0
#: Changes on the page, and in one answer without a wish.
LISTED, USUAL = 50, 100
_WRONG = "this name and password do not belong together"
_KEY = "login-throttle"
#: A password costs 32 MB and a tenth of a second: one at a time.
_one = threading.Lock()


class VisitorRecord(TypedDict):
    """Who asks, what he or she may do, and the token for doing it."""

    name: str | None
    role: str | None
    may: list[str]
    token: str


def init_logins(app: Flask) -> None:
    """Wrong passwords are counted for this application."""
    app.extensions[_KEY] = Throttle(FREE, FIRST_S, MOST_S)


@login.get("/login")
def login_page() -> Response:
    """A name and a password; who is logged in sees what was changed."""
    return _page()


@login.post("/login")
def log_in_by_form() -> Response:
    """The button of the page."""
    try:
        _check_sender()
        secret, _ = _log_in(request.form)
    except RequestError as problem:
        refused = _page(problem.sentence)
        refused.status_code = problem.status
        return refused
    answer = _to_the_page()
    _give_cookie(answer, secret)
    return answer


@login.post("/logout")
def log_out_by_form() -> Response:
    """The button of the page."""
    _log_out()
    answer = _to_the_page()
    answer.delete_cookie(permit.COOKIE)
    return answer


@login.get("/api/v1/visitor")
def visitor_json() -> Response:
    """Who asks."""
    return json_answer(_visitor())


@login.post("/api/v1/login")
def log_in_by_program() -> Response:
    """The same for programs: JSON in, the cookie and who it is out."""
    _check_sender()
    secret, account = _log_in(body())
    answer = json_answer({"name": account.name, "role": account.role})
    _give_cookie(answer, secret)
    return answer


@login.post("/api/v1/logout")
def log_out_by_program() -> Response:
    """The same for programs."""
    _log_out()
    answer = json_answer({"name": None, "role": None})
    answer.delete_cookie(permit.COOKIE)
    return answer


@login.get("/api/v1/changes")
def changes_json() -> Response:
    """What was changed, newest first; for those who may change something."""
    if permit.visitor().role is None:
        raise RequestError(403, "log in first: the list of changes is for those who make them")
    before = int(request.args.get("before") or 0) or None
    return json_answer({"changes": _changes(int(request.args.get("limit") or USUAL), before)})


def _page(problem: str = "") -> Response:
    here = permit.visitor()
    return page(
        "login.html",
        "login",
        token=permit.form_token(),
        problem=problem,
        has_accounts=permit.has_accounts(),
        most_name=MOST_NAME,
        most_password=MOST_PASSWORD,
        changes=_changes(LISTED, None) if here.role is not None else [],
    )


def _visitor() -> VisitorRecord:
    here = permit.visitor()
    may = [act for act in permit.ACTS if here.may(act)]
    return {"name": here.name, "role": here.role, "may": list(may), "token": permit.form_token()}


def _log_in(given: Mapping[str, str]) -> tuple[str, Account]:
    """The secret of a new login. Raises RequestError 403, 429 or 503."""
    throttle: Throttle = current_app.extensions[_KEY]
    address = request.remote_addr or ""
    if wait_s := throttle.attempt(address):
        raise RequestError(429, f"too many wrong passwords: try again in {wait_s + 1:.0f} seconds")
    accounts = context().data.accounts
    try:
        with _one:
            account = accounts.check(given.get("name", "").strip(), given.get("password", ""))
        if account is None:
            raise RequestError(403, _WRONG)
        throttle.forget(address)
        return accounts.log_in(account, permit.now_us(), address), account
    except StoreError as error:
        raise RequestError(503, str(error)) from error


def _log_out() -> None:
    _check_sender()
    secret = permit.visitor().secret
    if secret:
        try:
            context().data.accounts.log_out(secret, permit.now_us(), request.remote_addr or "")
        except StoreError as error:
            raise RequestError(503, str(error)) from error


def _check_sender() -> None:
    permit.check_size()
    if problem := permit.own_page_problem():
        raise RequestError(403, problem)


def _to_the_page() -> Response:
    return redirect("/login", 303)  # type: ignore[return-value]  # werkzeug's, as Flask's


def _give_cookie(answer: Response, secret: str) -> None:
    """No script reads it, no other site sends it (RFC 6265bis, SameSite)."""
    answer.set_cookie(permit.COOKIE, secret, max_age=LOGIN_S, httponly=True, samesite="Strict")


def _changes(limit: int, before: int | None) -> list[ChangeRecord]:
    try:
        found = changes(context().data.folder, limit, before)
    except StoreError as error:
        raise RequestError(503, str(error)) from error
    return [change.record() for change in found]
