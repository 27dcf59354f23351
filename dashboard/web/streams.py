"""Whole histories as files, streamed: values as CSV, frames as lines of time and hex.

The same that ``groundstation export`` writes. A few at a time, so that slow readers of long files
leave threads for the pages.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import TypeAlias

from flask import Blueprint, Response, current_app, request

from dashboard.web import queries
from dashboard.web.answers import RequestError
from dashboard.web.context import Context, context
from dashboard.web.gate import log_failure
from groundstation.errors import SelectionError, StoreError
from groundstation.history.flown import during
from groundstation.history.recordings import hex_lines
from groundstation.history.selection import Selection, time_us
from groundstation.history.stored_frames import stored_frames
from groundstation.history.stored_values import stored_values
from groundstation.history.table import csv
from groundstation.model import from_us
from groundstation.storage.journal import JournalReader

_Pieces: TypeAlias = Callable[[JournalReader, Selection], Iterator[bytes]]

streams = Blueprint("streams", __name__)

#: Files that are streamed at the same time. The server has a few threads more for the pages.
MOST = 3


class Files:
    """Counts the files that are streamed."""

    def __init__(self) -> None:
        self._free = threading.Semaphore(MOST)

    def take(self) -> None:
        """One more, for which :meth:`leave` must follow. Raises RequestError 503."""
        if not self._free.acquire(blocking=False):
            raise RequestError(
                503, f"{MOST} files are being fetched already: try again when one is through"
            )

    def leave(self) -> None:
        """One is through."""
        self._free.release()


class _File:
    """The body of an answer; the server closes it whatever happens."""

    def __init__(self, pieces: Iterator[bytes], held: ExitStack):
        self._pieces, self._held = pieces, held

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces
        self.close()

    def close(self) -> None:
        self._held.close()


@streams.get("/api/v1/satellites/<id>/history.csv")
@streams.get("/satellites/<id>/history.csv")
def history(id: str) -> Response:
    """All values of a satellite: a row a packet, a column a parameter."""
    ctx = context()
    queries.find_satellite(ctx, id)

    units = request.args.get("units") == "1"

    def pieces(journal: JournalReader, chosen: Selection) -> Iterator[bytes]:
        telemetry = ctx.data.telemetry
        values = stored_values(telemetry, replace(chosen, satellite=id))
        return csv(journal, telemetry, values, units=units)

    return _answer(ctx, pieces, f"{id}.csv", "text/csv")


@streams.get("/api/v1/frames.hex")
@streams.get("/frames.hex")
def frames() -> Response:
    """Undamaged frames with their times, as ``groundstation import`` takes them."""
    ctx = context()

    def pieces(journal: JournalReader, chosen: Selection) -> Iterator[bytes]:
        return hex_lines(stored_frames(journal, ctx.data.telemetry, chosen))

    return _answer(ctx, pieces, "frames.hex", "text/plain")


def _answer(ctx: Context, pieces: _Pieces, name: str, kind: str) -> Response:
    with ExitStack() as stack:
        files: Files = current_app.extensions["files"]
        files.take()
        stack.callback(files.leave)
        try:
            journal = stack.enter_context(ctx.data.journal())
            found = pieces(journal, _selection(ctx, journal))
        except SelectionError as error:  # something it names is not there
            raise RequestError(404, str(error)) from error
        except StoreError as error:
            raise RequestError(503, str(error)) from error
        body = _File(_until_a_fault(request.path, found), stack.pop_all())
    answer = Response(body, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _selection(ctx: Context, journal: JournalReader) -> Selection:
    """What the query picks; raises SelectionError."""
    query, now = request.args, from_us(ctx.data.status().now_us())
    since, until = query.get("since"), query.get("until")
    chosen = Selection(
        query.get("satellite") or None,
        query.get("packet") or None,
        tuple(name for name in (query.get("parameters") or "").split(",") if name),
        query.get("quantity") or None,
        since_us=time_us(since, now) if since else None,
        until_us=time_us(until, now) if until else None,
    )
    key = query.get("pass")
    return during(journal, key, chosen) if key else chosen


def _until_a_fault(path: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """A file that fails on its way ends in a connection that breaks off: nobody takes it for
    whole."""
    try:
        yield from pieces
    except Exception as error:
        log_failure(path, error)
        raise
