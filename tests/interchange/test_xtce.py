"""XTCE: valid by its schema, read by space-packet-parser with equal values, and read back by us."""

import warnings
from datetime import datetime
from pathlib import Path

import pytest
from space_packet_parser.exceptions import UnrecognizedPacketTypeError
from space_packet_parser.xtce import validation
from space_packet_parser.xtce.definitions import XtcePacketDefinition

from decoders.decode import Decoder
from decoders.definition.calibration import Divide, Enumeration, Linear, Polynomial, Table
from decoders.definition.interchange.toml_writer import to_toml
from decoders.definition.interchange.xtce_export import to_xtce
from decoders.definition.interchange.xtce_import import from_xtce
from decoders.definition.model import Parameter
from decoders.definition.parse import parse
from decoders.encode import Encoder
from decoders.errors import DefinitionError
from decoders.value import Value
from tests.interchange.built_in import IDS, WITH_PACKETS, catalog, close, golden

DATA = Path(__file__).parents[1] / "data" / "interchange"
CAN = (Linear, Divide, Polynomial, Table, Enumeration)
SPACE = (DATA / "space_packets.toml").read_text("utf-8")
VALUES = {
    "clock": "2026-11-24T12:00:00Z",
    "volts": 7.25,
    "on": True,
    "amps": -1.5,
    "mode": "on",
    "angle": 45.0,
    "ratio": 0.5,
    "exact": 0.1,
    "curve": 1 + 2 * 9 + 3 * 81,
    "title": "hallo",
    "rest": b"\x01\x02\x03",
}


def reader(text: str, folder: Path) -> XtcePacketDefinition:
    path = folder / "exported.xml"
    path.write_text(text, "utf-8")
    return XtcePacketDefinition.from_xtce(path)


def expressible(value: Value) -> bool:
    """Whether XTCE can carry the value; what it cannot is named in a warning."""
    row = value.row
    if not isinstance(row, Parameter) or row.sentinel or value.value is None:
        return False
    return row.calibration is None or isinstance(row.calibration, CAN)


def same(value: Value, found: object) -> bool:
    row = value.row
    if isinstance(row, Parameter) and row.kind == "time":
        then = datetime.fromisoformat(str(value.value)) - datetime.fromisoformat(row.epoch)
        return close(found, then.total_seconds())
    return close(found, value.value)


@pytest.fixture(scope="module")
def schema() -> object:
    """The schema of XTCE 1.2 by the Object Management Group, as the peer brings it."""
    folder = Path(validation.__file__).parent / "schemas"
    content = (folder / "SpaceSystem.xsd").read_bytes()
    return validation._parse_schema_content(content, "SpaceSystem.xsd")[0]


@pytest.mark.parametrize("id", IDS)
def test_every_export_is_valid(id: str, schema: object) -> None:
    from lxml import etree

    document = etree.fromstring(to_xtce(catalog().satellites[id]).text.encode())
    assert schema.validate(document), schema.error_log  # type: ignore[attr-defined]


@pytest.mark.parametrize("id", WITH_PACKETS)
def test_another_program_reads_equal_values(id: str, tmp_path: Path) -> None:
    exported = to_xtce(catalog().satellites[id])
    said = " ".join(exported.warnings)
    if "<ContainerSet>" not in exported.text or "<ParameterSet>" not in exported.text:
        assert "left out" in said
        return
    definition = reader(exported.text, tmp_path)
    for frame in golden(id, keep_space_packet=True):
        packet = str(frame.decoded.packet)
        with warnings.catch_warnings():
            # It warns of bytes behind the last parameter, of which we warned when exporting.
            warnings.simplefilter("ignore", UserWarning)
            try:
                found = definition.parse_bytes(frame.packet)
            except (UnrecognizedPacketTypeError, KeyError):
                assert "only other rules tell apart" in said or "no shared row" in said
                if frame.decoded.layers and frame.decoded.layers[-1].layer == "space-packet":
                    continue
                found = definition.parse_bytes(frame.packet, root_container_name=packet)
        for value in frame.decoded.values:
            theirs = found.get(f"{packet}_{value.name}", found.get(value.name))
            if theirs is None:
                assert "left out" in said
            elif expressible(value):
                assert same(value, theirs), (value, theirs)


def test_space_packets_in_full(tmp_path: Path, schema: object) -> None:
    from lxml import etree

    satellite = parse(SPACE, id="space")
    exported = to_xtce(satellite)
    assert schema.validate(etree.fromstring(exported.text.encode()))  # type: ignore[attr-defined]
    definition = reader(exported.text, tmp_path)
    frame = Encoder(satellite).encode("power", VALUES)
    decoded = Decoder([satellite]).decode(frame, "space")
    assert decoded.error is None
    found = definition.parse_bytes(frame)
    assert found["PKT_APID"] == 100
    for value in decoded.values:
        name = value.name if value.name in found else f"power_{value.name}"
        assert same(value, found[name]), value
    other = definition.parse_bytes(Encoder(satellite).encode("heat", {"degrees_1": -7}))
    assert (other["degrees_1"], other["PKT_APID"]) == (-7, 101)
    again = parse(to_toml(from_xtce(exported.text).data), id="space")
    back = Decoder([again]).decode(frame, "space")
    assert (back.packet, back.error) == ("power", None)
    for value in decoded.values:
        assert close(back.named[value.name].value, value.value)
    assert back.named["volts"].row.limits == decoded.named["volts"].row.limits
    assert back.named["mode"].row.limits == decoded.named["mode"].row.limits


@pytest.mark.parametrize("id", WITH_PACKETS)
def test_our_own_export_reads_back(id: str) -> None:
    exported = to_xtce(catalog().satellites[id])
    imported = from_xtce(exported.text, source=f"{id}.xml")
    again = parse(to_toml(imported.data), id=id)
    decoder = Decoder([again])
    assert again.norad == catalog().satellites[id].norad
    for frame in golden(id, keep_space_packet=True):
        found = decoder.decode(frame.packet, id)
        if found.packet != frame.decoded.packet:
            assert "left out" in " ".join(exported.warnings)
            continue
        for value in frame.decoded.values:
            theirs = found.named.get(value.name)
            if theirs is not None and expressible(value):
                assert close(theirs.value, value.value)
                assert dict(theirs.row.labels) == dict(value.row.labels)


YAMCS = (DATA / "another_author.xml").read_text("utf-8")


def test_a_document_of_another_author() -> None:
    imported = from_xtce(YAMCS, source="sat.xml")
    satellite = parse(to_toml(imported.data), id="sat")
    decoder = Decoder([satellite])
    found = decoder.decode(bytes.fromhex("31 0FA0 C4 14"), "sat")
    assert (found.packet, found.error) == ("power", None)
    values = {value.name: value.value for value in found.values}
    assert values == {
        "kind": "HIGH",
        "lamp": True,
        "bus_voltage": 4000,
        "temp_1_0": -40.0,
        "temp_1_1": 0.0,
    }
    assert found.named["temp_1_0"].state == "warning"
    assert found.named["bus_voltage"].row.label() == "Bus voltage"
    assert decoder.decode(bytes.fromhex("21 0FA0 C4 14"), "sat").packet is None


def test_a_row_named_as_another_packets_row_would_be_called(tmp_path: Path) -> None:
    text = SPACE.partition("[[packets]]")[0]
    for number, (name, rows) in enumerate(
        (
            ("cold", '{ name = "volts", type = "u16" }'),
            ("heat", '{ name = "heat_volts", type = "u8" }, { name = "volts", type = "u8" }'),
        )
    ):
        text += f"""
            [[packets]]
            name = "{name}"
            match = {{ fields = {{ "space-packet.apid" = {number} }} }}
            parameters = [ {rows} ]
            """
    satellite = parse(text, id="space")
    definition = reader(to_xtce(satellite).text, tmp_path)
    found = definition.parse_bytes(Encoder(satellite).encode("heat", {"heat_volts": 1, "volts": 2}))
    assert [value for name, value in found.items() if name.endswith("volts")] == [1, 2]


def test_what_is_lost_is_said_once_each() -> None:
    said = to_xtce(catalog().satellites["classroom-1"]).warnings
    assert "XTCE: calibration 'flags' is left out, values are raw (status)" in said
    assert len(said) == len(set(said))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<a", "x.xml:1: not valid XML"),
        ("<a/>", "x.xml: is not XTCE: its root is 'a'"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a/>', "x.xml:1: declares entities"),
    ],
)
def test_what_is_no_xtce_is_refused(text: str, told: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        from_xtce(text, source="x.xml")
    assert str(raised.value).startswith(told)


def test_a_ring_of_containers_ends() -> None:
    ring = YAMCS.replace(
        '<EntryList>\n     <ParameterRefEntry parameterRef="Kind"/></EntryList>',
        '<EntryList/><BaseContainer containerRef="Power"/>',
    )
    with pytest.raises(DefinitionError, match=r"no container .* in a ring"):
        from_xtce(ring)


ROWS = """
[satellite]
name = "Rows"
[[packets]]
name = "p"
match = { bytes = [ { at = 0, value = 1 } ] }
parameters = [
  { name = "kind", type = "u8" },
  { name = "line", type = "u8", formula = "(raw - 32) * 5 / 9", unit = "°C" },
  { name = "curve", type = "u8", formula = "raw ** 2", unit = "V", limits = { warning = [0, 9] } },
  { name = "digits", type = "bcd", digits = 2, unit = "V" },
  { name = "text", type = "ascii", size = 4, until = ",", encoding = "utf-8" },
]
"""


def test_a_unit_never_stands_on_a_raw_number(tmp_path: Path) -> None:
    from lxml import etree

    satellite = parse(ROWS, id="rows")
    exported = to_xtce(satellite)
    said = " ".join(exported.warnings)
    assert "units and limits go with a calibration that is left out (curve, digits)" in said
    root = etree.fromstring(exported.text.encode())
    types = {t.get("name"): t for t in root.iter() if str(t.tag).endswith("ParameterType")}
    units = {name: "".join(t.itertext()).strip() for name, t in types.items()}
    assert (units["line_t"], units["curve_t"], units["digits_t"]) == ("°C", "", "")
    assert not [
        name
        for name in ("curve_t", "digits_t")
        if "AlarmRanges" in str(etree.tostring(types[name]))
    ]
    frame = bytes.fromhex("01 50 03 12 C3A92C41")
    found = reader(exported.text, tmp_path).parse_bytes(frame)
    assert close(found["line"], (80 - 32) * 5 / 9)
    assert (found["curve"], found["text"]) == (3, "é")
    again = parse(to_toml(from_xtce(exported.text).data), id="rows")
    values = Decoder([again]).decode(frame, "rows").named
    assert (values["text"].value, values["line"].row.unit) == ("é", "°C")
    assert close(values["line"].value, (80 - 32) * 5 / 9)
