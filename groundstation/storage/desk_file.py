"""``desk.db`` as a file: opened for each question, made and brought forward where it must be.

What people did at the dashboard or on the command line lies there, and nothing makes it again.
Written by the dashboard process and by commands; the station only reads it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from groundstation.errors import SchemaError, StoreError
from groundstation.storage.migrations import desk_2, desk_3
from groundstation.storage.migrations.steps import DESK_STEPS, bring_forward, schema_of

FILE_NAME = "desk.db"
SCHEMA_VERSION = 3
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


class DeskFile:
    """Any number of processes may share it. What it raises is a StoreError."""

    def __init__(self, folder: Path):
        self.path = folder / FILE_NAME

    def stamp(self) -> tuple[int, int, int] | None:
        """Changes with the file; None: there is none."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    @contextmanager
    def reading(self, since: int = 1) -> Iterator[sqlite3.Connection | None]:
        """A connection; None: there is no file, or it is older than schema ``since``."""
        if not self.path.exists():
            yield None
            return
        try:
            address = f"{self.path.resolve().as_uri()}?mode=ro"
            with closing(sqlite3.connect(address, uri=True, timeout=_WAIT_S)) as connection:
                found = schema_of(connection)
                if found > SCHEMA_VERSION:
                    raise SchemaError(found, SCHEMA_VERSION)
                yield connection if found >= since else None
        except (SchemaError, sqlite3.Error) as error:
            raise self._failure(error) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside one transaction: all that is done with it, or nothing."""
        try:
            with closing(
                sqlite3.connect(self.path, timeout=_WAIT_S, isolation_level=None)
            ) as connection:
                _prepare(connection)
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
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
            desk_2.migrate(connection)
            desk_3.migrate(connection)
            connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        connection.execute("COMMIT")
    bring_forward(connection, DESK_STEPS, SCHEMA_VERSION)
