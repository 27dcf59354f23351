"""Layouts that change with time and telemetry that spans frames: kept or named, never mixed up."""

import tomllib
from pathlib import Path

from space_packet_parser.xtce.definitions import XtcePacketDefinition

from decoders.definition.interchange.c_header import to_c_header
from decoders.definition.interchange.csv_table import from_csv, to_csv
from decoders.definition.interchange.ksy import to_ksy
from decoders.definition.interchange.xtce_export import to_xtce
from decoders.definition.parse import parse
from decoders.document.icd import interface_document

TEXT = """
[satellite]
name = "Parts"
[[packets]]
name = "part"
match = { prefix = "DA" }
spans = { packet = "orbit", data = "content", index = "number", count = "of" }
parameters = [
  { name = "number", type = "u8" },
  { name = "of", type = "u8" },
  { name = "content", type = "bytes", size = 4 },
]
[[packets]]
name = "orbit"
parameters = [ { name = "voltage", type = "u16", repeat = 2 } ]
[[packets]]
name = "old"
match = { prefix = "DB", valid_until = "2026-01-01T00:00:00Z" }
glued = true
parameters = [ { name = "a", type = "u8" } ]
"""
SATELLITE = parse(TEXT, id="parts")


def test_spreadsheets_keep_them() -> None:
    data = tomllib.loads(TEXT)
    assert from_csv(to_csv(data).text).data == data


def test_other_formats_say_what_they_leave_out() -> None:
    for exported in (to_xtce(SATELLITE), to_ksy(SATELLITE), to_c_header(SATELLITE)):
        said = " ".join(exported.warnings)
        assert "parts of telemetry that spans frames are not joined (part)" in said
        assert "dates from and until which a layout holds are left out (old)" in said
        assert "packets that follow in the same payload are not read (old)" in said


def test_a_joined_packet_is_not_taken_for_a_frame(tmp_path: Path) -> None:
    path = tmp_path / "parts.xml"
    path.write_text(to_xtce(SATELLITE).text, "utf-8")
    definition = XtcePacketDefinition.from_xtce(path)
    assert definition.parse_bytes(bytes.fromhex("DA 01 02 01020304"))["number"] == 1
    joined = definition.parse_bytes(bytes.fromhex("0102 0304"), root_container_name="orbit")
    assert (joined["voltage_0"], joined["voltage_1"]) == (0x0102, 0x0304)
    kind = next(line for line in to_ksy(SATELLITE).text.splitlines() if "? 0 :" in line)
    assert "? 1 :" not in kind and "? 2 :" in kind


def test_the_document_tells_of_them() -> None:
    page = interface_document(SATELLITE)
    assert "It is a part of the packet orbit: number says which, of how many there are." in page
    assert "joined from parts: part" in page
    assert "received before 2026-01-01T00:00:00Z" in page
