"""Where each field of one packet lies: a layout's conditions, counts and sizes worked out."""

from __future__ import annotations

from collections.abc import Callable

from decoders.bits import Field
from decoders.bits import read as read_bits
from decoders.definition.bounds import MOST_BYTES, MOST_FIELDS, MOST_STEPS
from decoders.definition.expression import Expression
from decoders.definition.model import Group, Item, PacketLayout, Parameter
from decoders.errors import DecodeError
from decoders.value import Raw


def is_static(items: tuple[Item, ...]) -> bool:
    """True when every packet of the layout has the same fields at the same places."""
    for item in items:
        if item.when is not None:
            return False
        if isinstance(item, Group):
            if item.count_from is not None or item.to_end or not is_static(item.items):
                return False
        elif item.bits == 0 or item.size_from is not None:
            return False
    return True


def place(
    layout: PacketLayout,
    length: int,
    read: Callable[[Field], Raw],
    given: Callable[[str], bool] | None = None,
    text_bits: Callable[[Field], int] | None = None,
) -> tuple[Field, ...]:
    """The fields of one packet in order.

    ``length``: bytes of the packet. ``read`` gives the raw value of a field that a condition, count
    or size depends on. ``given`` (for encoding): whether there is a value whose name begins so; it
    ends rows that repeat to the end. ``text_bits``: bits of a text with ``until``. Raises
    DecodeError for what does not fit in the packet.
    """
    walk = _Walk(length, read, given, text_bits, layout.controls)
    walk.cursor = 8 * len(layout.match.prefix)
    walk.items(layout.items, "", 0)
    return tuple(walk.fields)


class _Walk:
    def __init__(
        self,
        length: int,
        read: Callable[[Field], Raw],
        given: Callable[[str], bool] | None,
        text_bits: Callable[[Field], int] | None,
        controls: frozenset[str],
    ):
        self.length, self.read, self.given = length, read, given
        self.text_bits, self.controls = text_bits, controls
        self.cursor = self.steps = 0
        self.fields: list[Field] = []
        self.scope: dict[str, Raw] = {"length": length}

    def items(self, items: tuple[Item, ...], prefix: str, base: int) -> None:
        for item in items:
            self._step()
            if item.when is not None and not self._truth(item.when):
                continue
            if item.at is not None:
                self.cursor = base + item.at
            if isinstance(item, Group):
                self._group(item, prefix)
            else:
                self._parameter(item, prefix)

    def _step(self) -> None:
        """One more row, gap or repetition."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise DecodeError(f"more than {MOST_STEPS} rows, gaps and repetitions in one packet")

    def _truth(self, expression: Expression) -> bool:
        return bool(expression.value(self.scope))

    def _whole(self, expression: Expression, what: str) -> int:
        most = MOST_BYTES if what == "size_from" else MOST_STEPS
        number = expression.value(self.scope)
        known = isinstance(number, int | float) and 0 <= number <= most
        if not known or number != int(number):
            told = f"gives {number}, not a whole number from 0 to {most}"
            raise DecodeError(f"{what} {expression.text!r} {told}")
        return int(number)

    def _group(self, group: Group, prefix: str) -> None:
        name = f"{prefix}{group.name}_" if group.name else prefix
        if group.to_end:
            index = 0
            while self._more(f"{name}{index}"):
                self._once(group, f"{name}{index}_")
                index += 1
            return
        if group.count_from is not None:
            count = self._whole(group.count_from, "count_from")
        elif group.count is not None:
            count = group.count
        else:
            self._once(group, name)
            return
        for index in range(count):
            if group.count_from is not None and self.given is None:
                self._inside(f"{name}{index}")
            self._once(group, f"{name}{index}_")

    def _inside(self, name: str) -> None:
        """A repetition whose number the packet tells begins inside of it."""
        if self.cursor > 8 * self.length:
            raise DecodeError(f"packet of {self.length} bytes ends before {name!r}")

    def _more(self, prefix: str) -> bool:
        if self.given is not None:
            return self.given(prefix)
        return self.cursor < 8 * self.length

    def _once(self, group: Group, prefix: str) -> None:
        self._step()
        start = self.cursor
        self.items(group.items, prefix, start)
        if group.bits:
            self.cursor = start + group.bits
        if self.cursor == start and group.to_end:
            raise DecodeError(f"{prefix}: a repetition without length cannot repeat to the end")

    def _parameter(self, row: Parameter, prefix: str) -> None:
        bits = row.bits
        name = (prefix + row.name).rstrip("_")
        if row.size_from is not None:
            bits = 8 * self._whole(row.size_from, "size_from")
        elif row.until and not bits and self.text_bits is not None:
            bits = self.text_bits(Field(name, row, self.cursor, 0))
        elif bits == 0:
            bits = max(8 * self.length - self.cursor, 0)
        field = Field(name, row, self.cursor, bits)
        self.cursor += bits
        if row.kind == "skip":
            return
        self.fields.append(field)
        if len(self.fields) > MOST_FIELDS:
            raise DecodeError(f"more than {MOST_FIELDS} fields in one packet")
        if name in self.controls or row.name in self.controls:
            raw = self.read(field)
            self.scope[name] = self.scope[row.name] = raw


def reader(packet: bytes) -> Callable[[Field], Raw]:
    """A ``read`` for :func:`place`: raw values of ``packet``, DecodeError beyond its end."""

    def read_field(field: Field) -> Raw:
        require(packet, (field,))
        return read_bits(packet, field)

    return read_field


def text_ends(packet: bytes) -> Callable[[Field], int]:
    """A ``text_bits`` for :func:`place`: up to and with the row's ``until``, or to the end."""

    def bits(field: Field) -> int:
        start = (field.start + 7) // 8
        if start >= len(packet):
            raise DecodeError(f"packet of {len(packet)} bytes ends before {field.name!r}")
        until = field.row.until
        found = packet.find(until, start)
        return 8 * ((found + len(until) if found >= 0 else len(packet)) - start)

    return bits


def require(packet: bytes, fields: tuple[Field, ...]) -> None:
    """Raise DecodeError when a field reaches beyond the end of ``packet``."""
    for field in fields:
        if field.end_byte > len(packet):
            raise DecodeError(
                f"packet of {len(packet)} bytes ends before {field.name!r}, "
                f"which needs {field.end_byte}"
            )
