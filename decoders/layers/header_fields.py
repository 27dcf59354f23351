"""Headers that are plain runs of bits: numbers out of a word, and back into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from decoders.errors import EncodeError

Fields: TypeAlias = Mapping[str, int | str | bool | None]
#: Name and number of bits of each field, the most significant first.
Layout: TypeAlias = Sequence[tuple[str, int]]


def unpack(header: bytes, layout: Layout) -> dict[str, int | str | bool | None]:
    """The fields of ``header``, most significant bit first; it must have exactly their bits."""
    word, left = int.from_bytes(header), 8 * len(header)
    fields: dict[str, int | str | bool | None] = {}
    for name, bits in layout:
        left -= bits
        fields[name] = word >> left & (1 << bits) - 1
    return fields


def pack(fields: Fields, layout: Layout, what: str) -> bytes:
    """The header of ``fields``, missing ones 0; EncodeError names ``what`` and the range."""
    word = total = 0
    for name, bits in layout:
        value = int(fields.get(name) or 0)
        if not 0 <= value < 1 << bits:
            raise EncodeError(f"{what} {name} {value} is not 0..{(1 << bits) - 1}")
        word = word << bits | value
        total += bits
    return word.to_bytes(total // 8)


def rest(fields: Fields, name: str) -> bytes:
    """Bytes that a layer keeps as hex so that wrapping gives them back; none: empty."""
    return bytes.fromhex(str(fields.get(name) or ""))
