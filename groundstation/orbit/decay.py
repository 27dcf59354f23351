"""When a satellite falls. SGP4 gives nonsense after that, with no error, so it must be known."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from groundstation.orbit.ageing import MU_KM3_S2
from groundstation.orbit.earth import EQUATORIAL_RADIUS_KM
from groundstation.orbit.propagation import DAY_S, Fleet, Floats

#: Below this altitude a satellite does not finish its revolution.
DECAY_ALTITUDE_KM = 100.0
_SAMPLES_PER_REVOLUTION = 12
_MAX_SAMPLES = 200_000
#: A mean perigee this low, or a semi-major axis this far from that of the epoch, asks for a look.
_LOW_PERIGEE_KM = 230.0
_CHANGED = 0.02


def decay_s(fleet: Fleet, index: int, duration_s: float) -> float:
    """The time (s since the fleet's start) from which satellite ``index`` counts as decayed.

    Decayed is below 100 km, or where SGP4 fails first. Infinity where that does not happen before
    ``duration_s``. The time between the epoch and the start is looked at too: many decayed objects
    come back to life in SGP4 later.
    """
    begin_s = -max(float(fleet.age_days[index]) * DAY_S, 0.0)
    revolutions = (duration_s - begin_s) / float(fleet.period_s[index])
    count = min(math.ceil(revolutions * _SAMPLES_PER_REVOLUTION) + 2, _MAX_SAMPLES)
    times = np.linspace(begin_s, duration_s, count)
    days = times / DAY_S + fleet.age_days[index]
    errors, position, _ = fleet.records[index].sgp4_array(np.zeros(count), days)
    radius = np.sqrt(np.sum(position**2, axis=1))
    down = (errors != 0) | ~(radius >= EQUATORIAL_RADIUS_KM + DECAY_ALTITUDE_KM)
    return float(times[int(down.argmax())]) if down.any() else math.inf


def suspects(fleet: Fleet, satellites: NDArray[np.intp], mean: Floats) -> NDArray[np.bool_]:
    """Which satellites may have decayed by the time of ``mean`` (rows of ``mean_elements``)."""
    rate = 2 * np.pi / fleet.period_s[satellites]
    at_epoch = (MU_KM3_S2 / rate**2) ** (1 / 3)
    perigee = mean[:, 0] * (1 - mean[:, 1]) - EQUATORIAL_RADIUS_KM
    steady = (perigee > _LOW_PERIGEE_KM) & (np.abs(mean[:, 0] / at_epoch - 1) < _CHANGED)
    result: NDArray[np.bool_] = (mean[:, 7] != 0) | ~steady
    return result
