"""``desk.db``: what people did at the dashboard or on the command line. Nothing makes it again.

Every act is a row that never changes; what holds now is the last one. Written by the dashboard
process and by commands; the station only reads it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from groundstation.alarms.lifecycle import (
    STANDINGS,
    Acknowledgement,
    Shelf,
    Standing,
    standing,
)
from groundstation.errors import SchemaError, StoreError
from groundstation.model.alarms import Alarm, AlarmKey
from groundstation.storage.migrations.steps import DESK_STEPS, bring_forward, schema_of

FILE_NAME = "desk.db"
SCHEMA_VERSION = 1
#: Characters of a name and of a reason.
MOST_NAME, MOST_REASON = 80, 500
#: An alarm is shelved for a year at most: what is never wanted is a limit to be changed.
MOST_SHELVED_US = 366 * 86_400_000_000
_SCHEMA = """
CREATE TABLE alarm_acts (
    id INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    act TEXT NOT NULL,
    by TEXT NOT NULL,
    reason TEXT NOT NULL,
    satellite TEXT NOT NULL,
    rule TEXT NOT NULL,
    parameter TEXT NOT NULL,
    seq INTEGER,
    severity TEXT,
    until_us INTEGER
) STRICT;
CREATE INDEX alarm_acts_by_alarm ON alarm_acts (satellite, rule, parameter, seq);
CREATE INDEX alarm_acts_shelving ON alarm_acts (act, id) WHERE act != 'acknowledge';
"""
_WAIT_S = 10.0

#: What is shelved: satellite, rule and parameter.
Subject: TypeAlias = tuple[str, str, str]


def subject_of(key: AlarmKey) -> Subject:
    """What an alarm is about, whichever time it is."""
    return key.satellite, key.rule, key.parameter


@dataclass(frozen=True, slots=True)
class StandingAlarm:
    """An alarm, and what people made of it."""

    alarm: Alarm
    standing: Standing
    seen: Acknowledgement | None
    shelf: Shelf | None


class Desk:
    """Opens the file for each question, so that any number of processes may share it.

    Raises StoreError where it cannot be read or written.
    """

    def __init__(self, folder: Path):
        self.path = folder / FILE_NAME

    def stamp(self) -> tuple[int, int, int] | None:
        """Changes with the file; None: there is none."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def standings(self, alarms: Sequence[Alarm], now_us: int) -> list[StandingAlarm]:
        """``alarms`` with what people made of them at ``now_us``: those that want attention first,
        the newest of them first."""
        with self._reading() as connection:
            seen = _seen(connection, [alarm.key for alarm in alarms])
            shelves = _shelves(connection)
        found = []
        for alarm in alarms:
            shelf = shelves.get(subject_of(alarm.key))
            where = standing(alarm, seen.get(alarm.key), shelf, now_us)
            mine = shelf if shelf is not None and shelf.until_us > now_us else None
            found.append(StandingAlarm(alarm, where, seen.get(alarm.key), mine))
        return sorted(found, key=_attention)

    def shelved(self, now_us: int) -> dict[Subject, Shelf]:
        """What is put aside at ``now_us``."""
        with self._reading() as connection:
            found = _shelves(connection)
        return {subject: shelf for subject, shelf in found.items() if shelf.until_us > now_us}

    def acknowledge(self, alarm: Alarm, at_us: int, by: str, reason: str = "") -> None:
        """Somebody has seen ``alarm`` as it is."""
        self._write(
            *("acknowledge", at_us, by, reason, subject_of(alarm.key)),
            seq=alarm.key.seq,
            severity=alarm.severity,
        )

    def shelve(self, subject: Subject, until_us: int, at_us: int, by: str, reason: str) -> None:
        """Put alarms of ``subject`` aside until then."""
        if not at_us < until_us <= at_us + MOST_SHELVED_US:
            raise StoreError("an alarm is shelved for a minute at least and a year at most")
        self._write("shelve", at_us, by, reason, subject, until_us=until_us)

    def unshelve(self, subject: Subject, at_us: int, by: str, reason: str = "") -> None:
        """Have them call somebody again."""
        self._write("unshelve", at_us, by, reason, subject)

    def _write(
        self,
        act: str,
        at_us: int,
        by: str,
        reason: str,
        subject: Subject,
        seq: int | None = None,
        severity: str | None = None,
        until_us: int | None = None,
    ) -> None:
        name = _plain(by, MOST_NAME) or "?"
        values = (at_us, act, name, _plain(reason, MOST_REASON), *subject, seq, severity, until_us)
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO alarm_acts (at_us, act, by, reason, satellite, rule, parameter, seq,"
                f" severity, until_us) VALUES ({','.join('?' * 10)})",
                values,
            )

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        if not self.path.exists():
            yield None
            return
        try:
            address = f"{self.path.resolve().as_uri()}?mode=ro"
            with closing(sqlite3.connect(address, uri=True, timeout=_WAIT_S)) as connection:
                found = schema_of(connection)
                if found > SCHEMA_VERSION:
                    raise SchemaError(found, SCHEMA_VERSION)
                yield connection if found else None
        except (SchemaError, sqlite3.Error) as error:
            raise self._failure(error) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(
                sqlite3.connect(self.path, timeout=_WAIT_S, isolation_level=None)
            ) as connection:
                _prepare(connection)
                yield connection
        except (OSError, SchemaError, sqlite3.Error) as error:
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> StoreError:
        return StoreError(
            f"{self.path} cannot be used: {error}; check the disk and the folder's rights"
        )


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous=FULL")
    if schema_of(connection) == 0:
        connection.execute("BEGIN IMMEDIATE")
        if schema_of(connection) == 0:  # nobody else has made it meanwhile
            for statement in filter(str.strip, _SCHEMA.split(";")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        connection.execute("COMMIT")
    bring_forward(connection, DESK_STEPS, SCHEMA_VERSION)


def _attention(item: StandingAlarm) -> tuple[int, bool, int]:
    return (
        STANDINGS.index(item.standing),
        item.alarm.severity != "critical",
        -item.alarm.triggered_us,
    )


def _seen(
    connection: sqlite3.Connection | None, keys: Iterable[AlarmKey]
) -> Mapping[AlarmKey, Acknowledgement]:
    found: dict[AlarmKey, Acknowledgement] = {}
    if connection is None:
        return found
    for key in keys:
        row = connection.execute(
            "SELECT severity, at_us, by, reason FROM alarm_acts WHERE satellite=? AND rule=?"
            " AND parameter=? AND seq=? AND act='acknowledge' ORDER BY id DESC LIMIT 1",
            key,
        ).fetchone()
        if row:
            found[key] = Acknowledgement(*row)
    return found


def _shelves(connection: sqlite3.Connection | None) -> dict[Subject, Shelf]:
    if connection is None:
        return {}
    found: dict[Subject, Shelf] = {}
    rows = connection.execute(
        "SELECT act, satellite, rule, parameter, until_us, at_us, by, reason FROM alarm_acts"
        " WHERE act != 'acknowledge' ORDER BY id"
    )
    for act, *subject, until_us, at_us, by, reason in rows:
        key = (subject[0], subject[1], subject[2])
        if act == "shelve":
            found[key] = Shelf(until_us, at_us, by, reason)
        else:
            found.pop(key, None)
    return found


def _plain(text: str, most: int) -> str:
    """One line without control characters, not too long."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:most]
