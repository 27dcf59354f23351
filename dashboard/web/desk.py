"""Alarms: the page, its twins, the interface, and what people do with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from flask import Blueprint, Response, redirect, request

from dashboard.show.i18n import current
from dashboard.web import permit, queries
from dashboard.web.answers import RequestError, csv_answer, instant, json_answer, whole_number
from dashboard.web.asked import body
from dashboard.web.context import Context, context
from dashboard.web.permit import Act
from dashboard.web.shell import page
from groundstation.errors import StoreError
from groundstation.model import to_us
from groundstation.model.alarms import Alarm, AlarmKey
from groundstation.storage.audit import MOST_NAME, MOST_REASON, Actor
from groundstation.storage.desk import StandingAlarm, subject_of
from groundstation.words.alarms import ALARM_COLUMNS, AlarmRecord, flat, record

desk = Blueprint("desk", __name__)

#: Alarms of the history on a page, and in one answer without a wish.
LISTED, USUAL = 50, 100
#: Minutes for which the page offers to put something aside.
OFFERED = (60, 480, 1440, 10_080)
MOST_MINUTES = 366 * 1440
#: What can be done with an alarm.
ACTS: tuple[Act, ...] = ("acknowledge", "shelve", "unshelve")


class SunlessRecord(TypedDict):
    """Values that could not be judged, because nobody knows whether the Sun shone."""

    satellite: str
    parameter: str
    values: int


class ChangeRecord(TypedDict):
    """Whether the one who asks may change something, and with which token."""

    allowed: bool
    token: str | None


class AlarmsRecord(TypedDict):
    """All of it."""

    active: list[AlarmRecord]
    history: list[AlarmRecord]
    sunless: list[SunlessRecord]
    change: ChangeRecord


@desk.get("/alarms")
def alarms() -> Response:
    """What calls somebody now, and what did."""
    ctx = context()
    found = _answer(ctx, LISTED + 1)
    shown = found["history"][:LISTED]
    more = len(found["history"]) > LISTED
    return page(
        "alarms.html",
        "alarms",
        script="alarms.js",
        simulated=ctx.data.status().simulated
        or any(item["simulated"] for item in [*found["active"], *shown]),
        active=found["active"],
        history=shown,
        sunless=[{**item, "name": _name(ctx, item["satellite"])} for item in found["sunless"]],
        token=found["change"]["token"],
        may_shelve=permit.visitor().may("shelve"),
        named=permit.visitor().name is not None,
        has_accounts=permit.has_accounts(),
        offered=OFFERED,
        older=shown[-1]["triggered"] if more else None,
        newest="before" not in request.args,
        most_name=MOST_NAME,
        most_reason=MOST_REASON,
        done=request.args.get("done") if request.args.get("done") in ACTS else None,
    )


@desk.get("/api/v1/alarms")
@desk.get("/alarms.json")
def alarms_json() -> Response:
    """The same for programs."""
    return json_answer(_answer(context(), _limit()))


@desk.get("/alarms.csv")
def alarms_csv() -> Response:
    """The history as a table, with what is active now."""
    rows = _answer(context(), _limit())["history"]
    table = [dict(zip(ALARM_COLUMNS, flat(item), strict=True)) for item in rows]
    return csv_answer("alarms", ALARM_COLUMNS, table)


def _limit() -> int:
    return int(request.args.get("limit") or USUAL)


def _answer(ctx: Context, limit: int) -> AlarmsRecord:
    satellite = request.args.get("satellite") or None
    queries.check_satellite(ctx, satellite)
    before = request.args.get("before")
    before_us = to_us(instant("before", before)) if before else None
    now_us, listed = ctx.data.status().now_us(), ctx.data.alarms
    try:
        active = listed.current(now_us, satellite)
        history = listed.history(now_us, limit, satellite, before_us)
        sunless = listed.sunless()
    except StoreError:
        active, history, sunless = [], [], {}  # the station page says why
    token = permit.token("acknowledge")
    return {
        "active": [_record(ctx, item) for item in active],
        "history": [_record(ctx, item) for item in history],
        "sunless": [
            {"satellite": id, "parameter": name, "values": count}
            for (id, name), count in sorted(sunless.items())
            if satellite in (None, id)
        ],
        "change": {"allowed": token is not None, "token": token},
    }


def _record(ctx: Context, item: StandingAlarm) -> AlarmRecord:
    return record(item, ctx.data.satellite(item.alarm.key.satellite), current())


def _name(ctx: Context, id: str) -> str:
    return ctx.data.names().get(id, id)


@desk.post("/alarms/acknowledge", defaults={"act": "acknowledge"})
@desk.post("/alarms/shelve", defaults={"act": "shelve"})
@desk.post("/alarms/unshelve", defaults={"act": "unshelve"})
def change_by_form(act: Act) -> Response:
    """A button of the page."""
    actor = permit.check_change(act)
    _do(context(), act, request.form, actor)
    return redirect(f"/alarms?done={act}", 303)  # type: ignore[return-value]  # werkzeug's, as Flask's


@desk.post("/api/v1/alarms/acknowledge", defaults={"act": "acknowledge"})
@desk.post("/api/v1/alarms/shelve", defaults={"act": "shelve"})
@desk.post("/api/v1/alarms/unshelve", defaults={"act": "unshelve"})
def change_by_program(act: Act) -> Response:
    """The same for programs: JSON in, what was changed out."""
    actor = permit.check_change(act)
    texts = {name: str(value) for name, value in body().items()}
    return json_answer({"changed": _do(context(), act, texts, actor)})


def _do(ctx: Context, act: Act, given: Mapping[str, str], actor: Actor) -> list[str]:
    """Do it; returns the alarms that were meant."""
    now_us = ctx.data.status().now_us()
    name, reason = given.get("name", ""), given.get("reason", "")
    for field, text, most in (("name", name, MOST_NAME), ("reason", reason, MOST_REASON)):
        if len(text) > most:
            raise RequestError(400, f"{field} is longer than {most} characters")
    meant = _meant(ctx, act, given.get("alarm", ""), now_us)
    if permit.visitor().name is None and name.strip():  # nobody is logged in here
        actor = Actor(name, actor.origin)
    until_us = now_us + _minutes(given) * 60_000_000 if act == "shelve" else 0
    try:
        for alarm in meant:
            _one(ctx, act, alarm, until_us, now_us, actor, reason)
    except StoreError as error:
        raise RequestError(503, str(error)) from error
    ctx.data.counting.forget()
    return [alarm.key.text for alarm in meant]


def _one(
    ctx: Context, act: Act, alarm: Alarm, until_us: int, now_us: int, by: Actor, reason: str
) -> None:
    kept = ctx.data.alarms.desk
    if act == "acknowledge":
        kept.acknowledge(alarm, now_us, by, reason)
    elif act == "shelve":
        kept.shelve(subject_of(alarm.key), until_us, now_us, by, reason)
    else:
        kept.unshelve(subject_of(alarm.key), now_us, by, reason)


def _meant(ctx: Context, act: Act, text: str, now_us: int) -> list[Alarm]:
    """The alarms that a request names; ``all`` are those that nobody has seen."""
    try:
        if text == "all" and act == "acknowledge":
            current = ctx.data.alarms.current(now_us)
            return [one.alarm for one in current if one.standing in ("unacknowledged", "returned")]
        key = AlarmKey.of(text)
        found = ctx.data.alarms.one(key) if key else None
    except StoreError as error:
        raise RequestError(503, str(error)) from error
    if found is None:
        raise RequestError(404, f"there is no alarm {text[:120]!r}")
    return [found]


def _minutes(given: Mapping[str, str]) -> int:
    return whole_number("minutes", given.get("minutes") or "1440", 1, MOST_MINUTES)
