"""The packet tables of the Python package ccsdspy: name, type and bits of each field.

Source: documentation of ccsdspy 2.0, "Loading packet definitions from a CSV file". The table begins
after the primary header of the space packet.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from decoders.definition.interchange.conversion import Exported, Imported, Losses
from decoders.definition.interchange.fixed import fixed_part
from decoders.definition.interchange.names import BOM, as_name
from decoders.definition.interchange.xtce_names import HEADER_BITS
from decoders.definition.interchange.xtce_values import whole_number
from decoders.definition.model import PacketLayout, Satellite
from decoders.errors import DefinitionError

COLUMNS = ("name", "data_type", "bit_length")
OFFSET = "bit_offset"
EXPAND = "expand"
_ARRAY = re.compile(r"(\w+)\s*\((.+)\)")
_KINDS = {"u": "uint", "bool": "uint", "time": "uint", "bcd": "uint", "i": "int", "f": "float"}
_FLOATS = (16, 32, 64)
_MOST_BITS = 64
_MOST_REPEATS = 10_000
#: A space packet has no more.
_MOST_FIELD_BITS = 8 * 65_542


def to_ccsdspy(satellite: Satellite, packet: str | None = None) -> Exported:
    """The table of one packet (the only one, when ``packet`` is None), and what it cannot say.

    Raises DefinitionError when ``packet`` must be chosen.
    """
    layout = one_packet(satellite, packet)
    losses = Losses("ccsdspy")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    fixed = fixed_part(layout, losses)
    end = 0
    for field in fixed.fields:
        row = field.row
        start, bits = field.frame_bits(0)
        if start > end:
            writer.writerow((f"fill_{end}", "fill", start - end))
        writer.writerow((field.name, _KINDS.get(row.kind, "str"), bits))
        end = start + bits
        if row.endian == "little" and bits > 8:
            losses.add("the order of bytes is left out: set byte_order", field.name)
        if row.calibration is not None or row.sentinel:
            losses.add("calibrations and words are left out, values are raw", field.name)
    if fixed.rest is not None:
        writer.writerow((fixed.rest.name, "uint(expand)", 8))
    losses.add("units, limits, labels, match rules and derived values are left out")
    return Exported(out.getvalue(), losses.sentences())


def one_packet(satellite: Satellite, name: str | None) -> PacketLayout:
    """The packet ``name``, or the only one. Raises DefinitionError that lists them."""
    names = [packet.name for packet in satellite.packets]
    if name is None and len(names) == 1:
        name = names[0]
    if name not in names:
        problem = "choose one packet" if name is None else f"there is no packet {name!r}"
        raise DefinitionError(f"{problem}: {', '.join(names) or 'it has none'}")
    return satellite.packets[names.index(name)]


def from_ccsdspy(text: str, *, name: str, source: str = "table") -> Imported:
    """The data of a definition with one packet called ``name``, read as ccsdspy reads packets.

    Offsets count from the first bit of the space packet's header, and may go back. What a
    definition cannot say is told by line, and its bits are passed over. Raises DefinitionError for
    what is no such table.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix(BOM)), skipinitialspace=True)
    columns = [column.strip() for column in reader.fieldnames or ()]
    if not set(COLUMNS) <= set(columns):
        raise DefinitionError(f"needs the columns {', '.join(COLUMNS)}", source=source, line=1)
    reader.fieldnames = columns
    fields = [_field(record, source, reader.line_num) for record in reader]
    table = _Table(source, fields)
    data = {
        "satellite": {"name": name, "source": f"imported from {source}"},
        "downlinks": [{"name": "downlink", "layers": table.layers}],
        "packets": [{"name": as_name(name), "parameters": table.rows()}],
    }
    return Imported(data, tuple(table.told))


@dataclass(frozen=True, slots=True)
class _Field:
    """One line. ``shape``: of an array, a number or what its length is given by; else empty."""

    name: str
    kind: str
    shape: str
    bits: int
    offset: int | None
    line: int

    @property
    def count(self) -> int | None:
        """How many values it has; None: that varies."""
        if not self.shape:
            return 1
        parts = re.split(r"[,;]", self.shape)
        if not all(part.strip().isdecimal() for part in parts):
            return None
        return math.prod(int(part) for part in parts)


def _field(record: Mapping[str, Any], source: str, line: int) -> _Field:
    place: dict[str, Any] = {"source": source, "line": line}
    for column in COLUMNS:
        if not (record[column] or "").strip():
            raise DefinitionError(f"{column} is missing", **place)
    bits = _whole(record["bit_length"], **place)
    if not 0 < bits <= _MOST_FIELD_BITS:
        raise DefinitionError(f"bit_length {bits} is not 1..{_MOST_FIELD_BITS}", **place)
    offset = _whole(record[OFFSET], **place) if OFFSET in record else None
    if offset is not None and not 0 <= offset <= _MOST_FIELD_BITS:
        raise DefinitionError(f"{OFFSET} {offset} is not 0..{_MOST_FIELD_BITS}", **place)
    kind = record["data_type"].strip()
    array = _ARRAY.fullmatch(kind)
    shape = array[2].strip() if array else ""
    return _Field(record["name"].strip(), array[1] if array else kind, shape, bits, offset, line)


class _Table:
    """The rows of one table as they are put together. ``told``: what is not carried over."""

    def __init__(self, source: str, fields: Sequence[_Field]):
        self.source, self.fields = source, fields
        self.told: list[str] = []
        #: Offsets inside the header are of the whole packet; others of what the layer leaves.
        inside = any(f.offset is not None and f.offset < HEADER_BITS for f in fields)
        self.layers = [] if inside else ["space-packet"]
        self._base = 0 if inside else HEADER_BITS
        self._names: dict[str, str] = {}
        self._rows: list[dict[str, Any]] = []
        #: Bits before the next row, and what of them varies, as an expression.
        self._cursor, self._varies = 0, ""

    def rows(self) -> list[dict[str, Any]]:
        """All rows; what follows an array of unknown length is left out."""
        if all(field.offset is None for field in self.fields) and self._base == 0:
            self._cursor = HEADER_BITS
        for index, field in enumerate(self.fields):
            if not self._place(field, self.fields[index + 1 :]):
                break
        return self._rows

    def _tell(self, field: _Field, problem: str) -> None:
        error = DefinitionError(f"{field.name}: {problem}", source=self.source, line=field.line)
        self.told.append(str(error))

    def _place(self, field: _Field, behind: Sequence[_Field]) -> bool:
        """Add a field; False when nobody knows where the next begins."""
        extra: dict[str, Any] = {}
        if field.offset is not None:
            start = field.offset - self._base
            if start != self._cursor:
                extra["at"] = start
            self._cursor = start
        count, told = field.count, _type(field)
        if count is None:
            return self._varying(field, told, behind, extra)
        total = field.bits * count
        if count > _MOST_REPEATS or total > _MOST_FIELD_BITS:
            told = f"more than {_MOST_REPEATS} values, or than a packet holds"
        if isinstance(told, str):
            self._tell(field, f"{told}; its {total} bits are passed over")
        if total > _MOST_FIELD_BITS:
            return False
        if isinstance(told, str) or field.kind == "fill":
            self._skip(total, extra)
        elif count:
            repeat = {"repeat": count} if field.shape else {}
            self._rows.append({"name": self._name(field), **told, **repeat, **extra})
        self._cursor += total
        return True

    def _skip(self, bits: int, extra: Mapping[str, Any]) -> None:
        if extra:
            self._rows.append({**extra, "parameters": [{"skip": bits}]})
        else:
            self._rows.append({"skip": bits})

    def _name(self, field: _Field) -> str:
        name = as_name(field.name, self._names.values())
        self._names[field.name] = name
        return name

    def _varying(
        self,
        field: _Field,
        told: dict[str, Any] | str,
        behind: Sequence[_Field],
        extra: Mapping[str, Any],
    ) -> bool:
        count = None if isinstance(told, str) else self._count(field, behind)
        if count is None or isinstance(told, str):
            nobody = f"no field {field.shape!r} stands before it"
            problem = told if isinstance(told, str) else nobody
            self._tell(field, f"{problem}; it and all that follows are left out")
            return False
        name, last = self._name(field), field.shape == EXPAND and not behind
        if told == {"type": "u8"} and field.shape == EXPAND:
            size = {} if last else {"size_from": count}
            self._rows.append({"name": name, "type": "bytes", **size, **extra})
        else:
            size = {"repeat": "end"} if last else {"count_from": count}
            self._rows.append({"name": name, **told, **size, **extra})
        self._varies += f" + {field.bits} * ({count})"
        return True

    def _count(self, field: _Field, behind: Sequence[_Field]) -> str | None:
        """How many values an array has, as an expression; None: nobody says."""
        if field.shape != EXPAND:
            return self._names.get(field.shape)
        after = 0
        for other in behind:
            if other.count is None:
                return None
            after += other.bits * other.count
        rest = f"8 * length - {self._cursor + after}"
        if self._varies:
            rest += f" - ({self._varies.removeprefix(' + ')})"
        return f"({rest}) / {field.bits}"


def _type(field: _Field) -> dict[str, Any] | str:
    """Keys of a row for one value, or why there is none."""
    kind, bits = field.kind, field.bits
    if field.count is None and bits % 8:
        return f"values of {bits} bits do not fill bytes, so ccsdspy reads no such array"
    if field.count is None and kind != "uint":
        return "an array whose length varies is of uint"
    if kind == "fill":
        return {}
    if kind == "str" and bits % 8 == 0:
        return {"type": "bytes", "size": bits // 8}
    if kind == "float" and bits in _FLOATS:
        return {"type": f"f{bits}"}
    if kind == "int" and bits == 1:
        return {"type": "u1", "scale": -1}  # two's complement of one bit
    if kind in ("uint", "int") and bits <= _MOST_BITS:
        return {"type": f"{kind[0]}{bits}"}
    if kind not in ("uint", "int", "float", "str"):
        return f"{kind!r} is not a type; allowed: uint, int, float, str, fill"
    return f"a {kind} of {bits} bits is not possible"


def _whole(text: str | None, *, source: str, line: int) -> int:
    number = whole_number(text)
    if number is None:
        raise DefinitionError(f"{text!r} is not a whole number", source=source, line=line)
    return number
