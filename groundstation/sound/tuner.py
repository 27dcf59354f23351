"""A narrow part of wide IQ: shifted to zero, and no more samples than it needs."""

from __future__ import annotations

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from groundstation.sound.samples import Samples
from groundstation.sound.stream import Sound

#: Samples a second that are kept at least: the widest usual downlink with its Doppler.
NARROW_HZ = 48_000.0
#: Of the low-pass, in samples that are kept: longer is steeper.
_LENGTH = 12
#: Where it has fallen to the half, as a part of what is kept: 0.5 would be its edge.
_EDGE = 0.42


class Tuner:
    """IQ of ``rate_hz``, of which every :attr:`step`-th sample is kept, filtered before.

    The filter is a windowed sinc (Hamming), linear in phase: what comes out is ``delay`` samples of
    the input late.
    """

    def __init__(self, rate_hz: float, narrow_hz: float = NARROW_HZ):
        self.step = max(1, int(rate_hz / narrow_hz))
        self.rate_hz = rate_hz / self.step
        self._input_hz = rate_hz
        self._taps = _low_pass(self.step)
        self.delay = len(self._taps) // 2
        self._waiting: NDArray[np.complex64] = np.zeros(0, np.complex64)
        self._phase = 0.0

    def feed(self, samples: Samples, shift_hz: float) -> NDArray[np.complex64]:
        """The next samples; what was at ``shift_hz`` is at zero behind it."""
        turn = -2 * math.pi * shift_hz / self._input_hz
        phases = self._phase + turn * np.arange(len(samples))
        self._phase = math.fmod(self._phase + turn * len(samples), 2 * math.pi)
        shifted: NDArray[np.complex64] = (samples * np.exp(1j * phases)).astype(np.complex64)
        if self.step == 1:
            return shifted
        waiting = np.concatenate([self._waiting, shifted])
        count = max(0, (len(waiting) - len(self._taps)) // self.step + 1)
        self._waiting = waiting[count * self.step :]
        if not count:
            return np.zeros(0, np.complex64)
        windows = sliding_window_view(waiting, len(self._taps))[:: self.step][:count]
        kept: NDArray[np.complex64] = (windows @ self._taps).astype(np.complex64)
        return kept


def tuner_for(sound: Sound, baud: float) -> Tuner | None:
    """What narrows IQ down to what a downlink of ``baud`` needs: four samples a symbol, and room
    for what is not tuned out; None: it is audio, of which all is needed."""
    return Tuner(sound.rate_hz, max(NARROW_HZ, 4.0 * baud)) if sound.iq else None


def _low_pass(step: int) -> NDArray[np.float32]:
    """Taps of sum 1."""
    if step == 1:
        return np.ones(1, np.float32)
    places = np.arange(-_LENGTH * step // 2, _LENGTH * step // 2 + 1)
    taps = np.sinc(2 * _EDGE * places / step) * np.hamming(len(places))
    found: NDArray[np.float32] = (taps / taps.sum()).astype(np.float32)
    return found
