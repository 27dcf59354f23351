"""Which values stand on the first page, and the bar of their limits."""

from __future__ import annotations

import math

import pytest

from dashboard.show import display
from dashboard.show.heroes import MOST, heroes, limit_bar
from decoders.definition.limits import Limits
from groundstation.catalog import SatelliteCatalog
from groundstation.model import Sample

CATALOG = SatelliteCatalog()


def sample(name: str, value: float | str | None, satellite: str = "x") -> Sample:
    state = "invalid" if value is None else "unlimited"
    return Sample(satellite, name, 1, 0, value, value, "", state)


def test_the_classroom_satellite_shows_what_its_definition_marks() -> None:
    rows = CATALOG.satellites["classroom-1"].rows()
    marked = {name for name, row in rows.items() if row.display == "main"}
    chosen = list(heroes(rows, {}))
    assert chosen[0] == "battery_voltage"
    assert set(chosen) == marked


def test_no_length_and_no_thing_twice() -> None:
    """CPSat marks a CCSDS length and many values of the same antenna."""
    rows = CATALOG.satellites["cpsat"].rows()
    chosen = heroes(rows, {})
    assert len(chosen) == MOST
    quantities = [row.quantity for row in chosen.values() if row and row.quantity]
    assert len(quantities) == len(set(quantities)) >= 5
    assert not any("ccsds" in name or "burn" in name for name in chosen)


@pytest.mark.parametrize("id", sorted(CATALOG.index))
def test_every_satellite_shows_up_to_six_each_of_something_else(id: str) -> None:
    rows = CATALOG.satellites[id].rows()
    chosen = heroes(rows, {})
    assert len(chosen) == MOST or len(chosen) < 4 or len(chosen) <= len(rows)
    assert len(chosen) <= MOST
    assert bool(chosen) == bool(rows)
    labels = [display.label(name, row, "en") for name, row in chosen.items()]
    assert len(labels) == len(set(labels))


def test_a_value_that_came_stands_before_one_that_did_not() -> None:
    rows = CATALOG.satellites["classroom-1"].rows()
    known = {"uptime": sample("uptime", 5), "battery_voltage": sample("battery_voltage", None)}
    assert next(iter(heroes(rows, known))) == "uptime"


def test_the_bar_shows_ranges_and_where_the_value_is() -> None:
    bar = limit_bar(Limits(warning=(3.5, 4.2), critical=(3.3, 4.25)), 3.9)
    assert bar is not None
    states = [zone.state for zone in bar.zones]
    assert states == ["critical", "warning", "nominal", "warning", "critical"]
    width = 0.95 * 1.3
    assert (bar.low, bar.high) == pytest.approx((3.3 - 0.1425, 4.25 + 0.1425))
    nominal = bar.zones[2]
    assert nominal.start == pytest.approx(100 * (3.5 - bar.low) / width, abs=0.01)
    assert nominal.width == pytest.approx(100 * 0.7 / width, abs=0.01)
    assert bar.at == pytest.approx(100 * (3.9 - bar.low) / width, abs=0.01)
    assert sum(zone.width for zone in bar.zones) == pytest.approx(100, abs=0.05)


def test_a_bar_of_one_limit_and_of_values_beyond_it() -> None:
    bar = limit_bar(Limits(critical=(-math.inf, 60.0)), 500.0)
    assert bar is not None
    assert [zone.state for zone in bar.zones] == ["nominal", "critical"]
    assert bar.at == 100.0
    assert limit_bar(Limits(warning_words=frozenset({"safe"})), "safe") is None
    assert limit_bar(None, 3.0) is None
    unknown = limit_bar(Limits(critical=(0.0, 1.0)), None)
    assert unknown is not None
    assert unknown.at is None
