"""Where a satellite is heard now: its frequency with Doppler."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from groundstation.model import Site, from_us
from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.pointing import doppler_hz, pointings

#: Range rates are computed for so long at once, one a second: a chord of this is within 0.1 Hz.
_SPAN_S = 60


@dataclass(slots=True)
class Doppler:
    """The shift of one satellite over one site."""

    elements: Elements
    site: Site
    _from_us: float = -math.inf
    _rates_km_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def received_hz(self, frequency_hz: float, now_us: int) -> float:
        """Where ``frequency_hz`` is heard. Raises ElementsError where there is no position."""
        seconds = (now_us - self._from_us) / 1e6
        if not 0 <= seconds <= len(self._rates_km_s) - 1:
            start = from_us(now_us)
            times = [start + timedelta(seconds=second) for second in range(_SPAN_S + 1)]
            found = pointings(self.elements, self.site, times)
            self._rates_km_s = np.array([each.range_rate_km_s for each in found])
            self._from_us, seconds = float(now_us), 0.0
        rate_km_s = np.interp(seconds, np.arange(len(self._rates_km_s)), self._rates_km_s)
        return frequency_hz + doppler_hz(float(rate_km_s), frequency_hz)
