"""Every packet of a frame, not only its first.

Space packets lie one behind the other in a transfer frame or in another layer's payload, with idle
ones between them (CCSDS 132.0-B-3, section 4.1.4; CCSDS 133.0-B-2, section 4.1). Other packets do
where their definition says ``glued``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from decoders.identify import Identified, Identifier
from decoders.known import Layers
from decoders.layers import space_packet
from decoders.layers.transfer_frame import TRANSFER_FRAMES
from decoders.peeler import Inside, Peeler
from decoders.plan import Plan
from decoders.shape import Shape
from decoders.value import Decoded, Value

SPACE_PACKET = "space-packet"
#: Packets of one frame that are looked at.
MOST_PACKETS = 512


class Content(NamedTuple):
    """A packet that a definition describes, with nothing wrong: its rows, and its bytes."""

    satellite: str
    plan: Plan
    shape: Shape
    data: bytes


class Packet(NamedTuple):
    """A packet and what it is; the bits of its values are counted in ``frame``."""

    frame: bytes
    found: Identified

    @property
    def content(self) -> Content | None:
        """What it says; None where it is not known or not sound."""
        known, fit = self.found.known, self.found.fit
        if known is None or fit is None or fit.shape is None or self.found.error is not None:
            return None
        data = self.frame[fit.inside.start : fit.inside.end]
        return Content(known.sketch.id, fit.packet.plan, fit.shape, data)

    def decoded(self) -> Decoded:
        """All of it."""
        return decoded(self.frame, self.found)


def decoded(frame: bytes, found: Identified, *, values: bool = True) -> Decoded:
    """A frame, or a packet of it, that was identified; ``values`` False: all but the values."""
    inside, known, fit = found.inside, found.known, found.fit
    made: tuple[Value, ...] = ()
    if values and fit is not None and fit.shape is not None:
        made = fit.shape.values(frame[fit.inside.start : fit.inside.end], 8 * fit.inside.start)
    return Decoded(
        frame=frame,
        satellite=known.sketch.id if known else None,
        packet=fit.packet.name if fit else None,
        layers=inside.headers if inside else (),
        values=made,
        payload=(8 * inside.start, 8 * (inside.end - inside.start)) if inside else None,
        error=found.error,
        candidates=found.candidates,
        simulated=known.sketch.simulated if known else False,
        evidence_bits=found.bits,
        note=found.note,
    )


def further(identifier: Identifier, peeler: Peeler, own: Identified) -> list[Packet]:
    """The packets of a frame behind its ``own``, in order; MOST_PACKETS at most."""
    found: list[Packet] = []
    for packet in _further(identifier, peeler, own):
        found.append(packet)
        if len(found) == MOST_PACKETS:
            break
    return found


def _further(identifier: Identifier, peeler: Peeler, own: Identified) -> Iterator[Packet]:
    yield from _glued(identifier, peeler, own)
    for place in _behind(peeler, own.inside):
        at = peeler.beginning(place.above, place.start)
        packet = identifier.below(at, own, (*place.above, SPACE_PACKET))
        yield Packet(peeler.frame, packet)
        yield from _glued(identifier, at, packet)


class _Place(NamedTuple):
    """Where a space packet begins in its frame, and the layers above it."""

    above: Layers
    start: int


def _behind(peeler: Peeler, own: Inside | None) -> Iterator[_Place]:
    """The space packets behind a frame's first one that is not idle."""
    layers = layers_of(own)
    if own is None or SPACE_PACKET not in layers:
        return
    depth = layers.index(SPACE_PACKET)
    above = layers[:depth]
    zone = peeler.inside(above)
    first = own.headers[depth].bits[0] // 8
    data = peeler.frame[zone.start : zone.end]
    for place in space_packet.places(data, first - zone.start):
        start = zone.start + place.start
        if start > first and not place.idle and place.end is not None:
            yield _Place(above, start)


def _glued(identifier: Identifier, peeler: Peeler, own: Identified) -> Iterator[Packet]:
    """What follows in the same payload, where the definition says that something may."""
    while own.fit is not None and own.fit.shape is not None and own.fit.packet.glued:
        inside = own.fit.inside
        start = inside.start + own.fit.shape.needed_bytes
        if start >= inside.end or own.error is not None or start == inside.start:
            return
        layers = layers_of(inside)
        peeler = peeler.beginning(layers, start)
        own = identifier.below(peeler, own, layers)
        yield Packet(peeler.frame, own)


def layers_of(inside: Inside | None) -> Layers:
    """The names of the layers above a packet."""
    return tuple(header.layer for header in inside.headers) if inside else ()


def is_carried(layers: Layers) -> bool:
    """Whether a transfer frame is among ``layers``: packets below it may go on in later frames."""
    return not TRANSFER_FRAMES.isdisjoint(layers)
