"""Telemetry, schema 3 to 4: alarms, and how far each satellite is watched.

All that was made of the journal stays; the follower that makes alarms finds no place of its own and
begins with the first frame. An older file has them already: its step made today's tables.
"""

from __future__ import annotations

import sqlite3

_STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS alarms (
        satellite TEXT NOT NULL,
        rule TEXT NOT NULL,
        parameter TEXT NOT NULL,
        seq INTEGER NOT NULL,
        severity TEXT NOT NULL,
        triggered_us INTEGER NOT NULL,
        raised_seq INTEGER,
        raised_us INTEGER,
        returned_seq INTEGER,
        returned_us INTEGER,
        value ANY,
        unit TEXT NOT NULL,
        low REAL,
        high REAL,
        packet TEXT NOT NULL,
        detail TEXT NOT NULL,
        simulated INTEGER NOT NULL,
        PRIMARY KEY (satellite, rule, parameter, seq)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX IF NOT EXISTS alarms_by_time ON alarms (triggered_us)",
    "CREATE INDEX IF NOT EXISTS alarms_active ON alarms (triggered_us) WHERE returned_us IS NULL",
    """
    CREATE TABLE IF NOT EXISTS watches (
        satellite TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        rules TEXT NOT NULL,
        state TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)


def migrate(connection: sqlite3.Connection) -> None:
    """See the module."""
    for statement in _STATEMENTS:
        connection.execute(statement)
