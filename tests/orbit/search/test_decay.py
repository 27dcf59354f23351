"""Which satellites may fall, and when."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from groundstation.orbit.elements import Elements
from groundstation.orbit.propagation import DAY_S, Fleet
from groundstation.orbit.search.decay import decay_s, may_fall, steady
from groundstation.orbit.search.near_earth import NearEarth
from tests.orbit.truth import cases, elements_of

EPOCH = datetime(2026, 8, 22, 6, tzinfo=UTC)


def orbit(mean_motion, eccentricity=0.001, bstar=1e-5):
    return Elements(
        name="x", norad=1, epoch=EPOCH, mean_motion_rev_day=mean_motion, eccentricity=eccentricity,
        inclination_deg=60, raan_deg=20, argument_of_perigee_deg=30, mean_anomaly_deg=40,
        bstar_per_earth_radius=bstar,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (orbit(1.0027), False),  # geostationary
        (orbit(2.0056, 0.01), False),  # navigation
        (orbit(2.0056, 0.74), True),  # Molniya: a perigee of 500 km
        (orbit(2.27, 0.73), True),  # transfer orbit
        (orbit(15.5), True),
        (orbit(13.0, bstar=50.0), True),  # nonsense, but it may stand in a file
        (orbit(0.1, 0.2), True),  # half way to the Moon
    ],
)
def test_high_perigees_need_no_look(item, expected):
    assert may_fall(Fleet([item], EPOCH), DAY_S).tolist() == [expected]


def test_age_lets_the_moon_pull_a_perigee_down():
    item = orbit(2.4, 0.55)
    assert not may_fall(Fleet([item], EPOCH), DAY_S)[0]
    assert may_fall(Fleet([item], EPOCH + timedelta(days=400)), DAY_S)[0]


def test_what_need_not_be_looked_at_does_not_fall():
    """A year of SGP4 for orbits around the limit: none that is let through comes down."""
    items = [
        replace(orbit(motion, e, bstar), inclination_deg=inclination)
        for motion in (1.0, 2.0, 3.5, 6.0, 9.0)
        for e in np.linspace(0.0, 0.8, 9).tolist()
        for bstar in (1e-4, 0.5)
        for inclination in (0.0, 63.4, 90.0)
        if (398600.8 / (motion * 2 * math.pi / DAY_S) ** 2) ** (1 / 3) * (1 - e) > 7200
    ]
    fleet = Fleet(items, EPOCH)
    looked = 0
    for days in (30, 365):
        safe = np.flatnonzero(~may_fall(fleet, days * DAY_S))
        looked += len(safe)
        for index in safe.tolist():
            assert decay_s(fleet, index, days * DAY_S) == math.inf
    assert looked > 50


def test_edge_cases_are_not_steady_when_they_fall():
    """Real objects and the day on which SGP4 brings them down."""
    seen = 0
    for case in cases("edge_cases.json"):
        if "tle" not in case:
            continue
        item = elements_of(case)
        days = float(case["facts"].partition("from +")[2].partition(" d")[0])
        for begin in (0.0, days / 2, days + 1, days + 30):
            fleet = Fleet([item], item.epoch + timedelta(days=begin))
            orbits = NearEarth.of(fleet.columns)
            assert not steady(orbits, fleet.age_days * 1440, (days + 1) * DAY_S).any()
        seen += 1
    assert seen > 0
