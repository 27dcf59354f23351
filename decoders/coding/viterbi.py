"""The Viterbi decoder of codes of rate 1/2: survivors of many windows of symbols side by side.

Source of the method: A. J. Viterbi, "Error Bounds for Convolutional Codes", IEEE Trans. Inf. Theory
13, 1967. Arrays have a column a window and are laid out so that each step adds, compares and
chooses in whole, contiguous arrays: with the few windows of one frame the calls are what costs.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from decoders.symbols import Bits

#: Windows at a time: the arrays of a step stay in the first cache, and an index fits 16 bits.
_SIDE_BY_SIDE = 128
#: Steps until metrics are brought back to zero. Metrics of one step differ by at most 256 a symbol
#: over ``constraint`` steps, so that they fit 16 bits meanwhile.
_STEPS = 48


class Trellis:
    """States (the newest bit the most significant) and what is sent between them.

    ``polynomials``: taps on a register of ``constraint`` bits, up to 8, for the two outputs.
    """

    def __init__(self, constraint: int, polynomials: tuple[int, int]):
        self._states = 1 << (constraint - 1)
        states = np.arange(self._states)
        # The register that led to a state: its bits and an oldest one that has been dropped since.
        led = np.stack([states << 1, states << 1 | 1])
        first, second = (parity(led & polynomial) for polynomial in polynomials)
        self._branch = (2 * first + second).reshape(-1)
        self._previous = led[0] % self._states

    def survivors(self, windows: NDArray[np.int16], first: int, count: int) -> Bits:
        """Bits ``first`` to ``first + count`` of the best path through each window.

        ``windows``: rows of symbols, two a bit. Of two paths as good the one with a 0 in the oldest
        bit where they part wins.
        """
        found = np.empty((len(windows), count), np.uint8)
        for at in range(0, len(windows), _SIDE_BY_SIDE):
            some = slice(at, at + _SIDE_BY_SIDE)
            columns = np.ascontiguousarray(windows[some].T)
            choices, best = self._forward(columns, first)
            found[some] = self._back(choices, best, count).T
        return found

    def _forward(
        self, columns: NDArray[np.int16], first: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
        """Which of two ways was better into each state after ``first``; the best last states."""
        steps, rows = len(columns) // 2, columns.shape[1]
        gains = self._gains(columns).reshape(steps, 2, 2, self._states // 2, rows)
        metrics = np.zeros((self._states, rows), np.int16)
        # Half of the states come from each pair (2j, 2j + 1): as oldest bit, newest bit, j, window.
        before = metrics.reshape(-1, 2, rows).transpose(1, 0, 2)[:, None]
        sums = np.empty(gains.shape[1:], np.int16)
        zero, one = sums.reshape(2, self._states, rows)
        choices = np.empty((steps - first, self._states, rows), bool)
        for step in range(steps):
            np.add(before, gains[step], out=sums)
            if step >= first:
                np.greater(one, zero, out=choices[step - first])
            np.maximum(zero, one, out=metrics)
            if step % _STEPS == 0:
                metrics -= metrics.max(axis=0)
        return choices, metrics.argmax(axis=0)

    def _gains(self, columns: NDArray[np.int16]) -> NDArray[np.int16]:
        """What each branch into each state gains, for each step and window."""
        first, second = columns[0::2], columns[1::2]
        both, differ = first + second, first - second
        return np.stack([-both, -differ, differ, both], axis=1).take(self._branch, axis=1)

    def _back(self, choices: NDArray[np.bool_], best: NDArray[np.intp], count: int) -> Bits:
        """From the best last states back: the bits of the first ``count`` choices."""
        steps, states, rows = choices.shape
        column = np.arange(rows, dtype=np.uint16)
        # Where each state and window came from, as an index into both.
        came = choices.astype(np.uint16)
        came *= np.uint16(rows)
        came += self._previous[:, None].astype(np.uint16) * np.uint16(rows) + column
        flat = came.reshape(steps, states * rows)
        path = np.empty((steps + 1, rows), np.uint16)
        here = path[steps]
        here[:] = best * rows + column
        for step in range(steps - 1, -1, -1):
            here = flat[step].take(here, out=path[step], mode="clip")
        bits: Bits = (path[1 : count + 1] >= states // 2 * rows).astype(np.uint8)
        return bits


def parity(numbers: NDArray[np.int_]) -> NDArray[np.int_]:
    """1 where the number of ones is odd; numbers of up to 16 bits."""
    for shift in (8, 4, 2, 1):
        numbers = numbers ^ numbers >> shift
    return numbers & 1


@cache
def trellis(constraint: int, polynomials: tuple[int, int]) -> Trellis:
    """The trellis of a code; codes that differ in order and inversion only share it."""
    return Trellis(constraint, polynomials)
