"""Pseudo-noise sequences that whiten frames (additive scramblers), as packed bytes.

Each is XORed over the frame from its first byte on. Sources: CCSDS 131.0-B-5 section 10 (ccsds);
Texas Instruments DN509 (cc11xx); Semtech SX1261 data sheet 6.2.3.3 (sx126x: the same bits, most
significant first); Silicon Labs AN626 (si446x); Mobitex interface specification (mobitex).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from decoders.errors import DefinitionError
from decoders.suggest import nearest

#: Name -> (register length, exponents whose bits are XORed, first bits, least significant first?).
#: The sequence obeys a[n + length] = XOR of a[n + e] over the exponents e.
_SEQUENCES: dict[str, tuple[int, tuple[int, ...], int, bool]] = {
    "ccsds": (8, (0, 3, 5, 7), 0b11111111, False),
    "cc11xx": (9, (0, 5), 0b111111111, True),
    "sx126x": (9, (0, 5), 0b111111111, False),
    "si446x": (9, (0, 5), 0b100001111, False),
    "mobitex": (9, (0, 4), 0b111111111, False),
}
#: Longest frame that is ever whitened here, bytes.
LONGEST = 8192


def sequence(name: str, length: int) -> NDArray[np.uint8]:
    """The first ``length`` (at most LONGEST) bytes; raises DefinitionError for an unknown name."""
    if name not in _SEQUENCES:
        hint = nearest(name, _SEQUENCES)
        raise DefinitionError(f"there is no scrambler {name!r}; {hint}")
    return _whole(name)[:length]


def whiten(name: str, data: bytes) -> bytes:
    """``data`` scrambled or, which is the same, descrambled."""
    found = np.frombuffer(data, np.uint8) ^ sequence(name, len(data))
    return found.tobytes()


@cache
def _whole(name: str) -> NDArray[np.uint8]:
    size, exponents, first, least_first = _SEQUENCES[name]
    bits = [first >> (size - 1 - n) & 1 for n in range(size)]
    period = 2**size - 1  # after which the register has been in every state
    for n in range(period - size):
        bits.append(sum(bits[n + e] for e in exponents) & 1)
    whole = np.resize(np.array(bits, np.uint8), 8 * LONGEST)
    return np.packbits(whole, bitorder="little" if least_first else "big")
