"""Whether the Sun shines on a satellite, at many times at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from groundstation.model import from_us, to_us
from groundstation.orbit.elements import Elements
from groundstation.orbit.propagation import Fleet
from groundstation.orbit.sun import sun_position_km, sunlight_margin_deg

#: Elements so many days old tell no more when it comes into the shadow: a minute or two wrong
#: below 420 km, a few seconds above; see :mod:`groundstation.orbit.ageing`.
MOST_AGE_DAYS = 14.0
LIT, DARK, UNKNOWN = 1, 0, -1


def sunlight(sets: Sequence[Elements], times_us: NDArray[np.int64]) -> NDArray[np.int8]:
    """:data:`LIT`, :data:`DARK` or :data:`UNKNOWN` for each of ``times_us`` (UTC).

    ``sets``: elements of one object. Each time has the newest whose epoch lies before it, so that
    what was said of a time stays when newer ones come; where there is none of the last
    MOST_AGE_DAYS, or SGP4 gives no position, nobody knows.
    """
    found = np.full(len(times_us), UNKNOWN, np.int8)
    ordered = sorted(sets, key=lambda item: item.epoch)
    epochs = np.array([to_us(item.epoch) for item in ordered], np.int64)
    which = np.searchsorted(epochs, times_us, side="right") - 1
    for index in np.unique(which[which >= 0]).tolist():
        mine = np.flatnonzero(which == index)
        mine = mine[times_us[mine] - epochs[index] <= MOST_AGE_DAYS * 86_400e6]
        if len(mine):
            found[mine] = _of(ordered[index], times_us[mine])
    return found


def _of(elements: Elements, times_us: NDArray[np.int64]) -> NDArray[np.int8]:
    # From the epoch, whatever times are asked for together: the same time has the same answer.
    start_us = to_us(elements.epoch)
    start, seconds = from_us(start_us), (times_us - start_us) / 1e6
    position, _ = Fleet([elements], start).teme([len(seconds)], seconds)
    lit = sunlight_margin_deg(position, sun_position_km(start, seconds)) > 0
    codes = np.where(lit, LIT, DARK).astype(np.int8)
    codes[np.isnan(position).any(axis=0)] = UNKNOWN
    return codes
