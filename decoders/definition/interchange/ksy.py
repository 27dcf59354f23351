"""A definition as a Kaitai Struct specification (.ksy), values and words included.

A row whose value is its raw number has its own name; where a calibration stands between, the raw
number is ``NAME_raw`` and ``NAME`` is computed. Layers are not described: give it the packet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from decoders.definition.interchange.conversion import Exported, Losses
from decoders.definition.interchange.ksy_types import Types
from decoders.definition.interchange.time_and_parts import note_time_and_parts, wholes
from decoders.definition.model import Match, Satellite

_INDENT = "  "


def to_ksy(satellite: Satellite) -> Exported:
    """The specification, and what Kaitai cannot express."""
    losses = Losses("Kaitai")
    types = Types(losses)
    for packet in satellite.packets:
        types.packet(packet)
    note_time_and_parts(satellite, losses)
    _note_losses(satellite, losses)
    document: dict[str, Any] = {
        "meta": {
            "id": kaitai_id(satellite.id),
            "title": satellite.name,
            "endian": "be",
            "bit-endian": "be",
        },
        "doc": satellite.source or f"Packets of {satellite.name}.",
        **_root(satellite),
        "types": types.types,
        "enums": types.enums,
    }
    text = _yaml({key: value for key, value in document.items() if value not in ({}, [])})
    return Exported(text, losses.sentences())


def kaitai_id(id: str) -> str:
    """A satellite's id as Kaitai allows it."""
    name = re.sub(r"[^a-z0-9_]", "_", id.lower())
    return name if name[:1].isalpha() else f"s_{name}"


def _note_losses(satellite: Satellite, losses: Losses) -> None:
    if any(link.layers for link in satellite.downlinks):
        losses.add("headers of layers are left out: give it the bytes inside")
    if satellite.downlinks or satellite.examples:
        losses.add("downlinks and example frames are left out")
    for packet in satellite.packets:
        if packet.match.fields:
            losses.add("match rules on fields of layers are left out", packet.name)


def _root(satellite: Satellite) -> dict[str, Any]:
    """Which packet it is, as the first whose rules hold, and the packet itself."""
    packets, joined = satellite.packets, wholes(satellite)
    if not packets:
        return {}
    instances: dict[str, Any] = {}
    kind = "-1"
    for number, packet in reversed(list(enumerate(packets))):
        if packet.name in joined:
            continue
        rules = " and ".join(_rules(packet.match, instances)) or "true"
        kind = f"(({rules}) ? {number} : {kind})"
    instances["kind"] = {"value": kind, "doc": "The number of the packet in `packet`, or -1."}
    cases = {number: packet.name for number, packet in enumerate(packets)}
    content = {"id": "packet", "type": {"switch-on": "kind", "cases": cases}}
    return {"seq": [content], "instances": instances}


def _rules(match: Match, instances: dict[str, Any]) -> list[str]:
    rules = []
    if match.length:
        rules.append("(" + " or ".join(f"_io.size == {n}" for n in match.length) + ")")
    if match.minimum_length:
        rules.append(f"_io.size >= {match.minimum_length}")
    masked = [(at, 0xFF, byte) for at, byte in enumerate(match.prefix)]
    for at, mask, value in (*masked, *match.masked):
        name = f"byte_{at}" if at >= 0 else f"byte_last_{-at}"
        place = str(at) if at >= 0 else f"_io.size - {-at}"
        instances[name] = {"pos": place, "type": "u1"}
        rules.append(f"_io.size {'>' if at >= 0 else '>='} {abs(at)}")
        rules.append(f"{name} == {value}" if mask == 0xFF else f"({name} & {mask}) == {value}")
    return rules


def _yaml(value: Any, depth: int = 0) -> str:
    """Block style; what JSON can write on a line is written so, which YAML reads alike."""
    space = _INDENT * depth
    text = ""
    if isinstance(value, Mapping):
        for key, item in value.items():
            text += f"{space}{key}:{_after(item, depth)}"
        return text
    for item in value:
        rest = _yaml(item, depth + 1)
        text += f"{space}- {rest.lstrip()}"
    return text


def _after(item: Any, depth: int) -> str:
    if isinstance(item, Mapping | list) and item and not _is_flat(item):
        return "\n" + _yaml(item, depth + 1)
    return f" {json.dumps(item, ensure_ascii=False)}\n"


def _is_flat(item: Any) -> bool:
    return isinstance(item, list) and not any(isinstance(part, Mapping | list) for part in item)
