"""The table of a packet: which columns hold which rows of its definition, and which shapes it has.

A column is a (name, row) pair: a name that a definition gives to different rows under different
conditions has a column for each. Tables of more than PART_COLUMNS columns go on in further parts.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from decoders.bits import Field
from decoders.definition.model import PacketLayout, Parameter, in_order
from decoders.raws import Raws
from groundstation.storage.telemetry.statistics import is_words, summable

#: SQLite takes 2000 columns a table.
PART_COLUMNS = 1000
#: A column: the value's name, and which row of the packet it is.
Column: TypeAlias = tuple[str, int]


def parameters(layout: PacketLayout) -> tuple[Parameter, ...]:
    """The rows of a packet in the order of the definition; a column names them by their place."""
    return tuple(item for item in in_order(layout.items) if isinstance(item, Parameter))


@dataclass(slots=True)
class Table:
    """One packet by one version of its definition. ``slots``: of the statistics, by (name,
    words)."""

    id: int
    layout: PacketLayout
    rows: tuple[Parameter, ...] = field(init=False)
    columns: list[Column] = field(default_factory=list)
    places: dict[Column, int] = field(default_factory=dict)
    shapes: dict[tuple[int, ...], int] = field(default_factory=dict)
    slots: dict[tuple[str, bool], int] = field(default_factory=dict)
    _raws: dict[int, tuple[tuple[int, ...], Raws]] = field(default_factory=dict)
    _numbers: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        """Rows are known again by identity: two of one definition may be equal."""
        self.rows = parameters(self.layout)
        self._numbers = {id(row): number for number, row in enumerate(self.rows)}

    @property
    def parts(self) -> int:
        """How many tables hold its columns."""
        return max(1, -(-len(self.columns) // PART_COLUMNS))

    def size(self) -> tuple[int, int]:
        """How many columns and shapes it has."""
        return len(self.columns), len(self.shapes)

    def name(self, part: int = 0) -> str:
        """The table's name."""
        return f"values_{self.id}_{part}"

    def column(self, field: Field) -> Column:
        """The column of a field of this packet's layout."""
        return field.name, self._numbers[id(field.row)]

    def row(self, place: int) -> Parameter:
        """The definition's row behind a column."""
        return self.rows[self.columns[place][1]]

    def shape(self, number: int) -> tuple[tuple[int, ...], Raws]:
        """The columns of a shape, and what makes values of them."""
        known = self._raws.get(number)
        if known is None:
            places = next(places for places, found in self.shapes.items() if found == number)
            rows = [(self.columns[place][0], self.row(place)) for place in places]
            known = self._raws[number] = (places, Raws(rows, self.layout.derived))
        return known

    def by_part(self, places: Iterable[int]) -> list[list[int]]:
        """Columns by the part that holds them."""
        found: list[list[int]] = [[] for _ in range(self.parts)]
        for place in places:
            found[place // PART_COLUMNS].append(place)
        return found


def load(connection: sqlite3.Connection, id: int, layout: PacketLayout) -> Table:
    """The table ``id`` as it is in the database."""
    table = Table(id, layout)
    query = 'SELECT place, name, "row" FROM fields WHERE packet=? ORDER BY place'
    for place, name, row in connection.execute(query, (id,)):
        table.columns.append((name, row))
        table.places[name, row] = place
    query = "SELECT shape, places FROM shapes WHERE packet=?"
    for shape, places in connection.execute(query, (id,)):
        table.shapes[tuple(json.loads(places))] = shape
    query = "SELECT slot, name, words FROM slots WHERE packet=?"
    for slot, name, words in connection.execute(query, (id,)):
        table.slots[name, bool(words)] = slot
    return table


def add_columns(connection: sqlite3.Connection, table: Table, columns: Iterable[Column]) -> None:
    """Give ``table`` the columns that it has not got yet, in the transaction that is open."""
    missing = [column for column in columns if column not in table.places]
    if not missing and table.columns:
        return
    before = table.parts if table.columns else 0
    first = len(table.columns)
    for place, column in enumerate(missing, first):
        table.columns.append(column)
        table.places[column] = place
    run = connection.execute
    for part in range(before, table.parts):
        _make_part(connection, table, part)
    for place in range(first, min(before * PART_COLUMNS, len(table.columns))):
        run(f"ALTER TABLE {table.name(place // PART_COLUMNS)} ADD COLUMN c{place} ANY")
    connection.executemany(
        "INSERT INTO fields VALUES (?,?,?,?)",
        [(table.id, place, *table.columns[place]) for place in range(first, len(table.columns))],
    )
    _add_slots(connection, table)


def _make_part(connection: sqlite3.Connection, table: Table, part: int) -> None:
    head = "key INTEGER PRIMARY KEY"
    if part == 0:
        head += ", time_us INTEGER NOT NULL, shape INTEGER NOT NULL"
    end = min((part + 1) * PART_COLUMNS, len(table.columns))
    own = "".join(f", c{place} ANY" for place in range(part * PART_COLUMNS, end))
    connection.execute(f"CREATE TABLE {table.name(part)} ({head}{own}) STRICT")
    if part == 0:
        name = table.name()
        connection.execute(f"CREATE INDEX {name}_by_time ON {name} (time_us)")


def _add_slots(connection: sqlite3.Connection, table: Table) -> None:
    """A slot for each parameter that has statistics: its values, or the numbers of its words."""
    wanted = [
        (name, is_words(table.rows[row]))
        for name, row in table.columns
        if summable(table.rows[row])
    ]
    wanted += [(row.name, False) for row in table.layout.derived]
    fresh = [key for key in dict.fromkeys(wanted) if key not in table.slots]
    for key in fresh:
        table.slots[key] = len(table.slots)
    connection.executemany(
        "INSERT INTO slots VALUES (?,?,?,?)",
        [(table.id, table.slots[key], key[0], int(key[1])) for key in fresh],
    )


def shape_number(connection: sqlite3.Connection, table: Table, places: tuple[int, ...]) -> int:
    """The number of a shape, given at its first appearance."""
    number = table.shapes.get(places)
    if number is None:
        number = table.shapes[places] = len(table.shapes)
        connection.execute(
            "INSERT INTO shapes VALUES (?,?,?)", (table.id, number, json.dumps(places))
        )
    return number


def drop(connection: sqlite3.Connection, id: int) -> None:
    """Remove a packet's tables and all that is known of it."""
    run = connection.execute
    names = run(
        "SELECT name FROM sqlite_schema WHERE type='table' AND name GLOB ?", (f"values_{id}_*",)
    ).fetchall()
    for (name,) in names:
        run(f"DROP TABLE {name}")
    for table in ("fields", "shapes", "newest", "slots", "rollups", "further"):
        run(f"DELETE FROM {table} WHERE packet=?", (id,))
    run("DELETE FROM packets WHERE id=?", (id,))
