"""Directions, places and shadows against skyfield, JPL, PREDICT and almanacs."""

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from skyfield.api import EarthSatellite, load, wgs84

from groundstation.errors import ElementsError
from groundstation.model import Site
from groundstation.orbit.elements import to_tle_lines
from groundstation.orbit.ground_track import footprint, ground_track
from groundstation.orbit.pointing import doppler_hz, pointing, pointings
from groundstation.orbit.sun import subsolar_point_deg, sun_azimuth_elevation_deg
from tests.orbit import truth
from tests.orbit.truth import BISHKEK, cases, degrees_apart, elements_of, site_of, when


@pytest.mark.parametrize("case", cases("passes_consensus.json")[::3], ids=lambda case: case["id"])
def test_against_skyfield(case):
    item, site = elements_of(case), site_of(case)
    scale = load.timescale(builtin=True)
    theirs = EarthSatellite(*to_tle_lines(item), ts=scale)
    place = wgs84.latlon(site.latitude_deg, site.longitude_deg, site.altitude_m)
    times = [when(case["window_start"]) + timedelta(minutes=37 * n) for n in range(40)]
    for ours, instant in zip(pointings(item, site, times), times, strict=True):
        time = scale.from_datetime(instant)
        elevation, azimuth, distance, _, _, rate = (
            (theirs - place).at(time).frame_latlon_and_rates(place)
        )
        below = wgs84.geographic_position_of(theirs.at(time))
        assert ours.elevation_deg == pytest.approx(elevation.degrees, abs=1e-4)
        assert degrees_apart(ours.azimuth_deg, azimuth.degrees) * math.cos(elevation.radians) < 1e-4
        assert ours.range_km == pytest.approx(distance.km, rel=1e-6)
        assert ours.range_rate_km_s == pytest.approx(rate.km_per_s, abs=1e-6)
        assert ours.latitude_deg == pytest.approx(below.latitude.degrees, abs=1e-4)
        assert degrees_apart(ours.longitude_deg, below.longitude.degrees) < 1e-3
        assert ours.altitude_km == pytest.approx(below.elevation.km, abs=0.01)


def test_pyorbital_points():
    for fact in truth.load("reference_points.json")["pyorbital"]:
        if fact["kind"] == "look":
            there = pointing(elements_of(fact), site_of(fact), when(fact["time"]))
            assert there.azimuth_deg == pytest.approx(fact["az"], abs=fact["tol_deg"])
            assert there.elevation_deg == pytest.approx(fact["el"], abs=fact["tol_deg"])
        elif fact["kind"] == "subpoint":
            there = pointing(elements_of(fact), BISHKEK, when(fact["time"]))
            assert there.longitude_deg == pytest.approx(fact["lon"], abs=fact["tol_deg"])
            assert there.latitude_deg == pytest.approx(fact["lat"], abs=fact["tol_deg"])
            assert there.altitude_km == pytest.approx(fact["alt_km"], abs=0.5)


@pytest.mark.parametrize("case", cases("predict_observations.json"), ids=lambda c: c["file"][15:30])
def test_predict_observations(case):
    """PREDICT's values are of a moment between the given second and the next one."""
    item, site = elements_of(case), site_of(case)
    for row in case["rows"]:
        unix, latitude, longitude, altitude, azimuth, elevation, shift = row[:7]
        second = datetime.fromtimestamp(unix, UTC)
        two = pointings(item, site, [second, second + timedelta(seconds=1)])
        for name, value, rounding in (
            ("latitude_deg", latitude, 0.011),
            ("elevation_deg", elevation, 0.03),
            ("azimuth_deg", azimuth, 0.03),
            ("altitude_km", altitude, 0.001 * altitude),
            ("range_km", row[11], 0.001 * row[11]),
        ):
            low, high = sorted(getattr(one, name) for one in two)
            assert low - rounding <= value <= high + rounding
        apart = degrees_apart(two[0].longitude_deg, two[1].longitude_deg)
        assert min(degrees_apart(one.longitude_deg, longitude) for one in two) < apart + 0.02
        shifts = sorted(doppler_hz(one.range_rate_km_s, 100e6) for one in two)
        assert shifts[0] - 3 <= shift <= shifts[1] + 3
        assert two[0].sunlit == (row[13] > 0)


def test_tracks_of_satellite_js():
    """Azimuth, elevation and Doppler along eleven passes, to the digits they are written with."""
    sets = {case["id"]: elements_of(case) for case in cases("passes_consensus.json")}
    for case in cases("rotator_tracks.json"):
        iss = "25544" in case["id"]
        item = sets["bishkek-25544" if iss else "svalbard-43013"]
        rows = case["track_t_az_el_dopplerHz_per_100MHz"]
        times = [when(case["t0"]) + timedelta(seconds=row[0]) for row in rows]
        found = pointings(item, BISHKEK, times, dut1_s=0.0)
        for there, (_, azimuth, elevation, shift) in zip(found, rows, strict=True):
            assert there.elevation_deg == pytest.approx(elevation, abs=0.001)
            across = math.cos(math.radians(elevation))
            assert degrees_apart(there.azimuth_deg, azimuth) * across < 0.001
            assert doppler_hz(there.range_rate_km_s, 100e6) == pytest.approx(shift, abs=0.1)


def test_doppler_at_the_pole_of_definitions():
    assert doppler_hz(-7.0, 437e6) == pytest.approx(437e6 * 7.0 / 299792.458)
    assert doppler_hz(1.0, 437e6) < 0


def test_a_decayed_satellite_has_no_pointing():
    case = next(case for case in cases("edge_cases.json") if case["id"] == "decay-starlink1623")
    item = elements_of(case)
    with pytest.raises(ElementsError, match="decayed"):
        pointing(item, BISHKEK, item.epoch + timedelta(days=3))
    assert pointings(item, BISHKEK, []) == []


def test_sun_against_noaa():
    facts = truth.load("reference_points.json")["sun_noaa"]
    site = Site("equator", facts["lat"], facts["lon"])
    for text, azimuth, elevation in facts["rows"]:
        found = sun_azimuth_elevation_deg(site, when(text))
        assert found[1] == pytest.approx(elevation, abs=facts["tol_deg"])
        spread = facts["tol_deg"] / max(math.cos(math.radians(elevation)), 0.05)
        assert degrees_apart(found[0], azimuth) < spread


def test_sun_against_predict():
    facts = truth.load("predict_observations.json")["sun_moon"]
    tried = 0
    for case in facts["cases"]:
        if "sun" not in case["file"]:
            continue
        for unix, azimuth, elevation, *_ in case["rows"]:
            found = sun_azimuth_elevation_deg(site_of(case), datetime.fromtimestamp(unix, UTC))
            assert found[1] == pytest.approx(elevation, abs=0.1)
            assert degrees_apart(found[0], azimuth) < 0.1
            tried += 1
    assert tried


def test_subsolar_point_at_an_equinox():
    latitude, longitude = subsolar_point_deg(datetime(2026, 3, 20, 14, 46, tzinfo=UTC))
    assert latitude == pytest.approx(0, abs=0.02)
    assert longitude == pytest.approx(-39.7, abs=0.5)  # 14:46 UTC less the equation of time


def test_ground_track_never_jumps():
    item = elements_of(cases("passes_consensus.json")[0])
    lines = ground_track(item, item.epoch, item.epoch + timedelta(hours=12), 30)
    assert len(lines) > 5
    for line, following in pairwise(lines):
        assert abs(line[-1][0]) == 180
        assert following[0] == (-line[-1][0], line[-1][1])
    for line in lines:
        assert all(abs(b[0] - a[0]) < 10 for a, b in pairwise(line))
        assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in line)
    assert ground_track(item, item.epoch, item.epoch - timedelta(hours=1), 30) == []


@pytest.mark.parametrize("place", [(0, 0), (42, 74), (85, 10), (-89, 170), (10, 179.5)])
def test_footprint_is_a_ring_of_equal_distance(place):
    ((ring,),) = footprint(*place, 500.0)
    assert ring[0] == ring[-1]
    expected = math.degrees(math.acos(6371 / 6871))
    lat0, lon0 = map(math.radians, place)
    for lon, lat in ring:
        lat1, lon1 = math.radians(lat), math.radians(lon)
        cosine = math.sin(lat0) * math.sin(lat1)
        cosine += math.cos(lat0) * math.cos(lat1) * math.cos(lon1 - lon0)
        assert math.degrees(math.acos(cosine)) == pytest.approx(expected, abs=1e-6)
