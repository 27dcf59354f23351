"""Horizon masks against satellite.js, and the files they come from."""

from datetime import timedelta

import numpy as np
import pytest

from groundstation.errors import HorizonError
from groundstation.orbit.horizon import Horizon, parse_horizon
from groundstation.orbit.passes import find_passes
from groundstation.orbit.search.masked import visible_stretches
from tests.orbit.truth import cases, degrees_apart, elements_of, seconds_apart, site_of, when


@pytest.mark.parametrize("case", cases("horizon_mask.json"), ids=lambda case: case["id"])
def test_masks(case):
    start = when(case["window_start"])
    found = find_passes(
        elements_of(case), site_of(case), start, start + timedelta(hours=case["window_hours"]),
        min_elevation_deg=-90, horizon=Horizon.of(map(tuple, case["mask_az_el_linear"])),
        dut1_s=0.0,
    )  # fmt: skip
    events = []
    for one in found:
        events += [(one.aos, one.aos_azimuth_deg), (one.los, one.los_azimuth_deg)]
    assert len(events) == len(case["events"])
    for (time, azimuth), expected in zip(events, case["events"], strict=True):
        assert seconds_apart(time, when(expected["t"])) < 0.01
        assert degrees_apart(azimuth, expected["az"]) < 0.003


def test_interpolation_goes_around_north():
    horizon = Horizon.of([(350, 10), (10, 20)])
    assert horizon.elevation_deg(np.array([350.0, 0.0, 360.0, 10.0, 180.0])).tolist() == [
        10, 15, 15, 20, 15,
    ]  # fmt: skip


def test_reading():
    text = "azimuth_deg,elevation_deg\n# a hill\n0, 5\n\n90;12.5\n180\t3\n270 4\n"
    assert parse_horizon(text) == Horizon.of([(0, 5), (90, 12.5), (180, 3), (270, 4)])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no rows"),
        ("azimuth,elevation\n", "no rows"),
        ("0,5\n10;nan\n", "h.csv:2"),
        ("0,5\n400,3", "h.csv:2: the azimuth is 400"),
        ("0,95", "the elevation is 95"),
        ("0,5,7", "h.csv:1"),
    ],
)
def test_bad_files(text, said):
    with pytest.raises(HorizonError, match=said):
        parse_horizon(text, source="h.csv")


def test_a_slit_crossed_in_a_fifth_of_a_second_is_found():
    """A wall all around with a slit of a tenth of a degree, crossed at half a degree a second."""
    wall = Horizon.of([(0, 60), (99.999, 60), (100, 5), (100.1, 5), (100.101, 60), (360, 60)])

    def look(times):
        return 90 + 0.5 * times, np.full(len(times), 20.0)

    ((begin, end),) = visible_stretches(look, wall, -90.0, 0.0, 60.0)
    assert begin == pytest.approx(20.0, abs=0.01)
    assert end == pytest.approx(20.2, abs=0.01)
