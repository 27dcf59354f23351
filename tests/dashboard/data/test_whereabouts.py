"""Where a satellite is now, against skyfield."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from skyfield.api import EarthSatellite, load, wgs84

from dashboard.data.whereabouts import Whereabouts, whereabouts
from groundstation.model import Site
from groundstation.orbit.elements import Elements
from groundstation.orbit.tle import read_tle

#: The ISS, as in many textbooks' examples of the format's time: elements of CelesTrak.
LINES = (
    "1 25544U 98067A   26234.51782528  .00012000  00000+0  22000-3 0  9994",
    "2 25544  51.6400 208.9163 0006703 130.5360 325.0288 15.50000000563532",
)
SITE = Site("School 5", 42.8746, 74.5698, 800.0)
WHEN = datetime(2026, 8, 22, 14, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def elements() -> Elements:
    (found,) = read_tle("\n".join(LINES), "test", [], [])
    return found


def found_at(elements: Elements, when: datetime, site: Site | None = SITE) -> Whereabouts:
    found = whereabouts(elements, site, when)
    assert found is not None
    return found


@pytest.mark.parametrize("minutes", [0, 20, 45, 70])
def test_the_place_below_and_the_way_there(elements: Elements, minutes: int) -> None:
    when = WHEN + timedelta(minutes=minutes)
    found = found_at(elements, when)
    scale = load.timescale(builtin=True)
    below = wgs84.subpoint_of(EarthSatellite(*LINES, ts=scale).at(scale.from_datetime(when)))
    assert found.point.latitude_deg == pytest.approx(below.latitude.degrees, abs=0.02)
    assert found.point.longitude_deg == pytest.approx(below.longitude.degrees, abs=0.02)
    # The chord between both places on the ground is that of the angle between them.
    here = wgs84.latlon(SITE.latitude_deg, SITE.longitude_deg).itrs_xyz.km
    there = wgs84.latlon(below.latitude.degrees, below.longitude.degrees).itrs_xyz.km
    chord = float(sum((a - b) ** 2 for a, b in zip(here, there, strict=True))) ** 0.5
    assert found.distance_km == pytest.approx(2 * 6371 * math.asin(chord / 2 / 6371), rel=0.005)


def test_the_track_goes_through_the_place(elements: Elements) -> None:
    found = found_at(elements, WHEN)
    end, begin = found.flown[-1][-1], found.ahead[0][0]
    assert end == pytest.approx(begin)
    assert begin == pytest.approx((found.point.longitude_deg, found.point.latitude_deg))


def test_old_elements_tell_less_and_then_nothing(elements: Elements) -> None:
    old = replace(elements, epoch=elements.epoch - timedelta(days=200))
    assert whereabouts(old, SITE, WHEN) is None


def test_at_a_border_and_at_the_edge_of_the_shadow_nothing_is_told(elements: Elements) -> None:
    """Four days old, the ISS is late or early by many seconds."""
    old = replace(elements, epoch=elements.epoch - timedelta(days=4))
    unsure = [found_at(old, WHEN + timedelta(seconds=30 * n)) for n in range(190)]
    sure = [found_at(elements, WHEN + timedelta(seconds=30 * n)) for n in range(190)]
    assert sum(item.sunlit is None for item in unsure) > sum(i.sunlit is None for i in sure)
    assert sum(item.below is None for item in unsure) > sum(i.below is None for i in sure)
    assert any(item.below is not None for item in unsure)


def test_without_a_site_there_is_no_way(elements: Elements) -> None:
    found = found_at(elements, WHEN, None)
    assert found.distance_km is None
    assert found.direction_deg is None
    assert found.point.latitude_deg == found_at(elements, WHEN).point.latitude_deg
