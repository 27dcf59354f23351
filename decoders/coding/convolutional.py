"""Convolutional codes of rate 1/2, and their Viterbi decoder for soft and hard decisions.

Source of the method: A. J. Viterbi, "Error Bounds for Convolutional Codes", IEEE Trans. Inf. Theory
13, 1967. Many stretches of a stream are decoded side by side, each with a run-in and a run-out of
several constraint lengths, where survivors merge; the result depends on positions, not on chunks.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from decoders.errors import DefinitionError
from decoders.symbols import Bits, Symbols

_STRETCH = 96
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
                (_parity(registers & polynomial) ^ flip).astype(np.int8)
                for polynomial, flip in zip(polynomials, inverted, strict=True)
            ],
            axis=1,
        )
        states = np.arange(1 << self._memory)
        # The register that led to a state: its bits and an oldest one that has been dropped since.
        self._led = np.stack([states << 1, states << 1 | 1])
        self._previous = self._led & (1 << self._memory) - 1
        self._branch = 2 * self._outputs[self._led, 0] + self._outputs[self._led, 1]

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
        count = len(symbols) // 2
        if count == 0:
            return Decoded(np.zeros(0, np.uint8), 0)
        run = _RUN_CONSTRAINTS * self.constraint
        stretches = -(-count // _STRETCH)
        zeros = _STRONG * (2 * np.tile(self._outputs[0], run + _STRETCH).astype(np.int32) - 1)
        before = zeros[: 2 * run] * starts_at_zero
        after = zeros[: 2 * (run + stretches * _STRETCH - count)] * ends_at_zero
        padded = np.concatenate([before, symbols[: 2 * count].astype(np.int32), after])
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * (_STRETCH + 2 * run))
        found = self.survivors(windows[:: 2 * _STRETCH][:stretches])
        bits = found[:, run : run + _STRETCH].reshape(-1)[:count]
        return Decoded(bits, self._differences(bits, symbols, starts_at_zero))

    def _differences(self, bits: Bits, symbols: Symbols, from_zero: bool) -> int:
        encoded = self.encode(bits)
        # Without a known start the first symbols hang on bits before.
        skip = 0 if from_zero else 2 * self._memory
        hard = symbols[: len(encoded)] > 0
        differs = (hard != encoded.astype(bool)) & (symbols[: len(encoded)] != 0)
        return int(differs[skip:].sum())

    def survivors(self, windows: NDArray[np.int32]) -> Bits:
        """The best path of each row of symbols (rows x an even number), as bits."""
        rows, width = windows.shape
        steps = width // 2
        pairs = windows.reshape(rows, steps, 2)
        signs = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]], np.int32)
        branches = pairs @ signs.T  # rows x steps x 4
        metrics = np.zeros((rows, 1 << self._memory), np.int32)
        choices = np.empty((steps, rows, 1 << self._memory), bool)
        (zero, one), (branch_zero, branch_one) = self._previous, self._branch
        for step in range(steps):
            gains = branches[:, step]
            a = metrics[:, zero] + gains[:, branch_zero]
            b = metrics[:, one] + gains[:, branch_one]
            np.greater(b, a, out=choices[step])
            metrics = np.maximum(a, b)
        state = metrics.argmax(axis=1)
        bits = np.empty((rows, steps), np.uint8)
        every, mask = np.arange(rows), (1 << self._memory) - 1
        for step in range(steps - 1, -1, -1):
            bits[:, step] = state >> (self._memory - 1)
            state = (state << 1 | choices[step, every, state]) & mask
        return bits


class ViterbiStream:
    """Endless symbols to bits: the same bits for any chunking, about 150 symbols late.

    ``errors`` counts, for each bit given by the last :meth:`feed`, the hard symbols (0 to 2) that
    differ from the encoding of the bits.
    """

    def __init__(self, code: ConvolutionalCode):
        self._code = code
        self._run = _RUN_CONSTRAINTS * code.constraint
        self._symbols = np.zeros(2 * self._run, np.int8)  # erasures before the stream
        self._history = np.zeros(code.constraint - 1, np.uint8)
        self.errors = np.zeros(0, np.uint8)

    def feed(self, symbols: Symbols) -> Bits:
        """The bits that are sure by now."""
        self._symbols = np.concatenate([self._symbols, symbols])
        width = 2 * (_STRETCH + 2 * self._run)
        stretches = (len(self._symbols) - width) // (2 * _STRETCH) + 1
        return self._decode(max(stretches, 0), width)

    def flush(self) -> Bits:
        """The bits that are left when the stream ends."""
        waiting = len(self._symbols) // 2 - self._run
        stretches = max(-(-waiting // _STRETCH), 0)
        width = 2 * (_STRETCH + 2 * self._run)
        missing = width + 2 * _STRETCH * (stretches - 1) - len(self._symbols)
        if stretches:
            erasures = np.zeros(max(missing, 0), np.int8)
            self._symbols = np.concatenate([self._symbols, erasures])
        bits = self._decode(stretches, width)[:waiting]
        self.errors = self.errors[:waiting]
        return bits

    def _decode(self, stretches: int, width: int) -> Bits:
        if not stretches:
            self.errors = np.zeros(0, np.uint8)
            return np.zeros(0, np.uint8)
        stream = self._symbols.astype(np.int32)
        windows = np.lib.stride_tricks.sliding_window_view(stream, width)
        found = self._code.survivors(windows[:: 2 * _STRETCH][:stretches])
        bits = found[:, self._run : self._run + _STRETCH].reshape(-1)
        used = self._symbols[2 * self._run :][: 2 * len(bits)]
        encoded = self._code.encode(np.concatenate([self._history, bits]))
        encoded = encoded[2 * len(self._history) :]
        wrong = ((used > 0) != encoded.astype(bool)) & (used != 0)
        self.errors = wrong.reshape(-1, 2).sum(axis=1).astype(np.uint8)
        self._history = np.concatenate([self._history, bits])[len(bits) :]
        self._symbols = self._symbols[2 * len(bits) :].copy()
        return bits


def _parity(numbers: NDArray[np.int_]) -> NDArray[np.int_]:
    for shift in (8, 4, 2, 1):
        numbers = numbers ^ numbers >> shift
    return numbers & 1


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
