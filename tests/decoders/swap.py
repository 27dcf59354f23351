"""Two neighbouring rows of one type and size change places, in memory: who notices?

A definition in which somebody has mixed up two lines still decodes every frame without an error.
Only an expected value, by the row's name, can tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from decoders.bits import Field
from decoders.definition.model import Group, Item, Parameter, in_order
from decoders.errors import DecodeError
from decoders.plan import Plan
from decoders.shape import Shape
from decoders.value import Decoded
from tests.decoders.golden import Expected, Proof

#: Where the rows of a packet lie, and what is expected there.
_Case = tuple[Shape, bytes, Expected]


def neighbours(proof: Proof) -> Iterator[tuple[Parameter, Parameter]]:
    """Rows that stand next to each other and could change places unseen; none that is marked."""
    layout = proof.layout
    if layout.unproved:
        return
    groups = [item.items for item in in_order(layout.items) if isinstance(item, Group)]
    for items in (layout.items, *groups):
        for first, second in pairwise(_parameters(items)):
            if first.unproved or second.unproved:
                continue
            if _form(first) == _form(second) and first.bits:
                yield first, second


def _parameters(items: tuple[Item, ...]) -> Iterator[Parameter]:
    for item in items:
        repeats = isinstance(item, Group) and len(item.items) == 1
        row = item.items[0] if repeats and isinstance(item, Group) else item
        if isinstance(row, Parameter) and row.kind != "skip":
            yield row


def _form(row: Parameter) -> tuple[object, ...]:
    return row.kind, row.bits, row.endian, row.bit_order, row.when


def cases(proof: Proof) -> list[_Case]:
    """Every expected frame of the packet with the places of its rows."""
    plan = Plan(proof.layout)
    found = []
    for want, decoded in proof.frames:
        packet = packet_of(decoded)
        found.append((plan.shape(packet), packet, want))
    return found


def packet_of(decoded: Decoded) -> bytes:
    """The packet inside a frame's layers."""
    assert decoded.payload is not None
    start, length = decoded.payload
    return decoded.frame[start // 8 : (start + length) // 8]


def noticed(found: list[_Case], first: Parameter, second: Parameter) -> bool:
    """Whether any frame says something else when the two rows have changed places."""
    return any(_differs(*case, first, second) for case in found)


def _differs(
    shape: Shape, packet: bytes, want: Expected, first: Parameter, second: Parameter
) -> bool:
    a = [field for field in shape.fields if field.row is first]
    b = [field for field in shape.fields if field.row is second]
    if len(a) != len(b):
        return bool(a or b)  # of differing repetition: the packet's other rows move, too
    swapped = tuple(_exchanged(a, b))
    names = {field.name for field in swapped}
    here = Expected(
        want.satellite,
        want.packet,
        want.frame,
        {name: value for name, value in want.values.items() if name in names},
        {name: value for name, value in want.raw.items() if name in names},
    )
    try:
        moved = Shape(swapped, ())
        values = moved.values(packet)
    except DecodeError:
        return True
    if moved.problems(packet):
        return True
    return any(here.wrong({value.name: value for value in values}))


def _exchanged(a: list[Field], b: list[Field]) -> Iterator[Field]:
    for one, other in zip(a, b, strict=True):
        yield one._replace(start=other.start)
        yield other._replace(start=one.start)
