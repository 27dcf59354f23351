"""The live stream: a snapshot, then one server-sent event a reception; and polling beside it."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from dashboard.data import events, present
from dashboard.data.records import EventRecord, SnapshotRecord, StatusRecord
from dashboard.data.status_record import status_record
from dashboard.web.answers import RequestError, json_answer, whole_number
from dashboard.web.broadcast import MOST, Broadcaster
from dashboard.web.context import Context, context
from dashboard.web.handover import can_be_handed_over, handed_over

#: Receptions in one polled answer.
MAX_POLLED = 200

live = Blueprint("live", __name__)


@live.get("/api/v1/live")
def stream() -> Response:
    """Server-sent events: ``snapshot`` first, then ``frame`` (id: its seq) and ``status``."""
    last = request.headers.get("Last-Event-ID") or request.args.get("last_event_id")
    last_seq = whole_number("last_event_id", last, 0) if last else None
    broadcaster: Broadcaster = current_app.extensions["broadcaster"]
    if broadcaster.listening >= MOST or not can_be_handed_over(request.environ):
        answer = RequestError(
            503, "too many live pages: ask /api/v1/news from time to time"
        ).response()
        answer.headers["Retry-After"] = "30"
        return answer
    answer = handed_over(
        request.environ,
        "text/event-stream",
        lambda line, head: broadcaster.add(line, head, last_seq),
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


@live.get("/api/v1/news")
def news() -> Response:
    """For pages that cannot listen: the state, and the receptions after ``after``."""
    here = context()
    after = request.args.get("after")
    frames: list[EventRecord] = []
    seq = here.tail.seq
    if after:
        with here.data.journal() as journal:
            found = journal.after(whole_number("after", after, 0), MAX_POLLED, until=seq)
        frames = [event.record for event in events.frames(here.data, found)]
        seq = found[-1].seq if found else seq
    return json_answer({"seq": seq, "status": status(here), "frames": frames})


def status(here: Context) -> StatusRecord:
    """The station's state."""
    return status_record(here.data, here.tail.problem, here.tail.recent.last_us())


def snapshot(here: Context) -> SnapshotRecord:
    """What a listener needs before the first news."""
    recent = here.tail.recent
    return {
        "seq": here.tail.seq,
        "status": status(here),
        "satellites": {id: present.readings(recent.latest(id)) for id in recent.heard()},
        "frames": recent.frames(),
    }
