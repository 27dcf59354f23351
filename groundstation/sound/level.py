"""Whether samples are fit for demodulation: their level, what is cut off, what a filter took away.

A receiver's sound for 4800 baud and more must come before its loudspeaker's filters: it then holds
frequencies down to a few Hz.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from decoders.modem.arrays import Real
from groundstation.sound.samples import Samples

#: Full scale is a little less: the largest number that a format holds.
_FULL = 0.999
#: Bands whose power is compared: from and to, Hz, and how many.
_BANDS_HZ, _BANDS = (6.0, 1500.0), 16
#: Corners of a high-pass that are tried; a higher one is the shape of the signal itself.
_CORNERS_HZ = np.geomspace(10.0, 600.0, 40)
#: A spectrum fits a high-pass if it is so near to it (dB), and so many times nearer than to none.
_FITS_DB, _NEARER = 3.0, 2.5
#: Seconds of each transform: the resolution is half a Hz.
_STRETCH_S = 2.0


@dataclass(frozen=True, slots=True)
class Level:
    """``rms`` and ``mean``: as parts of full scale; ``clipped``: the part of the samples at it.

    ``highpass_hz``: corner of a high-pass of first order that the spectrum shows, or None.
    """

    rms: float
    mean: float
    clipped: float
    highpass_hz: float | None = None


def level_of(samples: Samples, rate_hz: float) -> Level:
    """Of at least one sample; IQ is looked at as both of its channels."""
    if isinstance(samples[0], np.complexfloating):
        both = np.concatenate([samples.real, samples.imag])
        return _level(both, None)
    return _level(samples.real, _highpass_hz(samples.real, rate_hz))


def _level(numbers: Real, highpass_hz: float | None) -> Level:
    mean = float(numbers.mean())
    rms = float(np.sqrt(np.mean((numbers - mean) ** 2)))
    return Level(rms, mean, float(np.mean(np.abs(numbers) >= _FULL)), highpass_hz)


def _highpass_hz(samples: Real, rate_hz: float) -> float | None:
    """The high-pass whose shape the lower end of the spectrum has, where it is flat above."""
    bands_hz, power_db = _bands(samples, rate_hz)
    if len(power_db) < _BANDS:
        return None
    misses = [_miss_db(power_db, bands_hz, corner_hz) for corner_hz in _CORNERS_HZ]
    place = int(np.argmin(misses))
    none = _miss_db(power_db, bands_hz, 0.0)
    if place == len(misses) - 1 or misses[place] > _FITS_DB or none < _NEARER * misses[place]:
        return None
    return float(_CORNERS_HZ[place])


def _miss_db(power_db: Real, bands_hz: Real, corner: float) -> float:
    """How far a spectrum is from a flat one behind a high-pass, dB."""
    left = power_db - 10 * np.log10(bands_hz**2 / (bands_hz**2 + corner**2))
    return float(np.std(left))


def _bands(samples: Real, rate_hz: float) -> tuple[Real, Real]:
    """The middle of each band and the mean density in it, dB; empty: too short, or silent."""
    size = int(_STRETCH_S * rate_hz)
    rows = samples[: len(samples) // size * size].reshape(-1, size)
    if not len(rows):
        return np.zeros(0), np.zeros(0)
    rows = (rows - rows.mean()) * np.hanning(size)
    density = (np.abs(np.fft.rfft(rows, axis=1)) ** 2).mean(axis=0)
    edges = np.round(np.geomspace(*_BANDS_HZ, _BANDS + 1) * _STRETCH_S).astype(int)
    power = np.array([density[a:b].mean() for a, b in pairwise(edges)])
    if not power.all():
        return np.zeros(0), np.zeros(0)
    return np.sqrt(edges[:-1] * edges[1:]) / _STRETCH_S, 10 * np.log10(power)
