"""Journal, schema 3 to 4: what went wrong with the station, and when it was right again."""

from __future__ import annotations

import sqlite3

STATEMENT = """
CREATE TABLE faults (
    id INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    rule TEXT NOT NULL,
    subject TEXT NOT NULL,
    severity TEXT NOT NULL,
    detail TEXT NOT NULL,
    wrong INTEGER NOT NULL
) STRICT
"""


def migrate(connection: sqlite3.Connection) -> None:
    """See the module."""
    connection.execute(STATEMENT)
