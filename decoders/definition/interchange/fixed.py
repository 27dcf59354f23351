"""The part of a packet whose fields always lie at the same places, for formats of that kind."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from decoders.bits import Field
from decoders.definition.interchange.conversion import Losses
from decoders.definition.model import Group, Item, PacketLayout, Parameter
from decoders.layout import is_static, place
from decoders.value import Raw


class Fixed(NamedTuple):
    """``fields``, usually in the order of their bits, each after the end of the one before.

    ``rest``: a last text or bytes field that takes what is left of the packet, 0 bits long.
    """

    fields: tuple[Field, ...]
    rest: Field | None


def fixed_part(layout: PacketLayout, losses: Losses, *, in_order: bool = True) -> Fixed:
    """Fields up to the first whose place varies; what is left out is noted in ``losses``.

    ``in_order`` False: all of them in the order of the file, for formats that can reach any bit.
    """
    rows: list[Item] = []
    last: Parameter | None = None
    for index, item in enumerate(layout.items):
        if is_static((item,)):
            rows.append(item)
            continue
        if _takes_the_rest(item) and index == len(layout.items) - 1:
            last = item if isinstance(item, Parameter) else None
        else:
            losses.add(f"packet {layout.name!r}: rows that vary are left out, from", _name(item))
        break
    fields = place(replace(layout, items=(*rows,)), 0, _never)
    rest = None
    if last is not None:
        start = max((f.start + f.bits for f in fields), default=8 * len(layout.match.prefix))
        rest = Field(last.name, last, last.at if last.at is not None else start, 0)
    if in_order:
        fields = _without_overlap(fields, layout.name, losses)
    return Fixed(fields, rest)


def _takes_the_rest(item: Item) -> bool:
    return (
        isinstance(item, Parameter)
        and item.bits == 0
        and item.when is None
        and item.size_from is None
        and not item.until
    )


def _name(item: Item) -> str:
    if isinstance(item, Group) and not item.name and item.items:
        return _name(item.items[0])
    return item.name


def _without_overlap(fields: tuple[Field, ...], packet: str, losses: Losses) -> tuple[Field, ...]:
    kept: list[Field] = []
    end = 0
    for field in sorted(fields, key=lambda field: field.frame_bits(0)[0]):
        start, bits = field.frame_bits(0)
        if start < end or bits != field.bits:
            reason = "lie over others" if start < end else "cross bytes, least bit first"
            losses.add(f"packet {packet!r}: rows that {reason} are left out", field.name)
            continue
        kept.append(field)
        end = start + bits
    return tuple(kept)


def _never(field: Field) -> Raw:
    raise AssertionError(f"a static layout reads no field while it is placed: {field.name}")
