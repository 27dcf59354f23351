"""TOML text to :class:`~decoders.definition.model.Satellite`, or every mistake with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from typing import Any

from decoders.definition import rows
from decoders.definition.model import (
    Derived,
    Downlink,
    Example,
    Group,
    Item,
    Match,
    PacketLayout,
    Satellite,
    in_rows,
)
from decoders.definition.node import Node, Problems
from decoders.definition.vocabulary import with_translations
from decoders.errors import DefinitionError
from decoders.layers.registry import LAYERS
from decoders.suggest import nearest

TOP_KEYS = ("satellite", "downlinks", "packets", "examples", "groups", "extends")
SATELLITE_KEYS = ("name", "norad", "callsigns", "csp_addresses", "source", "version", "simulated")
DOWNLINK_KEYS = ("name", "frequency_hz", "modulation", "baud", "framing", "layers", "options")
PACKET_KEYS = (
    *("name", "match", "endian", "bit_order", "layers", "parameters", "derived", "undescribed"),
    *("label", "label_ru", "label_ky"),
)
MATCH_KEYS = ("prefix", "bytes", "length", "minimum_length", "fields")
EXAMPLE_KEYS = ("packet", "hex", "expect", "source")

#: Gives the text of a sister definition by id, for ``extends``; raises KeyError when there is none.
Sister = Callable[[str], str]


def parse(text: str, *, id: str, source: str = "", sister: Sister | None = None) -> Satellite:
    """The satellite that ``text`` defines. ``source`` is the file name for messages.

    Raises DefinitionError for the first mistake; :func:`mistakes` lists them all.
    """
    satellite, errors = _parse(text, id, source or f"{id}.toml", sister)
    if errors:
        raise errors[0]
    return satellite


def mistakes(
    text: str, *, id: str, source: str = "", sister: Sister | None = None
) -> list[DefinitionError]:
    """Every mistake in ``text``, in the order found; empty: :func:`parse` will succeed."""
    return _parse(text, id, source or f"{id}.toml", sister)[1]


def _parse(
    text: str, id: str, source: str, sister: Sister | None
) -> tuple[Satellite, list[DefinitionError]]:
    nothing = Satellite(id=id, name=id)
    try:
        data = _toml(text, source)
        data = _extended(data, source, sister)
    except DefinitionError as error:
        return nothing, [error]
    problems = Problems(text, source, data)
    top = Node(data, (), problems)
    top.only(TOP_KEYS)
    satellite = _satellite(top, id)
    return satellite, problems.errors


def _toml(text: str, source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(place[1]) if place else None
        problem = f"not valid TOML: {str(error).split(' (at ')[0]}"
        raise DefinitionError(problem, source=source, line=line) from error


def _extended(data: dict[str, Any], source: str, sister: Sister | None) -> dict[str, Any]:
    """``data`` laid over the sister that it extends: packets by name, other tables by key."""
    name = data.get("extends")
    if name is None:
        return data
    try:
        base = _toml(sister(name), f"{name}.toml") if sister else None
    except KeyError:
        base = None
    if base is None:
        raise DefinitionError(f"there is no definition {name!r} to extend", source=source, line=1)
    if "extends" in base:
        raise DefinitionError(
            f"{name!r} extends another definition itself; one level only", source=source, line=1
        )
    own_packets = {packet.get("name"): packet for packet in data.get("packets", [])}
    base_packets = [p for p in base.get("packets", []) if p.get("name") not in own_packets]
    return {
        **data,
        "satellite": {**base.get("satellite", {}), **data.get("satellite", {})},
        "downlinks": data.get("downlinks", base.get("downlinks", [])),
        "packets": [*data.get("packets", []), *base_packets],
        "groups": {**base.get("groups", {}), **data.get("groups", {})},
    }


def _satellite(top: Node, id: str) -> Satellite:
    if "satellite" not in top.data:
        top.wrong("", "the table [satellite] is missing")
    about = top.child("satellite")
    about.only(SATELLITE_KEYS)
    packets = tuple(_packet(node) for node in top.children("packets"))
    _unique(top, "packets", [packet.name for packet in packets])
    return Satellite(
        id=id,
        name=about.text("name", id, required="satellite" in top.data),
        norad=about.integer("norad", None, 1, 999_999_999),
        callsigns=about.texts("callsigns"),
        source=about.text("source"),
        version=about.text("version"),
        simulated=about.flag("simulated"),
        csp_addresses=about.integers("csp_addresses", 0, 16383),
        downlinks=tuple(_downlink(node) for node in top.children("downlinks")),
        packets=packets,
        examples=tuple(_example(node, packets) for node in top.children("examples")),
        group_labels={
            name: with_translations(top.child("groups").child(name).in_languages("label"))
            for name in top.child("groups").data
        },
    )


def _unique(node: Node, key: str, names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name and name in seen:
            node.wrong(key, f"the name {name!r} is used twice")
        seen.add(name)


def _downlink(node: Node) -> Downlink:
    node.only(DOWNLINK_KEYS)
    return Downlink(
        name=node.text("name", required=True),
        frequency_hz=node.integer("frequency_hz", None, 1, 300_000_000_000),
        modulation=node.text("modulation"),
        baud=node.number("baud"),
        framing=node.text("framing"),
        layers=_layers(node) or (),
        options=dict(node.child("options").data),
    )


def _layers(node: Node) -> tuple[str, ...] | None:
    if "layers" not in node.data:
        return None
    names = node.texts("layers")
    for name in names:
        if name not in LAYERS:
            node.wrong("layers", f"there is no layer {name!r}; {nearest(name, LAYERS)}")
    return tuple(name for name in names if name in LAYERS)


def _packet(node: Node) -> PacketLayout:
    node.only(PACKET_KEYS)
    bit_order = node.choice("bit_order", ("msb", "lsb"), "msb")
    natural = "little" if bit_order == "lsb" else "big"
    endian = node.choice("endian", ("big", "little"), natural)
    defaults = {"endian": endian, "bit_order": bit_order}
    items = rows.items(node.children("parameters"), defaults)
    derived = tuple(
        found for child in node.children("derived") if (found := rows.derived(child)) is not None
    )
    known = _names(items)
    _unique(node, "parameters", [*known, *(value.name for value in derived)])
    for index, value in enumerate(derived):
        _check_names(node, index, value, known)
        known.append(value.name)
    return PacketLayout(
        name=node.text("name", required=True),
        match=_match(node.child("match")),
        items=items,
        derived=derived,
        labels=with_translations(node.in_languages("label")),
        layers=_layers(node),
        undescribed=node.text("undescribed"),
    )


def _check_names(node: Node, index: int, value: Derived, known: list[str]) -> None:
    """A derived value may use parameters and the derived values before it."""
    for name in sorted(value.expression.names):
        if in_rows(name, known) is None:
            path = (*node.path, "derived", index, "expression")
            node.problems.add(path, f"there is no parameter {name!r}; {nearest(name, known)}")


def _names(items: tuple[Item, ...], prefix: str = "") -> list[str]:
    names: list[str] = []
    for item in items:
        if isinstance(item, Group):
            names += _names(item.items, f"{prefix}{item.name}_" if item.name else prefix)
        elif item.kind != "skip":
            names.append((prefix + item.name).rstrip("_"))
    return names


def _match(node: Node) -> Match:
    node.only(MATCH_KEYS)
    masked = []
    for child in node.children("bytes"):
        child.only(("at", "mask", "value"))
        masked.append(
            (
                child.integer("at", 0, -65_535, 65_535) or 0,
                child.integer("mask", 0xFF, 1, 0xFF) or 0xFF,
                child.integer("value", 0, 0, 0xFF) or 0,
            )
        )
    fields = node.child("fields")
    for name in fields.data:
        if name.partition(".")[0] not in LAYERS:
            fields.wrong(name, 'is not LAYER.FIELD, such as "csp.source"')
    return Match(
        prefix=node.hex("prefix"),
        masked=tuple(masked),
        length=node.integers("length", 0, 65_535),
        minimum_length=node.integer("minimum_length", 0, 0, 65_535) or 0,
        fields=dict(fields.data),
    )


def _example(node: Node, packets: tuple[PacketLayout, ...]) -> Example:
    node.only(EXAMPLE_KEYS)
    name = node.text("packet", required=True)
    names = [packet.name for packet in packets]
    if name and name not in names:
        node.wrong("packet", f"there is no packet {name!r}; {nearest(name, names)}")
    node.text("hex", required=True)
    return Example(
        frame=node.hex("hex"),
        packet=name,
        expect=dict(node.child("expect").data),
        source=node.text("source", required=True),
    )
