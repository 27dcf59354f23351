"""Convolutional codes of rate 1/2, for soft and hard decisions.

Many stretches of a stream are decoded side by side, each with a run-in and a run-out of several
constraint lengths, where survivors merge; the result depends on positions, not on chunks. So are
several blocks or streams, which takes hardly longer than one of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from decoders.coding.viterbi import parity, trellis
from decoders.errors import DefinitionError
from decoders.symbols import Bits, Symbols

STRETCH = 96
#: Survivors have merged after five constraint lengths; noise and punctures want more.
_RUN_CONSTRAINTS = 10
_NOTATION = re.compile(r"(/?)([0-7]+),(/?)([0-7]+)")
_STRONG = 127


class Decoded(NamedTuple):
    """Data bits, and how many of the hard symbols differ from their encoding."""

    bits: Bits
    errors: int


class ConvolutionalCode:
    """Two outputs a bit from a register of ``constraint`` bits, the newest the most significant.

    ``polynomials``: taps of the first and the second output. ``inverted``: whether each is.
    """

    def __init__(self, constraint: int, polynomials: tuple[int, int], inverted: tuple[bool, bool]):
        self.constraint = constraint
        self._memory = constraint - 1
        registers = np.arange(1 << constraint)
        self._outputs = np.stack(
            [
                (parity(registers & polynomial) ^ flip).astype(np.int8)
                for polynomial, flip in zip(polynomials, inverted, strict=True)
            ],
            axis=1,
        )
        self.trellis = trellis(constraint, (max(polynomials), min(polynomials)))
        self._order = slice(None, None, 1 if polynomials[0] >= polynomials[1] else -1)
        self._signs = 1 - 2 * np.array(inverted, np.int16)

    def encode(self, bits: Bits, state: int = 0) -> Bits:
        """Two symbols (0 or 1) a bit, from ``state``: earlier bits, the newest most significant."""
        history = [(state >> n) & 1 for n in range(self._memory)]  # oldest first
        stream = np.concatenate([np.array(history, np.int64), bits.astype(np.int64)])
        register = np.zeros(len(bits), np.int64)
        for age in range(self.constraint):
            start = self._memory - age
            register |= stream[start : start + len(bits)] << (self._memory - age)
        return self._outputs[register].reshape(-1).astype(np.uint8)

    def decode(
        self, symbols: Symbols, *, starts_at_zero: bool = False, ends_at_zero: bool = False
    ) -> Decoded:
        """The most likely bits, one for two ``symbols`` (positive: 1).

        ``starts_at_zero``: before the first symbol the register held zeros. ``ends_at_zero``: after
        the last one zeros follow.
        """
        return self.decode_all([symbols], starts_at_zero=starts_at_zero, ends_at_zero=ends_at_zero)[
            0
        ]

    def decode_all(
        self, blocks: Sequence[Symbols], *, starts_at_zero: bool, ends_at_zero: bool
    ) -> list[Decoded]:
        """:meth:`decode` for each block."""
        if not blocks:
            return []
        stretches = [-(-(len(symbols) // 2) // STRETCH) for symbols in blocks]
        windows = [
            self._windows(symbols, count, starts_at_zero, ends_at_zero)
            for symbols, count in zip(blocks, stretches, strict=True)
        ]
        found = self.trellis.survivors(np.concatenate(windows), self.run, STRETCH)
        pieces = np.split(found, np.cumsum(stretches)[:-1])
        return [
            self._decoded(piece.reshape(-1)[: len(symbols) // 2], symbols, starts_at_zero)
            for piece, symbols in zip(pieces, blocks, strict=True)
        ]

    @property
    def run(self) -> int:
        """Steps before and after a stretch, in which survivors merge."""
        return _RUN_CONSTRAINTS * self.constraint

    def aligned(self, symbols: Symbols) -> NDArray[np.int16]:
        """Pairs of symbols, in the order and with the signs of the trellis."""
        return (symbols.reshape(-1, 2) * self._signs)[:, self._order].reshape(-1)

    def _windows(
        self, symbols: Symbols, stretches: int, from_zero: bool, to_zero: bool
    ) -> NDArray[np.int16]:
        count = len(symbols) // 2
        after = self.run + stretches * STRETCH - count
        zeros = _STRONG * (2 * np.tile(self._outputs[0], max(self.run, after)) - 1)
        padded = np.concatenate(
            [zeros[: 2 * self.run] * from_zero, symbols[: 2 * count], zeros[: 2 * after] * to_zero]
        )
        return windows(self.aligned(padded), self.run, stretches)

    def _decoded(self, bits: Bits, symbols: Symbols, from_zero: bool) -> Decoded:
        return Decoded(bits, self._differences(bits, symbols, from_zero))

    def _differences(self, bits: Bits, symbols: Symbols, from_zero: bool) -> int:
        encoded = self.encode(bits)
        # Without a known start the first symbols hang on bits before.
        skip = 0 if from_zero else 2 * self._memory
        hard = symbols[: len(encoded)] > 0
        differs = (hard != encoded.astype(bool)) & (symbols[: len(encoded)] != 0)
        return int(differs[skip:].sum())


def windows(symbols: NDArray[np.int16], run: int, stretches: int) -> NDArray[np.int16]:
    """The symbols of each stretch with its run-in and run-out of ``run`` steps."""
    width = 2 * (STRETCH + 2 * run)
    if not stretches:
        return np.zeros((0, width), np.int16)
    return np.lib.stride_tricks.sliding_window_view(symbols, width)[:: 2 * STRETCH][:stretches]


class ViterbiStream:
    """Endless symbols to bits: the same bits for any chunking, about 150 symbols late.

    ``errors`` counts, for each bit given by the last :meth:`feed`, the hard symbols (0 to 2) that
    differ from the encoding of the bits.
    """

    def __init__(self, code: ConvolutionalCode):
        self.code = code
        self._symbols = np.zeros(2 * code.run, np.int8)  # erasures before the stream
        self._history = np.zeros(code.constraint - 1, np.uint8)
        self.errors = np.zeros(0, np.uint8)

    def feed(self, symbols: Symbols) -> Bits:
        """The bits that are sure by now."""
        return feed_all([self], [symbols])[0]

    def flush(self) -> Bits:
        """The bits that are left when the stream ends."""
        waiting = len(self._symbols) // 2 - self.code.run
        stretches = max(-(-waiting // STRETCH), 0)
        missing = 2 * (self.code.run + stretches * STRETCH - waiting)
        bits = self.feed(np.zeros(missing * (stretches > 0), np.int8))[:waiting]
        self.errors = self.errors[:waiting]
        return bits

    def waiting(self, symbols: Symbols) -> NDArray[np.int16]:
        """Windows that can be decoded with the next symbols; :meth:`take` what comes out."""
        self._symbols = np.concatenate([self._symbols, symbols])
        run = self.code.run
        stretches = max(len(self._symbols) // 2 - 2 * run, 0) // STRETCH
        used = self._symbols[: 2 * (2 * run + stretches * STRETCH) * (stretches > 0)]
        return windows(self.code.aligned(used), run, stretches)

    def take(self, bits: Bits) -> Bits:
        """The bits of all the windows that waited, as they came out."""
        used = self._symbols[2 * self.code.run :][: 2 * len(bits)]
        encoded = self.code.encode(np.concatenate([self._history, bits]))
        encoded = encoded[2 * len(self._history) :]
        wrong = ((used > 0) != encoded.astype(bool)) & (used != 0)
        self.errors = wrong.reshape(-1, 2).sum(axis=1).astype(np.uint8)
        self._history = np.concatenate([self._history, bits])[len(bits) :]
        self._symbols = self._symbols[2 * len(bits) :].copy()
        return bits


def feed_all(streams: Sequence[ViterbiStream], pieces: Sequence[Symbols]) -> list[Bits]:
    """Feed each stream its piece; what each gives. All codes must have the same trellis."""
    waiting = [s.waiting(piece) for s, piece in zip(streams, pieces, strict=True)]
    ends = np.cumsum([len(rows) for rows in waiting])
    run = streams[0].code.run
    found = streams[0].code.trellis.survivors(np.concatenate(waiting), run, STRETCH)
    return [
        stream.take(piece.reshape(-1))
        for stream, piece in zip(streams, np.split(found, ends[:-1]), strict=True)
    ]


@cache
def code(notation: str, constraint: int = 7) -> ConvolutionalCode:
    """The code of a notation such as ``171,/133``: octal taps, ``/`` an inverted output.

    Raises DefinitionError for another notation.
    """
    match = _NOTATION.fullmatch(notation.replace(" ", ""))
    if not match or max(int(match[2], 8), int(match[4], 8)) >> constraint:
        raise DefinitionError(
            f"{notation!r} is not a convolutional code such as '171,/133' (octal, / inverted)"
        )
    polynomials = int(match[2], 8), int(match[4], 8)
    return ConvolutionalCode(constraint, polynomials, (bool(match[1]), bool(match[3])))


CCSDS, NASA = "171,/133", "/133,171"
