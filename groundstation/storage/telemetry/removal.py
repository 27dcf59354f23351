"""Values taken away from a packet's table, with all that was counted of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from groundstation.storage.telemetry import rollups
from groundstation.storage.telemetry.tables import Table


def take_away(connection: sqlite3.Connection, table: Table, seqs: Sequence[int]) -> None:
    """Remove rows, and correct what was counted of them."""
    numbers = json.dumps(list(seqs))
    those = "seq IN (SELECT value FROM json_each(?))"
    query = f"SELECT time_us FROM {table.name()} WHERE {those}"
    times = [time_us for (time_us,) in connection.execute(query, (numbers,))]
    for part in range(table.parts):
        connection.execute(f"DELETE FROM {table.name(part)} WHERE {those}", (numbers,))
    rollups.again(connection, table, times)
    connection.execute("DELETE FROM newest WHERE packet=?", (table.id,))
    connection.execute(
        f"INSERT INTO newest SELECT ?, shape, max(seq) FROM {table.name()} GROUP BY shape",
        (table.id,),
    )
