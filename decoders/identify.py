"""Whose a frame is, by evidence: never by guess."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from decoders import evidence
from decoders.definition.model import Satellite
from decoders.errors import DecodeError
from decoders.known import (
    Fit,
    KnownPacket,
    KnownSatellite,
    Layers,
    PacketIndex,
    applies,
    fitted,
    senders_of,
    tried,
)
from decoders.layers.ax25 import is_callsign
from decoders.peeler import Inside, Peeler
from decoders.sketch import Sketch
from decoders.value import LayerHeader

_AX25 = ("ax25",)
_CSP = (("csp",), ("csp-swapped",), ("csp2",))


class Claim(NamedTuple):
    """A satellite whose packet fits a frame soundly, and the evidence for it."""

    id: str
    bits: int


class Decision(NamedTuple):
    """``id`` None: nobody is named, for the reason ``error``; ``candidates`` may have sent it."""

    id: str | None
    bits: int
    candidates: tuple[str, ...] = ()
    error: str | None = None


def decide(claims: Sequence[Claim], supposed: str | None) -> Decision:
    """Who of those whose packets fit is named; ``supposed`` where the evidence does not tell."""
    claims = [claim for claim in claims if claim.bits >= evidence.LEAST_BITS]
    most = max((claim.bits for claim in claims), default=0)
    leading = [claim for claim in claims if claim.bits >= evidence.ENOUGH_BITS]
    leading = [c for c in leading if c.bits > most - evidence.CLEARLY_MORE_BITS]
    if len(leading) == 1:
        return Decision(leading[0].id, leading[0].bits)
    return undecided(leading or claims, supposed)


def undecided(claims: Sequence[Claim], supposed: str | None) -> Decision:
    """No one of ``claims`` is named by evidence."""
    for claim in claims:
        if claim.id == supposed:
            return Decision(claim.id, claim.bits)
    most = max((claim.bits for claim in claims), default=0)
    candidates = tuple(sorted(claim.id for claim in claims))
    return Decision(None, most, candidates, _nobody(candidates, most))


def _nobody(candidates: tuple[str, ...], bits: int) -> str:
    if not candidates:
        return "no definition knows this frame"
    if len(candidates) > 1:
        return f"more than one satellite could have sent this: {', '.join(candidates)}"
    return (
        f"{candidates[0]} could have sent this, but {bits} bits of evidence name nobody "
        f"({evidence.ENOUGH_BITS} do)"
    )


@dataclass(frozen=True, slots=True)
class Identified:
    """Whose a frame is. ``known`` None: nobody's; ``fit`` None: no packet of the satellite's.

    ``note``: why a sound frame has no packet of its own: it is idle, or a piece of longer ones.
    """

    known: KnownSatellite | None
    fit: Fit | None
    bits: int
    inside: Inside | None = None
    error: str | None = None
    candidates: tuple[str, ...] = ()
    note: str | None = None


class Identifier:
    """Tells whose frames are, by the definitions of all satellites that ``sketches`` are of.

    ``load`` reads a definition, when rows of it are needed first.
    """

    def __init__(self, sketches: Iterable[Sketch], load: Callable[[str], Satellite]):
        self.known = {each.id: KnownSatellite(each, partial(load, each.id)) for each in sketches}
        self._by_callsign: dict[str, list[KnownSatellite]] = {}
        for known in self.known.values():
            for callsign in sorted(known.callsigns):
                self._by_callsign.setdefault(callsign, []).append(known)
        #: What may name an unnamed frame's sender, by the layers above it.
        self.by_packet: dict[Layers, PacketIndex] = {}
        for known in self.known.values():
            for order, (layers, packet) in enumerate(tried(known)):
                place = self.by_packet.setdefault(layers, PacketIndex())
                place.add(order, known, packet)

    def identify(
        self, peeler: Peeler, satellite: str | None = None, supposed: str | None = None
    ) -> Identified:
        """The sender of one frame; see :meth:`decoders.decode.Decoder.decode`."""
        caller = self.caller(peeler)
        if satellite is not None:
            return self._named(peeler, satellite, caller)
        called = self.called(caller)
        if called:
            return self._called(peeler, called, caller, supposed)
        return self._unnamed(peeler, caller, supposed)

    def caller(self, peeler: Peeler) -> LayerHeader | None:
        """The AX.25 header of a frame, if it says who sent it."""
        try:
            (header,) = peeler.inside(_AX25).headers
        except DecodeError:
            return None
        return header if self.says(header) else None

    def heard(self, peeler: Peeler) -> Inside | None:
        """What lies below the header of a frame that is nobody's: AX.25 with two callsigns, or CSP
        with the right check value; None for anything else."""
        if self.caller(peeler) is not None:
            return peeler.inside(_AX25)
        for layers in _CSP:
            try:
                inside = peeler.inside(layers)
            except DecodeError:
                continue
            if inside.headers[0].fields["crc_ok"]:
                return inside
        return None

    def says(self, header: LayerHeader) -> bool:
        """Whether an AX.25 header tells who sent the frame.

        It does with a known callsign as its source, or with two well-formed callsigns; else it may
        be any bytes that look like AX.25.
        """
        source, destination = str(header.fields["source"]), str(header.fields["destination"])
        return bool(self.called(header)) or (is_callsign(source) and is_callsign(destination))

    def called(self, caller: LayerHeader | None) -> list[KnownSatellite]:
        """Satellites that say that they have this callsign."""
        if caller is None:
            return []
        for call, exact in senders_of(caller):
            if found := self._by_callsign.get(exact) or self._by_callsign.get(call):
                return found
        return []

    def _named(self, peeler: Peeler, id: str, caller: LayerHeader | None) -> Identified:
        known = self.known.get(id)
        if known is None:
            return Identified(None, None, 0, error=f"there is no definition of {id!r}")
        if caller is not None and not known.called_by(caller):
            return Identified(None, None, 0, error=_foreign(known, caller))
        return self.identified(peeler, known, caller)

    def identified(
        self, peeler: Peeler, known: KnownSatellite, caller: LayerHeader | None
    ) -> Identified:
        """A frame that is of ``known``."""
        return self._in_stacks(peeler, known, caller, known.layers_for(caller))

    def below(self, peeler: Peeler, own: Identified, layers: Layers) -> Identified:
        """Another packet of the frame that ``own`` is of, below layers that begin as ``layers``."""
        assert own.known is not None
        stacks = [each for each in own.known.paths if each[: len(layers)] == layers]
        return self._in_stacks(peeler, own.known, self.caller(peeler), stacks)

    def _in_stacks(
        self,
        peeler: Peeler,
        known: KnownSatellite,
        caller: LayerHeader | None,
        stacks: Sequence[Layers],
    ) -> Identified:
        fit = known.fit(peeler, stacks)
        bits = self.callsign_bits(known, caller, fit.packet if fit else None)
        if fit is None:
            inside, error, note = known.not_fitting(peeler, stacks)
            return Identified(known, None, bits, inside, error, note=None if error else note)
        return Identified(known, fit, bits + known.evidence_bits(fit), fit.inside, fit.error)

    @staticmethod
    def callsign_bits(
        known: KnownSatellite, caller: LayerHeader | None, packet: KnownPacket | None
    ) -> int:
        """Bits of the sender's callsign where it is one of the satellite's."""
        if caller is None or not known.callsigns:
            return 0
        fields = packet.match.fields if packet else {}
        called, exact = known.called_as(caller)
        exact = exact and "ax25.source_ssid" not in fields
        bits = evidence.SSID_BITS if exact else 0
        called = exact or called
        return bits + (evidence.CALLSIGN_BITS if called and "ax25.source" not in fields else 0)

    def _called(
        self,
        peeler: Peeler,
        called: list[KnownSatellite],
        caller: LayerHeader | None,
        supposed: str | None,
    ) -> Identified:
        if len(called) == 1:
            return self.identified(peeler, called[0], caller)
        found = {known.sketch.id: self.identified(peeler, known, caller) for known in called}
        fitting = {id: each for id, each in found.items() if each.fit and not each.error}
        if len(fitting) == 1:
            return next(iter(fitting.values()))
        claims = [Claim(id, each.bits) for id, each in (fitting or found).items()]
        decision = undecided(claims, supposed)
        return found[decision.id] if decision.id is not None else _nobodys(decision)

    def _unnamed(
        self, peeler: Peeler, caller: LayerHeader | None, supposed: str | None
    ) -> Identified:
        fits = self._fits(peeler, caller)
        claims = [Claim(id, self.known[id].evidence_bits(fit)) for id, fit in fits.items()]
        decision = decide(claims, supposed)
        if decision.id is None:
            return replace(_nobodys(decision), inside=self.heard(peeler))
        fit = fits[decision.id]
        return Identified(self.known[decision.id], fit, decision.bits, fit.inside)

    def _fits(self, peeler: Peeler, caller: LayerHeader | None) -> dict[str, Fit]:
        """By satellite, its first packet that applies, if the frame is sound by it."""
        found: dict[str, tuple[int, Inside, KnownPacket, bytes]] = {}
        for layers, index in self.by_packet.items():
            if caller is not None and "ax25" not in layers:
                continue
            try:
                inside = peeler.inside(layers)
            except DecodeError:
                continue
            data = peeler.frame[inside.start : inside.end]
            for order, known, packet in index.of(data):
                if applies(packet.match, data, inside.headers, peeler.received_us):
                    id = known.sketch.id
                    if id not in found or order < found[id][0]:
                        found[id] = (order, inside, packet, data)
        fits = {id: fitted(*found[id][1:]) for id in sorted(found) if found[id][2].tells}
        return {id: fit for id, fit in fits.items() if fit.error is None}


def _nobodys(decision: Decision) -> Identified:
    return Identified(
        None, None, decision.bits, error=decision.error, candidates=decision.candidates
    )


def _foreign(known: KnownSatellite, caller: LayerHeader) -> str:
    call, exact = senders_of(caller)[0]
    shown = exact if caller.fields["source_ssid"] else call
    id = known.sketch.id
    if known.callsigns:
        return (
            f"an AX.25 frame of {shown}, which is no callsign of {id}: "
            f"{', '.join(sorted(known.callsigns))}"
        )
    return f"an AX.25 frame of {shown}: {id} sends none"
