"""Areas on the flat map, against distances on a sphere."""

from __future__ import annotations

import math
import random

import pytest

from groundstation.orbit.flat_map import night, seen_from
from groundstation.orbit.ground_track import Coordinate


def turn_deg(one: Coordinate, other: Coordinate) -> float:
    """Degrees between two places, by the scalar product of their directions."""

    def direction(place: Coordinate) -> tuple[float, float, float]:
        lon, lat = map(math.radians, place)
        return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)

    product = sum(a * b for a, b in zip(direction(one), direction(other), strict=True))
    return math.degrees(math.acos(max(-1.0, min(1.0, product))))


def covers(lines: list[list[Coordinate]], place: Coordinate) -> bool:
    """Whether any of the closed lines goes around the place: a ray to the north."""
    x, y = place
    inside = False
    for line in lines:
        odd = False
        for (x0, y0), (x1, y1) in zip(line, [*line[1:], line[0]], strict=True):
            if (x0 <= x) != (x1 <= x) and y0 + (x - x0) / (x1 - x0) * (y1 - y0) > y:
                odd = not odd
        inside = inside or odd
    return inside


def places(seed: int) -> list[Coordinate]:
    dice = random.Random(seed)
    return [(dice.uniform(-180, 180), dice.uniform(-89, 89)) for _ in range(2000)]


@pytest.mark.parametrize("sun", [(23.4, 0.0), (-23.4, 170.0), (5.0, -120.0), (-0.3, 40.0)])
def test_night_is_where_the_sun_stands_below_the_horizon(sun: tuple[float, float]) -> None:
    lines = night(*sun)
    for place in places(1):
        distance = turn_deg(place, (sun[1], sun[0]))
        # Straight between points 3 degrees apart: near the border either may be.
        if abs(distance - 90) > 1.0:
            assert covers(lines, place) == (distance > 90), place


@pytest.mark.parametrize(
    ("latitude", "longitude", "altitude"),
    [
        *((0.0, 0.0, 500.0), (42.9, 74.6, 420.0), (-50.0, 175.0, 600.0), (10.0, -178.0, 35_786.0)),
        *((80.0, 20.0, 500.0), (-75.0, -170.0, 800.0), (89.0, 100.0, 500.0)),
    ],
)
def test_seen_is_where_the_satellite_stands_above_the_horizon(
    latitude: float, longitude: float, altitude: float
) -> None:
    lines = seen_from(latitude, longitude, altitude)
    radius = math.degrees(math.acos(6371 / (6371 + altitude)))
    for place in places(2):
        distance = turn_deg(place, (longitude, latitude))
        # Around a pole straight lines between points leave the circle.
        if abs(distance - radius) > 1.0 and abs(place[1]) < 85:
            assert covers(lines, place) == (distance < radius), place
