"""Reed-Solomon codes over GF(256), decoded by Berlekamp-Massey, Chien search and Forney's formula.

Source of the method: R. E. Blahut, "Algebraic Codes for Data Transmission", chapter 7 (erasures:
the Berlekamp-Massey algorithm begins with their locator); of the CCSDS code and its dual basis:
CCSDS 131.0-B-5 section 4 and annex F.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_SIZE = 255
#: Where the rows of each byte of a full codeword begin in the table of shares.
_ROWS = 32 * np.arange(_SIZE)[::-1]
#: Rows of the matrix that takes a conventional byte to the dual basis, CCSDS 131.0-B-5 annex F.
_DUAL_ROWS = (0x8D, 0xEF, 0xEC, 0x86, 0xFA, 0x99, 0xAF, 0x7B)


class Corrected(NamedTuple):
    """Data bytes of a codeword, and how many of its bytes were wrong."""

    data: bytes
    errors: int


class ReedSolomon:
    """RS(255, 255 - ``parity``), shortened by leaving out leading bytes, which are zeros.

    ``field``: the field's polynomial, such as 0x187. Roots of the generator are
    ``alpha**(step * (first_root + i))``, ``i`` from 0 to ``parity - 1``. ``dual``: the codeword's
    bytes are in the dual (Berlekamp) basis.
    """

    def __init__(self, parity: int, field: int, first_root: int, step: int = 1, dual: bool = False):
        self.parity = parity
        self._dual = dual
        self._exp, self._log = _tables(field)
        self._step, self._first = step, first_root
        self._products = _products(field)
        self._roots = step * (first_root + np.arange(parity)) % _SIZE
        # X ** -power for the error locator X of each position, a row for each power.
        places = step * np.arange(_SIZE)
        inverses = self._exp[-places * np.arange(parity + 1)[:, None] % _SIZE]
        self._inverses = [row.tobytes() for row in inverses]
        self._generator = self._make_generator()

    def _make_generator(self) -> list[int]:
        generator = [1]
        for root in self._roots.tolist():
            shifted = [*generator, 0]
            scaled = [0, *(self._multiply(c, self._exp_of(root)) for c in generator)]
            generator = [a ^ b for a, b in zip(shifted, scaled, strict=True)]
        return generator

    @cached_property
    def _shares(self) -> NDArray[np.uint64]:
        """What a half of a byte adds to the syndromes: a row, eight of them in a number.

        Rows are for each position from the end of a codeword, its high half's 16 values, then
        those of the low half. A syndrome is linear in every bit, so the shares of a word are added.
        """
        powers = self._roots * np.arange(_SIZE)[:, None] % _SIZE
        halves = np.concatenate([np.arange(16) << 4, np.arange(16)])
        shares = np.zeros((_SIZE, 32, -(-self.parity // 8) * 8), np.uint8)
        shares[:, :, : self.parity] = self._exp[self._log[halves][:, None] + powers[:, None]]
        shares[:, halves == 0] = 0  # zero has no logarithm
        return shares.reshape(_SIZE * 32, -1).view(np.uint64)

    def _exp_of(self, power: int) -> int:
        return int(self._exp[power % _SIZE])

    def _multiply(self, a: int, b: int) -> int:
        return self._products[a][b]

    def encode(self, data: bytes) -> bytes:
        """``data`` (at most 255 - parity bytes) followed by its parity bytes."""
        content = _translate(data, _from_dual()) if self._dual else data
        remainder = [0] * self.parity
        for byte in content:
            factor = byte ^ remainder.pop(0)
            remainder.append(0)
            if factor:
                for i, coefficient in enumerate(self._generator[1:]):
                    remainder[i] ^= self._multiply(factor, coefficient)
        found = bytes(remainder)
        return data + (_translate(found, _to_dual()) if self._dual else found)

    def decode(
        self, codeword: bytes, erasures: Sequence[int] = (), most_errors: int | None = None
    ) -> Corrected | None:
        """The data of a (shortened) codeword, or None when it cannot be corrected.

        ``erasures``: indexes, each once, of bytes that may be wrong. Beside them so many others may
        be that 2 x errors + erasures <= parity, and at most ``most_errors``. The more of the parity
        erasures take, the less of it says that this is a codeword at all: see
        :func:`decoders.coding.erasing.decode_soft`. Raises ValueError for an index outside.
        """
        if not self.parity < len(codeword) <= _SIZE:
            return None
        if erasures and not 0 <= min(erasures) <= max(erasures) < len(codeword):
            raise ValueError(f"an erasure is not 0..{len(codeword) - 1}")
        word = np.frombuffer(codeword, np.uint8)
        if self._dual:
            word = _from_dual()[word]
        syndromes = self._syndromes(word)
        errors = 0
        if any(syndromes):
            erased = [len(codeword) - 1 - index for index in erasures]
            fixed = self._correct(word, syndromes, erased, most_errors)
            if fixed is None:
                return None
            word, errors = fixed
        if self._dual:
            word = _to_dual()[word]
        return Corrected(word[: -self.parity].tobytes(), errors)

    def _syndromes(self, word: NDArray[np.uint8]) -> bytes:
        high = _ROWS[_SIZE - len(word) :] + (word >> 4)
        low = _ROWS[_SIZE - len(word) :] + 16 + (word & 15)
        shares = self._shares.take(np.concatenate([high, low]), axis=0)
        found: bytes = np.bitwise_xor.reduce(shares, axis=0).tobytes()
        return found[: self.parity]

    def _correct(
        self,
        word: NDArray[np.uint8],
        syndromes: bytes,
        erased: Sequence[int],
        most_errors: int | None,
    ) -> tuple[NDArray[np.uint8], int] | None:
        """The codeword, and how many bytes were wrong. ``erased``: places from the last byte."""
        if len(erased) > self.parity:
            return None
        locator, evaluator = self._berlekamp_massey(syndromes, erased)
        found = len(locator) - 1
        most = (self.parity - len(erased)) // 2
        most = most if most_errors is None else min(most, most_errors)
        if not 0 <= found - len(erased) <= most:
            return None
        # Chien search: the places, from the last byte, at which the locator is zero.
        places = np.flatnonzero(self._values(locator, np.arange(len(word))) == 0)
        if len(places) != found:
            return None
        fixed = word.copy()
        wrong = self._magnitudes(evaluator, locator, places)
        fixed[len(word) - 1 - places] ^= wrong
        return (fixed, int(np.count_nonzero(wrong))) if not any(self._syndromes(fixed)) else None

    def _values(self, polynomial: bytes, places: NDArray[np.intp]) -> NDArray[np.uint8]:
        """The polynomial (lowest power first) at X ** -1 of each place."""
        total = 0
        for inverses, coefficient in zip(self._inverses, polynomial, strict=False):
            if coefficient:
                term = inverses.translate(self._products[coefficient])
                total ^= int.from_bytes(term, "little")
        return np.frombuffer(total.to_bytes(_SIZE, "little"), np.uint8)[places]

    def _magnitudes(
        self, evaluator: bytes, locator: bytes, places: NDArray[np.intp]
    ) -> NDArray[np.uint8]:
        """Forney's formula for the errors at ``places``; 0 where it has no value."""
        numerators = self._values(evaluator, places)
        odd = bytes(c if power % 2 else 0 for power, c in enumerate(locator))
        denominators = self._values(odd, places)  # the derivative, times X ** -1
        x = self._step * places
        power = self._log[numerators] - self._log[denominators] - self._first * x
        known = (numerators != 0) & (denominators != 0)
        return np.where(known, self._exp[power % _SIZE], np.uint8(0))

    def _berlekamp_massey(self, syndromes: bytes, erased: Sequence[int]) -> tuple[bytes, bytes]:
        """The locator of errors and erasures and their evaluator, lowest power first.

        A polynomial is a number with a byte a coefficient, so that it is multiplied and added as a
        whole. Above the locator stands its product with the syndromes, which undergoes the same
        steps: its coefficients are the discrepancies, what is left of it the evaluator.
        """
        above = self.parity + 1
        size = above + self.parity
        both = 1 | int.from_bytes(syndromes, "little") << 8 * above
        for place in erased:
            both ^= self._scaled(both, 1, self._exp_of(self._step * place), size)
        previous, length, gap, last = both, len(erased), 1, 1
        for n in range(len(erased), self.parity):
            delta = both >> 8 * (above + n) & 0xFF
            if delta == 0:
                gap += 1
                continue
            factor = self._exp_of(int(self._log[delta]) - int(self._log[last]))
            update = self._scaled(previous, gap, factor, size)
            if 2 * length <= n + len(erased):
                previous, last, gap = both, delta, 1
                length = n + 1 - length + len(erased)
            else:
                gap += 1
            both ^= update
        found = both.to_bytes(size, "little")
        return found[:above].rstrip(b"\0"), found[above:]

    def _scaled(self, polynomial: int, powers: int, factor: int, size: int) -> int:
        """Times ``factor`` x ** ``powers``, the first ``size`` coefficients."""
        shifted = (polynomial << 8 * powers & (1 << 8 * size) - 1).to_bytes(size, "little")
        return int.from_bytes(shifted.translate(self._products[factor]), "little")


@cache
def _tables(field: int) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Powers of alpha (twice around, so that sums of two logarithms need no modulo), and logs."""
    exp, log = np.zeros(2 * _SIZE, np.uint8), np.zeros(256, np.int32)
    value = 1
    for power in range(_SIZE):
        exp[power] = exp[power + _SIZE] = value
        log[value] = power
        value <<= 1
        if value & 0x100:
            value ^= field
    return exp, log


@cache
def _products(field: int) -> tuple[bytes, ...]:
    """For each number of the field its products with all of them."""
    exp, log = _tables(field)
    table = exp[log[:, None] + log]
    table[0] = table[:, 0] = 0
    return tuple(row.tobytes() for row in table)


@cache
def _to_dual() -> NDArray[np.uint8]:
    table = np.zeros(256, np.uint8)
    for byte in range(256):
        for bit, row in enumerate(_DUAL_ROWS):
            if byte >> (7 - bit) & 1:
                table[byte] ^= row
    return table


@cache
def _from_dual() -> NDArray[np.uint8]:
    table = np.zeros(256, np.uint8)
    table[_to_dual()] = np.arange(256, dtype=np.uint8)
    return table


def _translate(data: bytes, table: NDArray[np.uint8]) -> bytes:
    return table[np.frombuffer(data, np.uint8)].tobytes()


@cache
def ccsds(dual: bool, parity: int = 32) -> ReedSolomon:
    """The CCSDS code RS(255, 255 - parity), conventional or dual basis."""
    return ReedSolomon(parity, 0x187, 112, 11, dual)


@cache
def plain(parity: int, first_root: int) -> ReedSolomon:
    """Codes over the field 0x11D with consecutive roots: FX.25, CC1101, TT-64, IL2P."""
    return ReedSolomon(parity, 0x11D, first_root)
