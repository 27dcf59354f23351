"""Packets whose fields lie at the same places, compiled: raw values and values of one packet.

Columns of many such packets are made in :mod:`decoders.columns` from the same fields, calibrations
and limits, so that they cannot disagree.
"""

from __future__ import annotations

import math
import operator
import struct
from collections import OrderedDict
from collections.abc import Callable, Sequence, Set
from typing import Any, TypeAlias

from decoders.bits import Field, read
from decoders.coding.crc import crc
from decoders.convert import converter
from decoders.definition.limits import INVALID, UNLIMITED
from decoders.definition.model import Derived
from decoders.evidence import held_by_fields
from decoders.layout import require
from decoders.value import Engineering, Raw, Value

_MOST_PLACES = 16
_new_value = tuple.__new__
#: ``struct`` unpacking of the plain fields of one byte order.
_Reader: TypeAlias = Callable[[Any], tuple[Any, ...]]


class Shape:
    """The plan for packets whose fields lie at the same places."""

    def __init__(self, fields: tuple[Field, ...], derived: tuple[Derived, ...]):
        self.fields = fields
        self.needed_bytes = max((field.end_byte for field in fields), default=0)
        names = {field.name for field in fields}
        self.derived = computable(derived, names)
        self._structs, self._odd, self._order = _structs(fields)
        self._texts = [i for i, field in enumerate(fields) if field.row.kind == "ascii"]
        self._converters = [converter(field.row) for field in fields]
        #: Check values and constants: what tells whether a packet is what it seems.
        self.checked = tuple(f for f in fields if f.row.crc or f.row.const is not None)
        #: The bits that these hold, for evidence.
        self.held = held_by_fields(self.checked)
        #: How each field becomes a column, made by :mod:`decoders.columns` when first needed.
        self.column_makers: list[Callable[..., Any]] = []
        self._places: OrderedDict[int, list[tuple[Any, ...]]] = OrderedDict()

    def raws(self, packet: bytes) -> Sequence[Raw]:
        """Raw values in the order of ``fields``; raises DecodeError for a short packet."""
        if len(packet) < self.needed_bytes:
            require(packet, self.fields)
        found: list[Any] = []
        for unpack in self._structs:
            found += unpack(packet)
        for index in self._odd:
            found.append(read(packet, self.fields[index]))
        raws = list(self._order(found)) if self._order else found
        for index in self._texts:
            text = raws[index]
            raws[index] = text.decode("latin-1") if isinstance(text, bytes) else text
        return raws

    def values(self, packet: bytes, offset: int = 0) -> tuple[Value, ...]:
        """All values of one packet that begins ``offset`` bits into its frame."""
        values: list[Value] = []
        add = values.append
        for raw, convert, (name, unit, bits, row) in zip(
            self.raws(packet), self._converters, self._place(offset), strict=True
        ):
            if convert is None:
                add(_new_value(Value, (name, raw, raw, unit, UNLIMITED, bits, row)))
            else:
                value, state = convert(raw)
                add(_new_value(Value, (name, raw, value, unit, state, bits, row)))
        if self.derived:
            values += derived_values(self.derived, values)
        return tuple(values)

    def _place(self, offset: int) -> list[tuple[Any, ...]]:
        places = self._places.get(offset)
        if places is None:
            places = [(f.name, f.row.unit, f.frame_bits(offset), f.row) for f in self.fields]
            self._places[offset] = places
            if len(self._places) > _MOST_PLACES:
                self._places.popitem(last=False)
        return places

    def problems(self, packet: bytes) -> list[str]:
        """Check values and constants that do not hold, one sentence each.

        Raises DecodeError for a short packet.
        """
        if len(packet) < self.needed_bytes:
            require(packet, self.fields)
        problems = []
        for field in self.checked:
            raw = read(packet, field)
            if field.row.const is not None and raw != field.row.const:
                problems.append(f"{field.name} is {raw!r}, must be {field.row.const!r}")
            if field.row.crc:
                computed = crc(field.row.crc, packet[: field.start // 8])
                if raw != computed:
                    problems.append(f"{field.name} is {raw!r}, computed {computed}")
        return problems


def computable(derived: Sequence[Derived], names: Set[str]) -> tuple[Derived, ...]:
    """Those of a packet's derived rows whose inputs are among ``names`` or derived before them."""
    known, found = set(names), []
    for row in derived:
        if row.expression.names <= known:
            found.append(row)
        known.add(row.name)
    return tuple(found)


def derived_values(derived: Sequence[Derived], values: Sequence[Value]) -> list[Value]:
    """What is computed from the ``values`` of one packet."""
    scope = {value.name: as_number(value.value, value.raw) for value in values}
    found = []
    for row in derived:
        number: Any = row.expression.number(scope)
        if isinstance(number, float) and not math.isfinite(number):
            number = None
        scope[row.name] = math.nan if number is None else number
        if isinstance(number, bool):
            number = int(number)
        state = row.limits.state(number) if row.limits else _state(number)
        found.append(Value(row.name, None, number, row.unit, state, None, row))
    return found


def as_number(value: Engineering, raw: Raw | None) -> Any:
    """A value for expressions: NaN for 'no value', the raw number behind words."""
    if value is None:
        return math.nan
    if isinstance(value, str | tuple | bytes):
        return raw if isinstance(raw, int | float) else math.nan
    return value


def _state(value: object) -> str:
    return INVALID if value is None else UNLIMITED


def _structs(
    fields: tuple[Field, ...],
) -> tuple[list[_Reader], list[int], Callable[[list[Any]], tuple[Any, ...]] | None]:
    """``struct`` readers for the plain fields (one a byte order), the indexes of the others, and
    what puts the values so read into the order of ``fields`` (None: they are)."""
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
            readers.append(struct.Struct(code).unpack_from)
    read_order = [*groups[">"], *groups["<"], *odd]
    if read_order == sorted(read_order):
        return readers, odd, None
    places = sorted(range(len(read_order)), key=read_order.__getitem__)
    return readers, odd, operator.itemgetter(*places)
