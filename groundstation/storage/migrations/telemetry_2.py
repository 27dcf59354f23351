"""Telemetry, schema 1 to 2: a table a packet instead of a row a value.

All of it was made from the journal and is made from it again: the tables of schema 1 go, and the
interpreter, which finds no place of its own, begins anew.
"""

from __future__ import annotations

import sqlite3
from importlib.resources import files


def migrate(connection: sqlite3.Connection) -> None:
    """See the module."""
    for table in ("rollups", "samples", "parameters"):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    make(connection)


def make(connection: sqlite3.Connection) -> None:
    """The tables of today's schema, in the transaction that is open."""
    schema = files("groundstation.storage.telemetry").joinpath("schema.sql").read_text("utf-8")
    code = "\n".join(line for line in schema.splitlines() if not line.startswith("--"))
    for statement in code.split(";"):
        if statement.strip():
            connection.execute(statement)
