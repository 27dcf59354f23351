"""Random orbits for hypothesis: the one strategy of all orbit tests."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from groundstation.orbit.elements import Elements

EPOCH = datetime(2026, 8, 22, 6, tzinfo=UTC)
#: SGP4's own constants (WGS72): km³/s² and km.
_MU, _RADIUS_KM = 398600.8, 6378.135
_LOWEST_KM = 250.0


@st.composite
def orbits(
    draw: Any,
    *,
    mean_motion: tuple[float, float] = (0.9, 15.8),
    most_eccentricity: float = 0.75,
    bstar: tuple[float, float] = (0.0, 1e-4),
    hours: tuple[float, float] = (-72.0, 72.0),
) -> Elements:
    """From low circles to Molniya and geostationary orbits; the perigee stays above 250 km.

    ``mean_motion``: revolutions a day; half are low. Half are nearly circular, some exactly.
    ``hours``: between which epochs are, after EPOCH.
    """
    slowest, fastest = mean_motion
    low = st.floats(max(slowest, 11.0), fastest)
    motion = draw(st.one_of(low, st.floats(slowest, fastest)))
    semi_major = (_MU / (motion * 2 * math.pi / 86400) ** 2) ** (1 / 3)
    highest = max(min(1 - (_RADIUS_KM + _LOWEST_KM) / semi_major, most_eccentricity), 0.0)
    angle = st.floats(0, 359.9999)
    round_orbit = st.one_of(st.just(0.0), st.floats(0, min(highest, 0.02)))
    special = st.sampled_from([0.0, 63.4349, 90.0, 97.5])
    return Elements(
        name="RANDOM",
        norad=draw(st.integers(1, 999_999_999)),
        epoch=EPOCH + timedelta(hours=draw(st.floats(*hours))),
        mean_motion_rev_day=motion,
        eccentricity=draw(st.one_of(round_orbit, st.floats(0, highest))),
        inclination_deg=round(draw(st.one_of(st.floats(0, 179.9), special)), 4),
        raan_deg=draw(angle),
        argument_of_perigee_deg=draw(angle),
        mean_anomaly_deg=draw(angle),
        bstar_per_earth_radius=draw(st.floats(*bstar)),
    )
