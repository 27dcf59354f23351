"""From a frame to values: the one way, for the station, the command line and the dashboard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from decoders.definition.model import Match, PacketLayout, Satellite
from decoders.errors import DecodeError
from decoders.layers.registry import LAYERS
from decoders.plan import Plan
from decoders.value import Decoded, LayerHeader

#: Layer names from the outside in -> the packets found below them.
_Paths: TypeAlias = dict[tuple[str, ...], list[Plan]]
#: Source fields of layers whose value names the sender.
_ADDRESSES = ("ax25.source", "ax25.destination")


@dataclass(frozen=True, slots=True)
class _Inside:
    """What lies below some layers of one frame: headers and the packet ``frame[start:end]``."""

    headers: tuple[LayerHeader, ...]
    start: int
    end: int
    error: str | None


class _Peeler:
    """Layers of one frame, each combination peeled once."""

    def __init__(self, frame: bytes, received_us: int | None):
        self.frame = frame
        self.received_us = received_us
        self._known: dict[tuple[str, ...], _Inside | DecodeError] = {
            (): _Inside((), 0, len(frame), None)
        }

    def inside(self, layers: tuple[str, ...]) -> _Inside:
        """Peel ``layers``; raises DecodeError where one does not fit."""
        known = self._known.get(layers)
        if known is None:
            try:
                known = self._peel(layers)
            except DecodeError as error:
                known = error
            self._known[layers] = known
        if isinstance(known, DecodeError):
            raise known
        return known

    def _peel(self, layers: tuple[str, ...]) -> _Inside:
        outer = self.inside(layers[:-1])
        name = layers[-1]
        peeled = LAYERS[name].peel(self.frame[outer.start : outer.end])
        start, end = outer.start + peeled.start, outer.start + peeled.end
        header = LayerHeader(name, peeled.fields, (8 * outer.start, 8 * peeled.start))
        error = outer.error
        if peeled.fields.get("crc_ok") is False:
            error = error or f"the check value of layer {name} is wrong"
        return _Inside((*outer.headers, header), start, end, error)


class _Definition:
    """One satellite's packets by the layers above them."""

    def __init__(self, satellite: Satellite):
        self.satellite = satellite
        self.paths: _Paths = {}
        stacks = list(dict.fromkeys(link.layers for link in satellite.downlinks)) or [()]
        wholes = {packet.spans.packet for packet in satellite.packets if packet.spans}
        for packet in satellite.packets:
            if packet.name in wholes:
                continue  # only joined parts are this, never a frame
            plan = Plan(packet)
            for layers in (packet.layers,) if packet.layers is not None else stacks:
                self.paths.setdefault(layers, []).append(plan)
        for layers in stacks:
            self.paths.setdefault(layers, [])

    def fit(self, peeler: _Peeler) -> tuple[_Inside, Plan] | None:
        """Where the frame's packet lies and what it is, without decoding it; None: unknown."""
        for layers, plans in self.paths.items():
            try:
                inside = peeler.inside(layers)
            except DecodeError:
                continue
            packet = peeler.frame[inside.start : inside.end]
            for plan in plans:
                if applies(plan.layout.match, packet, inside.headers, peeler.received_us):
                    return inside, plan
        return None

    def decode(self, peeler: _Peeler) -> Decoded:
        """The frame by this definition; ``packet`` None and ``error`` when none applies."""
        fit = self.fit(peeler)
        return self.decoded(peeler.frame, *fit) if fit else self._not_fitting(peeler)

    def _not_fitting(self, peeler: _Peeler) -> Decoded:
        reasons: list[str] = []
        for layers in self.paths:
            try:
                inside = peeler.inside(layers)
            except DecodeError as error:
                reasons.append(str(error))
                continue
            packet = peeler.frame[inside.start : inside.end]
            return self._unmatched(peeler.frame, inside, packet)
        return Decoded(
            peeler.frame,
            self.satellite.id,
            None,
            error="; ".join(dict.fromkeys(reasons)),
            simulated=self.satellite.simulated,
        )

    def decoded(self, frame: bytes, inside: _Inside, plan: Plan) -> Decoded:
        """The frame, whose packet is ``plan``'s."""
        packet = frame[inside.start : inside.end]
        try:
            values, problem = plan.decode(packet, 8 * inside.start)
        except DecodeError as error:
            values, problem = (), str(error)
        return Decoded(
            frame=frame,
            satellite=self.satellite.id,
            packet=plan.layout.name,
            layers=inside.headers,
            values=values,
            payload=(8 * inside.start, 8 * len(packet)),
            error=inside.error or problem,
            simulated=self.satellite.simulated,
        )

    def _unmatched(self, frame: bytes, inside: _Inside, packet: bytes) -> Decoded:
        if self.satellite.packets:
            start = packet[:8].hex(" ").upper()
            reason = (
                f"no packet of {self.satellite.id} matches {len(packet)} bytes that begin {start}"
            )
        else:
            reason = f"the packets of {self.satellite.id} are not described"
        return Decoded(
            frame=frame,
            satellite=self.satellite.id,
            packet=None,
            layers=inside.headers,
            payload=(8 * inside.start, 8 * len(packet)),
            error=inside.error or reason,
            simulated=self.satellite.simulated,
        )


class _Candidates:
    """The packets of all satellites below the same layers, found by their first byte."""

    def __init__(self) -> None:
        self._by_first: dict[int, list[tuple[int, _Definition, Plan]]] = {}
        self._others: list[tuple[int, _Definition, Plan]] = []

    def add(self, order: int, definition: _Definition, plan: Plan) -> None:
        """``order``: which of a satellite's packets is taken when several apply."""
        match = plan.layout.match
        first = [value for offset, mask, value in match.masked if (offset, mask) == (0, 0xFF)]
        if match.prefix:
            first = [match.prefix[0]]
        place = self._by_first.setdefault(first[0], []) if first else self._others
        place.append((order, definition, plan))

    def of(self, packet: bytes) -> list[tuple[int, _Definition, Plan]]:
        """What may apply to ``packet``."""
        return self._by_first.get(packet[0], []) + self._others if packet else self._others


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


def is_distinctive(packet: PacketLayout) -> bool:
    """Whether the packet's match names its satellite: two fixed bytes, or an address."""
    match = packet.match
    fixed = len(match.prefix) + len({offset for offset, _, _ in match.masked})
    return fixed >= 2 or any(name in _ADDRESSES for name in match.fields)


class Decoder:
    """Decodes frames of known satellites, and tells whose an unnamed frame is.

    Compiled once; safe to use from several threads as long as each frame is decoded by one.
    """

    def __init__(self, satellites: Iterable[Satellite]):
        self._definitions = {satellite.id: _Definition(satellite) for satellite in satellites}
        self._by_callsign: dict[str, list[_Definition]] = {}
        for definition in self._definitions.values():
            for callsign in definition.satellite.callsigns:
                self._by_callsign.setdefault(callsign.upper(), []).append(definition)
        self._candidates: dict[tuple[str, ...], _Candidates] = {}
        for definition in self._definitions.values():
            order = 0
            for layers, plans in definition.paths.items():
                if "ax25" in layers and definition.satellite.callsigns:
                    continue  # a callsign ought to stand in the frame
                for plan in plans:
                    candidates = self._candidates.setdefault(layers, _Candidates())
                    candidates.add(order, definition, plan)
                    order += 1

    def decode(
        self, frame: bytes, satellite: str | None = None, received_us: int | None = None
    ) -> Decoded:
        """Decode ``frame`` of ``satellite`` (an id), or identify the sender first.

        ``received_us``: microseconds since 1970 UTC, for layouts that were valid in their time.
        Never raises for a bad frame: its ``error`` says what is wrong. Raises KeyError for an
        unknown id.
        """
        peeler = _Peeler(frame, received_us)
        if satellite is not None:
            return self._definitions[satellite].decode(peeler)
        return self._identify(peeler)

    def _identify(self, peeler: _Peeler) -> Decoded:
        """By callsign, then CSP address with a matching packet, then packet match, then length."""
        called = self._called(peeler)
        if called:
            return self._choose(peeler, called)
        fitting: dict[str, Decoded] = {}
        distinctive: list[str] = []
        for id, (_, inside, plan) in sorted(self._fits(peeler).items()):
            definition = self._definitions[id]
            if not _says_something(plan, inside.end - inside.start):
                continue
            found = definition.decoded(peeler.frame, inside, plan)
            if found.error is None:
                fitting[id] = found
                if is_distinctive(plan.layout):
                    distinctive.append(id)
        # A CSP address is a small number that many satellites use: it does not overrule a packet
        # that names another one.
        addressed = (id for id in fitting if self._has_csp_source(peeler, self._definitions[id]))
        named = [id for id in addressed if set(distinctive) <= {id}]
        for hits in (named, distinctive, list(fitting)):
            if len(hits) == 1:
                return fitting[hits[0]]
            if hits:
                return _unknown(peeler.frame, hits)
        return _unknown(peeler.frame, [])

    def _fits(self, peeler: _Peeler) -> dict[str, tuple[int, _Inside, Plan]]:
        """By satellite, its first packet that applies."""
        found: dict[str, tuple[int, _Inside, Plan]] = {}
        for layers, candidates in self._candidates.items():
            try:
                inside = peeler.inside(layers)
            except DecodeError:
                continue
            packet = peeler.frame[inside.start : inside.end]
            for order, definition, plan in candidates.of(packet):
                if applies(plan.layout.match, packet, inside.headers, peeler.received_us):
                    id = definition.satellite.id
                    if id not in found or order < found[id][0]:
                        found[id] = (order, inside, plan)
        return found

    def _called(self, peeler: _Peeler) -> list[_Definition]:
        try:
            (header,) = peeler.inside(("ax25",)).headers
        except DecodeError:
            return []
        source, ssid = header.fields["source"], header.fields["source_ssid"]
        exact = self._by_callsign.get(f"{source}-{ssid}", [])
        return exact or (self._by_callsign.get(str(source), []) if source else [])

    def _choose(self, peeler: _Peeler, called: list[_Definition]) -> Decoded:
        decoded = [definition.decode(peeler) for definition in called]
        fitting = [found for found in decoded if found.packet and not found.error]
        if len(fitting) == 1:
            return fitting[0]
        if len(decoded) == 1:
            return decoded[0]
        return _unknown(peeler.frame, [d.satellite.id for d in called])

    def _has_csp_source(self, peeler: _Peeler, definition: _Definition) -> bool:
        if not definition.satellite.csp_addresses:
            return False
        for layers in definition.paths:
            try:
                headers = peeler.inside(layers).headers
            except DecodeError:
                continue
            for header in headers:
                source = header.fields.get("source")
                if header.layer != "ax25" and source in definition.satellite.csp_addresses:
                    return True
        return False


def _says_something(plan: Plan, length: int) -> bool:
    """Whether enough fits to name a satellite: more than one byte, or one and the exact length."""
    match = plan.layout.match
    fixed = len(match.prefix) + len(match.masked)
    exact = bool(match.length) or (fixed > 0 and plan.size == length)
    return fixed >= 2 or exact or bool(match.fields)


def _unknown(frame: bytes, candidates: list[str]) -> Decoded:
    reason = "no definition knows this frame"
    if candidates:
        reason = f"more than one satellite could have sent this: {', '.join(candidates)}"
    return Decoded(frame, None, None, error=reason, candidates=tuple(candidates))
