"""Which step brings a file of which schema to the next one, and how they are taken.

``PRAGMA user_version`` is the schema's number. Each step runs in a transaction of its own that
also sets the number: a file is of the old version or of the new one, also after a power cut.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import TypeAlias

from groundstation.errors import SchemaError
from groundstation.storage.migrations import (
    desk_2,
    desk_3,
    journal_2,
    journal_3,
    journal_4,
    journal_5,
    telemetry_2,
    telemetry_3,
    telemetry_4,
)

#: Changes a file of the schema before; runs inside a transaction.
Step: TypeAlias = Callable[[sqlite3.Connection], None]

#: By the schema that a file has, the step to the next.
JOURNAL_STEPS: Mapping[int, Step] = {
    1: journal_2.migrate,
    2: journal_3.migrate,
    3: journal_4.migrate,
    4: journal_5.migrate,
}
TELEMETRY_STEPS: Mapping[int, Step] = {
    1: telemetry_2.migrate,
    2: telemetry_3.migrate,
    3: telemetry_4.migrate,
}
DESK_STEPS: Mapping[int, Step] = {1: desk_2.migrate, 2: desk_3.migrate}


def schema_of(connection: sqlite3.Connection) -> int:
    """The schema's number; 0: an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def bring_forward(
    connection: sqlite3.Connection, steps: Mapping[int, Step], schema: int
) -> list[int]:
    """Take every step up to ``schema``; returns the numbers that were left behind.

    Raises sqlite3.Error, and SchemaError for a file that no step leads forward from.
    """
    left: list[int] = []
    while (found := schema_of(connection)) != schema:
        step = steps.get(found)
        if step is None:
            raise SchemaError(found, schema)
        connection.execute("BEGIN IMMEDIATE")
        try:
            step(connection)
            connection.execute(f"PRAGMA user_version={found + 1}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        left.append(found)
    return left
