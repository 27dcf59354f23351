"""Desk, schema 2 to 3: boards, the values of the first page that a teacher chose, notes."""

from __future__ import annotations

import sqlite3

STATEMENTS = (
    # ``items`` as dashboard files of boards have them; ``revision`` grows with each change.
    """
    CREATE TABLE boards (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        items TEXT NOT NULL,
        on_wall INTEGER NOT NULL,
        revision INTEGER NOT NULL
    ) STRICT
    """,
    # ``parameters``: their names with spaces between.
    """
    CREATE TABLE chosen_values (
        satellite TEXT PRIMARY KEY,
        parameters TEXT NOT NULL
    ) STRICT
    """,
    # ``seq`` null: of a time, not of a frame. What was removed stays, unseen.
    """
    CREATE TABLE notes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        satellite TEXT NOT NULL,
        at_us INTEGER NOT NULL,
        seq INTEGER,
        text TEXT NOT NULL,
        by TEXT NOT NULL,
        written_us INTEGER NOT NULL,
        removed_us INTEGER,
        removed_by TEXT
    ) STRICT
    """,
    "CREATE INDEX notes_by_time ON notes (satellite, at_us) WHERE removed_us IS NULL",
)


def migrate(connection: sqlite3.Connection) -> None:
    """See the module."""
    for statement in STATEMENTS:
        connection.execute(statement)
