"""The extended Golay code (24,12,8) as AX100 and U482C radios use it for their length word.

Source of the generator: GomSpace AX100 and U482C manuals, as documented by D. Estévez: parity in
the upper 12 bits, data in the lower 12; parity bit i is the parity of ``row i AND data``.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations

_ROWS = (
    *(0x8ED, 0x1DB, 0x3B5, 0x769, 0xED1, 0xDA3),
    *(0xB47, 0x68F, 0xD1D, 0xA3B, 0x477, 0xFFE),
)
_MOST_ERRORS = 3


def parity(data: int) -> int:
    """The 12 parity bits of 12 data bits."""
    return sum(((row & data).bit_count() & 1) << (11 - i) for i, row in enumerate(_ROWS))


def encode(data: int) -> int:
    """The 24-bit word of 12 data bits."""
    return parity(data) << 12 | data


def decode(word: int) -> tuple[int, int] | None:
    """(12 data bits, number of bits corrected), None when more than three bits are wrong."""
    error = _errors().get(parity(word & 0xFFF) ^ word >> 12)
    if error is None:
        return None
    return (word ^ error) & 0xFFF, error.bit_count()


@cache
def _errors() -> dict[int, int]:
    """Syndrome -> error pattern, for all patterns of up to three bits."""
    patterns = {}
    for count in range(_MOST_ERRORS + 1):
        for bits in combinations(range(24), count):
            error = sum(1 << bit for bit in bits)
            patterns[parity(error & 0xFFF) ^ error >> 12] = error
    return patterns
