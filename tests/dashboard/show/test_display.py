"""How values are written: labels of repetitions, decimals, limits, order."""

from __future__ import annotations

import pytest

from dashboard.show import display
from decoders.definition.limits import Limits
from decoders.definition.model import Derived, Parameter, Satellite
from groundstation.catalog import SatelliteCatalog
from groundstation.model import Sample
from groundstation.storage.samples import engineering, scalar


@pytest.fixture(scope="module")
def classroom() -> Satellite:
    return SatelliteCatalog().satellites["classroom-1"]


def sample(name: str, value: float | str | None) -> Sample:
    return Sample("classroom-1", name, 1, 0, value, value, "", "nominal")


def test_repetitions_find_their_row_and_keep_their_number(classroom: Satellite) -> None:
    rows = classroom.rows()
    row = display.find_row(rows, "panel_current_2")
    assert row is rows["panel_current"]
    assert display.label("panel_current_2", row, "ru") == "Ток солнечной панели 2"
    assert display.label("battery_voltage", rows["battery_voltage"], "ky").startswith("Батарея")
    assert display.find_row(rows, "no_such_2") is None


def test_parameters_come_in_the_order_of_the_definition(classroom: Satellite) -> None:
    known = {name: sample(name, 1) for name in ("panel_current_10", "panel_current_2", "stray")}
    names = list(display.named_rows(classroom, known))
    assert names.index("panel_current_2") + 1 == names.index("panel_current_10")
    assert names.index("battery_charge") < names.index("panel_current_2")
    assert names[-1] == "stray"
    assert "panel_current" not in names


@pytest.mark.parametrize(
    ("name", "digits"),
    [
        ("battery_voltage", 3),
        ("battery_temperature", 1),
        ("uptime", 0),
        ("transmit_power", 1),
        ("board_temperature", None),
        ("battery_power", None),
        ("panel_current_total", 0),
    ],
)
def test_decimals_are_those_that_the_steps_fill(
    classroom: Satellite, name: str, digits: int | None
) -> None:
    row = classroom.rows()[name]
    assert isinstance(row, Parameter | Derived)
    assert display.digits(row, classroom.rows()) == digits


@pytest.mark.parametrize(
    ("value", "digits"), [(0, 0), (0.012345, 5), (1.5, 3), (42.379, 2), (305.0, 1), (12345.6, 0)]
)
def test_four_significant_digits(value: float, digits: int) -> None:
    assert display.significant(value) == digits


def test_flags_words_and_nothing(classroom: Satellite) -> None:
    rows = classroom.rows()
    flags = display.value_text("sunlight,charging", rows["status"], rows, "en")
    assert flags == "sunlight, charging"
    assert display.value_text(None, rows["uptime"], rows, "en") == "—"
    assert display.value_text("", rows["status"], rows, "en") == "—"


def test_a_store_gives_back_what_it_keeps(classroom: Satellite) -> None:
    status = classroom.rows()["status"]
    for value in ((), ("sunlight",), ("sunlight", "charging")):
        assert engineering(scalar(value), status) == value
    truth = Parameter("heater", "bool", 1)
    assert engineering(scalar(True), truth) is True
    assert engineering(scalar(False), truth) is False
    assert engineering(3, classroom.rows()["uptime"]) == 3
    assert engineering(None, status) is None
    assert engineering("a,b", None) == "a,b"


def test_raw_values_are_written_as_other_numbers() -> None:
    assert display.raw_text(0.30000001192092896, "ru") == "0,3000000119"
    assert display.raw_text(4012, "en") == "4012"
    assert display.raw_text(-156, "en") == "−156"
    assert display.raw_text(65341, "en") == "65,341"
    assert display.raw_text("8C 03", "ky") == "8C 03"
    assert display.raw_text(None, "en") == "—"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "Aug 22, 2026 14:05:09 UTC"),
        ("ru", "22 авг. 2026 г. 14:05:09 UTC"),
        ("ky", "2026-ж., 22-авг. 14:05:09 UTC"),
    ],
)
def test_a_clock_is_written_as_the_language_writes_times(code: str, said: str) -> None:
    """As CLDR 46 has the date of middle length."""
    clock = Parameter("sc_time", "time", 32)
    text = display.value_text("2026-08-22T14:05:09Z", clock, {}, code)
    assert " ".join(text.split()) == said  # whatever spaces it uses


def test_limits_in_words() -> None:
    infinite = float("inf")
    assert display.limits_text(Limits(warning=(3.5, 4.2)), "ru") == "3,5 … 4,2"
    assert display.limits_text(Limits(warning=(-infinite, 80.0)), "en") == "≤ 80"
    assert display.limits_text(Limits(critical=(-10.0, infinite)), "en") == "≥ −10"
    assert display.limits_text(None, "en") == ""
