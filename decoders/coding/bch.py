"""BCH codes of length 15, decoded by a table of syndromes.

Source: S. Lin and D. J. Costello, "Error Control Coding", chapter 6; bit i of a word is the
coefficient of x^i.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations

_LENGTH = 15


class Bch15:
    """BCH(15, ``size``) with ``generator``; corrects up to ``most_errors`` bits."""

    def __init__(self, size: int, generator: int, most_errors: int):
        self.size = size
        self._generator = generator
        self._check = _LENGTH - size
        self._errors = {
            self._syndrome(error): error
            for count in range(most_errors + 1)
            for error in (sum(1 << bit for bit in bits) for bits in combinations(range(15), count))
        }

    def _syndrome(self, word: int) -> int:
        for bit in range(_LENGTH - 1, self._check - 1, -1):
            if word >> bit & 1:
                word ^= self._generator << (bit - self._check)
        return word

    def decode(self, word: int) -> tuple[int, int] | None:
        """(data: the upper ``size`` bits, bits corrected), None when there are too many errors."""
        error = self._errors.get(self._syndrome(word))
        return None if error is None else ((word ^ error) >> self._check, error.bit_count())


@cache
def bch15(size: int) -> Bch15:
    """The code with 5, 7 or 11 data bits."""
    generator, most_errors = {5: (0x537, 3), 7: (0x1D1, 2), 11: (0x13, 1)}[size]
    return Bch15(size, generator, most_errors)
