"""FoxTelem layouts: fields, curves and bits as the kits send them."""

import math
from pathlib import Path

import pytest

from decoders.decode import Decoder
from decoders.definition.interchange.formats import File, format_of, import_files
from decoders.definition.interchange.foxtelem import from_foxtelem
from decoders.definition.interchange.toml_writer import to_toml
from decoders.definition.parse import parse
from decoders.errors import DefinitionError

# The form of a layout and of a table of curves as CubeSatSim's folder "spacecraft" has them; a few
# rows of CubeSatSim_rttelemetry.csv and CubeSatSim_conversion_curves.csv.
DATA = Path(__file__).parents[1] / "data" / "interchange"
LAYOUT = (DATA / "cubesatsim_rttelemetry.csv").read_text("utf-8")
CURVES = (DATA / "cubesatsim_conversion_curves.csv").read_text("utf-8")


def test_a_layout_with_its_curves() -> None:
    imported = from_foxtelem([("CubeSatSim_rttelemetry.csv", LAYOUT), ("curves.csv", CURVES)])
    satellite = parse(to_toml(imported.data), id="cubesatsim")
    assert satellite.name == "CubeSatSim"
    # id 7, resets 2, uptime 3, type 1; then 412, 2100, 499, 1, 5: low bits first.
    header = (7 | 2 << 3 | 3 << 19 | 1 << 44).to_bytes(6, "little")
    fields = (412 | 2100 << 12 | 499 << 24 | 1 << 36 | 5 << 37).to_bytes(7, "little")
    found = Decoder([satellite]).decode(header + fields, "cubesatsim")
    assert (found.packet, found.error) == ("rt", None)
    values = {value.name: value.value for value in found.values}
    assert values == {
        "satellite_id": 7,
        "resets": 2,
        "uptime": 3,
        "frame_type": 1,
        "batt_v": 4.12,
        "batt_i": 52,
        "pos_xv": 4.99,
        "safe_mode": "on",
        "icr3vprot": 5,
    }
    assert found.named["pos_xv"].row.label() == "+X Panel: Voltage"
    assert found.named["batt_v"].row.doc() == "INA219 Battery Voltage"
    said = " ".join(imported.warnings)
    assert "conversion '43' is not known, so values are raw and have no unit (ICR3VProt)" in said
    assert "check it against a received frame" in said


def test_mistakes_are_told() -> None:
    with pytest.raises(DefinitionError, match=r"x.csv: is neither a layout"):
        from_foxtelem([("x.csv", "a,b\n")])
    broken = LAYOUT.replace("BATT_V,12", "BATT_V,twelve")
    with pytest.raises(DefinitionError, match=r"x.csv:2: BATT_V: 'twelve' is not a number of bits"):
        from_foxtelem([("x.csv", broken)])


# In the manner of the .MASTER files that come with FoxTelem.
MASTER = """#AMSAT Spacecraft Properties
displayName=Test-1
catalogNumber=43017
telemetryDownlinkFreqkHz=145980.0
BATTERY_CURRENT_ZERO=-1.834
useIHUVBatt=false
mpptResistanceError=6.58
mpptSensorOffThreshold=1600
layout0.filename=t.csv
layout1.filename=other.csv
conversionCurvesFileName=c.csv
"""
#: Ohms of the sensor at half of the range, and the cubic fit that FoxTelem makes of them.
OHMS = (1.25 - 2.0523) / -8.14228 / 0.001 - 6.58
TEMPERATURE = -247.29 + 2.3992 * OHMS + 0.00063962 * OHMS**2 + 0.0000010241 * OHMS**3
#: Conversion, field, bits, raw value, and what FoxTelem computes of it: its constants, by hand.
NUMBERED = [
    ("0", "A", 12, 7, 7),
    ("1", "A", 12, 7, 7),
    ("2", "A", 12, 2048, 1.25),
    ("3", "A", 12, 2048, 1.5),
    ("4", "BATT_A_V", 12, 2048, 1.25),
    ("4", "BATT_B_V", 12, 2048, 1.25 / 0.76),
    ("4", "BATT_C_V", 12, 2048, 2.5),
    ("5", "A", 12, 2048, 1.5 / 0.428),
    ("9", "A", 12, 2048, ((1.25 - 0.05) * -1.834 + 2) * 1000),
    ("10", "A", 12, 2048, 1.5 / 50 / 0.2 * 1000),
    ("11", "A", 12, 2048, 500.0),
    ("12", "A", 12, 0xFFF, -1 / 256),
    ("12", "A", 16, 256, 1.0),
    ("16", "A", 1, 1, "Deployed"),
    ("17", "A", 1, 1, "FAIL"),
    ("21", "A", 1, 0, "FALSE"),
    ("22", "A", 12, 2048, 500.0),
    ("23", "A", 12, 2048, 1.25 * (6.54 / 2.42)),
    ("24", "A", 12, 2048, TEMPERATURE),
    ("24", "A", 12, 1599, None),
    ("25", "A", 12, 2, 32.0),
]


def layout(conversion: str, field: str, bits: int) -> str:
    names = "MODULE,MODULE_NUM,MODULE_LINE,LINE_TYPE,SHORT_NAME,DESCRIPTION"
    row = f"0,RT,{field},{bits},V,{conversion},Power,1,1,0,Short,Long"
    return f"1,TYPE,FIELD,BITS,UNIT,CONVERSION,{names}\n{row}\n"


@pytest.mark.parametrize(("number", "field", "bits", "raw", "value"), NUMBERED)
def test_conversions_by_number(number: str, field: str, bits: int, raw: int, value: object) -> None:
    files = [("t.csv", layout(number, field, bits)), ("t.MASTER", MASTER)]
    satellite = parse(to_toml(from_foxtelem(files).data), id="t")
    frame = (1 << 44).to_bytes(6, "little") + raw.to_bytes(3, "little")
    found = Decoder([satellite]).decode(frame, "t").values[4]
    if isinstance(value, float):
        assert isinstance(found.value, int | float)
        assert math.isclose(found.value, value, rel_tol=1e-9)
    else:
        assert found.value == value
    assert (found.state == "invalid") == (value is None)


@pytest.mark.parametrize(
    "number", ["4", "6", "7", "8", "13", "14", "15", "18", "43", "none_such", "volts|volts"]
)
def test_a_unit_never_stands_on_a_raw_number(number: str) -> None:
    files = [("t.csv", layout(number, "A", 12)), ("c.csv", "volts,0,0.01,0,0,0,0,volts\n")]
    imported = from_foxtelem(files)
    row = imported.data["packets"][0]["parameters"][4]
    assert (row["type"], row.get("unit")) == ("u12", None)
    told = f"FoxTelem: conversion {number!r} is not known, so values are raw and have no unit (A)"
    assert told in imported.warnings


def test_byte_order_marks_tables_without_titles_and_a_master() -> None:
    bom = "\N{ZERO WIDTH NO-BREAK SPACE}"
    files = [
        File("C:\\kit\\t.csv", bom + layout("volts|FLOAT2", "A", 12)),
        File("c.csv", bom + 'volts,0,0.01,0,0,0,0,"volts, of the bus"\n'),
        File("t.MASTER", MASTER),
    ]
    assert {format_of(file.name, file.text) for file in files} == {"foxtelem"}
    imported = import_files("foxtelem", files)
    satellite = parse(to_toml(imported.data), id="t")
    assert (satellite.name, satellite.norad) == ("Test-1", 43017)
    assert (satellite.frequency_hz, satellite.source) == (145_980_000, "FoxTelem layout t.csv")
    row = imported.data["packets"][0]["parameters"][4]
    assert (row["scale"], row["unit"]) == (0.01, "V")
    missing = "FoxTelem: files that the satellite has and that were not given (other.csv)"
    assert missing in imported.warnings


def test_a_count_of_fields_that_is_wrong_is_told() -> None:
    imported = from_foxtelem([("t.csv", layout("0", "A", 12).replace("1,TYPE", "46,TYPE"))])
    assert "FoxTelem: t.csv says that it has 46 fields, and has 1" in imported.warnings
