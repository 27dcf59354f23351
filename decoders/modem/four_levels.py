"""Detectors of 4-FSK: each symbol is one of four frequencies and holds two bits.

The levels are -3, -1, 1 and 3 thirds of the deviation. The higher bit of a symbol is 1 below the
middle, the lower one where the frequency is far from it: 3, 1, -1, -3 are 01, 00, 10, 11. Pacific
Crest's radios do so (Brown Space Engineering, gr-equisat_decoder), and as P25 and DMR.
"""

from __future__ import annotations

from collections.abc import Container

import numpy as np

from decoders.modem.arrays import Real, moving_average, moving_largest, typical
from decoders.modem.detected import (
    EVERYTHING,
    NOTHING,
    PER_SYMBOL,
    Detected,
    FrequencySignal,
    carson,
    limited,
)
from decoders.modem.mode import Mode
from decoders.modem.spectrum import Spectrum, frequency
from decoders.modem.timing import RateFollower

#: (filter, offset, symbols over which the timing is averaged), as of the bank for two levels.
_BANK = (("wide", "as is", 64), ("box", "as is", 200), ("hann1.5", "as is", 64))
#: Audio beyond so many times the usual size of its loudest stretch (of so many samples) is clipped.
_CLIP, _STRETCH = 4.0, 512
#: Symbols over which the levels are estimated, and times that they are again by the decisions.
_FOLLOWED, _PASSES = 96, 3


class FourLevels:
    """4-FSK in the audio of an FM receiver, or in IQ samples around zero (``iq``)."""

    def __init__(self, mode: Mode, iq: bool):
        self._mode, self._iq = mode, iq
        self._rates = RateFollower()
        self.names = tuple(f"{name} {offset} {window}" for name, offset, window in _BANK)

    def detect(self, window: Spectrum, wanted: Container[str]) -> list[Detected]:
        """See :class:`decoders.modem.detected.Detector`; two soft bits a symbol."""
        moves, rate_hz = self._of_iq(window) if self._iq else self._of_audio(window)
        signal = FrequencySignal(Spectrum(moves, rate_hz), self._mode.baud, self._rates)
        ratio = window.rate_hz / rate_hz
        return [
            self._bits(signal, variant, ratio) if name in wanted else NOTHING
            for name, variant in zip(self.names, _BANK, strict=True)
        ]

    def _of_audio(self, window: Spectrum) -> tuple[Real, float]:
        baud = self._mode.baud
        audio, rate_hz = window.real(EVERYTHING, baud, max(window.rate_hz, PER_SYMBOL * baud))
        loudest = max(typical(audio[at : at + _STRETCH]) for at in range(0, len(audio), _STRETCH))
        return limited(audio, _CLIP * loudest), rate_hz

    def _of_iq(self, window: Spectrum) -> tuple[Real, float]:
        baud = self._mode.baud
        passes = carson(self._mode.index or 1.0)
        z, rate_hz = window.around(0.0, passes, baud, PER_SYMBOL * baud)
        return frequency(z), rate_hz

    def _bits(
        self, signal: FrequencySignal, variant: tuple[str, str, int], ratio: float
    ) -> Detected:
        levels = four_levels(signal.symbols(*variant))
        # Two bits share the time of their symbol: half of it for each.
        halves = signal.per_symbol * np.array([-0.25, 0.25])
        times = (signal.clock(*variant).times[:, None] + halves).ravel()
        soft = np.stack([-levels, np.abs(levels) - 2], axis=1).astype(np.float32)
        return Detected(soft.ravel(), signal.scaled(times) * ratio)


def four_levels(heights: Real) -> Real:
    """Symbols in units in which the levels are -3, -1, 1 and 3.

    Middle and unit lie first between the extremes, since data that is not scrambled may stay on one
    side for long, and then where the decisions say. Of the estimates before, around and behind a
    symbol that one is taken whose symbols are nearest to its levels: so the noise before and
    behind a burst does not matter to it.
    """
    largest, smallest = moving_largest(heights, _FOLLOWED), -moving_largest(-heights, _FOLLOWED)
    middle: Real = (largest + smallest) / 2
    unit: Real = (largest - smallest) / 6 + 1e-12
    for _ in range(_PASSES):
        near = _nearest((heights - middle) / unit)
        squares = moving_average(near * near, _FOLLOWED)
        unit = moving_average((heights - middle) * near, _FOLLOWED) / squares + 1e-12
        middle = moving_average(heights - unit * near, _FOLLOWED)
    levels = (heights - middle) / unit
    beside = moving_average((levels - _nearest(levels)) ** 2, _FOLLOWED)
    places = np.arange(len(heights))
    windows = [
        np.clip(places + shift, 0, len(heights) - 1)
        for shift in (-_FOLLOWED // 2, 0, _FOLLOWED // 2)
    ]
    best = np.argmin([beside[each] for each in windows], axis=0)
    chosen = np.choose(best, windows)
    return _without_neighbours((heights - middle[chosen]) / unit[chosen])


def _without_neighbours(levels: Real) -> Real:
    """Without what the filters of transmitter and receiver let in of the symbols beside each."""
    found = levels
    for _ in range(_PASSES):
        near = _nearest(found)
        squares = moving_average(near * near, 4 * _FOLLOWED)
        sides = (np.roll(near, 1), np.roll(near, -1))
        shares = [moving_average((levels - near) * side, 4 * _FOLLOWED) / squares for side in sides]
        found = levels - shares[0] * sides[0] - shares[1] * sides[1]
    return found


def _nearest(levels: Real) -> Real:
    found: Real = np.where(np.abs(levels) > 2, 3, 1) * np.where(levels < 0, -1, 1)
    return found
