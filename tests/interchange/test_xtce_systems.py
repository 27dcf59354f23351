"""Whole documents in the manner of those that others publish.

Small equals, written anew, of what Yamcs's BogusSAT has (systems inside each other, paths, a header
of aggregates, words for truth values) and of what CTIM's has (a mission's 38 containers by APID).
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
from space_packet_parser.xtce.definitions import XtcePacketDefinition

from decoders.decode import Decoder
from decoders.definition.interchange.toml_writer import to_toml
from decoders.definition.interchange.xtce_import import from_xtce
from decoders.definition.parse import parse
from tests.work import work_of_at_most

FLEET = (Path(__file__).parents[1] / "data" / "interchange" / "xtce_fleet.xml").read_text("utf-8")


def decoder(text: str) -> Decoder:
    return Decoder([parse(to_toml(from_xtce(text, source="f.xml").data), id="f")])


def decoded(text: str, frame: str) -> tuple[str | None, dict[str, Any]]:
    found = decoder(text).decode(bytes.fromhex(frame), "f")
    assert found.error is None
    return found.packet, {value.name: value.value for value in found.values}


def test_paths_lead_through_the_systems() -> None:
    packet, values = decoded(FLEET, "0001 C000 0003 05 0A 14 03")
    assert packet == "one"
    assert values == {"volts": 2.5, "amps": 1.0, "bus_volts": 20, "spare": 3}


def test_a_condition_on_a_part_of_an_aggregate() -> None:
    assert decoded(FLEET, "0802 C000 0003 01 02 03 07") == (
        "two",
        {"pus_service": 1, "pus_kind": 2, "reason": 3, "volts": 3.5},
    )
    assert decoded(FLEET, "0802 C000 0002 01 09 07") == (
        "two",
        {"pus_service": 1, "pus_kind": 9, "volts": 3.5},
    )


def test_what_cannot_be_said_costs_only_itself() -> None:
    imported = from_xtce(FLEET, source="f.xml")
    line = FLEET.splitlines().index('    <SequenceContainer name="three"><EntryList>') + 1
    assert imported.warnings == (
        f"f.xml:{line + 2}: Comparison SCID: SCID is not read before, so nothing can depend on it",
        f"f.xml:{line + 1}: ParameterRefEntry Power/Volts: this and what follows it in container "
        "three are left out",
    )
    assert [packet["name"] for packet in imported.data["packets"]] == ["two", "one", "three"]


def mission(containers: int, rows: int) -> str:
    """Containers by APID, each with rows of eight bits."""
    header = (
        ("VER", 3),
        ("TYPE", 1),
        ("SHF", 1),
        ("APID", 11),
        ("FLG", 2),
        ("CTR", 14),
        ("LEN", 16),
    )
    sizes = sorted({bits for _, bits in header} | {8})
    types = "".join(
        f'<IntegerParameterType name="u{n}"><IntegerDataEncoding sizeInBits="{n}"/>'
        "</IntegerParameterType>"
        for n in sizes
    )
    names = [f"c{c}_{r}" for c in range(containers) for r in range(rows)]
    parameters = "".join(f'<Parameter name="{n}" parameterTypeRef="u{b}"/>' for n, b in header)
    parameters += "".join(f'<Parameter name="{n}" parameterTypeRef="u8"/>' for n in names)
    entries = "".join(f'<ParameterRefEntry parameterRef="{n}"/>' for n, _ in header)
    told = (
        f'<SequenceContainer name="CCSDSPacket" abstract="true"><EntryList>{entries}</EntryList>'
        "</SequenceContainer>"
    )
    for c in range(containers):
        entries = "".join(f'<ParameterRefEntry parameterRef="c{c}_{r}"/>' for r in range(rows))
        told += (
            f'<SequenceContainer name="apid{c}"><EntryList>{entries}</EntryList><BaseContainer '
            f'containerRef="CCSDSPacket"><RestrictionCriteria><Comparison parameterRef="APID" '
            f'value="{c}" useCalibratedValue="false"/></RestrictionCriteria></BaseContainer>'
            "</SequenceContainer>"
        )
    return (
        '<SpaceSystem name="M" xmlns="http://www.omg.org/spec/XTCE/20180204"><TelemetryMetaData>'
        f"<ParameterTypeSet>{types}</ParameterTypeSet><ParameterSet>{parameters}</ParameterSet>"
        f"<ContainerSet>{told}</ContainerSet></TelemetryMetaData></SpaceSystem>"
    )


def test_a_mission_of_many_containers(tmp_path: Path) -> None:
    text = mission(38, 40)
    with work_of_at_most(3_000_000):
        ours = decoder(text)
    path = tmp_path / "m.xml"
    path.write_text(text, "utf-8")
    theirs = XtcePacketDefinition.from_xtce(path)
    for apid in (0, 17, 37):
        frame = apid.to_bytes(2) + bytes.fromhex("C000 0027") + bytes(range(apid, apid + 40))
        found = ours.decode(frame, "f")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted = theirs.parse_bytes(frame)
        assert (found.packet, found.error) == (f"apid{apid}", None)
        assert len(found.values) == 40
        assert all(wanted[value.name] == value.value for value in found.values)


def container(name: str, entries: str) -> str:
    return f'<SequenceContainer name="{name}"><EntryList>{entries}</EntryList></SequenceContainer>'


def times(name: str, count: int) -> str:
    repeat = f"<RepeatEntry><Count><FixedValue>{count}</FixedValue></Count></RepeatEntry>"
    return f'<ContainerRefEntry containerRef="{name}">{repeat}</ContainerRefEntry>'


@pytest.mark.parametrize(
    ("containers", "told"),
    [
        (
            "".join(container(f"c{n}", times(f"c{n - 1}", 2)) for n in range(1, 15)),
            "is in more than 8 parts inside each other",
        ),
        (container("c1", times("c0", 3000)) + container("c2", times("c1", 3000)), "4096 entries"),
        (container("c1", times("c0", 4000)) + container("c2", times("c1", 20)), "4096 entries"),
    ],
)
def test_what_is_too_much_costs_only_its_container(containers: str, told: str) -> None:
    first = container("c0", '<ParameterRefEntry parameterRef="Spare"/>')
    text = FLEET.replace("<ContainerSet>", f"<ContainerSet>{first}{containers}", 1)
    imported = from_xtce(text, source="f.xml")
    assert any(told in warning for warning in imported.warnings)
    satellite = parse(to_toml(imported.data), id="f")
    assert {"one", "two", "c0"} <= {packet.name for packet in satellite.packets}
