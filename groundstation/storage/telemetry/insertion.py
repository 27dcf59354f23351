"""Values put into a packet's table, with all that is counted of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from decoders.value import Raw
from groundstation.storage.telemetry import rollups, tables
from groundstation.storage.telemetry.interpretation import PacketColumns
from groundstation.storage.telemetry.keys import OWN, number_of
from groundstation.storage.telemetry.rows import to_kept
from groundstation.storage.telemetry.statistics import matrix
from groundstation.storage.telemetry.tables import Table


def put(connection: sqlite3.Connection, table: Table, found: PacketColumns) -> None:
    """Keep packets of one shape, in the transaction that is open."""
    columns = [table.column(field) for field in found.fields]
    tables.add_columns(connection, table, columns)
    mine = tuple(table.places[column] for column in columns)
    shape = tables.shape_number(connection, table, mine)
    keys, times = found.keys.tolist(), found.times_us.tolist()
    kept = [to_kept(_raw(found, name)) for name, _ in columns]
    index = {place: number for number, place in enumerate(mine)}
    for part, of_part in enumerate(table.by_part(mine)):
        own = [index[place] for place in of_part]
        head: list[Sequence[object]] = [keys] if part else [keys, times, [shape] * len(keys)]
        names = ["key"] if part else ["key", "time_us", "shape"]
        names += [f"c{mine[i]}" for i in own]
        marks = ",".join("?" * len(names))
        connection.executemany(
            f"INSERT OR REPLACE INTO {table.name(part)} ({','.join(names)}) VALUES ({marks})",
            zip(*head, *(kept[i] for i in own), strict=True),
        )
    connection.execute(
        "INSERT INTO newest VALUES (?,?,?) ON CONFLICT DO UPDATE SET key=max(key, excluded.key)",
        (table.id, shape, max(keys)),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO further VALUES (?,?)",
        [(key, table.id) for key in keys if number_of(key) != OWN],
    )
    values = matrix(table.slots, found.columns, len(keys))
    rollups.add(connection, table, found.times_us, values)


def _raw(found: PacketColumns, name: str) -> list[Raw]:
    raw = found.columns[name].raw
    assert raw is not None  # only derived columns have none
    values: list[Raw] = raw.tolist()
    return values
