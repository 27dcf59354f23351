"""One satellite's packets, and which of them applies to a frame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple, TypeAlias

from decoders import evidence
from decoders.definition.model import Match, PacketLayout, Satellite
from decoders.errors import DecodeError
from decoders.peeler import Inside, Peeler
from decoders.plan import Plan
from decoders.shape import Shape
from decoders.value import LayerHeader

#: Layer names from the outside in.
Layers: TypeAlias = tuple[str, ...]


def applies(
    match: Match, packet: bytes, headers: Sequence[LayerHeader], received_us: int | None = None
) -> bool:
    """Whether every rule of ``match`` holds for ``packet`` below ``headers``.

    ``received_us``: when it was received; None: not known, then it may have been at any time.
    """
    if received_us is not None:
        if match.valid_from_us is not None and received_us < match.valid_from_us:
            return False
        if match.valid_until_us is not None and received_us >= match.valid_until_us:
            return False
    if not packet.startswith(match.prefix) or len(packet) < match.minimum_length:
        return False
    if match.length and len(packet) not in match.length:
        return False
    for offset, mask, value in match.masked:
        if not -len(packet) <= offset < len(packet) or packet[offset] & mask != value:
            return False
    if match.fields:
        found = {
            f"{header.layer}.{name}": value
            for header in headers
            for name, value in header.fields.items()
        }
        return all(found.get(name) == value for name, value in match.fields.items())
    return True


class Fit(NamedTuple):
    """A packet of a satellite that applies to a frame. ``error`` None: the whole frame is sound.

    ``shape`` None: its rows do not fit into the frame.
    """

    inside: Inside
    plan: Plan
    shape: Shape | None
    error: str | None


class KnownSatellite:
    """One satellite's packets by the layers above them."""

    def __init__(self, satellite: Satellite):
        self.satellite = satellite
        #: Layers -> the packets below them, in the order in which they are tried.
        self.paths: dict[Layers, list[Plan]] = {}
        self.callsigns = frozenset(callsign.upper() for callsign in satellite.callsigns)
        stacks = list(dict.fromkeys(link.layers for link in satellite.downlinks)) or [()]
        wholes = {packet.spans.packet for packet in satellite.packets if packet.spans}
        frames = [packet for packet in satellite.packets if packet.name not in wholes]
        alike = Counter(map(_told_by, frames))
        for packet in frames:  # wholes are made of joined parts, never of a frame
            plan = Plan(packet, alike[_told_by(packet)])
            for layers in (packet.layers,) if packet.layers is not None else stacks:
                self.paths.setdefault(layers, []).append(plan)
        for layers in stacks:
            self.paths.setdefault(layers, [])

    def called_by(self, source: str, ssid: int) -> bool:
        """Whether an AX.25 frame of that callsign can be this satellite's."""
        if not any("ax25" in layers for layers in self.paths):
            return False
        return (
            not self.callsigns or source in self.callsigns or f"{source}-{ssid}" in self.callsigns
        )

    def layers_for(self, caller: LayerHeader | None, *, by_packet: bool = False) -> list[Layers]:
        """The layers that a frame of ``caller`` may have; None: nobody's callsign is in it.

        ``by_packet``: only the packet can tell that it is this satellite's.
        """
        if caller is not None:
            return [layers for layers in self.paths if "ax25" in layers]
        if by_packet and self.callsigns:  # its callsign ought to stand in the frame
            return [layers for layers in self.paths if "ax25" not in layers]
        return list(self.paths)

    def fit(self, peeler: Peeler, stacks: Iterable[Layers]) -> Fit | None:
        """The first packet below ``stacks`` that applies; None: there is none."""
        for layers in stacks:
            try:
                inside = peeler.inside(layers)
            except DecodeError:
                continue
            packet = peeler.frame[inside.start : inside.end]
            for plan in self.paths[layers]:
                if applies(plan.layout.match, packet, inside.headers, peeler.received_us):
                    return fitted(inside, plan, packet)
        return None

    def evidence_bits(self, fit: Fit) -> int:
        """What the packet's rules, and its check values if they are right, tell of the sender."""
        length = fit.inside.end - fit.inside.start
        bits = fit.plan.evidence_bits(length, None if fit.error else fit.shape)
        match, addresses = fit.plan.layout.match, self.satellite.csp_addresses
        return bits + evidence.address_bits(addresses, match, fit.inside.headers)

    def not_fitting(self, peeler: Peeler, stacks: Iterable[Layers]) -> tuple[Inside | None, str]:
        """How far a frame that no packet applies to can be peeled, and what is wrong with it."""
        reasons: list[str] = []
        for layers in stacks:
            try:
                inside = peeler.inside(layers)
            except DecodeError as error:
                reasons.append(str(error))
                continue
            packet = peeler.frame[inside.start : inside.end]
            return inside, inside.error or self._unmatched(packet)
        return None, "; ".join(dict.fromkeys(reasons))

    def _unmatched(self, packet: bytes) -> str:
        id = self.satellite.id
        if not self.satellite.packets:
            return f"the packets of {id} are not described"
        start = packet[:8].hex(" ").upper()
        return f"no packet of {id} matches {len(packet)} bytes that begin {start}"


def _told_by(packet: PacketLayout) -> Hashable:
    """Which bits tell a packet from others, whatever their values."""
    match = packet.match
    masked = tuple(sorted((offset, mask) for offset, mask, _ in match.masked))
    return packet.layers, len(match.prefix), masked, bool(match.length), frozenset(match.fields)


def fitted(inside: Inside, plan: Plan, packet: bytes) -> Fit:
    """The packet held against the plan that applies to it."""
    try:
        shape = plan.shape(packet)
        problem = "; ".join(shape.problems(packet)) or None
    except DecodeError as error:
        return Fit(inside, plan, None, inside.error or str(error))
    return Fit(inside, plan, shape, inside.error or problem)


class PacketIndex:
    """The packets of all satellites below the same layers, found by their first byte."""

    def __init__(self) -> None:
        self.by_first: dict[int, list[tuple[int, KnownSatellite, Plan]]] = {}
        self.others: list[tuple[int, KnownSatellite, Plan]] = []
        self.matches: list[Match] = []

    def add(self, order: int, known: KnownSatellite, plan: Plan) -> None:
        """``order``: which of a satellite's packets is taken when several apply."""
        match = plan.layout.match
        self.matches.append(match)
        first = [value for offset, mask, value in match.masked if (offset, mask) == (0, 0xFF)]
        if match.prefix:
            first = [match.prefix[0]]
        place = self.by_first.setdefault(first[0], []) if first else self.others
        place.append((order, known, plan))

    def of(self, packet: bytes) -> list[tuple[int, KnownSatellite, Plan]]:
        """What may apply to ``packet``."""
        return self.by_first.get(packet[0], []) + self.others if packet else self.others


def tried(known: KnownSatellite) -> list[tuple[Layers, Plan]]:
    """What may tell that an unnamed frame is this satellite's, in the order of trying.

    Packets that tell nothing are among them as far as they come before others.
    """
    stacks = known.layers_for(None, by_packet=True)
    found = [(layers, plan) for layers in stacks for plan in known.paths[layers]]
    while found and not found[-1][1].tells:
        found.pop()
    return found
