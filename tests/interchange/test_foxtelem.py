"""FoxTelem layouts: fields, curves and bits as the kits send them."""

from pathlib import Path

import pytest

from decoders.decode import Decoder
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
    assert "conversion '43' is not in the curves given, values are raw (ICR3VProt)" in said
    assert "check it against a received frame" in said


def test_mistakes_are_told() -> None:
    with pytest.raises(DefinitionError, match=r"x.csv: is neither a layout"):
        from_foxtelem([("x.csv", "a,b\n")])
    broken = LAYOUT.replace("BATT_V,12", "BATT_V,twelve")
    with pytest.raises(DefinitionError, match=r"x.csv:2: BATT_V: 'twelve' is not a number of bits"):
        from_foxtelem([("x.csv", broken)])
