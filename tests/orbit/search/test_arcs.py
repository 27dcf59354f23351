"""Quintic arcs between SGP4's states, beside SGP4 itself; and the acceleration they are made of."""

from datetime import UTC, datetime

import numpy as np
import pytest

from groundstation.model import Site
from groundstation.orbit.earth import Horizontal
from groundstation.orbit.elements import Elements
from groundstation.orbit.propagation import EarthRotation, Fleet
from groundstation.orbit.search.arcs import Arcs, Sight, acceleration

EPOCH = datetime(2026, 8, 22, 6, tzinfo=UTC)
FRAME = Horizontal.at(Site("x", 42.87, 74.57, 800))


def circular(mean_motion, inclination=51.6, eccentricity=0.001):
    return Elements(
        name="x", norad=1, epoch=EPOCH, mean_motion_rev_day=mean_motion, eccentricity=eccentricity,
        inclination_deg=inclination, raan_deg=20, argument_of_perigee_deg=30, mean_anomaly_deg=40,
        bstar_per_earth_radius=1e-5,
    )  # fmt: skip


def fixed_at(item, times):
    rotation = EarthRotation(EPOCH)
    position, velocity = Fleet([item], EPOCH).teme([len(times)], times)
    return *rotation.to_fixed(position, velocity, times), rotation.rate_rad_s


def sights(item, times):
    fixed, speed, turning = fixed_at(item, times)
    return Sight.of(FRAME.up, FRAME.position, fixed, speed, turning)


@pytest.mark.parametrize("item", [circular(15.5), circular(13, 98), circular(6.5), circular(1.0)])
def test_acceleration_is_that_of_sgp4s_positions(item):
    """Second differences of positions; what is left out is of the order of J2 squared."""
    times = np.arange(0.0, 86400.0, 600.0)
    step = 2.0
    before, here, after = (fixed_at(item, times + by)[0] for by in (-step, 0.0, step))
    expected = (before - 2 * here + after) / step**2
    _, speed, turning = fixed_at(item, times)
    ours = acceleration(here, speed, turning)
    largest = np.linalg.norm(expected, axis=0).max()
    assert np.abs(ours - expected).max() < max(2e-5 * largest, 3e-8)


@pytest.mark.parametrize(
    ("item", "metres"),
    [(circular(15.5), 1.5), (circular(13, 98), 1.5), (circular(13, 98, 0.01), 4)],
)
def test_an_arc_of_a_twentieth_of_a_revolution_errs_by_metres(item, metres):
    """So long are the arcs from before an encounter to its middle.

    The error grows with the eccentricity: SGP4's velocities are not exactly the derivatives of its
    positions, and less so in an ellipse.
    """
    length = 86400 / item.mean_motion_rev_day / 20
    nodes = np.arange(0.0, 86400.0, length)
    sight = sights(item, nodes)
    count = len(nodes) - 1
    arcs = Arcs.between(
        sight.pick(slice(0, count)), sight.pick(slice(1, count + 1)), np.full(count, length)
    )
    for part in (0.02, 0.25, 0.5, 0.75, 0.98):
        share = np.full(count, part)
        exact = sights(item, nodes[:count] + part * length)
        # Where it is seen the mask's sine times range is what matters; below, any range is large.
        seen = exact.sine() > 0
        height, _ = arcs.above(share, 0.0)
        assert np.abs(height - exact.height[0])[seen].max() < metres / 1000
        assert np.abs(arcs.above(share, 0.5)[0] - exact.above(0.5))[seen].max() < 0.01
        assert np.abs(arcs.sine(share) - exact.sine())[seen].max() < 1e-5


def test_time_may_run_backwards():
    item = circular(14.0)
    times = np.array([0.0, 200.0])
    sight = sights(item, times)
    forth = Arcs.between(sight.pick(slice(0, 1)), sight.pick(slice(1, 2)), np.array([200.0]))
    back = Arcs.between(sight.pick(slice(1, 2)), sight.pick(slice(0, 1)), np.array([-200.0]))
    for share in (0.0, 0.3, 1.0):
        ours, theirs = np.array([share]), np.array([1 - share])
        assert forth.sine(ours) == pytest.approx(back.sine(theirs), abs=1e-12)
        assert forth.climb(ours)[0] == pytest.approx(-back.climb(theirs)[0], rel=1e-9)


def test_slopes_are_derivatives():
    item = circular(14.0)
    sight = sights(item, np.array([100.0, 400.0]))
    arcs = Arcs.between(sight.pick(slice(0, 1)), sight.pick(slice(1, 2)), np.array([300.0]))
    share, step = np.array([0.4]), 1e-4
    for function in (lambda s: arcs.above(s, 0.17), arcs.climb):
        (before, _), (_, slope), (after, _) = (function(share + by) for by in (-step, 0, step))
        assert slope == pytest.approx((after - before) / (2 * step), rel=1e-5)
