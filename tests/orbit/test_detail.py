"""Light and shadow, Sun and Moon, Doppler and orbit number of a pass."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from groundstation.model import Site
from groundstation.orbit.detail import describe
from groundstation.orbit.earth import Horizontal
from groundstation.orbit.moon import moon_position_km
from groundstation.orbit.passes import find_passes
from groundstation.orbit.pointing import pointing
from groundstation.orbit.propagation import EarthRotation
from groundstation.orbit.sun import sun_azimuth_elevation_deg
from tests.orbit.truth import BISHKEK, cases, degrees_apart, elements_of, load, site_of, when

CASE = cases("passes_consensus.json")[0]
ISS = elements_of(CASE)
START = when(CASE["window_start"])
WINDOW = (START, START + timedelta(hours=CASE["window_hours"]))
PASSES = find_passes(ISS, BISHKEK, *WINDOW)


@pytest.mark.parametrize("number", range(len(PASSES)))
def test_against_the_consensus(number):
    one, expected = PASSES[number], CASE["expected_passes"][number]
    found = describe(one, ISS, BISHKEK, WINDOW)
    for name, shift in zip(("aos", "tca", "los"), found.doppler_hz(437e6), strict=True):
        there = getattr(found, name)
        # Near TCA the shift changes by 90 Hz a second: 10 ms of UT1 are a hertz.
        assert shift == pytest.approx(expected[f"doppler_hz_at_437MHz_{name}"], abs=1.5)
        assert there.range_km == pytest.approx(expected[f"range_km_{name}"], abs=0.1)
        if expected[f"sunlit_{name}"] is not None:
            assert there.sunlit == expected[f"sunlit_{name}"]
    assert found.sun_elevation_deg == pytest.approx(expected["sun_el_at_station_tca"], abs=0.03)
    assert found.site_dark == (found.sun_elevation_deg < -6)


def test_the_shadow_is_entered_where_the_light_ends():
    seen = 0
    for one in PASSES:
        found = describe(one, ISS, BISHKEK, WINDOW)
        for change in found.light_changes:
            before, after = (
                pointing(ISS, BISHKEK, change.when + timedelta(seconds=s)) for s in (-0.1, 0.1)
            )
            assert (before.sunlit, after.sunlit) == (not change.sunlit, change.sunlit)
            seen += 1
        assert found.aos.sunlit != found.los.sunlit or len(found.light_changes) % 2 == 0
        lit = any(point.sunlit for point in found.track)
        assert not found.visible or (lit and found.sun_elevation_deg < -5)
    assert seen >= 3


def test_sun_separation():
    found = describe(PASSES[5], ISS, BISHKEK, WINDOW)
    azimuth, elevation = sun_azimuth_elevation_deg(BISHKEK, PASSES[5].tca)

    def unit(a, e):
        a, e = np.radians([a, e])
        return np.array([np.cos(e) * np.sin(a), np.cos(e) * np.cos(a), np.sin(e)])

    apart = [
        np.degrees(np.arccos(unit(azimuth, elevation) @ unit(p.azimuth_deg, p.elevation_deg)))
        for p in found.track
    ]
    if elevation > 0:
        assert found.sun_separation_deg == pytest.approx(min(apart), abs=0.3)
    else:
        assert found.sun_separation_deg is None


def test_an_open_pass_ends_at_the_window():
    start = when("2026-08-22T21:30:00Z")
    window = (start, start + timedelta(minutes=2))
    (one,) = find_passes(ISS, BISHKEK, *window)
    found = describe(one, ISS, BISHKEK, window)
    assert (found.aos.when, found.los.when) == window
    assert len(found.track) == 25


def test_moon_against_predict():
    tried = 0
    for case in load("predict_observations.json")["sun_moon"]["cases"]:
        if "moon" not in case["file"]:
            continue
        site: Site = site_of(case)
        frame = Horizontal.at(site)
        for unix, azimuth, elevation, *_ in case["rows"]:
            time, zero = datetime.fromtimestamp(unix, UTC), np.zeros(1)
            fixed, _ = EarthRotation(time).to_fixed(
                moon_position_km(time, zero), np.zeros((3, 1)), zero
            )
            # PREDICT gives the direction from the Earth's centre.
            ours = frame.azimuth_elevation_deg(fixed)
            assert degrees_apart(ours[0][0], azimuth) < 0.3
            assert ours[1][0] == pytest.approx(elevation, abs=0.3)
            tried += 1
    assert tried == 4
