"""What an interpretation that is made anew changes: values before (hidden) against values now."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from decoders.bits import Array
from decoders.columns import Column
from groundstation.storage.telemetry.definitions import KeptDefinitions
from groundstation.storage.telemetry.rows import rows_of
from groundstation.storage.telemetry.tables import Table, load

#: Packets compared at once.
_CHUNK = 5000


@dataclass(slots=True)
class Changes:
    """``senders``: how many frames by (satellite before, satellite now). The others: how many
    values by (satellite, parameter)."""

    senders: Counter[tuple[str | None, str | None]] = field(default_factory=Counter)
    appeared: Counter[tuple[str, str]] = field(default_factory=Counter)
    gone: Counter[tuple[str, str]] = field(default_factory=Counter)
    different: Counter[tuple[str, str]] = field(default_factory=Counter)

    def satellites(self) -> set[str]:
        """Whose history is another one now."""
        values = {key[0] for each in (self.appeared, self.gone, self.different) for key in each}
        return values | {id for pair in self.senders for id in pair if id is not None}


def compare(connection: sqlite3.Connection, definitions: KeptDefinitions, changes: Changes) -> None:
    """Count into ``changes`` how the values that are hidden differ from those in force."""
    query = "SELECT id, satellite, name, digest, retired FROM packets ORDER BY id"
    pairs: dict[tuple[str, str], list[Table | None]] = {}
    for id, satellite, name, digest, retired in connection.execute(query).fetchall():
        table = _table(connection, definitions, id, satellite, name, digest)
        pairs.setdefault((satellite, name), [None, None])[0 if retired else 1] = table
    for (satellite, _), (before, now) in pairs.items():
        if before and now and _are_equal(connection, before, now):
            continue
        _compare_tables(connection, satellite, before, now, changes)


def _table(
    connection: sqlite3.Connection,
    definitions: KeptDefinitions,
    id: int,
    satellite: str,
    name: str,
    digest: str,
) -> Table | None:
    definition = definitions.get(connection, satellite, digest)
    layout = definition.packet(name) if definition else None
    table = load(connection, id, layout) if layout else None
    return table if table and table.columns else None


def _are_equal(connection: sqlite3.Connection, before: Table, now: Table) -> bool:
    """Whether both hold the same rows of the same layout, told by the database itself."""
    if before.layout != now.layout or before.columns != now.columns:
        return False
    if before.shapes != now.shapes:
        return False
    for part in range(now.parts):
        one, other = before.name(part), now.name(part)
        for left, right in ((one, other), (other, one)):
            query = f"SELECT 1 FROM (SELECT * FROM {left} EXCEPT SELECT * FROM {right}) LIMIT 1"
            if connection.execute(query).fetchone():
                return False
    return True


def _compare_tables(
    connection: sqlite3.Connection,
    satellite: str,
    before: Table | None,
    now: Table | None,
    changes: Changes,
) -> None:
    for low, high in _chunks(connection, [t for t in (before, now) if t is not None]):
        old, new = _values(connection, before, low, high), _values(connection, now, low, high)
        for name in {*old, *new}:
            key = (satellite, name)
            gone, appeared, different = _differences(old.get(name), new.get(name))
            for counter, count in (
                *((changes.gone, gone), (changes.appeared, appeared)),
                (changes.different, different),
            ):
                if count:
                    counter[key] += count


def _chunks(connection: sqlite3.Connection, tables: list[Table]) -> Iterator[tuple[int, int]]:
    """Stretches of packets, low to high, that cover all rows of the tables."""
    high = -1
    union = " UNION ".join(f"SELECT key FROM {table.name()}" for table in tables)
    while union:
        query = (
            f"SELECT max(key) FROM (SELECT key FROM ({union}) WHERE key > ? ORDER BY key LIMIT ?)"
        )
        (end,) = connection.execute(query, (high, _CHUNK)).fetchone()
        if end is None:
            return
        yield high + 1, end
        high = end


def _values(
    connection: sqlite3.Connection, table: Table | None, low: int, high: int
) -> dict[str, dict[int, object]]:
    """Values by parameter and packet."""
    found: dict[str, dict[int, object]] = {}
    if table is None:
        return found
    for rows in rows_of(connection, table, "t0.key >= ? AND t0.key <= ?", (low, high)):
        for name, column in rows.columns.items():
            found.setdefault(name, {}).update(zip(rows.keys.tolist(), _plain(column), strict=True))
    return found


def _plain(column: Column) -> list[object]:
    """Values with None for what is none, so that two of those are equal."""
    values: Array = column.value
    if values.dtype.kind == "f":
        broken: NDArray[np.bool_] = np.isnan(values)
        if broken.any():
            values = values.astype(object)
            values[broken] = None
    plain: list[object] = values.tolist()
    return plain


def _differences(
    old: dict[int, object] | None, new: dict[int, object] | None
) -> tuple[int, int, int]:
    """How many values are gone, appeared, and differ."""
    old, new = old or {}, new or {}
    both = old.keys() & new.keys()
    different = sum(old[key] != new[key] for key in both)
    return len(old) - len(both), len(new) - len(both), different
