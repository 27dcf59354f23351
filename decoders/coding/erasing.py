"""Reed-Solomon with soft decisions: where bytes are wrong that were not sure, they are erased.

An erasure costs a code half of what an error does. Which bytes to erase is not known, so the least
sure ones are, a few more in each try (G. D. Forney, "Generalized Minimum Distance Decoding", IEEE
Transactions on Information Theory 12, 1966).
"""

from __future__ import annotations

from functools import cache
from math import comb

import numpy as np
from numpy.typing import NDArray

from decoders.coding.reed_solomon import Corrected, ReedSolomon

#: Noise may pass for a codeword in one of so many tries.
_NOISE_PASSES = 1e-10
#: A check value of 16 bits inside the codeword refuses all but one of so many of those.
_CHECKED = 65536
#: Bytes are erased in steps of this part of the parity. Codes with less parity get no erasures:
#: what is left of it vouches for nothing.
_STEPS, LEAST_PARITY = 4, 16


def decode_soft(
    code: ReedSolomon, word: bytes, sure: NDArray[np.int16], *, checked: bool = False
) -> Corrected | None:
    """As ``code.decode(word)``; where that gives nothing, with the least sure bytes erased.

    ``sure``: how sure each byte is (:func:`decoders.symbols.sureness`); bytes that are all as sure
    as each other, as hard decisions are, get no erasures. ``checked``: the caller believes the data
    only where a check value of 16 bits in it fits.

    How likely noise passes: with errors alone one word in 4e13 of RS(255,223) does (about 16!), in
    5e4 of RS(255,239) or 4e9 of RS(64,48). Each of the three tries with erasures takes only as
    many errors beside them as keep that below one in 1e10 (with the check value, if there is one):
    for RS(255,223) 11 errors beside 8 erasures, 6 beside 16, 2 beside 24.
    """
    found = code.decode(word)
    if found is not None or not LEAST_PARITY <= code.parity < len(word):
        return found
    if sure.min() == sure.max():
        return None
    order = np.argsort(sure, kind="stable").tolist()
    step = code.parity // _STEPS
    for erased in range(step, code.parity, step):
        most = _most_errors(len(word), code.parity, erased, checked)
        if most is None:
            return None
        found = code.decode(word, order[:erased], most)
        if found is not None:
            return found
    return None


def noise_odds(length: int, parity: int, erased: int, errors: int) -> float:
    """How likely random bytes are decoded with so many erasures and at most so many errors.

    The part of all words that are as near to one of the codewords.
    """
    near = sum(comb(length - erased, each) * 255**each for each in range(errors + 1))
    return float(near / 256 ** (parity - erased))


@cache
def _most_errors(length: int, parity: int, erased: int, checked: bool) -> int | None:
    """Errors that may be corrected beside so many erasures; None: not even none."""
    allowed = _NOISE_PASSES * (_CHECKED if checked else 1)
    most = None
    for errors in range((parity - erased) // 2 + 1):
        if noise_odds(length, parity, erased, errors) > allowed:
            break
        most = errors
    return most
