"""The Earth as SGP4 knows it: WGS72, for which mean elements are made (AIAA 2006-6753)."""

from __future__ import annotations

import math

#: Equatorial radius (km) and gravity constant (km^3/s^2).
RADIUS_KM = 6378.135
MU_KM3_S2 = 398_600.8
#: Zonal harmonics.
J2 = 0.001082616
J3 = -0.00000253881
J4 = -0.00000165597
#: Square root of the gravity constant in Earth radii and minutes.
KE = 60 / math.sqrt(RADIUS_KM**3 / MU_KM3_S2)
