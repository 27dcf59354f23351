"""The repeat-accumulate code of SMOG-P, ATL-1, SMOG-1 and MRC-100.

Four passes run over the data words, each in a pseudo-random order of its own. A running word is
rotated by one bit and XORed with each; the first pass sends it after every step, the others after
every third. It is decoded by belief propagation. Sources: BME, SMOG-P documentation, and M.
Maróti's RA encoder as documented by D. Estévez; for the decoder, D. Divsalar et al., "Coding
Theorems for 'Turbo-Like' Codes", Allerton 1998.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from decoders.symbols import Bits, Symbols

_T = TypeVar("_T", bound=np.generic)
_WORD = 16
_PASSES = 4
_PUNCTURE = (1, 3, 3, 3)
#: Galois feedback of the four passes by the bit length of the number of words.
_MASKS = {
    5: (0x12, 0x17, 0x1B, 0x1E),
    6: (0x21, 0x2D, 0x30, 0x39),
    7: (0x41, 0x53, 0x69, 0x7B),
    8: (0x8E, 0xAF, 0xC3, 0xE7),
}
_ITERATIONS = 40
_CLIP = 15.0
#: Between 0, which cannot be divided by, and 1, which stands for infinity; single precision takes
#: half the time of double and tells 1 from this. Its logarithm ratio lies beyond the clipping.
_LEAST_TANGENT, _MOST_TANGENT = np.float32(1e-12), np.float32(1 - 1e-7)
#: Noise shows after a few iterations: its checks are expected to hold as often as not (a mean of 0;
#: 0.06 at most after six), those of a block that can be decoded more often (at least 0.086 in 2,100
#: blocks of 128 bytes at the limit of the code). Few checks differ less, and take less time.
_LOOK_AFTER, _LEAST_PARITY, _LEAST_WORDS = 6, 0.04, 32


class Decoded(NamedTuple):
    """Data bytes, and the received bits that differ from their encoding."""

    data: bytes
    errors: int


class RepeatAccumulate:
    """The code for frames of ``size`` bytes (even, 34 to 510)."""

    def __init__(self, size: int):
        self._words = size // 2
        self._orders = [_order(self._words, number) for number in range(_PASSES)]
        self.coded_bytes = 2 * (self._words + 3 * -(-self._words // 3))
        self._make_checks()

    def encode(self, data: bytes) -> bytes:
        """The coded bytes of ``data``."""
        words = np.frombuffer(data, "<u2").tolist()
        out = []
        for order, puncture in zip(self._orders, _PUNCTURE, strict=True):
            running = 0
            for step, index in enumerate(order, 1):
                running = (running >> 1 | running << (_WORD - 1)) & 0xFFFF ^ words[index]
                if step % puncture == 0 or step == len(order):
                    out.append(running)
        return np.array(out, "<u2").tobytes()

    def _make_checks(self) -> None:
        """Parity checks: a sent bit, the bit sent before it, and the data bits between.

        Columns 0 to 16·words - 1 are data bits, then the sent ones; -1 is no bit.
        """
        rows: list[list[int]] = []
        sent = _WORD * self._words
        for order, puncture in zip(self._orders, _PUNCTURE, strict=True):
            groups = [order[at : at + puncture] for at in range(0, len(order), puncture)]
            for number, group in enumerate(groups):
                for bit in range(_WORD):
                    row = [sent + bit]
                    if number:
                        row.append(sent - _WORD + (bit + len(group)) % _WORD)
                    for age, index in enumerate(reversed(group)):
                        row.append(_WORD * index + (bit + age) % _WORD)
                    rows.append(row + [-1] * (5 - len(row)))
                sent += _WORD
        checks = np.array(rows)
        self._bits = sent
        checks[checks < 0] = sent  # one more bit, which is certainly 0
        first = _WORD * self._words  # the checks of the first pass have three bits at most
        short, long = checks[:first, :3].T, checks[first:].T
        self._edges = np.concatenate([short.reshape(-1), long.reshape(-1)])
        self._shapes = short.shape, long.shape
        self._absent = np.flatnonzero(self._edges == sent)

    def decode(self, symbols: Symbols) -> Decoded:
        """The most likely data of ``8 * coded_bytes`` symbols; the caller judges the errors."""
        received = _little_words(symbols)
        size = _WORD * self._words
        scale = np.abs(received).mean() or 1.0
        prior = np.zeros(self._bits + 1, np.float32)
        prior[size:-1] = -3.0 * received / scale  # positive: 0
        prior[-1] = _CLIP  # certainly 0
        total = self._propagate(prior)
        data = _pack_words(total[:size] < 0)
        again = _little_words(np.unpackbits(np.frombuffer(self.encode(data), np.uint8)))
        errors = int((again.astype(bool) != (received > 0)).sum())
        return Decoded(data, errors)

    def _propagate(self, prior: NDArray[np.float32]) -> NDArray[np.float32]:
        """Sum-product decoding; log-likelihoods of all bits, positive: 0."""
        total, messages = prior, np.zeros(len(self._edges), np.float32)
        for iteration in range(_ITERATIONS):
            bits = total[self._edges]
            if iteration and not any(
                np.bitwise_xor.reduce(part).any() for part in self._by_check(bits < 0)
            ):
                break
            tangents = np.tanh(np.clip(bits - messages, -_CLIP, _CLIP) / 2)
            tangents[np.abs(tangents) < _LEAST_TANGENT] = _LEAST_TANGENT
            tangents[self._absent] = 1.0  # changes no product
            parts = self._by_check(tangents)
            products = [np.multiply.reduce(part) for part in parts]
            if iteration >= _LOOK_AFTER and self._is_noise(products):
                break
            for part, product in zip(parts, products, strict=True):
                np.divide(product, part, out=part)
            np.clip(tangents, -_MOST_TANGENT, _MOST_TANGENT, out=tangents)
            messages = np.log((1 + tangents) / (1 - tangents))  # twice the inverse of tanh
            total = prior + np.bincount(self._edges, messages, len(prior)).astype(np.float32)
            total[-1] = _CLIP
        return total

    def _by_check(self, edges: NDArray[_T]) -> tuple[NDArray[_T], NDArray[_T]]:
        """A column for each check: those of the first pass, and the others."""
        short, long = self._shapes
        cut = short[0] * short[1]
        return edges[:cut].reshape(short), edges[cut:].reshape(long)

    def _is_noise(self, parities: list[NDArray[np.float32]]) -> bool:
        """From how much each check is expected to hold, 1 for surely, -1 for surely not."""
        mean = np.concatenate(parities).mean()
        return self._words >= _LEAST_WORDS and bool(mean < _LEAST_PARITY)


def _order(words: int, number: int) -> list[int]:
    """The order in which pass ``number`` takes the words."""
    mask = _MASKS[words.bit_length()][number]
    offset = words >> (number + 1)
    state = 1 + number + offset
    order: list[int] = []
    while not order or order[-1] != number:
        while True:
            state = state >> 1 ^ (mask if state & 1 else 0)
            if state <= words:
                break
        value = state - 1
        order.append((value + words if value < offset else value) - offset)
    return order


def _little_words(symbols: NDArray[np.int8] | Bits) -> NDArray[np.float32]:
    """Symbols (byte by byte, most significant first) as 16-bit words, least significant first.

    Of each word its low byte comes first.
    """
    return symbols.astype(np.float32).reshape(-1, 2, 8)[:, :, ::-1].reshape(-1)


def _pack_words(bits: NDArray[np.bool_]) -> bytes:
    return np.packbits(bits.reshape(-1, 8), axis=1, bitorder="little").tobytes()


@cache
def repeat_accumulate(size: int) -> RepeatAccumulate:
    """The code for frames of ``size`` bytes."""
    return RepeatAccumulate(size)
