"""What each rule of a definition's packets is worth as evidence, for people who write them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from decoders import evidence
from decoders.definition.model import Match, Satellite
from decoders.evidence import Held, held_bits, held_by_fields, held_by_rules
from decoders.known import KnownPacket, KnownSatellite, Layers
from decoders.sketch import sketch


class Rule(NamedTuple):
    """One rule, and its bits if it were the only one."""

    text: str
    bits: int


@dataclass(frozen=True, slots=True)
class PacketEvidence:
    """``bits``: what all ``rules`` of ``packet`` are worth together, or more where rows vary.

    Less than their sum where two hold the same bits, or bytes of zeros, and where the satellite has
    other packets that differ in the values of the same bits.
    """

    packet: str
    layers: Layers
    rules: tuple[Rule, ...]
    bits: int

    @property
    def enough(self) -> bool:
        """Whether a frame of this packet names its satellite."""
        return self.bits >= evidence.ENOUGH_BITS

    def __str__(self) -> str:
        told = " + ".join(f"{rule.text} {rule.bits}" for rule in self.rules) or "no rule"
        weak = "" if self.enough else f" (less than {evidence.ENOUGH_BITS}: a candidate only)"
        return f"{self.packet}: {told} = {self.bits} bits{weak}"


def packet_evidence(satellite: Satellite) -> list[PacketEvidence]:
    """The evidence of each packet, below each of the layers that it may have."""
    known = KnownSatellite(sketch(satellite), lambda: satellite)
    return [
        _evidence(known, layers, packet)
        for layers, packets in known.paths.items()
        for packet in packets
    ]


def _evidence(known: KnownSatellite, layers: Layers, packet: KnownPacket) -> PacketEvidence:
    match, plan = packet.match, packet.plan
    senders = list(_senders(known, layers, match))
    shape = plan.shape(b"") if plan.size is not None else None
    checked = shape.checked if shape else ()
    rows = [Rule(f"row {f.name}", held_bits(held_by_fields([f]))) for f in checked]
    length = max(match.length, default=_SOME_LENGTH)
    total = sum(rule.bits for rule in senders) + packet.evidence_bits(length, shape)
    return PacketEvidence(packet.name, layers, (*senders, *_rules(match, length), *rows), total)


_SOME_LENGTH = 2048


def _senders(known: KnownSatellite, layers: Layers, match: Match) -> Iterator[Rule]:
    addresses = known.sketch.csp_addresses
    if "ax25" in layers and known.callsigns and "ax25.source" not in match.fields:
        yield Rule("callsign", evidence.CALLSIGN_BITS)
    csp = next((layer for layer in layers if layer.startswith("csp")), None)
    if csp and addresses and f"{csp}.source" not in match.fields:
        yield Rule("CSP address", evidence.addressed_bits(addresses))


def _rules(match: Match, length: int) -> Iterator[Rule]:
    if match.prefix:
        prefix = held_bits(held_by_rules(Match(prefix=match.prefix), length))
        yield Rule(f"prefix {match.prefix.hex(' ').upper()}", prefix)
    held: Held = held_by_rules(Match(masked=match.masked), length)
    if match.masked:
        places = " ".join(str(offset) for offset, _, _ in match.masked)
        yield Rule(f"bytes {places}", held_bits(held))
    if match.length:
        lengths = " or ".join(map(str, match.length))
        yield Rule(f"length {lengths}", evidence.length_bits(match.length))
    for name, value in match.fields.items():
        yield Rule(f"{name} = {value}", evidence.field_bits(name, value))
