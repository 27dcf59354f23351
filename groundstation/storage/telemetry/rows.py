"""Rows of a packet's table as columns of values, and as readings."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from decoders.columns import Column
from decoders.definition.model import Derived, Parameter
from decoders.raws import Raws, raw_column
from decoders.value import Raw, Value
from groundstation.storage.telemetry.keys import OF_KEYS
from groundstation.storage.telemetry.tables import Table

#: Whole numbers that SQLite keeps; larger ones lie there as text.
_INTEGERS = range(-(1 << 63), 1 << 63)
_MOST_BITS = 64


@dataclass(frozen=True, slots=True)
class Rows:
    """Packets of one shape. ``columns``: by parameter name, those that were asked for."""

    keys: NDArray[np.int64]
    times_us: NDArray[np.int64]
    columns: Mapping[str, Column]


def rows_of(
    connection: sqlite3.Connection,
    table: Table,
    where: str,
    values: Sequence[int | str],
    names: Iterable[str] | None = None,
) -> Iterator[Rows]:
    """The packets that ``where`` (of table ``t0``) picks, a shape at a time, in the query's order.

    ``names``: parameters that are wanted, with what they are derived from; None: all.
    """
    if not table.columns:
        return
    wanted = None if names is None else _with_inputs(table, set(names))
    places = [p for p, (name, _) in enumerate(table.columns) if wanted is None or name in wanted]
    if not places and table.layout.derived == ():
        return
    heads, columns = _fetch(connection, table, places, where, values)
    by_shape: dict[int, list[int]] = {}
    for index, (_, _, shape) in enumerate(heads):
        by_shape.setdefault(shape, []).append(index)
    for shape, indexes in by_shape.items():
        if len(by_shape) == 1:
            yield _columns(table, shape, heads, columns, wanted)
        else:
            own = {place: [column[i] for i in indexes] for place, column in columns.items()}
            yield _columns(table, shape, [heads[i] for i in indexes], own, wanted)


def _fetch(
    connection: sqlite3.Connection,
    table: Table,
    places: Sequence[int],
    where: str,
    values: Sequence[int | str],
) -> tuple[list[tuple[int, int, int]], dict[int, Sequence[Any]]]:
    """(key, time, shape) of the rows that ``where`` picks, and kept values by column."""
    own, *further = table.by_part(places)
    rows = connection.execute(
        f"SELECT t0.key, t0.time_us, t0.shape{_list(own)} FROM {table.name()} t0 WHERE {where}",
        values,
    ).fetchall()
    heads = [row[:3] for row in rows]
    columns: dict[int, Sequence[Any]] = {}
    if rows:
        columns.update(zip(own, list(zip(*rows, strict=True))[3:], strict=True))
    for part, mine in enumerate(further, 1):
        if mine and rows:
            columns.update(_fetch_part(connection, table.name(part), mine, [h[0] for h in heads]))
    return heads, columns


def _fetch_part(
    connection: sqlite3.Connection, name: str, places: Sequence[int], keys: Sequence[int]
) -> dict[int, Sequence[Any]]:
    """Columns of a further part of the table, in the order of ``keys``."""
    found = connection.execute(
        f"SELECT key{_list(places)} FROM {name} t0 WHERE {OF_KEYS}", (json.dumps(keys),)
    )
    by_key = {row[0]: row[1:] for row in found}
    nothing = (None,) * len(places)  # rows of a shape without any of these columns
    rows = [by_key.get(key, nothing) for key in keys]
    return dict(zip(places, zip(*rows, strict=True), strict=True))


def _list(places: Iterable[int]) -> str:
    return "".join(f", c{place}" for place in places)


def _columns(
    table: Table,
    shape: int,
    heads: Sequence[tuple[int, int, int]],
    columns: Mapping[int, Sequence[Any]],
    wanted: set[str] | None,
) -> Rows:
    keys, times, _ = zip(*heads, strict=True)
    mine = set(table.shape(shape)[0])
    raws = {
        table.columns[place][0]: (table.row(place), column)
        for place, column in columns.items()
        if place in mine
    }
    derived = [row for row in table.layout.derived if wanted is None or row.name in wanted]
    maker = Raws([(name, row) for name, (row, _) in raws.items()], derived)
    arrays = {name: raw_column(row, from_kept(row, column)) for name, (row, column) in raws.items()}
    return Rows(
        np.array(keys, np.int64), np.array(times, np.int64), maker.columns(arrays, len(keys))
    )


def _with_inputs(table: Table, names: set[str]) -> set[str]:
    """``names`` and all that derived ones among them are computed from."""
    derived: dict[str, Derived] = {row.name: row for row in table.layout.derived}
    wanted, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            if name in derived:
                waiting += derived[name].expression.names
    return wanted


def readings(
    connection: sqlite3.Connection, table: Table, where: str, numbers: Sequence[int]
) -> dict[int, tuple[int, tuple[Value, ...]]]:
    """Time and values of packets by their keys, in order, one by one.

    ``where``: what ``numbers`` are, OF_KEYS or OF_SEQS of :mod:`.keys`.
    """
    found: dict[int, tuple[int, tuple[Value, ...]]] = {}
    if not table.columns:
        return found
    where = f"{where.format(table=table.name())} ORDER BY t0.key"
    listed = json.dumps(list(numbers))
    heads, columns = _fetch(connection, table, range(len(table.columns)), where, [listed])
    for index, (key, time_us, shape) in enumerate(heads):
        mine, raws = table.shape(shape)
        own = [from_kept(table.row(place), (columns[place][index],))[0] for place in mine]
        found[key] = time_us, raws.values(own)
    return found


def to_kept(raws: Sequence[Raw]) -> Sequence[Any]:
    """Raw values as the database keeps them: numbers that are not finite as null, whole numbers
    beyond 64 bits as text."""
    kinds = set(map(type, raws))
    if kinds == {int}:
        fit = min(raws) in _INTEGERS and max(raws) in _INTEGERS
        return raws if fit else [raw if raw in _INTEGERS else str(raw) for raw in raws]
    if kinds == {float}:
        return raws if np.isfinite(raws).all() else [r if np.isfinite(r) else None for r in raws]
    return raws


def from_kept(row: Parameter, kept: Sequence[Any]) -> Sequence[Any]:
    """The inverse, with None for what was not finite."""
    if row.bits < _MOST_BITS or row.kind in ("ascii", "bytes", "f"):
        return kept
    return [int(raw) if isinstance(raw, str) else raw for raw in kept]
