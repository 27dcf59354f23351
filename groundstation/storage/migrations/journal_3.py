"""Journal, schema 2 to 3: frames of others, times that nobody vouches for, compressed blocks.

Of receptions of schema 2 nobody knows whether the clock was set: they keep their times unmarked.
"""

from __future__ import annotations

import sqlite3

_STATEMENTS = (
    "ALTER TABLE receptions ADD COLUMN imported INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE receptions ADD COLUMN unsynchronised INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE receptions ADD COLUMN clock_us INTEGER",
    "ALTER TABLE receptions ADD COLUMN uptime_us INTEGER",
    """
    CREATE TABLE blocks (
        last_seq INTEGER PRIMARY KEY,
        first_seq INTEGER NOT NULL,
        first_us INTEGER NOT NULL,
        last_us INTEGER NOT NULL,
        receptions INTEGER NOT NULL,
        data BLOB NOT NULL
    ) STRICT
    """,
    "CREATE INDEX receptions_to_correct ON receptions (seq) WHERE uptime_us IS NOT NULL",
    "CREATE TABLE boots (from_seq INTEGER NOT NULL, boot TEXT NOT NULL) STRICT",
    """
    CREATE TABLE clock_steps (
        after_seq INTEGER NOT NULL,
        at_us INTEGER NOT NULL,
        step_us INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE corrections (
        number INTEGER PRIMARY KEY,
        first_seq INTEGER NOT NULL,
        last_seq INTEGER NOT NULL
    ) STRICT
    """,
)


def migrate(connection: sqlite3.Connection) -> None:
    """See the module."""
    for statement in _STATEMENTS:
        connection.execute(statement)
