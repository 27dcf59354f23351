"""The Earth as SGP4 knows it: WGS72, for which mean elements are made (AIAA 2006-6753)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

#: Equatorial radius (km) and gravity constant (km^3/s^2).
RADIUS_KM = 6378.135
MU_KM3_S2 = 398_600.8
#: Zonal harmonics.
J2 = 0.001082616
J3 = -0.00000253881
J4 = -0.00000165597
#: Square root of the gravity constant in Earth radii and minutes.
KE = 60 / math.sqrt(RADIUS_KM**3 / MU_KM3_S2)


def semi_major_axes_km(rates_rad_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of orbits with these mean motions, in radians a second (Kepler's third law)."""
    result: NDArray[np.float64] = (MU_KM3_S2 / rates_rad_s**2) ** (1 / 3)
    return result
