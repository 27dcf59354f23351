"""The list of all changes that people made: who, from where, what. It only grows."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from groundstation.model import iso
from groundstation.storage.desk_file import DeskFile

#: Characters of a name and of a reason.
MOST_NAME, MOST_REASON = 80, 500


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something. ``origin``: the address of the browser; empty: the command line."""

    name: str
    origin: str = ""


class ChangeRecord(TypedDict):
    """A line as JSON has it."""

    id: int
    time: str
    by: str
    origin: str
    act: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the list; times are microseconds since 1970."""

    id: int
    at_us: int
    by: str
    origin: str
    act: str
    subject: str
    detail: str

    def record(self) -> ChangeRecord:
        """For commands and the interface."""
        return {
            "id": self.id,
            "time": iso(self.at_us),
            "by": self.by,
            "origin": self.origin,
            "act": self.act,
            "subject": self.subject,
            "detail": self.detail,
        }


def write_down(
    connection: sqlite3.Connection,
    at_us: int,
    actor: Actor,
    act: str,
    subject: str,
    detail: str = "",
) -> None:
    """Add a line, in the transaction of the change itself."""
    connection.execute(
        "INSERT INTO changes (at_us, by, origin, act, subject, detail) VALUES (?, ?, ?, ?, ?, ?)",
        (
            at_us,
            plain(actor.name, MOST_NAME) or "?",
            plain(actor.origin, MOST_NAME),
            act,
            plain(subject, MOST_REASON),
            plain(detail, MOST_REASON),
        ),
    )


def write_change(
    folder: Path, at_us: int, actor: Actor, act: str, subject: str, detail: str = ""
) -> None:
    """Add a line for what changes nothing else on the disk. Raises StoreError."""
    with DeskFile(folder).writing() as connection:
        write_down(connection, at_us, actor, act, subject, detail)


def changes(folder: Path, limit: int, before: int | None = None) -> Sequence[Change]:
    """The newest ``limit`` (those before the line ``before``), newest first. Raises StoreError."""
    with DeskFile(folder).reading(since=2) as connection:
        if connection is None:
            return []
        rows = connection.execute(
            "SELECT id, at_us, by, origin, act, subject, detail FROM changes"
            " WHERE ?1 IS NULL OR id < ?1 ORDER BY id DESC LIMIT ?2",
            (before, limit),
        ).fetchall()
    return [Change(*row) for row in rows]


def plain(text: str, most: int) -> str:
    """One line without control characters, not too long."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:most]
