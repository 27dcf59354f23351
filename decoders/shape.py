"""Packets whose fields lie at the same places, compiled: values of one packet, or columns of many.

Both use the same fields, calibrations and limits, so that they cannot disagree.
"""

from __future__ import annotations

import math
import struct
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from decoders.bits import Array, Field, read, read_column
from decoders.coding.crc import crc
from decoders.convert import converter, engineering_column
from decoders.definition.limits import INVALID, NOMINAL
from decoders.definition.model import Derived
from decoders.layout import require
from decoders.value import Engineering, Raw, Value

_MOST_PLACES = 16
_new_value = tuple.__new__
#: A ``struct`` reader, and the indexes of the fields that it reads.
_Reader: TypeAlias = tuple[Callable[[Any], tuple[Any, ...]], list[int]]


@dataclass(frozen=True, slots=True)
class Column:
    """One parameter of N packets.

    ``raw`` and ``value`` have N entries (``value``: numbers with NaN for 'no value', or objects for
    words and texts); ``state`` numbers into :data:`decoders.definition.limits.STATES`.
    """

    raw: Array | None
    value: Array
    state: NDArray[np.uint8]
    unit: str


class Shape:
    """The plan for packets whose fields lie at the same places."""

    def __init__(self, fields: tuple[Field, ...], derived: tuple[Derived, ...]):
        self.fields = fields
        self.needed_bytes = max((field.end_byte for field in fields), default=0)
        names = {field.name for field in fields}
        self.derived = tuple(d for d in derived if _has_all(d, names, derived))
        self._structs, self._odd = _structs(fields)
        self._order = [index for _, indexes in self._structs for index in indexes]
        self._order += self._odd
        self._converters = [converter(field.row) for field in fields]
        self._checked = [field for field in fields if field.row.crc or field.row.const is not None]
        self._places: OrderedDict[int, list[tuple[Any, ...]]] = OrderedDict()

    def raws(self, packet: bytes) -> list[Raw]:
        """Raw values in the order of ``fields``; raises DecodeError for a short packet."""
        if len(packet) < self.needed_bytes:
            require(packet, self.fields)
        found: list[Any] = []
        for unpack, _ in self._structs:
            found += unpack(packet)
        for index in self._odd:
            found.append(read(packet, self.fields[index]))
        raws: list[Any] = [None] * len(found)
        for index, raw in zip(self._order, found, strict=True):
            raws[index] = raw
        for index, field in enumerate(self.fields):
            if field.row.kind == "ascii" and isinstance(raws[index], bytes):
                raws[index] = raws[index].decode("latin-1")
        return raws

    def values(self, packet: bytes, offset: int = 0) -> tuple[Value, ...]:
        """All values of one packet that begins ``offset`` bits into its frame."""
        values: list[Value] = []
        for raw, convert, (name, unit, bits, row) in zip(
            self.raws(packet), self._converters, self._place(offset), strict=True
        ):
            if convert is None:
                values.append(_new_value(Value, (name, raw, raw, unit, NOMINAL, bits, row)))
            else:
                value, state = convert(raw)
                values.append(_new_value(Value, (name, raw, value, unit, state, bits, row)))
        if self.derived:
            values += self._derived_values(values)
        return tuple(values)

    def _place(self, offset: int) -> list[tuple[Any, ...]]:
        places = self._places.get(offset)
        if places is None:
            places = [(f.name, f.row.unit, f.frame_bits(offset), f.row) for f in self.fields]
            self._places[offset] = places
            if len(self._places) > _MOST_PLACES:
                self._places.popitem(last=False)
        return places

    def _derived_values(self, values: Sequence[Value]) -> list[Value]:
        scope = {value.name: _as_number(value.value, value.raw) for value in values}
        found = []
        for row in self.derived:
            number: Any = row.expression.value(scope)
            if isinstance(number, float) and not math.isfinite(number):
                number = None
            scope[row.name] = math.nan if number is None else number
            if isinstance(number, bool):
                number = int(number)
            state = row.limits.state(number) if row.limits else _state(number)
            found.append(Value(row.name, None, number, row.unit, state, None, row))
        return found

    def problems(self, packet: bytes, values: Sequence[Value]) -> list[str]:
        """Check values and constants that do not hold, one sentence each."""
        if not self._checked:
            return []
        raws = {value.name: value.raw for value in values}
        problems = []
        for field in self._checked:
            raw = raws[field.name]
            if field.row.const is not None and raw != field.row.const:
                problems.append(f"{field.name} is {raw!r}, must be {field.row.const!r}")
            if field.row.crc:
                computed = crc(field.row.crc, packet[: field.start // 8])
                if raw != computed:
                    problems.append(f"{field.name} is {raw!r}, computed {computed}")
        return problems

    def columns(self, packets: NDArray[np.uint8]) -> dict[str, Column]:
        """Every parameter of N packets (N x bytes) as a column; equal to one by one."""
        if packets.shape[1] < self.needed_bytes:
            require(bytes(packets.shape[1]), self.fields)
        found: dict[str, Column] = {}
        with np.errstate(all="ignore"):  # what is not finite comes out as invalid
            for field in self.fields:
                raw = read_column(packets, field)
                value, state = engineering_column(field.row, raw)
                found[field.name] = Column(raw, value, state, field.row.unit)
        scope: dict[str, Any] = {}
        if self.derived:
            scope = {name: _number_column(column) for name, column in found.items()}
        for row in self.derived:
            numbers = np.array(row.expression.column(scope, len(packets)))
            broken = ~np.isfinite(numbers)
            numbers[broken] = math.nan
            state = row.limits.states(numbers) if row.limits else np.zeros(len(packets), np.uint8)
            state[broken] = 3
            scope[row.name] = numbers
            found[row.name] = Column(None, numbers, state, row.unit)
        return found


def _has_all(row: Derived, fields: set[str], derived: tuple[Derived, ...]) -> bool:
    known = fields | {other.name for other in derived[: derived.index(row)]}
    return row.expression.names <= known


def _as_number(value: Engineering, raw: Raw | None) -> Any:
    """A value for expressions: NaN for 'no value', the raw number behind words."""
    if value is None:
        return math.nan
    if isinstance(value, str | tuple | bytes):
        return raw if isinstance(raw, int | float) else math.nan
    return value


def _number_column(column: Column) -> Array:
    if column.value.dtype != object or column.raw is None:
        return column.value
    if column.raw.dtype == object:
        return np.full(len(column.value), math.nan)
    numbers = column.raw.astype(np.float64)
    numbers[column.state == 3] = math.nan
    return numbers


def _state(value: object) -> str:
    return INVALID if value is None else NOMINAL


def _structs(
    fields: tuple[Field, ...],
) -> tuple[list[_Reader], list[int]]:
    """``struct`` readers for the plain fields (one a byte order), and the others' indexes."""
    groups: dict[str, list[int]] = {">": [], "<": []}
    odd: list[int] = []
    ends = {">": 0, "<": 0}
    for index in sorted(range(len(fields)), key=lambda index: fields[index].start):
        field = fields[index]
        order = ">" if field.row.endian == "big" else "<"
        if field.plain and field.start >= ends[order]:
            groups[order].append(index)
            ends[order] = field.start + field.bits
        else:
            odd.append(index)
    readers: list[_Reader] = []
    for order, indexes in groups.items():
        if indexes:
            code, at = order, 0
            for index in indexes:
                gap = fields[index].start // 8 - at
                code += f"{gap}x" * bool(gap) + fields[index].code
                at = fields[index].end_byte
            readers.append((struct.Struct(code).unpack_from, indexes))
    return readers, odd
