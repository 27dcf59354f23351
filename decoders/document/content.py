"""What the interface document says of each packet: its rows with their places, words and curves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from decoders.bits import Field
from decoders.definition.calibration import (
    Calibration,
    Enumeration,
    Flags,
    Formula,
    Logarithm,
    Polynomial,
    Table,
    TextNumber,
)
from decoders.definition.interchange.conversion import Losses
from decoders.definition.interchange.fixed import fixed_part
from decoders.definition.model import Group, Item, PacketLayout, Parameter, Satellite
from decoders.document import notation
from decoders.explain import type_word
from decoders.words import Words

_CURVED = (Polynomial, Table, Logarithm, Formula)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a packet in the parameter table.

    ``fields``: where it lies, one for each repetition; empty where that varies. ``notes``: how
    often and when it is there.
    """

    number: int
    name: str
    row: Parameter
    fields: tuple[Field, ...]
    notes: tuple[str, ...]

    @property
    def place(self) -> str:
        """The byte and bits of its first repetition; empty where that varies."""
        return notation.place(self.fields[0]) if self.fields else ""

    @property
    def type(self) -> str:
        """Its type, with the size of texts and bytes."""
        row = self.row
        if row.kind in ("ascii", "bytes"):
            return f"{row.kind} {row.bits // 8}" if row.bits else row.kind
        if row.kind in ("time", "bcd"):
            return f"{row.kind} {row.bits}"
        return type_word(row)


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet. ``fields``: those at fixed places, in the order of their bits.

    ``groups``: of its rows, in the order in which they come. ``varying``: names of the rows whose
    place varies. ``size``: least number of bytes, ``exact`` whether it is always so many.
    ``recognised``: phrases, ``part_of``: a sentence, empty for a packet that is whole and alone.
    """

    layout: PacketLayout
    lines: tuple[Line, ...]
    fields: tuple[Field, ...]
    rest: Field | None
    varying: tuple[str, ...]
    groups: tuple[str, ...]
    layers: tuple[str, ...]
    size: int
    exact: bool
    recognised: tuple[str, ...]
    part_of: str

    def line_of(self, field: Field) -> Line:
        """The line of a field."""
        return next(line for line in self.lines if line.row is field.row)

    @property
    def worded(self) -> tuple[Line, ...]:
        """Lines whose values are words."""
        kinds = (Enumeration, Flags)
        return tuple(line for line in self.lines if isinstance(line.row.calibration, kinds))

    @property
    def curved(self) -> tuple[Line, ...]:
        """Lines whose calibration is no straight line."""
        return tuple(line for line in self.lines if isinstance(curve_of(line.row), _CURVED))


def curve_of(row: Parameter) -> Calibration | None:
    """The calibration of numbers of a row, also of numbers written as text."""
    if isinstance(row.calibration, TextNumber):
        return row.calibration.further
    return row.calibration


def packets(satellite: Satellite, words: Words) -> tuple[Packet, ...]:
    """All packets of a satellite."""
    return tuple(_packet(satellite, layout, words) for layout in satellite.packets)


def _packet(satellite: Satellite, layout: PacketLayout, words: Words) -> Packet:
    fixed = fixed_part(layout, Losses(""), in_order=False)
    ordered = tuple(sorted(fixed.fields, key=lambda field: field.frame_bits(0)[0]))
    rows = list(_walk(layout.items, "", (), words))
    placed = [*ordered, *([fixed.rest] if fixed.rest else [])]
    lines = tuple(
        Line(number, name, row, tuple(f for f in placed if f.row is row), notes)
        for number, (name, row, notes) in enumerate(rows, 1)
    )
    varying = tuple(line.name for line in lines if not line.fields)
    size = max([len(layout.match.prefix), *(field.end_byte for field in ordered)])
    layers = layout.layers
    if layers is None:
        layers = satellite.downlinks[0].layers if satellite.downlinks else ()
    return Packet(
        layout=layout,
        lines=lines,
        fields=ordered,
        rest=fixed.rest,
        varying=varying,
        groups=tuple(dict.fromkeys(line.row.group for line in lines if line.row.group)),
        layers=layers,
        size=size,
        exact=not varying and fixed.rest is None,
        recognised=_recognised(satellite, layout, words),
        part_of=_part_of(layout, words),
    )


def _recognised(satellite: Satellite, layout: PacketLayout, words: Words) -> tuple[str, ...]:
    parts = [p.name for p in satellite.packets if p.spans and p.spans.packet == layout.name]
    if parts:
        return (words("joined from parts: %(parts)s", parts=", ".join(parts)),)
    return tuple(notation.recognition(layout.match, words))


def _part_of(layout: PacketLayout, words: Words) -> str:
    spans = layout.spans
    if layout.glued:
        return words("What lies behind its rows in the same payload is a further packet.")
    return (
        words(
            "It is a part of the packet %(packet)s: %(index)s says which, %(count)s how many "
            "there are.",
            packet=spans.packet,
            index=spans.index,
            count=spans.count,
        )
        if spans
        else ""
    )


def _walk(
    items: tuple[Item, ...], prefix: str, notes: tuple[str, ...], words: Words
) -> Iterator[tuple[str, Parameter, tuple[str, ...]]]:
    """(name, row, notes) of every row; repeated ones once."""
    for item in items:
        own = (*notes, *_notes(item, words))
        if isinstance(item, Group):
            inner = f"{prefix}{item.name}_" if item.name else prefix
            yield from _walk(item.items, inner, own, words)
        elif item.kind != "skip":
            yield (prefix + item.name).rstrip("_"), item, own


def _notes(item: Item, words: Words) -> list[str]:
    notes = []
    if isinstance(item, Group):
        if item.count is not None:
            notes.append(f"× {item.count}")
        if item.count_from is not None:
            notes.append(f"× {item.count_from.text}")
        if item.to_end:
            notes.append(f"× {words('to the end')}")
    elif item.size_from is not None:
        notes.append(words("bytes: %(n)s", n=item.size_from.text))
    if item.when is not None:
        notes.append(words("only when %(condition)s", condition=item.when.text))
    if isinstance(item, Parameter) and item.unproved:
        notes.append(words("not proved"))
    return notes
