"""One satellite's packets, and which of them applies to a frame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from typing import NamedTuple, TypeAlias

from decoders import evidence
from decoders.definition.model import Match, PacketLayout, Satellite
from decoders.errors import DecodeError
from decoders.layers.space_packet import UNSEGMENTED
from decoders.peeler import Inside, Peeler
from decoders.plan import Plan
from decoders.shape import Shape
from decoders.sketch import PacketSketch, Sketch
from decoders.value import LayerHeader

#: Layer names from the outside in.
Layers: TypeAlias = tuple[str, ...]
#: The field that tells segments of a space packet.
SEGMENTED = "space-packet.sequence_flags"
#: Longer than any offset of a rule, so that rules counted from the end lie apart.
_ANY_LENGTH = 2048


def applies(
    match: Match, packet: bytes, headers: Sequence[LayerHeader], received_us: int | None = None
) -> bool:
    """Whether every rule of ``match`` holds for ``packet`` below ``headers``.

    ``received_us``: when it was received; None: not known, then it may have been at any time. A
    segment of a longer space packet is a packet only where a rule asks for its ``sequence_flags``.
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
    if SEGMENTED not in match.fields and is_segment(headers):
        return False
    if not match.fields:
        return True
    found = {
        f"{header.layer}.{name}": value
        for header in headers
        for name, value in header.fields.items()
    }
    return all(found.get(name) == value for name, value in match.fields.items())


def is_segment(headers: Iterable[LayerHeader]) -> bool:
    """Whether a packet below ``headers`` is a segment of a longer space packet."""
    return any(
        header.fields["sequence_flags"] != UNSEGMENTED
        for header in headers
        if header.layer == "space-packet"
    )


class NoFit(NamedTuple):
    """Why no packet applies: ``error`` says what is wrong, ``note`` why nothing is."""

    inside: Inside | None
    error: str | None
    note: str | None = None


class Fit(NamedTuple):
    """A packet of a satellite that applies to a frame. ``error`` None: the whole frame is sound.

    ``shape`` None: its rows do not fit into the frame.
    """

    inside: Inside
    packet: KnownPacket
    shape: Shape | None
    error: str | None


class KnownPacket:
    """A packet of a known satellite: its rules at once, and its rows when they are needed.

    ``alike``: how many packets of its satellite are told from this one by other values of the same
    bits. A stranger's frame may hit any of them, which is worth so many bits less.
    """

    def __init__(self, sketch: PacketSketch, alike: int, layout: Callable[[], PacketLayout]):
        self.name, self.match, self.glued = sketch.name, sketch.match, sketch.glued
        self._other_bits = evidence.header_bits(sketch.match) - (alike - 1).bit_length()
        self._layout = layout
        #: Whether a frame that is this packet may tell anything about who sent it.
        self.tells = sketch.checked or self.evidence_bits(_ANY_LENGTH) >= evidence.LEAST_BITS

    @cached_property
    def plan(self) -> Plan:
        """The packet's rows, compiled."""
        return Plan(self._layout())

    def evidence_bits(self, length: int, shape: Shape | None = None) -> int:
        """Bits of the rules on a packet of ``length`` bytes, see :mod:`decoders.evidence`.

        With ``shape`` also those of its check values and constants, which were right.
        """
        held = evidence.held_by_rules(self.match, length)
        if shape is not None:
            held |= shape.held
        return max(self._other_bits + evidence.held_bits(held), 0)


class KnownSatellite:
    """One satellite's packets by the layers above them. ``load`` reads its definition."""

    def __init__(self, sketch: Sketch, load: Callable[[], Satellite]):
        self.sketch = sketch
        self._load = load
        #: Layers -> the packets below them, in the order in which they are tried.
        self.paths: dict[Layers, list[KnownPacket]] = {}
        self.callsigns = frozenset(callsign.upper() for callsign in sketch.callsigns)
        stacks = list(dict.fromkeys(link.layers for link in sketch.downlinks)) or [()]
        frames = [packet for packet in sketch.packets if not packet.whole]
        alike = Counter(map(_told_by, frames))
        for packet in frames:
            layout = partial(self._layout, packet.number)
            known = KnownPacket(packet, alike[_told_by(packet)], layout)
            for layers in (packet.layers,) if packet.layers is not None else stacks:
                self.paths.setdefault(layers, []).append(known)
        for layers in stacks:
            self.paths.setdefault(layers, [])

    @cached_property
    def carries(self) -> bool:
        """Whether a frame may hold several packets, or parts of some."""
        glued = any(packet.glued for packets in self.paths.values() for packet in packets)
        return glued or any("space-packet" in layers for layers in self.paths)

    def _layout(self, number: int) -> PacketLayout:
        return self._satellite.packets[number]

    @cached_property
    def _satellite(self) -> Satellite:
        return self._load()

    def called_by(self, caller: LayerHeader) -> bool:
        """Whether an AX.25 frame with that header can be this satellite's."""
        if not any("ax25" in layers for layers in self.paths):
            return False
        return not self.callsigns or any(self.called_as(caller))

    def called_as(self, caller: LayerHeader) -> tuple[bool, bool]:
        """Whether a sender of the header has this satellite's callsign, and with its SSID."""
        senders = senders_of(caller)
        return (
            any(call in self.callsigns for call, _ in senders),
            any(exact in self.callsigns for _, exact in senders),
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
        stacks = list(stacks)
        insides = [(layers, peeler.inside_or_none(layers)) for layers in stacks]
        found = next(self._fits(peeler, insides), None)
        if found is not None and found.error is None:
            return found
        lying = [(layers, peeler.against_flag(layers)) for layers in stacks]
        for fit in self._fits(peeler, lying):
            if fit.packet.match.length and fit.error is None:
                return fit
        return found

    def _fits(
        self, peeler: Peeler, insides: Iterable[tuple[Layers, Inside | None]]
    ) -> Iterator[Fit]:
        """Packets that apply to what lies below some layers."""
        for layers, inside in insides:
            if inside is None:
                continue
            packet = peeler.frame[inside.start : inside.end]
            for known in self.paths[layers]:
                if applies(known.match, packet, inside.headers, peeler.received_us):
                    yield fitted(inside, known, packet)

    def evidence_bits(self, fit: Fit) -> int:
        """What the packet's rules, and its check values if they are right, tell of the sender."""
        length = fit.inside.end - fit.inside.start
        bits = fit.packet.evidence_bits(length, None if fit.error else fit.shape)
        addresses, headers = self.sketch.csp_addresses, fit.inside.headers
        return bits + evidence.address_bits(addresses, fit.packet.match, headers)

    def not_fitting(self, peeler: Peeler, stacks: Iterable[Layers]) -> NoFit:
        """How far a frame that no packet applies to can be peeled, and why that is."""
        reasons: list[str] = []
        for layers in stacks:
            try:
                inside = peeler.inside(layers)
            except DecodeError as error:
                empty = peeler.empty(layers)
                if empty is not None:
                    return NoFit(empty, empty.error, str(error))
                reasons.append(str(error))
                continue
            if is_segment(inside.headers):
                return NoFit(inside, inside.error, "a segment of a longer space packet")
            packet = peeler.frame[inside.start : inside.end]
            return NoFit(inside, inside.error or self._unmatched(packet))
        return NoFit(None, "; ".join(dict.fromkeys(reasons)))

    def _unmatched(self, packet: bytes) -> str:
        id = self.sketch.id
        if not self.sketch.packets:
            return f"the packets of {id} are not described"
        start = packet[:8].hex(" ").upper()
        return f"no packet of {id} matches {len(packet)} bytes that begin {start}"


def senders_of(header: LayerHeader) -> list[tuple[str, str]]:
    """Who wrote an AX.25 frame, as ``("RS0ISS", "RS0ISS-4")``; and who repeated it last, if anybody
    did, with a star as in paths: ``("RS0ISS*", "RS0ISS-4*")``.

    What repeats a frame sends it with its own radio, and marks its address in the path (AX.25 2.2,
    section 3.12.5).
    """
    source = str(header.fields["source"])
    found = [(source, f"{source}-{header.fields['source_ssid']}")]
    repeated = [each for each in str(header.fields["digipeaters"]).split(",") if each[-1:] == "*"]
    if repeated:
        call, _, ssid = repeated[-1][:-1].partition("-")
        found.append((f"{call}*", f"{call}-{ssid or 0}*"))
    return found


def _told_by(packet: PacketSketch) -> Hashable:
    """Which bits tell a packet from others, whatever their values."""
    match = packet.match
    masked = tuple(sorted((offset, mask) for offset, mask, _ in match.masked))
    return packet.layers, len(match.prefix), masked, bool(match.length), frozenset(match.fields)


def fitted(inside: Inside, known: KnownPacket, packet: bytes) -> Fit:
    """The bytes of a packet held against what applies to them."""
    if any(header.fields.get("xtea") for header in inside.headers):
        return Fit(inside, known, None, inside.error)  # ciphertext
    try:
        shape = known.plan.shape(packet)
        problem = "; ".join(shape.problems(packet)) or None
    except DecodeError as error:
        return Fit(inside, known, None, inside.error or str(error))
    return Fit(inside, known, shape, inside.error or problem)


class PacketIndex:
    """The packets of all satellites below the same layers, found by their first byte."""

    def __init__(self) -> None:
        self.by_first: dict[int, list[tuple[int, KnownSatellite, KnownPacket]]] = {}
        self.others: list[tuple[int, KnownSatellite, KnownPacket]] = []
        self.matches: list[Match] = []

    def add(self, order: int, known: KnownSatellite, packet: KnownPacket) -> None:
        """``order``: which of a satellite's packets is taken when several apply."""
        match = packet.match
        self.matches.append(match)
        first = [value for offset, mask, value in match.masked if (offset, mask) == (0, 0xFF)]
        if match.prefix:
            first = [match.prefix[0]]
        place = self.by_first.setdefault(first[0], []) if first else self.others
        place.append((order, known, packet))

    def of(self, data: bytes) -> list[tuple[int, KnownSatellite, KnownPacket]]:
        """What may apply to the packet ``data``."""
        return self.by_first.get(data[0], []) + self.others if data else self.others


def tried(known: KnownSatellite) -> list[tuple[Layers, KnownPacket]]:
    """What may tell that an unnamed frame is this satellite's, in the order of trying.

    Packets that tell nothing are among them as far as they come before others.
    """
    stacks = known.layers_for(None, by_packet=True)
    found = [(layers, packet) for layers in stacks for packet in known.paths[layers]]
    while found and not found[-1][1].tells:
        found.pop()
    return found
