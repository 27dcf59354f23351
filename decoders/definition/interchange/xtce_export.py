"""A definition as XTCE 1.2, in the subset that Yamcs and space-packet-parser read.

Packets below a ``space-packet`` layer inherit from the container ``CCSDSPacket``, which has the
primary header; others inherit from it, too, but then it has only what they share.
Source: OMG XTCE 1.2, formal/18-10-04; CCSDS 660.1-G-2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from decoders.bits import Field
from decoders.definition.interchange.conversion import Exported, Losses
from decoders.definition.interchange.fixed import Fixed, fixed_part
from decoders.definition.interchange.time_and_parts import note_time_and_parts, wholes
from decoders.definition.interchange.told_apart import Rules, Shared, shared_part
from decoders.definition.interchange.xtce_names import HEADER, HEADER_BITS, NAMESPACE, ROOT
from decoders.definition.interchange.xtce_types import (
    ancillary,
    binary,
    parameter,
    parameter_type,
    unsigned,
)
from decoders.definition.model import PacketLayout, Parameter, Satellite

_SPACE_PACKET = "space-packet"
_HEADER_OF = {ours: theirs for theirs, ours, _ in HEADER}
_PLAIN_ROOT = "Packet"
_MOST_INTEGER_BITS = 64


@dataclass(slots=True)
class _Document:
    """The sets of one document as they grow."""

    losses: Losses
    types: dict[str, Element] = field(default_factory=dict)
    parameters: dict[str, Element] = field(default_factory=dict)
    containers: list[Element] = field(default_factory=list)
    _rows: dict[str, tuple[Parameter, int]] = field(default_factory=dict)

    def reference(self, packet: str, place: Field, base: int) -> str:
        """The parameter for a field; packets that describe it alike share it."""
        key = (replace(place.row, const=None), place.bits)
        name = place.name
        while self._rows.setdefault(name, key) != key:
            # Another packet's row, or one that is called as this would be next.
            name = f"{packet}_{name}"
        if name not in self.parameters:
            shown = place._replace(start=place.start + base)
            self.types[name] = parameter_type(shown, f"{name}_t", self.losses)
            self.parameters[name] = parameter(place, name, f"{name}_t")
        return name

    def number(self, name: str, bits: int) -> str:
        """A parameter that no row describes."""
        if name not in self.parameters:
            make = unsigned if bits <= _MOST_INTEGER_BITS else binary
            self.types[name] = make(f"{name}_t", bits)
            self.parameters[name] = Element("Parameter", name=name, parameterTypeRef=f"{name}_t")
        return name


def to_xtce(satellite: Satellite) -> Exported:
    """The document, and what XTCE (or its readers) cannot express."""
    losses = Losses("XTCE")
    document = _Document(losses)
    joined = wholes(satellite)
    frames = [packet for packet in satellite.packets if packet.name not in joined]
    in_space_packets = [p for p in frames if _is_space_packet(satellite, p)]
    plain = [p for p in frames if p not in in_space_packets]
    if in_space_packets:
        _family(document, ROOT, in_space_packets, HEADER_BITS)
    if plain:
        _family(document, _PLAIN_ROOT if in_space_packets else ROOT, plain, 0)
    for packet in satellite.packets:
        if packet.name in joined:
            document.containers.append(_alone(document, packet))
    note_time_and_parts(satellite, losses)
    _note_losses(satellite, plain, losses)
    root = _system(satellite)
    if document.containers:
        _telemetry(root, document)
    indent(root)
    text = tostring(root, encoding="unicode")
    return Exported(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', losses.sentences())


def _telemetry(root: Element, document: _Document) -> None:
    """The three sets, of which an empty one is not allowed."""
    telemetry = SubElement(root, "TelemetryMetaData")
    for tag, elements in (
        ("ParameterTypeSet", document.types.values()),
        ("ParameterSet", document.parameters.values()),
        ("ContainerSet", document.containers),
    ):
        if elements:
            SubElement(telemetry, tag).extend(elements)


def _layers(satellite: Satellite, packet: PacketLayout) -> tuple[str, ...]:
    if packet.layers is not None:
        return packet.layers
    return satellite.downlinks[0].layers if satellite.downlinks else ()


def _is_space_packet(satellite: Satellite, packet: PacketLayout) -> bool:
    """Whether the packet stands right inside a space packet, the last of its layers."""
    return _layers(satellite, packet)[-1:] == (_SPACE_PACKET,)


def _note_losses(satellite: Satellite, plain: Iterable[PacketLayout], losses: Losses) -> None:
    if any(packet.derived for packet in satellite.packets):
        losses.add("derived values are left out")
    if satellite.downlinks or satellite.examples:
        losses.add("downlinks and example frames are left out")
    for packet in plain:
        if _layers(satellite, packet):
            losses.add("headers of layers are left out: give readers the bytes inside", packet.name)
    for packet in satellite.packets:
        for name in packet.match.fields:
            if name.partition(".")[0] != _SPACE_PACKET:
                losses.add("match rules on fields of other layers are left out", packet.name)


def _system(satellite: Satellite) -> Element:
    name = re.sub(r"[./:\[\] ]", "_", satellite.id)
    root = Element("SpaceSystem", xmlns=NAMESPACE, name=name, shortDescription=satellite.name)
    ancillary(
        root,
        (
            ("norad", str(satellite.norad or "")),
            ("callsigns", ",".join(satellite.callsigns)),
            ("source", satellite.source),
        ),
    )
    header = SubElement(root, "Header", validationStatus="Working")
    if satellite.version:
        header.set("version", satellite.version)
    return root


def _family(document: _Document, root: str, packets: list[PacketLayout], base: int) -> None:
    """The abstract container ``root`` and the packets that inherit from it.

    ``base``: bits of the header before their rows.
    """
    fixed = [(packet, fixed_part(packet, document.losses)) for packet in packets]
    outside = {packet.name: _header_rules(packet) for packet in packets} if base else {}
    shared = shared_part(fixed, outside, document.losses)
    container = Element("SequenceContainer", name=root, abstract="true")
    entries = SubElement(container, "EntryList")
    if base:
        for theirs, _, bits in HEADER:
            _entry(entries, document.number(theirs, bits))
    end = _entries(document, "", entries, shared.fields, base, 0)
    document.containers.append(container)
    for packet, part in fixed:
        document.containers.append(_packet(document, root, packet, part, shared, base, end))


def _alone(document: _Document, packet: PacketLayout) -> Element:
    """The container of joined parts, which inherits from nothing."""
    container = Element("SequenceContainer", name=packet.name)
    entries = SubElement(container, "EntryList")
    part = fixed_part(packet, document.losses)
    _entries(document, packet.name, entries, part.fields, 0, 0)
    if part.rest is not None:
        document.losses.add("bytes up to the end of a packet are left out", part.rest.name)
    return container


def _header_rules(packet: PacketLayout) -> dict[str, int | str]:
    rules: dict[str, int | str] = {}
    for name, value in packet.match.fields.items():
        layer, _, ours = name.partition(".")
        if layer == _SPACE_PACKET and ours in _HEADER_OF:
            rules[_HEADER_OF[ours]] = int(value)
    return rules


def _packet(
    document: _Document,
    root: str,
    packet: PacketLayout,
    part: Fixed,
    shared: Shared,
    base: int,
    end: int,
) -> Element:
    label = packet.labels.get("en", packet.name.replace("_", " "))
    container = Element("SequenceContainer", name=packet.name, shortDescription=label)
    entries = SubElement(container, "EntryList")
    _entries(document, packet.name, entries, part.fields[shared.rows :], base, end)
    if part.rest is not None and base:
        _entry(entries, document.reference(packet.name, part.rest, base))
    elif part.rest is not None:
        document.losses.add("bytes up to the end of a packet are left out", part.rest.name)
    inherited = SubElement(container, "BaseContainer", containerRef=root)
    _restrict(inherited, shared.rules[packet.name])
    return container


def _entries(
    document: _Document,
    packet: str,
    entries: Element,
    fields: Iterable[Field],
    base: int,
    end: int,
) -> int:
    """References to ``fields`` in order, gaps between them filled; gives the bit after the last."""
    for place in fields:
        start, bits = place.frame_bits(0)
        if start > end:
            _entry(entries, document.number(f"gap_{start - end}", start - end))
        _entry(entries, document.reference(packet, place, base))
        end = start + bits
    return end


def _entry(entries: Element, name: str) -> None:
    SubElement(entries, "ParameterRefEntry", parameterRef=name)


def _restrict(inherited: Element, rules: Rules) -> None:
    """Comparisons that say when the packet applies."""
    comparisons = [(name, "==", value) for name, value in rules.equal.items()]
    either: list[Mapping[str, int | str]] = []
    for other in rules.differ:
        if len(other) == 1:
            comparisons += [(name, "!=", value) for name, value in other.items()]
        else:
            either.append(other)
    if not comparisons and not either:
        return
    criteria = SubElement(inherited, "RestrictionCriteria")
    if not either:
        listed = SubElement(criteria, "ComparisonList")
        for name, operator, value in comparisons:
            comparison = SubElement(listed, "Comparison", parameterRef=name)
            comparison.set("comparisonOperator", operator)
            comparison.set("value", str(value))
            comparison.set("useCalibratedValue", _calibrated(value))
        return
    everything = SubElement(SubElement(criteria, "BooleanExpression"), "ANDedConditions")
    for name, operator, value in comparisons:
        _condition(everything, name, operator, value)
    for other in either:
        some = SubElement(everything, "ORedConditions")
        for name, value in other.items():
            _condition(some, name, "!=", value)


def _calibrated(value: int | str) -> str:
    """Numbers are compared raw; the raw value of a text is bytes, which its text is not."""
    return "true" if isinstance(value, str) else "false"


def _condition(into: Element, name: str, operator: str, value: int | str) -> None:
    condition = SubElement(into, "Condition")
    reference = SubElement(condition, "ParameterInstanceRef", parameterRef=name)
    reference.set("useCalibratedValue", _calibrated(value))
    SubElement(condition, "ComparisonOperator").text = operator
    SubElement(condition, "Value").text = str(value)
