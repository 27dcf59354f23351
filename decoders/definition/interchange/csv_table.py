"""A definition as one table for spreadsheets: one row a parameter, and back without loss.

The column ``row`` says what a row is; every other column is a key of the definition file, except
that limits have columns of their own, ``warning_low`` to ``critical_words``. Rows of a group stand
between ``group`` and ``end``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, NamedTuple

from decoders.definition.interchange.cells import read_cell, write_cell
from decoders.definition.interchange.conversion import Exported, Imported
from decoders.definition.interchange.names import BOM
from decoders.definition.locate import Path
from decoders.errors import DefinitionError
from decoders.suggest import nearest

ROW = "row"
#: Kind of row -> the table of the definition file that it stands for.
TABLES = {"satellite": "satellite", "downlink": "downlinks", "packet": "packets"}
TABLES |= {"example": "examples"}
INSIDE = ("parameter", "derived", "group", "end")
LABELS = "group label"
FILE = "file"
_LIMITS = tuple(
    f"{name}_{part}" for name in ("warning", "critical") for part in ("low", "high", "words")
)
#: The usual order of columns; those that nothing uses are left out, others follow.
COLUMNS = (
    *("name", "type", "label", "label_ru", "label_ky", "unit", "scale", "divide", "offset"),
    *("enum", "flags", *_LIMITS, "limits", "alarm", "group", "display", "quantity"),
    *("unproved", "repeat", "skip", "at", "size"),
    *("polynomial", "table", "log", "formula", "sentinel", "const", "when", "count_from"),
    *(
        "size_from",
        "until",
        "number",
        "encoding",
        "endian",
        "bit_order",
        "digits",
        "bits",
        "epoch",
        "crc",
    ),
    "expression",
    *("doc", "doc_ru", "doc_ky", "match", "layers", "undescribed", "norad", "callsigns"),
    *("csp_addresses", "frequency_hz", "modulation", "baud", "deviation_hz", "carrier_hz"),
    *("framing", "options", "packet"),
    *("hex", "expect", "source", "version", "simulated"),
)
#: Columns that are always there, so that there is a place to write into.
_ALWAYS = COLUMNS[: COLUMNS.index("enum") + 1]


class Table(NamedTuple):
    """A table read: the definition's data, and on which line of the table each part stands."""

    data: dict[str, Any]
    lines: dict[Path, int]


def to_csv(data: Mapping[str, Any], *, decimal_comma: bool = False) -> Exported:
    """The table of a definition's data.

    ``decimal_comma``: as spreadsheets in Russian and Kyrgyz settings want it, with semicolons
    between cells and commas in numbers.
    """
    rows = [_spread(kind, keys) for kind, keys in _rows(data)]
    used = {column for row in rows for column in row}
    columns = [c for c in COLUMNS if c in used or c in _ALWAYS]
    columns += sorted(used - {ROW, *columns})
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if decimal_comma else ",", lineterminator="\n")
    writer.writerow((ROW, *columns))
    for row in rows:
        cells = (
            write_cell(c, row[c], decimal_comma=decimal_comma) if c in row else "" for c in columns
        )
        writer.writerow((row[ROW], *cells))
    return Exported(BOM + out.getvalue())


def _rows(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    plain = {k: v for k, v in data.items() if not _is_table(v)}
    if plain:
        yield FILE, plain
    kinds = {table: kind for kind, table in TABLES.items()}
    for key, value in data.items():
        if key == "groups":
            for name, labels in value.items():
                yield LABELS, {"name": name, **labels}
        elif key == "packets":
            for packet in value:
                yield from _packet(packet)
        elif _is_table(value):
            for keys in [value] if isinstance(value, Mapping) else value:
                yield kinds.get(key, key), keys


def _is_table(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, Mapping) for item in value)
    return isinstance(value, Mapping)


def _packet(packet: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "packet", {k: v for k, v in packet.items() if k not in ("parameters", "derived")}
    yield from _parameters(packet.get("parameters", []))
    for row in packet.get("derived", []):
        yield "derived", row


def _parameters(rows: list[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for row in rows:
        if "parameters" in row:
            yield "group", {k: v for k, v in row.items() if k != "parameters"}
            yield from _parameters(row["parameters"])
            yield "end", {}
        else:
            yield "parameter", row


def _spread(kind: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    """Keys with ranges and words of limits in columns of their own, where they have their form."""
    limits = keys.get("limits")
    spread: dict[str, Any] = {}
    if isinstance(limits, Mapping) and set(limits) <= {"warning", "critical"}:
        for name, value in limits.items():
            if not isinstance(value, list) or not value:
                spread = {}
                break
            if all(isinstance(item, str) for item in value):
                spread[f"{name}_words"] = value
            elif len(value) == 2:
                spread[f"{name}_low"], spread[f"{name}_high"] = value
    if spread:
        keys = {key: value for key, value in keys.items() if key != "limits"}
    return {ROW: kind, **keys, **spread}


def is_definition_table(text: str) -> bool:
    """Whether ``text`` begins as a table of this kind."""
    return text.removeprefix(BOM)[: len(ROW) + 1] in (f"{ROW},", f"{ROW};", f"{ROW}\t")


def from_csv(text: str, *, source: str = "table") -> Imported:
    """The data of a definition from its table. Raises DefinitionError naming the line."""
    return Imported(read_table(text, source=source).data)


def read_table(text: str, *, source: str = "table") -> Table:
    """As :func:`from_csv`, with the line of each part for messages."""
    text = text.removeprefix(BOM)
    if not is_definition_table(text):
        raise DefinitionError(
            f"is not a definition table: its first cell must be {ROW!r}", source=source, line=1
        )
    reader = csv.reader(io.StringIO(text), delimiter=text[len(ROW)])
    header = [cell.strip() for cell in next(reader)]
    for column in header:
        if column and header.count(column) > 1:
            raise DefinitionError(f"has two columns {column!r}", source=source, line=1)
    builder = _Builder(source, decimal_comma=text[len(ROW)] == ";")
    for cells in reader:
        if any(cell.strip() for cell in cells):
            titled = {column: cell for column, cell in zip(header, cells, strict=False) if column}
            for column, cell in zip_longest(header, cells, fillvalue=""):
                if cell.strip() and not column:
                    told = f"the cell {cell.strip()!r} stands in a column without a title"
                    raise DefinitionError(told, source=source, line=reader.line_num)
            builder.add(titled, reader.line_num)
    builder.finish(reader.line_num)
    return Table(builder.data, builder.lines)


class _Builder:
    """Rows put together again, in their order."""

    def __init__(self, source: str, *, decimal_comma: bool):
        self.source, self.decimal_comma = source, decimal_comma
        self.data: dict[str, Any] = {}
        self.lines: dict[Path, int] = {}
        #: Where the next parameter goes: the packet's own list, then those of open groups.
        self._open: list[tuple[list[Any], Path]] = []
        self._packet: tuple[dict[str, Any], Path] | None = None

    def add(self, cells: Mapping[str, str], line: int) -> None:
        kind = cells[ROW].strip()
        keys = {
            column: read_cell(column, cell, decimal_comma=self.decimal_comma)
            for column, cell in cells.items()
            if column not in (ROW, "") and cell.strip()
        }
        self._gather_limits(keys, line)
        if kind in INSIDE:
            self._inside(kind, keys, line)
            return
        if kind != LABELS and kind not in (FILE, *TABLES) and not kind.isidentifier():
            allowed = (FILE, *TABLES, LABELS, *INSIDE)
            raise self._wrong(line, f"there is no row {kind!r}; {nearest(kind, allowed)}")
        self.finish(line)
        self._outside(kind, keys, line)

    def finish(self, line: int) -> None:
        """A packet is complete: its groups must be closed.

        One without rows says nothing of its parameters: those of a sister stay.
        """
        if len(self._open) > 1:
            raise self._wrong(line, "a group before this is not closed: add a row 'end'")
        if self._packet is not None and not self._packet[0]["parameters"]:
            del self._packet[0]["parameters"]
        self._open, self._packet = [], None

    def _outside(self, kind: str, keys: dict[str, Any], line: int) -> None:
        if kind == FILE:
            self.data.update(keys)
        elif kind == LABELS:
            name = str(keys.pop("name", ""))
            self.data.setdefault("groups", {})[name] = keys
            self.lines["groups", name] = line
        elif kind == "satellite":
            self.data[kind] = keys
            self.lines[kind,] = line
        else:
            table = TABLES.get(kind, kind)
            found = self.data.setdefault(table, [])
            found.append(keys)
            path: Path = (table, len(found) - 1)
            self.lines[path] = line
            if kind == "packet":
                keys["parameters"] = []
                self._packet = keys, path
                self._open = [(keys["parameters"], (*path, "parameters"))]

    def _inside(self, kind: str, keys: dict[str, Any], line: int) -> None:
        if self._packet is None:
            raise self._wrong(line, f"a row {kind!r} stands before any row 'packet'")
        if kind == "end":
            if len(self._open) == 1:
                raise self._wrong(line, "a row 'end' closes no group")
            self._open.pop()
            return
        rows, path = self._open[-1]
        if kind == "derived":
            packet, packet_path = self._packet
            rows, path = packet.setdefault("derived", []), (*packet_path, "derived")
        path = (*path, len(rows))
        rows.append(keys)
        self.lines[path] = line
        if kind == "group":
            keys["parameters"] = []
            self._open.append((keys["parameters"], (*path, "parameters")))

    def _gather_limits(self, keys: dict[str, Any], line: int) -> None:
        """The columns of limits back into one key; an empty end of a range is open."""
        limits: dict[str, Any] = {}
        for name in ("warning", "critical"):
            low, high = keys.pop(f"{name}_low", None), keys.pop(f"{name}_high", None)
            words = keys.pop(f"{name}_words", None)
            if words is not None and (low is not None or high is not None):
                raise self._wrong(line, f"{name}: either a range or words, not both")
            if words is not None:
                limits[name] = _word_list(words)
            elif low is not None or high is not None:
                limits[name] = [
                    float("-inf") if low is None else low,
                    float("inf") if high is None else high,
                ]
        if limits:
            keys["limits"] = limits

    def _wrong(self, line: int, problem: str) -> DefinitionError:
        return DefinitionError(problem, source=self.source, line=line)


def _word_list(value: Any) -> Any:
    """``safe, off`` as a list; a list as it is."""
    return [word.strip() for word in value.split(",")] if isinstance(value, str) else value
