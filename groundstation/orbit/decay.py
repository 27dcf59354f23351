"""When a satellite falls. SGP4 gives nonsense after that, with no error, so it must be known."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from groundstation.orbit.earth import EQUATORIAL_RADIUS_KM
from groundstation.orbit.propagation import Fleet, Floats

#: Below this altitude a satellite does not finish its revolution.
DECAY_ALTITUDE_KM = 100.0
_SAMPLES_PER_REVOLUTION = 12
_MAX_SAMPLES = 200_000


def fallen(position: Floats) -> NDArray[np.bool_]:
    """Which of the TEME positions (3, N) are below 100 km, or no positions at all."""
    radius = np.sqrt(np.sum(position**2, axis=0))
    flying: NDArray[np.bool_] = radius >= EQUATORIAL_RADIUS_KM + DECAY_ALTITUDE_KM
    return ~flying


def decay_s(fleet: Fleet, duration_s: float) -> Floats:
    """For each satellite the time (s since the fleet's start) from which it counts as decayed.

    Infinity where it does not decay before ``duration_s``. The time between the epoch and the
    start is looked at too: many decayed objects come back to life in SGP4 later.
    """
    result = np.full(len(fleet.records), np.inf)
    for index, item in enumerate(fleet.elements):
        age_s = fleet.age_days[index] * 86400
        begin = -max(age_s, 0.0)
        revolutions = (duration_s - begin) / 60 / item.period_min
        count = min(math.ceil(revolutions * _SAMPLES_PER_REVOLUTION) + 2, _MAX_SAMPLES)
        times = np.linspace(begin, duration_s, count)
        counts = np.zeros(len(fleet.records), dtype=int)
        counts[index] = count
        position, _ = fleet.teme(counts, times)
        down = fallen(position)
        if down.any():
            result[index] = times[int(down.argmax())]
    return result
