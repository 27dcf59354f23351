"""Orbit numbers and node times against pyorbital and PREDICT."""

from datetime import UTC, datetime, timedelta

import pytest

from groundstation.errors import ElementsError
from groundstation.orbit.pointing import pointings
from groundstation.orbit.revolution import last_ascending_node, orbit_number
from tests.orbit.truth import BISHKEK, cases, elements_of, load, seconds_apart, when

FACTS = load("reference_points.json")["pyorbital"]
ISS = elements_of(cases("passes_consensus.json")[0])


@pytest.mark.parametrize("fact", [f for f in FACTS if f["kind"] == "orbit_number"])
def test_orbit_number(fact):
    assert orbit_number(elements_of(fact), when(fact["time"])) == fact["orbit"]


def test_ascending_node():
    (fact,) = [f for f in FACTS if f["kind"] == "ascending_node_time"]
    found = last_ascending_node(elements_of(fact), when(fact["query"]))
    assert seconds_apart(found, when(fact["last_an"])) < fact["tol_s"]


def test_predict_counts_at_perigee_and_we_at_the_node():
    for case in cases("predict_observations.json"):
        row = case["rows"][0]
        found = orbit_number(elements_of(case), datetime.fromtimestamp(row[0], UTC))
        assert abs(found - row[9]) <= 1


def test_the_number_changes_exactly_at_the_node():
    for hours in range(0, 240, 7):
        node = last_ascending_node(ISS, ISS.epoch + timedelta(hours=hours))
        before, after = node - timedelta(seconds=0.01), node + timedelta(seconds=0.01)
        south, north = (one.latitude_deg for one in pointings(ISS, BISHKEK, [before, after]))
        assert south < 0 < north
        assert orbit_number(ISS, after) == orbit_number(ISS, before) + 1


def test_after_the_fall():
    case = next(case for case in cases("edge_cases.json") if case["id"] == "decay-starlink1623")
    item = elements_of(case)
    with pytest.raises(ElementsError):
        orbit_number(item, item.epoch + timedelta(days=3))
