"""Units, alarms and valid ranges of XTCE: kept with the same judgement, or told by line."""

from __future__ import annotations

import math

import pytest

from decoders.decode import Decoder
from decoders.definition.interchange.toml_writer import to_toml
from decoders.definition.interchange.xtce_import import from_xtce
from decoders.definition.parse import parse

HEAD = (
    '<SpaceSystem name="T" xmlns="http://www.omg.org/spec/XTCE/20180204"><TelemetryMetaData>'
    "<ParameterTypeSet>\n"
)
TAIL = (
    '\n</ParameterTypeSet><ParameterSet><Parameter name="A" parameterTypeRef="t"/></ParameterSet>'
    '<ContainerSet><SequenceContainer name="p"><EntryList><ParameterRefEntry parameterRef="A"/>'
    "</EntryList></SequenceContainer></ContainerSet></TelemetryMetaData></SpaceSystem>"
)


def number(inside: str) -> str:
    encoding = '<IntegerDataEncoding sizeInBits="8"/>'
    return f'{HEAD}<IntegerParameterType name="t">{inside}{encoding}</IntegerParameterType>{TAIL}'


def alarms(inside: str) -> str:
    return f"<DefaultAlarm><StaticAlarmRanges>{inside}</StaticAlarmRanges></DefaultAlarm>"


def states(text: str, *raws: int) -> list[str]:
    satellite = parse(to_toml(from_xtce(text).data), id="t")
    return [Decoder([satellite]).decode(bytes([raw]), "t").values[0].state for raw in raws]


@pytest.mark.parametrize(
    ("units", "unit"),
    [
        ("<Unit>V</Unit>", "V"),
        ("<Unit>m</Unit><Unit power='-2'>s</Unit>", "m s^-2"),
        ("<Unit description='volts'/>", "volts"),
        ("", None),
    ],
)
def test_units(units: str, unit: str | None) -> None:
    imported = from_xtce(number(f"<UnitSet>{units}</UnitSet>"), source="t.xml")
    assert imported.data["packets"][0]["parameters"][0].get("unit") == unit
    assert imported.warnings == ()


def test_a_unit_with_a_factor_is_told() -> None:
    imported = from_xtce(number("<UnitSet><Unit factor='1000'>V</Unit></UnitSet>"), source="t.xml")
    assert imported.warnings == ("t.xml:2: Unit: has a factor: the unit is left out",)


@pytest.mark.parametrize(
    ("ranges", "judged"),
    [
        (
            '<WarningRange minInclusive="10" maxInclusive="20"/>'
            '<CriticalRange minInclusive="5" maxInclusive="30"/>',
            {
                4: "critical",
                5: "warning",
                10: "nominal",
                20: "nominal",
                21: "warning",
                31: "critical",
            },
        ),
        ('<WarningRange minExclusive="10"/>', {10: "warning", 11: "nominal", 255: "nominal"}),
        # A warning range that reaches beyond the critical one judges nothing there.
        (
            '<WarningRange minInclusive="0" maxInclusive="20"/>'
            '<CriticalRange minInclusive="5" maxInclusive="30"/>',
            {0: "critical", 4: "critical", 5: "nominal", 21: "warning", 31: "critical"},
        ),
    ],
)
def test_ranges(ranges: str, judged: dict[int, str]) -> None:
    assert states(number(alarms(ranges)), *judged) == list(judged.values())


def test_levels_that_are_not_ours_are_told() -> None:
    text = number(alarms('<WatchRange minInclusive="1"/><WarningRange minInclusive="2"/>'))
    imported = from_xtce(text, source="t.xml")
    assert imported.data["packets"][0]["parameters"][0]["limits"] == {"warning": [2.0, math.inf]}
    assert imported.warnings == (
        "t.xml:2: WatchRange: is left out: limits here are warning and critical, outside",
    )


def test_a_valid_range_becomes_critical_limits_and_is_told() -> None:
    text = number('<ValidRange minInclusive="5" maxInclusive="30"/>')
    assert states(text, 4, 5, 30, 31) == ["critical", "nominal", "nominal", "critical"]
    told = from_xtce(text, source="t.xml").warnings
    assert told == ("t.xml:2: ValidRange: is kept as critical limits",)


def test_words_that_alarm() -> None:
    words = '<Enumeration value="0" label="ok"/><Enumeration value="1" label="hot"/>'
    listed = (
        '<EnumerationAlarm alarmLevel="critical" enumerationLabel="hot"/>'
        '<EnumerationAlarm alarmLevel="watch" enumerationLabel="ok"/>'
    )
    text = (
        f'{HEAD}<EnumeratedParameterType name="t"><IntegerDataEncoding sizeInBits="8"/>'
        f"<EnumerationList>{words}</EnumerationList><DefaultAlarm><EnumerationAlarmList>{listed}"
        f"</EnumerationAlarmList></DefaultAlarm></EnumeratedParameterType>{TAIL}"
    )
    assert states(text, 0, 1) == ["nominal", "critical"]
    told = from_xtce(text, source="t.xml").warnings
    assert told == ("t.xml:2: EnumerationAlarm: alarm 'watch' of 'ok' is left out",)


def test_limits_go_with_a_calibration_that_cannot_be_said() -> None:
    spline = '<SplineCalibrator order="2"><SplinePoint raw="0" calibrated="0"/></SplineCalibrator>'
    ranges = alarms("<WarningRange minInclusive='10'/>")
    text = (
        f'{HEAD}<FloatParameterType name="t"><UnitSet><Unit>V</Unit></UnitSet>'
        f'<IntegerDataEncoding sizeInBits="8"><DefaultCalibrator>{spline}</DefaultCalibrator>'
        f"</IntegerDataEncoding>{ranges}"
        f"</FloatParameterType>{TAIL}"
    )
    imported = from_xtce(text, source="t.xml")
    assert imported.data["packets"][0]["parameters"] == [{"name": "a", "type": "u8"}]
    assert imported.warnings == (
        "t.xml:2: SplineCalibrator: is not of order 1, straight lines",
        "t.xml:2: FloatParameterType t: the value is left as it is before calibration, without "
        "unit and limits",
    )
