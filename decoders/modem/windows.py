"""A stream of samples cut at fixed places into windows that overlap."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from decoders.modem.arrays import Complex, Real


class Window(NamedTuple):
    """``samples`` from index ``start`` of the stream on (negative: silence before it).

    What is found from index ``first`` to before ``last`` counts; the rest is a margin that lets
    filters and estimates see both sides.
    """

    samples: Real | Complex
    start: int
    first: int
    last: int


class Windows:
    """Cuts windows of ``hop`` samples with ``margin`` on both sides, however the samples come."""

    def __init__(self, hop: int, margin: int, is_complex: bool):
        self.hop, self.margin = hop, margin
        self._dtype: Any = np.complex64 if is_complex else np.float32
        self._kept: NDArray[Any] = np.zeros(margin, self._dtype)
        self._start = -margin  # index in the stream of the first sample kept
        self._end = 0

    def feed(self, samples: Real | Complex) -> list[Window]:
        """The windows that are complete with these samples."""
        self._end += len(samples)
        self._kept = np.concatenate([self._kept, samples.astype(self._dtype, copy=False)])
        count = max((len(self._kept) - 2 * self.margin) // self.hop, 0)
        return self._cut(count)

    def finish(self) -> list[Window]:
        """The windows of what is left, with silence behind it."""
        left = self._end - (self._start + self.margin)
        count = max(-(-left // self.hop), 0)
        missing = max(count * self.hop + 2 * self.margin - len(self._kept), 0)
        self._kept = np.concatenate([self._kept, np.zeros(missing, self._dtype)])
        return self._cut(count)

    def _cut(self, count: int) -> list[Window]:
        found = []
        for place in range(0, count * self.hop, self.hop):
            start = self._start + place
            first = start + self.margin
            samples = self._kept[place : place + self.hop + 2 * self.margin]
            found.append(Window(samples, start, first, first + self.hop))
        self._kept = self._kept[count * self.hop :].copy()
        self._start += count * self.hop
        return found
