"""Reed-Solomon codes over GF(256), decoded by Berlekamp-Massey, Chien search and Forney's formula.

Source of the method: R. E. Blahut, "Algebraic Codes for Data Transmission", chapter 7; of the CCSDS
code and its dual basis: CCSDS 131.0-B-5 section 4 and annex F.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_SIZE = 255
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
        self._inverse_step = pow(step, -1, _SIZE)
        roots = step * (first_root + np.arange(parity)) % _SIZE
        # Logarithms of root_i ** position, position counted from the end of the codeword.
        self._powers = (roots[:, None] * np.arange(_SIZE)[None, ::-1] % _SIZE).astype(np.int32)
        self._generator = self._make_generator(roots)

    def _make_generator(self, roots: NDArray[np.int_]) -> list[int]:
        generator = [1]
        for root in roots.tolist():
            shifted = [*generator, 0]
            scaled = [0, *(self._multiply(c, self._exp_of(root)) for c in generator)]
            generator = [a ^ b for a, b in zip(shifted, scaled, strict=True)]
        return generator

    def _exp_of(self, power: int) -> int:
        return int(self._exp[power % _SIZE])

    def _multiply(self, a: int, b: int) -> int:
        if not a or not b:
            return 0
        return int(self._exp[int(self._log[a]) + int(self._log[b])])

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

    def decode(self, codeword: bytes) -> Corrected | None:
        """The data of a (shortened) codeword, or None when it cannot be corrected."""
        if not self.parity < len(codeword) <= _SIZE:
            return None
        word = np.frombuffer(codeword, np.uint8)
        if self._dual:
            word = _from_dual()[word]
        syndromes = self._syndromes(word)
        errors = 0
        if any(syndromes):
            fixed = self._correct(word, syndromes)
            if fixed is None:
                return None
            word, errors = fixed
        if self._dual:
            word = _to_dual()[word]
        return Corrected(word[: -self.parity].tobytes(), errors)

    def _syndromes(self, word: NDArray[np.uint8]) -> list[int]:
        used = np.flatnonzero(word)
        logs = self._log[word[used]]
        powers = self._powers[:, _SIZE - len(word) :][:, used]
        terms = self._exp[logs[None, :] + powers]
        found: list[int] = np.bitwise_xor.reduce(terms, axis=1).tolist()
        return found

    def _correct(
        self, word: NDArray[np.uint8], syndromes: list[int]
    ) -> tuple[NDArray[np.uint8], int] | None:
        locator = self._berlekamp_massey(syndromes)
        errors = len(locator) - 1
        if 2 * errors > self.parity:
            return None
        places = self._chien(locator, len(word))
        if len(places) != errors:
            return None
        fixed = word.copy()
        evaluator = self._evaluator(syndromes, locator)
        for place in places:
            fixed[len(word) - 1 - place] ^= self._magnitude(evaluator, locator, place)
        return (fixed, errors) if not any(self._syndromes(fixed)) else None

    def _berlekamp_massey(self, syndromes: list[int]) -> list[int]:
        """The error locator, lowest power first."""
        locator, previous = [1], [1]
        length, gap, last = 0, 1, 1
        for n, syndrome in enumerate(syndromes):
            delta = syndrome
            for i in range(1, min(length, len(locator) - 1) + 1):
                delta ^= self._multiply(locator[i], syndromes[n - i])
            if delta == 0:
                gap += 1
                continue
            factor = self._exp_of(int(self._log[delta]) - int(self._log[last]))
            update = [0] * gap + [self._multiply(factor, c) for c in previous]
            size = max(len(locator), len(update))
            new = [
                (locator[i] if i < len(locator) else 0) ^ (update[i] if i < len(update) else 0)
                for i in range(size)
            ]
            if 2 * length <= n:
                previous, last, length, gap = locator, delta, n + 1 - length, 1
            else:
                gap += 1
            locator = new
        while locator[-1] == 0:
            locator.pop()
        return locator

    def _chien(self, locator: list[int], length: int) -> list[int]:
        """Positions, counted from the last byte, at which the locator is zero."""
        positions = np.arange(length)
        inverse = -self._step * positions % _SIZE
        total = np.zeros(length, np.uint8)
        for power, coefficient in enumerate(locator):
            if coefficient:
                total ^= self._exp[int(self._log[coefficient]) + inverse * power % _SIZE]
        found: list[int] = np.flatnonzero(total == 0).tolist()
        return found

    def _evaluator(self, syndromes: list[int], locator: list[int]) -> list[int]:
        evaluator = [0] * self.parity
        for i, s in enumerate(syndromes):
            for j, c in enumerate(locator[: self.parity - i]):
                evaluator[i + j] ^= self._multiply(s, c)
        return evaluator

    def _magnitude(self, evaluator: list[int], locator: list[int], place: int) -> int:
        """Forney's formula for the error at ``place``."""
        x = self._step * place % _SIZE
        numerator = denominator = 0
        for power, coefficient in enumerate(evaluator):
            numerator ^= self._multiply(coefficient, self._exp_of(-x * power))
        for power in range(1, len(locator), 2):
            term = self._multiply(locator[power], self._exp_of(-x * (power - 1)))
            denominator ^= term
        if not numerator or not denominator:
            return 0
        power = int(self._log[numerator]) - int(self._log[denominator]) + x * (1 - self._first)
        return self._exp_of(power)


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
