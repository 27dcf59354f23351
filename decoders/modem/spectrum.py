"""One stretch of samples as its Fourier transform.

There a filter is a multiplication, a new sampling rate is another length of the way back, and a
shift in frequency is a shift of the array. The ends of the stretch are disturbed, because the
transform takes it for periodic: :mod:`decoders.modem.windows` overlaps stretches for that.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from decoders.modem.arrays import Complex, Real

#: Frequencies in units of the baud rate -> amplification, 1 at zero.
Response: TypeAlias = Callable[[Real], Real]


def low_pass(cut: float, slope: float = 0.8) -> Response:
    """Half at ``cut`` baud, falling as a cosine over a band of ``slope`` baud around it."""

    def response(f: Real) -> Real:
        place = np.clip((np.abs(f) - cut) / slope + 0.5, 0, 1)
        found: Real = 0.5 * (1 + np.cos(np.pi * place))
        return found

    return response


def band_pass(middle: float, half: float) -> Response:
    """A cosine around ``middle`` baud that falls to nothing at ``half`` baud to both sides."""

    def response(f: Real) -> Real:
        place = np.clip((np.abs(f) - middle) / half, -1, 1)
        found: Real = 0.5 * (1 + np.cos(np.pi * place))
        return found

    return response


def over_symbols(length: float) -> Response:
    """The mean over ``length`` symbols: matched to a rectangular pulse of this length."""
    return lambda f: np.sinc(f * length)


def hann_pulse(length: float) -> Response:
    """A pulse in time that rises and falls as a cosine over ``length`` symbols."""

    def response(f: Real) -> Real:
        g = f * length
        near = np.abs(1 - g * g) < 1e-6
        found: Real = np.where(near, 0.5, np.sinc(g) / np.where(near, 1, 1 - g * g))
        return found

    return response


def root_raised_cosine(excess: float = 0.5) -> Response:
    """The square root of a raised cosine with ``excess`` bandwidth."""

    def response(f: Real) -> Real:
        place = np.clip((np.abs(f) - (1 - excess) / 2) / excess, 0, 1)
        found: Real = np.cos(0.5 * np.pi * place)
        return found

    return response


@lru_cache(64)
def quick_length(size: int) -> int:
    """The next even length whose only prime factors are 2, 3 and 5: its transform is quick."""
    size = max(size + size % 2, 16)
    while True:
        rest = size
        for factor in (2, 3, 5):
            while rest % factor == 0:
                rest //= factor
        if rest == 1:
            return size
        size += 2


class Spectrum:
    """The transform of ``samples`` (real or complex), taken at ``rate_hz``."""

    def __init__(self, samples: Real | Complex, rate_hz: float):
        self.size, self.rate_hz = len(samples), rate_hz
        self.is_complex = np.iscomplexobj(samples)
        self._bins = np.fft.fft(samples) if self.is_complex else np.fft.rfft(samples)
        self._step_hz = rate_hz / self.size

    @property
    def seconds(self) -> float:
        """How long the stretch is."""
        return self.size / self.rate_hz

    def _length(self, rate_hz: float) -> int:
        return quick_length(int(np.ceil(self.size * rate_hz / self.rate_hz)))

    def undo_high_pass(self, corner_hz: float) -> None:
        """Undo an AC coupling of first order; what it took from the constant part is lost."""
        f = self._step_hz * np.arange(len(self._bins))
        f[0] = np.inf
        self._bins = self._bins * (1 - 1j * corner_hz / f)
        self._bins[0] = 0

    def real(self, response: Response, baud: float, rate_hz: float) -> tuple[Real, float]:
        """The filtered real signal at about ``rate_hz``, and that rate exactly."""
        size = self._length(rate_hz)
        used = min(size // 2, self.size // 2) + 1
        bins = np.zeros(size // 2 + 1, np.complex64)
        f = np.arange(used) * (self._step_hz / baud)
        bins[:used] = self._bins[:used] * response(f).astype(np.float32)
        found: Real = np.fft.irfft(bins, size).astype(np.float32)
        found *= size / self.size
        return found, size / self.seconds

    def around(
        self, middle_hz: float, response: Response, baud: float, rate_hz: float
    ) -> tuple[Complex, float]:
        """The part around ``middle_hz``, which comes to zero, at about ``rate_hz``; that rate."""
        size = self._length(rate_hz)
        middle = round(middle_hz / self._step_hz)
        places = np.arange(-(size // 2), size // 2)
        picked = middle + places
        lowest, highest = -(self.size // 2) if self.is_complex else 0, self.size // 2
        there = (picked >= lowest) & (picked < highest)
        places, picked = places[there], picked[there]
        # The shift was a whole number of steps; the filter lies where it was asked for.
        f = (picked * self._step_hz - middle_hz) / baud
        bins = np.zeros(size, np.complex64)
        bins[places] = self._bins[picked] * response(f).astype(np.float32)
        found: Complex = np.fft.ifft(bins).astype(np.complex64)
        found *= size / self.size * (1 if self.is_complex else 2)
        return found, size / self.seconds


def frequency(z: Complex) -> Real:
    """The change of phase from each sample to the next, radians; as many as there are samples."""
    turned = np.angle(z[1:] * np.conj(z[:-1]))
    found: Real = np.concatenate([turned[:1], turned]).astype(np.float32)
    return found
