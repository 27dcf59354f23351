"""The interpreter's place and the versions it worked with, in the file that it fills."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping

from groundstation.storage.telemetry.interpretation import Place, Waiting

#: Names in ``about`` of the parts and of the frames that wait.
_WAITING = ("open_parts", "open_frames")


def read_place(connection: sqlite3.Connection) -> Place:
    """The place; at the beginning in an empty file."""
    known = _about(connection)
    return Place(
        seq=int(known.get("seq") or 0),
        mark=str(known.get("mark") or ""),
        backlog_low=int(known.get("backlog_low") or 0),
        backlog_high=int(known.get("backlog_high") or 0),
        again=frozenset(json.loads(str(known.get("again") or "[]"))),
    )


def write_place(connection: sqlite3.Connection, place: Place) -> None:
    """Keep the place, in the transaction that is open."""
    _put(
        connection,
        seq=place.seq,
        mark=place.mark,
        backlog_low=place.backlog_low,
        backlog_high=place.backlog_high,
        again=json.dumps(sorted(place.again)),
    )


def read_origin(connection: sqlite3.Connection) -> tuple[str, int]:
    """The id of the journal that all this was made from, and by which interpreter; empty at
    first."""
    known = _about(connection)
    return str(known.get("journal") or ""), int(known.get("interpreter") or 0)


def write_origin(connection: sqlite3.Connection, journal: str, interpreter: int) -> None:
    """Keep that, in the transaction that is open."""
    _put(connection, journal=journal, interpreter=interpreter)


def read_waiting(connection: sqlite3.Connection) -> Waiting:
    """What waits for the rest of it."""
    about = _about(connection)
    parts, frames = (json.loads(str(about.get(name) or "[]")) for name in _WAITING)
    return Waiting(parts, frames)


def write_waiting(connection: sqlite3.Connection, waiting: Waiting) -> None:
    """Keep it, in the transaction that is open."""
    found = zip(_WAITING, waiting, strict=True)
    _put(connection, **{name: json.dumps(sorted(keys)) for name, keys in found})


def read_corrections(connection: sqlite3.Connection) -> int:
    """The last correction of times in the journal that was taken."""
    return int(_about(connection).get("corrections") or 0)


def write_corrections(connection: sqlite3.Connection, number: int) -> None:
    """Keep it, in the transaction that is open."""
    _put(connection, corrections=number)


def read_definitions(connection: sqlite3.Connection) -> dict[str, str]:
    """Digests of the definitions that were in force, by satellite."""
    return dict(connection.execute("SELECT satellite, digest FROM definitions"))


def write_definitions(connection: sqlite3.Connection, digests: Mapping[str, str]) -> None:
    """Keep which are in force, in the transaction that is open."""
    connection.execute("DELETE FROM definitions")
    connection.executemany("INSERT INTO definitions VALUES (?,?)", digests.items())


def _about(connection: sqlite3.Connection) -> dict[str, int | str | None]:
    return dict(connection.execute("SELECT name, value FROM about"))


def _put(connection: sqlite3.Connection, **values: int | str) -> None:
    connection.executemany("INSERT OR REPLACE INTO about VALUES (?,?)", values.items())
