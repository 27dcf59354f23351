"""Constructs of XTCE one by one: the value that another reader or the standard gives, or a refusal.

What a definition cannot say is refused by the line and the element that it stands in, and what
follows is still at its right place. The cases: ``tests/data/interchange/xtce_constructs.toml``.
"""

from __future__ import annotations

import tomllib
import warnings
from pathlib import Path
from typing import Any

import pytest
from space_packet_parser.xtce.definitions import XtcePacketDefinition

from decoders.decode import Decoder
from decoders.definition.interchange.conversion import Imported
from decoders.definition.interchange.toml_writer import to_toml
from decoders.definition.interchange.xtce_import import from_xtce
from decoders.definition.parse import parse
from tests.interchange.built_in import close

DATA = Path(__file__).parents[1] / "data" / "interchange"
CASES: list[dict[str, Any]] = tomllib.loads((DATA / "xtce_constructs.toml").read_text("utf-8"))[
    "cases"
]
PEER = "space-packet-parser"
ROOT = "CCSDSPacket"
HEADER = "VERSION:u3 TYPE:u1 SHF:u1 PKT_APID:u11 FLG:u2 CTR:u14 PKT_LEN:u16"
#: Types that every document has: u3, u8, i16, …
PRELUDE = "".join(
    f'<IntegerParameterType name="{letter}{bits}">'
    f'<IntegerDataEncoding sizeInBits="{bits}" encoding="{encoding}"/></IntegerParameterType>'
    for bits in (1, 2, 3, 4, 5, 8, 11, 14, 16, 32)
    for letter, encoding in (("u", "unsigned"), ("i", "twosComplement"))
)


def document(case: dict[str, Any]) -> str:
    """One container ``p`` with all parameters, unless the case has containers of its own."""
    listed = [pair.split(":") for pair in case["parameters"].replace("HEADER", HEADER).split()]
    parameters = "".join(f'<Parameter name="{n}" parameterTypeRef="{t}"/>' for n, t in listed)
    entries = "".join(f'<ParameterRefEntry parameterRef="{name}"/>' for name, _ in listed)
    whole = f"<EntryList>{entries}</EntryList>"
    containers = case.get("containers", f'<SequenceContainer name="p">{whole}</SequenceContainer>')
    return (
        '<SpaceSystem name="T" xmlns="http://www.omg.org/spec/XTCE/20180204"><TelemetryMetaData>\n'
        f"<ParameterTypeSet>{PRELUDE}\n{case.get('types', '')}\n</ParameterTypeSet>"
        f"<ParameterSet>{parameters}</ParameterSet>\n"
        f"<ContainerSet>{containers}</ContainerSet></TelemetryMetaData></SpaceSystem>"
    )


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 100
    assert sum(case.get("by") == PEER for case in CASES) >= 40


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_construct(case: dict[str, Any], tmp_path: Path) -> None:
    told = document(case)
    frame = bytes.fromhex(case["frame"])
    wanted = {name: bytes_or(value) for name, value in case["values"].items()}
    imported = from_xtce(told, source="t.xml")
    assert same(values(imported, frame), wanted), values(imported, frame)
    if "told" in case:
        first = f"t.xml:{case['told']}"
        assert any(line.startswith(first) for line in imported.warnings), imported.warnings
    else:
        assert imported.warnings == ()
    if case.get("by") == PEER:
        assert same(peer(told, frame, tmp_path), wanted)


def bytes_or(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("hex "):
        return bytes.fromhex(value.removeprefix("hex "))
    return value


def same(found: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return found.keys() == wanted.keys() and all(close(found[k], wanted[k]) for k in wanted)


def values(imported: Imported, frame: bytes) -> dict[str, Any]:
    """What we read, without the raw numbers that only a derived value is made of."""
    satellite = parse(to_toml(imported.data), id="t")
    found = Decoder([satellite]).decode(frame, "t")
    assert found.error is None
    inputs = {f"{row.name}_raw" for packet in satellite.packets for row in packet.derived}
    return {value.name: value.value for value in found.values if value.name not in inputs}


def peer(told: str, frame: bytes, folder: Path) -> dict[str, Any]:
    """What space-packet-parser reads, without the header of a space packet."""
    path = folder / "t.xml"
    path.write_text(told, "utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        definition = XtcePacketDefinition.from_xtce(path)
        root = ROOT if ROOT in definition.containers else "p"
        found = definition.parse_bytes(frame, root_container_name=root)
    header = {pair.split(":")[0] for pair in HEADER.split()}
    return {name.lower(): plain(value) for name, value in found.items() if name not in header}


def plain(value: Any) -> Any:
    """A value without the class that the other program gives it."""
    kinds = {"BoolParameter": bool, "BinaryParameter": bytes, "StrParameter": str}
    return kinds.get(type(value).__name__, lambda each: each)(value)
