"""What a packet's match demands of its bytes, filled in when it is encoded, or refused.

Bits that no value was given for take what the rules want; a value that says otherwise is a mistake,
for the packet would not be recognized.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from decoders.bits import Field, read
from decoders.definition.model import Match
from decoders.errors import EncodeError
from decoders.value import Raw


def demanded_length(match: Match, size: int) -> int:
    """Bytes of a packet whose values need ``size``: the least that the rules allow.

    Raises EncodeError when they allow none.
    """
    for offset, _, _ in match.masked:
        size = max(size, offset + 1 if offset >= 0 else -offset)
    size = max(size, len(match.prefix), match.minimum_length)
    if not match.length:
        return size
    allowed = [length for length in match.length if length >= size]
    if not allowed:
        listed = " or ".join(map(str, sorted(match.length)))
        raise EncodeError(f"it would have {size} bytes, and its match wants {listed}")
    return min(allowed)


def fill(packets: NDArray[np.uint8], match: Match, given: Sequence[Field]) -> None:
    """Set what the rules want in ``packets`` (N x bytes).

    ``given``: fields whose values were said. Raises EncodeError where one of them is against it.
    """
    size = packets.shape[1]
    taken = _bits_of(given, size)
    for offset, mask, value in _rules(match):
        index = offset if offset >= 0 else size + offset
        wrong = (packets[:, index] & mask) ^ value
        against = wrong & taken[index]
        if against.any():
            found = int(packets[np.flatnonzero(against)[0], index]) & mask
            names = ", ".join(f.name for f in given if _bits_of([f], size)[index] & mask)
            raise EncodeError(
                f"byte {offset} must be 0x{value:02X} (mask 0x{mask:02X}), as the packet's match "
                f"says, and {names} makes it 0x{found:02X}"
            )
        packets[:, index] ^= wrong


def _rules(match: Match) -> Iterator[tuple[int, int, int]]:
    """(offset, mask, value) of every byte that a rule speaks of."""
    for offset, byte in enumerate(match.prefix):
        yield offset, 0xFF, byte
    yield from match.masked


def _bits_of(fields: Sequence[Field], size: int) -> NDArray[np.uint8]:
    """A mask for each byte: the bits in which ``fields`` lie."""
    bits = np.zeros(8 * size, np.uint8)
    for field in fields:
        start, length = field.frame_bits(0)
        bits[start : start + length] = 1
    return np.packbits(bits)


def said(fields: Sequence[Field], names: Container[str]) -> list[Field]:
    """Those of ``fields`` that have a value of their own: given, or a constant."""
    return [f for f in fields if f.name in names or f.row.const is not None or f.row.crc]


class Wanted:
    """The raw values that the rules of a match leave no choice for."""

    def __init__(self, match: Match):
        rules = [rule for rule in _rules(match) if rule[0] >= 0]
        size = max((offset + 1 for offset, _, _ in rules), default=0)
        self._bytes, self._known = bytearray(size), np.zeros(size, np.uint8)
        for offset, mask, value in rules:
            self._bytes[offset] = (self._bytes[offset] & ~mask & 0xFF) | value
            self._known[offset] |= mask

    def raw(self, field: Field) -> Raw | None:
        """The raw value of ``field``; None: the rules leave it open."""
        size = len(self._bytes)
        if field.end_byte > size or field.bits == 0:
            return None
        open_bits = _bits_of([field], size) & ~self._known
        return None if open_bits.any() else read(bytes(self._bytes), field)
