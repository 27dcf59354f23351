"""What people made of alarms: seen, put aside.

Every act is a row of ``desk.db`` that never changes; what holds now is the last one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
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
from groundstation.errors import StoreError
from groundstation.model.alarms import Alarm, AlarmKey
from groundstation.storage.audit import MOST_NAME, MOST_REASON, Actor, plain, write_down
from groundstation.storage.desk_file import DeskFile

#: An alarm is shelved for a year at most: what is never wanted is a limit to be changed.
MOST_SHELVED_US = 366 * 86_400_000_000

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
    """Acts of a data folder. Raises StoreError where ``desk.db`` cannot be read or written."""

    def __init__(self, folder: Path):
        self._file = DeskFile(folder)

    def stamp(self) -> object:
        """Changes with the file; None: there is none."""
        return self._file.stamp()

    def standings(self, alarms: Sequence[Alarm], now_us: int) -> list[StandingAlarm]:
        """``alarms`` with what people made of them at ``now_us``: those that want attention first,
        the newest of them first."""
        with self._file.reading() as connection:
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
        with self._file.reading() as connection:
            found = _shelves(connection)
        return {subject: shelf for subject, shelf in found.items() if shelf.until_us > now_us}

    def acknowledge(self, alarm: Alarm, at_us: int, by: Actor, reason: str = "") -> None:
        """Somebody has seen ``alarm`` as it is."""
        self._write(
            *("acknowledge", at_us, by, reason, subject_of(alarm.key)),
            seq=alarm.key.seq,
            severity=alarm.severity,
        )

    def shelve(self, subject: Subject, until_us: int, at_us: int, by: Actor, reason: str) -> None:
        """Put alarms of ``subject`` aside until then."""
        if not at_us < until_us <= at_us + MOST_SHELVED_US:
            raise StoreError("an alarm is shelved for a minute at least and a year at most")
        self._write("shelve", at_us, by, reason, subject, until_us=until_us)

    def unshelve(self, subject: Subject, at_us: int, by: Actor, reason: str = "") -> None:
        """Have them call somebody again."""
        self._write("unshelve", at_us, by, reason, subject)

    def _write(
        self,
        act: str,
        at_us: int,
        by: Actor,
        reason: str,
        subject: Subject,
        seq: int | None = None,
        severity: str | None = None,
        until_us: int | None = None,
    ) -> None:
        name, why = plain(by.name, MOST_NAME) or "?", plain(reason, MOST_REASON)
        values = (at_us, act, name, why, *subject, seq, severity, until_us)
        about = "/".join([*subject, *([] if seq is None else [str(seq)])])
        with self._file.writing() as connection:
            connection.execute(
                "INSERT INTO alarm_acts (at_us, act, by, reason, satellite, rule, parameter, seq,"
                f" severity, until_us) VALUES ({','.join('?' * 10)})",
                values,
            )
            write_down(connection, at_us, by, act, about, reason)


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
