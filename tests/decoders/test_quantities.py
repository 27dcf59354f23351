"""The closed list of quantities: its labels, its units, and what the definitions say with it."""

import re
from collections import defaultdict

import pytest

from decoders.errors import DefinitionError
from decoders.quantities import ANY, DIMENSIONS, QUANTITIES
from groundstation.catalog import SatelliteCatalog
from tests.decoders.one_packet import satellite


def test_every_quantity_has_a_dimension_and_labels_of_its_own() -> None:
    for quantity in QUANTITIES.values():
        assert quantity.dimension == ANY or quantity.dimension in DIMENSIONS
        assert set(quantity.labels) == {"en", "ru", "ky"}
    for language in ("en", "ru", "ky"):
        labels = [quantity.labels[language] for quantity in QUANTITIES.values()]
        assert len(set(labels)) == len(labels)


def test_a_row_says_what_it_measures() -> None:
    sat = satellite(
        '{ name = "vbatt", type = "u16", unit = "mV", quantity = "battery_voltage" },'
        ' { name = "t", type = "time", quantity = "satellite_time" },'
        ' { name = "m", type = "u8", enum = { 0 = "safe" }, quantity = "mode" }',
        derived='{ name = "p", expression = "vbatt / 2", unit = "mW", quantity = "battery_power" }',
    )
    assert {name: row.quantity for name, row in sat.rows().items()} == {
        "vbatt": "battery_voltage",
        "t": "satellite_time",
        "m": "mode",
        "p": "battery_power",
    }


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ('unit = "V", quantity = "batery_voltage"', "did you mean 'battery_voltage'?"),
        ('unit = "mA", quantity = "battery_voltage"', "its unit is one of V, kV, mV, µV, not mA"),
        ('quantity = "battery_voltage"', "its unit is one of V, kV, mV, µV, not none"),
        ('unit = "s", quantity = "resets"', "resets is a count: its unit is one of none, not s"),
    ],
)
def test_unknown_quantities_and_units_that_do_not_fit(row: str, problem: str) -> None:
    with pytest.raises(DefinitionError, match=re.escape(problem)) as caught:
        satellite(f'{{ name = "x", type = "u8", {row} }}')
    assert caught.value.key == "packets.p.parameters.x.quantity"


def test_one_question_finds_the_battery_of_many_satellites() -> None:
    names: dict[str, set[str]] = defaultdict(set)
    for sat in SatelliteCatalog().satellites.values():
        for name, row in sat.rows().items():
            if row.quantity == "battery_voltage":
                names[sat.id].add(name)
    assert len(names) >= 60
    assert "bq1_bat_volt" in names["quetzal-1"]
    assert "vbatt" in names["gomx-1"]
    assert len({name for found in names.values() for name in found}) >= 42
