"""When a satellite is in the Earth's shadow, against single moments and a circle's geometry."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from groundstation.model import Site, from_us, to_us
from groundstation.orbit.elements import Elements
from groundstation.orbit.pointing import pointing
from groundstation.orbit.shade import MOST_US, shade
from groundstation.simulator.flight import elements_for

SITE = Site("School 5", 42.8746, 74.5698, 800.0)
NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def elements() -> Elements:
    return elements_for(SITE, NOON, -60.0, "X")


def test_each_edge_lies_between_light_and_dark(elements: Elements) -> None:
    start_us = to_us(NOON)
    found = shade([elements], start_us, start_us + 86_400_000_000)
    assert found.known
    assert 10 < len(found.spans) < 17
    for begin, end in found.spans:
        if begin > start_us:
            assert pointing(elements, SITE, from_us(begin) - timedelta(seconds=11)).sunlit
        assert not pointing(elements, SITE, from_us(begin) + timedelta(seconds=11)).sunlit
        assert not pointing(elements, SITE, from_us(end) - timedelta(seconds=11)).sunlit


def test_no_shadow_is_longer_than_a_circle_allows(elements: Elements) -> None:
    """Half of the shadow of an orbit whose plane holds the Sun is seen under asin(R / (R + h))."""
    altitude = pointing(elements, SITE, NOON).altitude_km
    longest = 2 * math.asin(6378.137 / (6378.137 + altitude)) / (2 * math.pi)
    period_s = 86_400 / elements.mean_motion_rev_day
    found = shade([elements], to_us(NOON), to_us(NOON) + 86_400_000_000)
    lengths = [(end - begin) / 1e6 for begin, end in found.spans]
    assert max(lengths) <= longest * period_s + 20
    assert max(lengths) > 0.5 * longest * period_s


def test_what_is_not_known_is_not_shaded(elements: Elements) -> None:
    start_us = to_us(NOON)
    assert shade([], start_us, start_us + 1_000_000) == shade([elements], start_us, start_us)
    assert not shade([elements], start_us, start_us + MOST_US + 1).known
    late = replace(elements, epoch=NOON + timedelta(hours=12))
    found = shade([late], start_us, start_us + 86_400_000_000)
    assert not found.known
    assert all(begin >= to_us(NOON + timedelta(hours=12)) for begin, _ in found.spans)
