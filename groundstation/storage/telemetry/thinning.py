"""Old values made fewer: of each day minimum, maximum, mean and count stay, its rows go.

The journal keeps every frame, so all of it can be made again.
"""

from __future__ import annotations

import sqlite3

from groundstation.storage.telemetry import rollups
from groundstation.storage.telemetry.statistics import WIDTHS_US, to_blob
from groundstation.storage.telemetry.tables import Table

#: What stays of old values.
DAY_US = WIDTHS_US[-1]
_OLD = "time_us < ? AND key NOT IN (SELECT key FROM newest WHERE packet = ?)"


def read_thinned(connection: sqlite3.Connection) -> int:
    """Before this time (a whole day) there are only days; 0: nothing was made fewer."""
    row = connection.execute("SELECT value FROM about WHERE name='thinned_us'").fetchone()
    return int(row[0]) if row else 0


def write_thinned(connection: sqlite3.Connection, before_us: int) -> None:
    """Keep it, in the transaction that is open; 0: everything is there again."""
    connection.execute("DELETE FROM about WHERE name='thinned_us'")
    if before_us:
        connection.execute("INSERT INTO about VALUES ('thinned_us', ?)", (before_us,))


def old_rows(connection: sqlite3.Connection, table: Table, before_us: int) -> int:
    """How many rows of a packet would go; the newest of each shape stays."""
    query = f"SELECT count(*) FROM {table.name()} WHERE {_OLD}"
    return int(connection.execute(query, (before_us, table.id)).fetchone()[0])


def sum_up(connection: sqlite3.Connection, table: Table, before_us: int) -> None:
    """Give each day before ``before_us`` statistics of its own, also where it has few rows."""
    days = connection.execute(
        "SELECT time_us FROM rollups WHERE packet=? AND width_us=? AND time_us<? AND stats IS NULL",
        (table.id, DAY_US, before_us),
    ).fetchall()
    for (start,) in days:
        _, stats = rollups.of_rows(connection, table, start, start + DAY_US)
        connection.execute(
            "UPDATE rollups SET stats=? WHERE packet=? AND width_us=? AND time_us=?",
            (to_blob(stats), table.id, DAY_US, start),
        )


def take_old(connection: sqlite3.Connection, table: Table, before_us: int) -> None:
    """Remove the rows of those days, and their statistics by less than a day."""
    for part in reversed(range(table.parts)):
        where = _OLD if part == 0 else f"key IN (SELECT key FROM {table.name()} WHERE {_OLD})"
        connection.execute(f"DELETE FROM {table.name(part)} WHERE {where}", (before_us, table.id))
    connection.execute(
        "DELETE FROM rollups WHERE packet=? AND width_us<? AND time_us<?",
        (table.id, DAY_US, before_us),
    )
