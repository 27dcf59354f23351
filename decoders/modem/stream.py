"""The symbols of overlapping windows joined to one stream, with the time of each."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

import numpy as np

from decoders.modem.arrays import Real
from decoders.modem.detected import Detected
from decoders.symbols import Symbols

#: The largest soft symbols of a window become about this.
_LOUD, _QUANTILE = 96.0, 0.9
#: Symbols for which times are kept: more than the longest frame has.
_REMEMBERED = 1 << 16


class Piece(NamedTuple):
    """Symbols that follow on those of the piece before; ``times``: input samples from its start."""

    symbols: Symbols
    times: Real


class Joiner:
    """Takes from each window the symbols of its inner part, without a gap and without repeats.

    ``spacing``: input samples a symbol. ``signless``: the detector cannot tell 1 from 0 (BPSK), so
    a window's sign is made to agree with the one before, where they overlap.
    """

    def __init__(self, spacing: float, signless: bool = False):
        self._spacing, self._signless = spacing, signless
        self._last = -np.inf
        self._tail = Detected(np.zeros(0, np.float32), np.zeros(0))

    def join(self, detected: Detected, start: int, first: int, last: int) -> Piece:
        """The piece of one window; see :class:`decoders.modem.windows.Window`."""
        times, soft = detected.times + start, detected.soft
        if self._signless:
            soft = soft * self._sign(times, soft)
        after = max(self._last + self._spacing / 2, first - self._spacing)
        inner = (times > after) & (times < last)
        if inner.any():
            self._last = float(times[inner][-1])
        near = np.abs(times - last) < 32 * self._spacing
        self._tail = Detected(soft[near], times[near])
        return Piece(_quantised(soft[inner]), times[inner])

    def _sign(self, times: Real, soft: Real) -> float:
        """-1 where the symbols have the other sign than those of the window before."""
        if not len(times) or not len(self._tail.times):
            return 1.0
        places = np.searchsorted(times, self._tail.times).clip(1, len(times) - 1)
        earlier = self._tail.times - times[places - 1] < times[places] - self._tail.times
        alike = np.sum(soft[places - earlier] * self._tail.soft)
        return -1.0 if alike < 0 else 1.0


def _quantised(soft: Real) -> Symbols:
    """As small integers; what is not exactly 0 keeps its sign."""
    if not len(soft):
        return np.zeros(0, np.int8)
    place = int(_QUANTILE * len(soft))
    loud = float(np.partition(np.abs(soft), place)[place]) + 1e-30
    whole = np.rint(np.clip(soft * (_LOUD / loud), -127, 127))
    whole = np.where(whole == 0, np.sign(soft), whole)
    found: Symbols = whole.astype(np.int8)
    return found


class Timeline:
    """Remembers the last symbols of a stream, and when they were."""

    def __init__(self) -> None:
        self._pieces: deque[tuple[int, Piece]] = deque()
        self.count = 0

    def add(self, piece: Piece) -> None:
        """The next symbols."""
        if len(piece.times):
            self._pieces.append((self.count, piece))
            self.count += len(piece.times)
        while self._pieces and self.count - self._pieces[0][0] > _REMEMBERED:
            self._pieces.popleft()

    def at(self, index: int) -> float:
        """When symbol ``index`` was; the nearest one that is remembered."""
        for first, piece in reversed(self._pieces):
            if index >= first:
                return float(piece.times[min(index - first, len(piece.times) - 1)])
        return float(self._pieces[0][1].times[0]) if self._pieces else 0.0

    def part(self, index: int, count: int) -> Piece:
        """``count`` symbols from ``index`` on, as far as they are remembered."""
        parts = []
        for first, piece in reversed(self._pieces):
            if first < index + count:
                which = slice(max(index - first, 0), index + count - first)
                parts.append(Piece(piece.symbols[which], piece.times[which]))
            if first <= index:
                break
        if not parts:
            return Piece(np.zeros(0, np.int8), np.zeros(0))
        symbols, times = zip(*reversed(parts), strict=True)
        return Piece(np.concatenate(symbols), np.concatenate(times))
