"""Alarms in ``telemetry.db``: what their follower writes, and what pages and commands read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from groundstation.model.alarms import Alarm, AlarmEvent, AlarmKey

_COLUMNS = (
    "satellite, rule, parameter, seq, severity, triggered_us, raised_seq, raised_us, returned_seq,"
    " returned_us, value, unit, low, high, packet, detail, simulated"
)
_OF = "satellite=? AND rule=? AND parameter=? AND seq=?"


@dataclass(frozen=True, slots=True)
class Place:
    """How far a satellite is watched: all up to ``seq``, by ``rules`` (a digest), with the counting
    as in ``state``."""

    seq: int
    rules: str
    state: str


def places(connection: sqlite3.Connection) -> dict[str, Place]:
    """The places of all satellites."""
    rows = connection.execute("SELECT satellite, seq, rules, state FROM watches")
    return {satellite: Place(*row) for satellite, *row in rows}


def save_place(connection: sqlite3.Connection, satellite: str, place: Place) -> None:
    """Keep a place, in the transaction that is open."""
    connection.execute(
        "INSERT OR REPLACE INTO watches VALUES (?,?,?,?)",
        (satellite, place.seq, place.rules, place.state),
    )


def forget(connection: sqlite3.Connection, satellite: str) -> None:
    """Take a satellite's alarms and its place away, so that they are made again."""
    connection.execute("DELETE FROM alarms WHERE satellite=?", (satellite,))
    connection.execute("DELETE FROM watches WHERE satellite=?", (satellite,))


def apply(connection: sqlite3.Connection, events: Iterable[AlarmEvent]) -> None:
    """Write what happened, in order."""
    for event in events:
        if event.kind == "triggered":
            _trigger(connection, event)
        elif event.kind == "raised":
            low, high = event.limits or (None, None)
            connection.execute(
                "UPDATE alarms SET severity=?, raised_seq=?, raised_us=?, value=?, low=?, high=?"
                f" WHERE {_OF}",
                (event.severity, event.seq, event.time_us, event.value, low, high, *event.key),
            )
        else:
            connection.execute(
                f"UPDATE alarms SET returned_seq=?, returned_us=? WHERE {_OF}",
                (event.seq, event.time_us, *event.key),
            )


def _trigger(connection: sqlite3.Connection, event: AlarmEvent) -> None:
    low, high = event.limits or (None, None)
    connection.execute(
        f"INSERT OR REPLACE INTO alarms ({_COLUMNS}) VALUES ({','.join('?' * 17)})",
        (
            *(*event.key, event.severity, event.time_us, None, None, None, None),
            *(event.value, event.unit, low, high, event.packet, event.detail, event.simulated),
        ),
    )


def replace_rule(
    connection: sqlite3.Connection, satellite: str, rule: str, events: Sequence[AlarmEvent]
) -> bool:
    """Have exactly the alarms of ``rule`` that ``events`` make; whether that changed anything."""
    query = f"SELECT {_COLUMNS} FROM alarms WHERE satellite=? AND rule=? ORDER BY seq"
    before = connection.execute(query, (satellite, rule)).fetchall()
    connection.execute("DELETE FROM alarms WHERE satellite=? AND rule=?", (satellite, rule))
    apply(connection, events)
    return bool(connection.execute(query, (satellite, rule)).fetchall() != before)


def active(connection: sqlite3.Connection) -> list[Alarm]:
    """Alarms that have not returned, newest first."""
    return _alarms(connection, "returned_us IS NULL ORDER BY triggered_us DESC, seq DESC", ())


def history(
    connection: sqlite3.Connection,
    limit: int,
    satellite: str | None = None,
    before_us: int | None = None,
) -> list[Alarm]:
    """Up to ``limit`` alarms, newest first, triggered before ``before_us``."""
    where, values = "triggered_us < ?", [1 << 62 if before_us is None else before_us]
    mine: list[str] = []
    if satellite is not None:
        where, mine = f"{where} AND satellite = ?", [satellite]
    return _alarms(
        connection, f"{where} ORDER BY triggered_us DESC, seq DESC LIMIT ?", [*values, *mine, limit]
    )


def one(connection: sqlite3.Connection, key: AlarmKey) -> Alarm | None:
    """The alarm of this name, or None."""
    return next(iter(_alarms(connection, _OF, key)), None)


def _alarms(connection: sqlite3.Connection, where: str, values: Sequence[int | str]) -> list[Alarm]:
    rows = connection.execute(f"SELECT {_COLUMNS} FROM alarms WHERE {where}", values)
    return [_alarm(row) for row in rows]


def _alarm(row: Sequence[Any]) -> Alarm:
    satellite, rule, parameter, seq, severity, triggered_us, raised_seq, raised_us = row[:8]
    returned_seq, returned_us, value, unit, low, high, packet, detail, simulated = row[8:]
    return Alarm(
        AlarmKey(satellite, rule, parameter, seq),
        *(severity, triggered_us, raised_seq, raised_us, returned_seq, returned_us, value, unit),
        *(None if low is None else (low, high), packet, detail, bool(simulated)),
    )
