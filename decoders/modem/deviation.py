"""The modulation index of FSK where a definition does not say it: the usual ones, or the one that
was measured."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from decoders.modem.arrays import moving_average
from decoders.modem.detected import Detected, FrequencySignal
from decoders.modem.level import Level
from decoders.modem.phase_detector import paths

#: Modulation indexes that are tried where the definition does not say the deviation.
USUAL_INDEXES = (0.5, 0.66, 1.0)
#: How far each symbol turns the phase by its bits, up to a factor, which is the index.
SHAPE = paths(USUAL_INDEXES[0]).advance
#: Windows of the stream that are remembered, how many make an index believed, and after how many
#: without a signal all are forgotten: another satellite may send then.
_REMEMBERED, _ENOUGH, _FORGOTTEN = 9, 2, 100
#: A window that differs from those before by more than this is of another satellite.
_OTHER = 0.15
#: What is measured is 1 to 2.3 % too low in simulations of all indexes.
_TOO_LOW = 0.98
#: As near to a usual index it is that one; others are taken in such steps, within these bounds.
_NEAR, _STEP, _LOWEST, _HIGHEST = 0.045, 0.02, 0.3, 2.0
#: Symbols over which it is looked at how sure they are, and the surest part of them.
_AROUND, _SUREST = 64, 0.15
#: Only what is as sure is measured: wrong bits make the index seem lower than it is.
_SURE = 0.9


class Deviation:
    """Learns over the windows of a stream. ``unit_hz``: Hz that one unit of the signal is."""

    def __init__(self, unit_hz: float, baud: float):
        self._per_unit = 2 * unit_hz / baud / _TOO_LOW
        self._level = Level(SHAPE)
        self._before: deque[float] = deque(maxlen=_REMEMBERED)
        self._guess: float | None = None
        self._silent = 0

    @property
    def _middle(self) -> float:
        """Of the windows before."""
        return float(np.median(self._before))

    def indexes(self) -> tuple[float | None, ...]:
        """What to detect with now, in the place of each usual index; None: it is not needed."""
        if len(self._before) < _ENOUGH:
            return USUAL_INDEXES
        index, place = _usual(self._middle)
        return tuple(index if place == n else None for n in range(len(USUAL_INDEXES)))

    def another(self, used: Sequence[float | None]) -> tuple[int, float] | None:
        """An index that seems to be and is none of ``used``, and its place, which comes first."""
        found = self._middle if self._before else self._guess
        if found is None:
            return None
        index, place = _usual(found)
        near = any(abs(each - index) < 2 * _STEP for each in used if each)
        return None if near else (place, index)

    def learn(self, signal: FrequencySignal, found: Sequence[Detected]) -> bool:
        """Measure a window by what was found with the indexes. Returns whether it could be."""
        sureness = [_sureness(each) for each in found]
        best = max(sureness)
        surest = found[sureness.index(best)]
        level = self._level.measured(signal, surest) if best > _SURE else None
        if level is None:
            return False
        index = level * self._per_unit
        if self._before and abs(index / self._middle - 1) > _OTHER:
            self._before.clear()
        self._silent = 0
        self._before.append(index)
        return True

    def guess(self, signal: FrequencySignal, found: Detected) -> None:
        """Measure a window roughly, of which no index makes much, by a filter's symbols."""
        level = self._level.measured(signal, found)
        self._guess = None if level is None else level * self._per_unit
        self._silent += 1
        if self._silent > _FORGOTTEN:
            self._before.clear()


def _usual(index: float) -> tuple[float, int]:
    """The usual index that is near, or this one; and its place among them.

    One that is not usual takes the place of the usual one that is farthest, which matters least.
    """
    apart = np.abs(np.log(index / np.array(USUAL_INDEXES)))
    nearest = int(np.argmin(apart))
    if apart[nearest] < _NEAR:
        return USUAL_INDEXES[nearest], nearest
    believed = min(max(index, _LOWEST), _HIGHEST)
    return round(believed / _STEP) * _STEP, int(np.argmax(apart))


def _sureness(found: Detected) -> float:
    """Of the surest symbols: 1 without noise, 0.64 to 0.8 where there is only noise."""
    if len(found.soft) < _AROUND:
        return 0.0
    mean = moving_average(np.abs(found.soft), _AROUND)
    part = mean**2 / (moving_average(found.soft**2, _AROUND) + 1e-12)
    return float(np.quantile(part, 1 - _SUREST))
