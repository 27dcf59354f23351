"""Answers in JSON and CSV, and errors as one sentence."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from flask import Response

from decoders.spreadsheet import cell
from groundstation.errors import DeskConflictError, DeskError, DeskUnknownError, StoreError

_MOST_TOLD = 80
#: A station receives in no others, and hours can be added to the last one.
_YEARS = range(1957, 2201)


class RequestError(Exception):
    """A request that cannot be answered: an HTTP status and one sentence."""

    def __init__(self, status: int, sentence: str):
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence

    def response(self) -> Response:
        """The sentence as JSON."""
        return json_answer({"error": self.sentence}, self.status)


@contextmanager
def refusals() -> Iterator[None]:
    """What ``desk.db`` does not take is answered in its words: RequestError 400, 404 for what there
    is not, 409 for what is in the way, or 503 where the file cannot be used."""
    try:
        yield
    except DeskUnknownError as error:
        raise RequestError(404, str(error)) from error
    except DeskConflictError as error:
        raise RequestError(409, str(error)) from error
    except DeskError as error:
        raise RequestError(400, str(error)) from error
    except StoreError as error:
        raise RequestError(503, str(error)) from error


def json_answer(data: object, status: int = 200) -> Response:
    """JSON without NaN; other programs may read it from other pages."""
    text = json.dumps(data, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    answer = Response(text + "\n", status, mimetype="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def csv_answer(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Response:
    """A table as CSV (UTF-8, a heading, commas); ``name`` is the file's without its ending.

    Where one row is simulated the file's name says so too.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    simulated = False
    for row in rows:
        simulated = simulated or bool(row.get("simulated"))
        writer.writerow([_cell(row.get(column)) for column in columns])
    if simulated:
        name += "-simulated"
    # The mark in front tells spreadsheets that the text is UTF-8.
    answer = Response("\ufeff" + buffer.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        return cell(value)
    return "" if value is None else value


def whole_number(name: str, text: str, low: int, high: int = (1 << 63) - 1) -> int:
    """A number from a query. Raises RequestError 400."""
    try:
        number = int(text)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise RequestError(
            400, f"{name} is {told(text)}, it must be a whole number from {low} to {high}"
        )
    return number


def bit_numbers(name: str, text: str, most: int) -> frozenset[int]:
    """Bits of a frame from a query, separated by commas; none for an empty text. Raises
    RequestError 400."""
    parts = text.split(",") if text else []
    if len(parts) > most or not all(re.fullmatch("[0-9]{1,9}", part) for part in parts):
        raise RequestError(
            400, f"{name} is {told(text)}, it must be at most {most} bits such as 200,201"
        )
    return frozenset(map(int, parts))


def instant(name: str, text: str) -> datetime:
    """A time from a query, ISO 8601; without a zone it is UTC. Raises RequestError 400, or
    404 for a time of which nothing can be known."""
    try:
        # A plus sign of a zone reaches us as a blank where it was not escaped.
        when = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        if when.tzinfo is None:
            when = when.replace(tzinfo=UTC)
        when = when.astimezone(UTC)
        if when.year not in _YEARS:
            raise RequestError(
                404,
                f"{name} is {told(text)}: there is nothing of that time, only of the years "
                f"{_YEARS[0]} to {_YEARS[-1]}",
            )
        return when
    except (ValueError, OverflowError):
        raise RequestError(
            400, f"{name} is {told(text)}, it must be a time such as 2026-08-22T06:00:00Z"
        ) from None


def told(value: object) -> str:
    """What somebody asked with, in a sentence: not all of it where it is long."""
    text = repr(value)
    return text if len(text) <= _MOST_TOLD + 2 else f"{text[:_MOST_TOLD]}…{text[-1]}"
