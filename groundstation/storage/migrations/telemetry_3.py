"""Telemetry, schema 2 to 3: a reception may bring many packets, which have keys of their own.

What was made from the journal goes, and the interpreter, which finds no place of its own, begins
anew. Places of sinks outside stay: they take the history again where it changes.
"""

from __future__ import annotations

import sqlite3

from groundstation.storage.migrations.telemetry_2 import make

_KEPT = ("sinks", "rewrites", "set_apart")


def migrate(connection: sqlite3.Connection) -> None:
    """See the module."""
    tables = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%'"
        )
    ]
    kept = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in _KEPT}
    for name in tables:
        connection.execute(f"DROP TABLE {name}")
    make(connection)
    for name, rows in kept.items():
        if rows:
            marks = ",".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
