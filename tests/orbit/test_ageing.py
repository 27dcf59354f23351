"""The promised timing error against what real satellites did."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from groundstation.orbit.ageing import mean_altitude_km, timing_error_s, timing_errors_s
from groundstation.orbit.passes import find_passes
from tests.orbit.truth import BISHKEK, cases, elements_of, load

ISS = elements_of(cases("passes_consensus.json")[0])
#: A mean motion inside each band of the measurements.
BANDS = {"<420 km": 15.6, "420-500": 15.35, "500-600": 15.06, "600-900": 14.5, ">900": 12.9}
TABLE = load("staleness_real.json")["table"]


@pytest.mark.parametrize("cell", TABLE)
def test_between_median_and_ninetieth_percentile(cell):
    band, age = cell.split("|")
    item = replace(ISS, mean_motion_rev_day=BANDS[band])
    found = timing_error_s(item, float(age))
    facts = TABLE[cell]
    if facts["n"] < 150:
        return  # few satellites: their percentiles fall where more age should make them rise
    assert facts["median_s"] <= found <= facts["p90_s"]


@pytest.mark.parametrize("mean_motion", BANDS.values())
def test_grows_with_age_in_either_direction(mean_motion):
    item = replace(ISS, mean_motion_rev_day=mean_motion)
    errors = [timing_error_s(item, age) for age in np.linspace(0, 400, 200)]
    assert errors == sorted(errors)
    assert timing_error_s(item, -9.5) == timing_error_s(item, 9.5)
    assert errors[0] > 0
    assert errors[-1] <= item.period_min * 30


def test_lower_is_worse():
    errors = [timing_error_s(replace(ISS, mean_motion_rev_day=n), 7) for n in BANDS.values()]
    assert errors == sorted(errors, reverse=True)


def test_altitude():
    assert mean_altitude_km(ISS) == pytest.approx(420, abs=12)
    assert mean_altitude_km(replace(ISS, mean_motion_rev_day=1.0027)) == pytest.approx(35786, abs=5)


def test_columns_are_the_single_values():
    items = [replace(ISS, mean_motion_rev_day=n) for n in BANDS.values()]
    ages = np.array([-30.0, 0.0, 3.3, 99.0, 250.0])
    together = timing_errors_s(items, np.arange(5), ages)
    for item, age, error in zip(items, ages, together, strict=True):
        assert timing_error_s(item, age) == error


def test_stale_elements_are_marked_on_the_pass():
    start = ISS.epoch + timedelta(days=60)
    for one in find_passes(ISS, BISHKEK, start, start + timedelta(days=1)):
        assert 900 < one.timing_error_s < 2300
        assert 60 <= one.elements_age_days <= 61
