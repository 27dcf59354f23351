"""Desk, schema 1 to 2: accounts, who is logged in, and a list of all changes that only grows."""

from __future__ import annotations

import sqlite3

STATEMENTS = (
    """
    CREATE TABLE accounts (
        name TEXT PRIMARY KEY COLLATE NOCASE,
        role TEXT NOT NULL,
        password TEXT NOT NULL,
        made_us INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE logins (
        token BLOB PRIMARY KEY,
        account TEXT NOT NULL COLLATE NOCASE REFERENCES accounts (name),
        until_us INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE changes (
        id INTEGER PRIMARY KEY,
        at_us INTEGER NOT NULL,
        by TEXT NOT NULL,
        origin TEXT NOT NULL,
        act TEXT NOT NULL,
        subject TEXT NOT NULL,
        detail TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TRIGGER changes_stay BEFORE UPDATE ON changes
    BEGIN SELECT RAISE(ABORT, 'changes are only added'); END
    """,
    """
    CREATE TRIGGER changes_are_kept BEFORE DELETE ON changes
    BEGIN SELECT RAISE(ABORT, 'changes are only added'); END
    """,
    # What people did with alarms before there was such a list.
    """
    INSERT INTO changes (at_us, by, origin, act, subject, detail)
    SELECT at_us, by, '', act, satellite || '/' || rule || '/' || parameter
        || CASE WHEN seq IS NULL THEN '' ELSE '/' || seq END, reason
    FROM alarm_acts ORDER BY id
    """,
)


def migrate(connection: sqlite3.Connection) -> None:
    """See the module."""
    for statement in STATEMENTS:
        connection.execute(statement)
