"""SGP4's near-Earth equations in columns: the same states as the reference implementation's."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundstation.orbit.elements import Elements
from groundstation.orbit.propagation import Columns, satrec
from groundstation.orbit.search.near_earth import NearEarth
from tests.orbit.random_orbits import EPOCH, orbits
from tests.orbit.test_propagation import elements_of_verification
from tests.orbit.truth import cases, elements_of


def columns_of(items):
    return NearEarth.of(Columns.of(items, items[0].epoch))


#: Near the Earth; half of them nearly circular, some with more drag than any has, or with less.
LOW = orbits(mean_motion=(6.5, 15.9), most_eccentricity=0.12, bstar=(-1e-4, 1e-3), hours=(0.0, 0.0))


@settings(max_examples=300, deadline=None)
@given(LOW, st.floats(-30, 30))
def test_states_are_those_of_sgp4(item, days):
    orbits = columns_of([item])
    assert orbits.applies().all()
    minutes = days * 1440
    axis, eccentricity = orbits.shape(np.array([minutes]))
    error, expected, expected_velocity = satrec(item).sgp4_tsince(minutes)
    # Where drag has all but brought it down SGP4 means nothing, and the search knows that.
    if abs(axis[0] / orbits.axis[0] - 1) > 0.02 or eccentricity[0] < 1e-3 - 2 * orbits.bstar_cc5[0]:
        return
    assert error == 0
    position, velocity = orbits.states(np.array([minutes]))
    # SGP4 solves Kepler's equation to 1e-12 rad; ours is exact.
    assert np.allclose(position[:, 0], expected, rtol=0, atol=1e-6)
    assert np.allclose(velocity[:, 0], expected_velocity, rtol=0, atol=1e-9)


def test_many_satellites_and_times_at_once():
    items = [elements_of(case) for case in cases("passes_consensus.json")]
    items = [item for item in items if columns_of([item]).applies().all()]
    assert len(items) >= 5
    orbits = columns_of(items)
    minutes = np.linspace(0, 1440, 7)[:, None] + np.arange(len(items))
    position, velocity = orbits.states(minutes)
    assert position.shape == velocity.shape == (3, *minutes.shape)
    for column, item in enumerate(items):
        for row in range(7):
            _, expected, _ = satrec(item).sgp4_tsince(float(minutes[row, column]))
            assert np.allclose(position[:, row, column], expected, rtol=0, atol=1e-6)


def test_verification_vectors():
    """Those of AIAA 2006-6753 that lie near the Earth and above the air."""
    found = 0
    for case in cases("sgp4_verification.json"):
        orbits = columns_of([elements_of_verification(case)])
        if not orbits.applies().all():
            continue
        found += 1
        states = np.array([state[:7] for state in case["states"]])
        position, velocity = orbits.states(states[:, 0])
        assert np.allclose(position, states[:, 1:4].T, rtol=0, atol=1e-6)
        assert np.allclose(velocity, states[:, 4:7].T, rtol=0, atol=1e-8)
    assert found >= 3


@pytest.mark.parametrize(
    ("mean_motion", "eccentricity", "applies"),
    [(15.0, 0.001, True), (16.3, 0.02, False), (6.3, 0.001, False), (2.0, 0.72, False)],
)
def test_where_it_applies(mean_motion, eccentricity, applies):
    """Not where SGP4 has other equations: a perigee below 220 km, or a period of 225 minutes."""
    item = Elements(
        name="x", norad=1, epoch=EPOCH, mean_motion_rev_day=mean_motion, eccentricity=eccentricity,
        inclination_deg=60, raan_deg=0, argument_of_perigee_deg=0, mean_anomaly_deg=0,
        bstar_per_earth_radius=1e-5,
    )  # fmt: skip
    assert columns_of([item]).applies().tolist() == [applies]
    assert satrec(item).method == ("d" if mean_motion < 6.4 else "n")


def test_columns_have_units_and_ages():
    items = [elements_of(case) for case in cases("passes_consensus.json")[:3]]
    columns = Columns.of(items, items[0].epoch + timedelta(days=1.5))
    assert columns.age_days[0] == pytest.approx(1.5, abs=1e-12)
    for index, item in enumerate(items):
        record = satrec(item)
        ours = [
            columns.motion, columns.eccentricity, columns.inclination, columns.node,
            columns.perigee, columns.anomaly, columns.bstar,
        ]  # fmt: skip
        theirs = [
            record.no_kozai, record.ecco, record.inclo, record.nodeo, record.argpo, record.mo,
            record.bstar,
        ]  # fmt: skip
        assert [column[index] for column in ours] == pytest.approx(theirs, rel=1e-14)
