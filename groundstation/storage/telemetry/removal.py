"""Values taken away from a packet's table, with all that was counted of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from groundstation.storage.telemetry import rollups
from groundstation.storage.telemetry.keys import OF_KEYS
from groundstation.storage.telemetry.tables import Table


def take_away(connection: sqlite3.Connection, table: Table, keys: Sequence[int]) -> None:
    """Remove rows, and correct what was counted of them."""
    numbers = json.dumps(list(keys))
    query = f"SELECT time_us FROM {table.name()} t0 WHERE {OF_KEYS}"
    times = [time_us for (time_us,) in connection.execute(query, (numbers,))]
    for part in range(table.parts):
        connection.execute(f"DELETE FROM {table.name(part)} AS t0 WHERE {OF_KEYS}", (numbers,))
    connection.execute(
        "DELETE FROM further WHERE packet=? AND key IN (SELECT value FROM json_each(?))",
        (table.id, numbers),
    )
    rollups.again(connection, table, times)
    connection.execute("DELETE FROM newest WHERE packet=?", (table.id,))
    connection.execute(
        f"INSERT INTO newest SELECT ?, shape, max(key) FROM {table.name()} GROUP BY shape",
        (table.id,),
    )
