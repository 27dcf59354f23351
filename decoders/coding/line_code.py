"""Line codes of a bit stream: NRZI and the G3RUH scrambler, as streams with a memory.

They work on soft symbols: a result is as sure as the least sure symbol that it is made of. Source
of G3RUH (1 + x^12 + x^17): J. Miller, "9600 Baud Packet Radio Modem Design", 1988.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from decoders.symbols import Bits, Symbols


class LineDecoder(Protocol):
    """Symbols in, as many symbols out; any chunking gives the same."""

    def feed(self, symbols: Symbols) -> Symbols:
        """The decoded symbols of the next ones."""
        ...


def _exclusive_or(*terms: Symbols) -> Symbols:
    """XOR of soft symbols: product of the signs, least of the sizes."""
    ones = sum((term > 0).astype(np.int8) for term in terms)
    sure = np.minimum.reduce([np.abs(term.astype(np.int16)) for term in terms])
    found: Symbols = np.where(ones % 2 == 1, sure, -sure).astype(np.int8)
    return found


class Nrzi:
    """A change means 0, no change means 1; the first symbol follows on a 0."""

    def __init__(self) -> None:
        self._last = np.array([-1], np.int8)

    def feed(self, symbols: Symbols) -> Symbols:
        """See the class."""
        stream = np.concatenate([self._last, symbols])
        self._last = stream[-1:]
        return -_exclusive_or(stream[1:], stream[:-1])


class G3ruh:
    """Descrambler of 1 + x^12 + x^17; before the first symbol come zeros."""

    def __init__(self) -> None:
        self._last = np.full(17, -1, np.int8)

    def feed(self, symbols: Symbols) -> Symbols:
        """See the class."""
        stream = np.concatenate([self._last, symbols])
        self._last = stream[-17:]
        size = len(symbols)
        return _exclusive_or(stream[17:], stream[5 : 5 + size], stream[:size])


class Differential:
    """Each symbol is the XOR with the one before (NRZ-M): the inverse of NRZI."""

    def __init__(self) -> None:
        self._last = np.array([-1], np.int8)

    def feed(self, symbols: Symbols) -> Symbols:
        """See the class."""
        stream = np.concatenate([self._last, symbols])
        self._last = stream[-1:]
        return _exclusive_or(stream[1:], stream[:-1])


def encode_nrzi(bits: Bits) -> Bits:
    """The inverse of :class:`Nrzi`: a 0 changes the symbol, which is 0 before the first one."""
    found: Bits = (np.cumsum(1 - bits.astype(np.int64)) % 2).astype(np.uint8)
    return found


def encode_g3ruh(bits: Bits) -> Bits:
    """The inverse of :class:`G3ruh`: out[n] = in[n] ^ out[n - 12] ^ out[n - 17]."""
    stream = np.zeros(17 + len(bits), np.uint8)
    for start in range(0, len(bits), 12):  # what is fed back is at least 12 bits old
        some = bits[start : start + 12]
        end = 17 + start + len(some)
        stream[17 + start : end] = some ^ stream[5 + start : end - 12] ^ stream[start : end - 17]
    return stream[17:]
