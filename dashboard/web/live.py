"""The live stream: a snapshot, then one server-sent event a reception; and polling beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from flask import Blueprint, Response, current_app, request

from dashboard.data import events, present
from dashboard.data.records import EventRecord, SnapshotRecord, StatusRecord
from dashboard.data.status_record import status_record
from dashboard.web.answers import RequestError, json_answer, whole_number
from dashboard.web.context import Context, context
from dashboard.web.gate import log_failure

#: Pages that listen at the same time; further ones poll. Each holds one thread of the server.
MAX_LISTENERS = 320
#: Receptions in one polled answer.
MAX_POLLED = 200

live = Blueprint("live", __name__)


class Listeners:
    """Counts the open streams."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.free = MAX_LISTENERS

    def take(self) -> bool:
        """Whether one more may listen; then :meth:`leave` must follow."""
        with self._lock:
            if self.free == 0:
                return False
            self.free -= 1
            return True

    def leave(self) -> None:
        """A listener has gone."""
        with self._lock:
            self.free += 1


class _Stream:
    """The body of one stream; the server closes it whatever happens. One that fails ends: its
    browser comes back for the rest."""

    def __init__(self, chunks: Iterator[bytes], listeners: Listeners):
        self._chunks = _until_a_fault(chunks)
        self._listeners = listeners

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def close(self) -> None:
        self._listeners.leave()


def _until_a_fault(chunks: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from chunks
    except Exception as error:
        log_failure("/api/v1/live", error)


@live.get("/api/v1/live")
def stream() -> Response:
    """Server-sent events: ``snapshot`` first, then ``frame`` (id: its seq) and ``status``."""
    here = context()
    last = request.headers.get("Last-Event-ID") or request.args.get("last_event_id")
    last_seq = whole_number("last_event_id", last, 0) if last else None
    listeners: Listeners = current_app.extensions["listeners"]
    if not listeners.take():
        answer = RequestError(
            503, "too many live pages: ask /api/v1/news from time to time"
        ).response()
        answer.headers["Retry-After"] = "30"
        return answer
    gone: Callable[[], bool] = request.environ.get("waitress.client_disconnected", lambda: False)
    chunks = here.tail.stream(last_seq, gone, lambda: events.encode("snapshot", snapshot(here)))
    answer = Response(_Stream(chunks, listeners), mimetype="text/event-stream")
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
