"""Finds an AC coupling that nobody has told of, by what it does to the symbols."""

from __future__ import annotations

import numpy as np

from decoders.modem.arrays import Real, beside, moving_average, typical
from decoders.modem.level import slope

#: Corners that are tried, Hz; and the highest one that is believed. Where the best fit is above,
#: something else than an AC coupling is wrong, and undoing makes it worse (AALTO-1's recording).
_CORNERS = (10.0, 20.0, 40.0, 70.0, 100.0, 150.0)
_HIGHEST = 40.0
#: Symbols that are averaged to take away what the carrier's offset does.
_SLOW = 600
#: Only where the decided bits explain most of the signal is it looked at: noise has little of what
#: is slow, which looks alike.
_AROUND, _UNEXPLAINED = 64, 0.35
#: The tail of the low-pass is looked for from so many symbols on: filters, too, mix symbols that
#: are nearer to each other.
_NEAR = 5
#: What earlier windows count for against the last one.
_KEPT = 0.9
#: A corner is believed where its low-pass fits with a factor of about 1, and explains so many times
#: what it would explain by chance.
_FITS, _CLEAR = 0.6, 60.0
#: What is left when another corner was undone fits so well.
_REST = 0.25
#: Larger deviations than so many times the usual one are clicks.
_CLICK = 2.5


class Coupling:
    """Learns over the windows of a stream. ``corner_hz``: of the high-pass, None: there is none.

    A high-pass takes away what a low-pass with the same corner leaves. So the low-pass of the
    waveform that the decided bits ask for is looked for in what is missing of the signal.
    """

    def __init__(self) -> None:
        self.corner_hz: float | None = None
        # For each corner: missing x low-pass, low-pass squared, missing squared, symbols.
        self._sums = np.zeros((len(_CORNERS), 4))

    def note(self, value: Real, asked: Real, baud: float) -> bool:
        """A window: the discriminator's output in each symbol, and what its bits ask for.

        Returns whether another corner is believed now.
        """
        level = slope(beside(value, _SLOW), beside(asked, _SLOW))
        if level is None:
            return False
        missing = beside(level * asked - value, _SLOW)
        unexplained = moving_average(missing**2, _AROUND)
        clear = unexplained < _UNEXPLAINED * moving_average(beside(value, _SLOW) ** 2, _AROUND)
        if not clear.any():
            return False
        most = _CLICK * typical(missing[clear])
        missing = np.clip(missing, -most, most) * clear
        bins = np.fft.rfft(level * asked)
        turn = np.exp(-2j * np.pi * np.arange(len(bins)) / len(asked))
        now = []
        for corner_hz in _CORNERS:
            kept = np.exp(-2 * np.pi * corner_hz / baud)
            tail = (1 - kept) * (kept * turn) ** _NEAR / (1 - kept * turn)
            low = beside(np.fft.irfft(bins * tail, len(asked)), _SLOW) * clear
            pairs = ((missing, low), (low, low), (missing, missing))
            now.append([*(float(np.sum(a * b)) for a, b in pairs), float(clear.sum())])
        self._sums = _KEPT * self._sums + np.array(now)
        return self._judge()

    def _judge(self) -> bool:
        both, power, missing, count = self._sums.T
        factor = both / (power + 1e-12)
        explained = factor * both * count / (missing + 1e-12)
        best = int(explained.argmax())
        if explained[best] < _CLEAR:
            return False
        if self.corner_hz is None:
            if not _FITS < factor[best] < 1 / _FITS:
                return False
            found: float | None = _CORNERS[best]
        elif abs(factor[best]) > _REST:
            # Undone too little, or too much.
            place = _CORNERS.index(self.corner_hz) + (1 if factor[best] > 0 else -1)
            found = _CORNERS[min(place, len(_CORNERS) - 1)] if place >= 0 else None
        else:
            return False
        if found is not None and found > _HIGHEST:
            return False
        self.corner_hz = found
        self._sums = np.zeros_like(self._sums)
        return True
