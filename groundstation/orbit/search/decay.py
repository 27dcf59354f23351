"""When a satellite falls. SGP4 gives nonsense after that, with no error, so it must be known."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from groundstation.orbit.earth import EQUATORIAL_RADIUS_KM
from groundstation.orbit.propagation import DAY_S, Fleet, Floats
from groundstation.orbit.search.near_earth import NearEarth
from groundstation.orbit.wgs72 import RADIUS_KM, semi_major_axes_km

#: Below this altitude a satellite does not finish its revolution.
DECAY_ALTITUDE_KM = 100.0
_SAMPLES_PER_REVOLUTION = 12
_MAX_SAMPLES = 200_000
#: A mean perigee this low, or a semi-major axis this far from that of the epoch, asks for a look.
_LOW_PERIGEE_KM = 230.0
_CHANGED = 0.02
_LONGEST_LOOK_S = 8 * DAY_S
#: Above this perigee there is no air that matters; and by how much (km a day) the Moon and the Sun
#: lower a perigee at most, for orbits of no more than this size (a little beyond geostationary).
_HIGH_PERIGEE_KM = 1000.0
_SINKING_KM_DAY = 20.0
_FARTHEST_AXIS_KM = 45_000.0


def may_fall(fleet: Fleet, duration_s: float) -> NDArray[np.bool_]:
    """Which satellites must be looked at with :func:`decay_s`: those whose perigee is not high.

    A high one falls only where the Moon and the Sun pull it down, which takes long.
    """
    columns = fleet.columns
    axis = semi_major_axes_km(columns.motion / 60)
    days = np.abs(columns.age_days) + duration_s / DAY_S
    safe_km = _HIGH_PERIGEE_KM + _SINKING_KM_DAY * days
    high = axis * (1 - columns.eccentricity) - RADIUS_KM > safe_km
    result: NDArray[np.bool_] = ~(high & (axis < _FARTHEST_AXIS_KM) & (columns.bstar < 1.0))
    return result


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
    errors, position, _ = fleet.record(index).sgp4_array(np.zeros(count), days)
    radius = np.sqrt(np.sum(position**2, axis=1))
    down = (errors != 0) | ~(radius >= EQUATORIAL_RADIUS_KM + DECAY_ALTITUDE_KM)
    return float(times[int(down.argmax())]) if down.any() else math.inf


def steady(orbits: NearEarth, age_min: Floats, duration_s: float) -> NDArray[np.bool_]:
    """Which of ``orbits`` neither decay nor change much from their epoch to the window's end.

    ``age_min`` are the minutes from their epochs to time 0. Where SGP4's near-Earth equations do
    not apply nothing is known: those satellites are not steady.
    """
    result = orbits.applies()
    count = math.ceil(duration_s / _LONGEST_LOOK_S)
    spans = np.linspace(0.0, duration_s / 60, 2 * count + 1)
    for minutes in (0 * age_min, age_min / 2, *(age_min + span for span in spans)):
        axis, eccentricity = orbits.shape(minutes)
        perigee = (axis * (1 - eccentricity) - 1) * RADIUS_KM
        result &= (perigee > _LOW_PERIGEE_KM) & (np.abs(axis / orbits.axis - 1) < _CHANGED)
        # SGP4 fails below -0.001. Its small swing is at most this.
        result &= eccentricity - 2 * np.abs(orbits.bstar_cc5) > -0.001
    return result
