"""Bits and soft symbols as arrays.

A *soft symbol* is a signed number: positive means 1, negative 0, its size how sure that is; 0 is an
erasure. Hard bits are the soft symbols 1 and -1.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

#: Hard bits, one a byte, 0 or 1.
Bits: TypeAlias = NDArray[np.uint8]
#: Soft symbols.
Symbols: TypeAlias = NDArray[np.int8]


def from_packed(data: bytes) -> Symbols:
    """Symbols of packed hard bits, the most significant bit of each byte first."""
    return from_bits(np.unpackbits(np.frombuffer(data, np.uint8)))


def from_bits(bits: Bits) -> Symbols:
    """Symbols 1 and -1 of hard bits."""
    return (2 * bits.astype(np.int8) - 1).astype(np.int8)


def to_bits(symbols: Symbols) -> Bits:
    """Hard decisions; an erasure is 0."""
    return (symbols > 0).astype(np.uint8)


def to_bytes(symbols: Symbols) -> bytes:
    """Hard decisions packed, most significant bit first; an incomplete last byte is left out."""
    whole = len(symbols) - len(symbols) % 8
    return np.packbits(symbols[:whole] > 0).tobytes()


def sureness(symbols: Symbols) -> NDArray[np.int16]:
    """How sure each of the bytes of :func:`to_bytes` is: as sure as its least sure symbol."""
    whole = len(symbols) - len(symbols) % 8
    found: NDArray[np.int16] = np.abs(symbols[:whole].astype(np.int16)).reshape(-1, 8).min(axis=1)
    return found
