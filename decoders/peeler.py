"""Layers of one frame peeled off, and what lies below them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from decoders.errors import DecodeError, NoPacketError
from decoders.layers import csp, space_packet
from decoders.layers.peeled import Peeled
from decoders.layers.registry import LAYERS
from decoders.layers.transfer_frame import TRANSFER_FRAMES
from decoders.value import LayerHeader

#: Layers right above space packets that may begin in one frame and end in another.
_CARRIED = {(name,) for name in TRANSFER_FRAMES}
_CHECKED = {(name,) for name in csp.CSP}


@dataclass(frozen=True, slots=True)
class Inside:
    """What lies below some layers of one frame: headers and the packet ``frame[start:end]``."""

    headers: tuple[LayerHeader, ...]
    start: int
    end: int
    error: str | None


class Peeler:
    """Layers of one frame, each combination peeled once.

    ``received_us``: when it was received, microseconds since 1970 UTC, or None: not known.
    """

    def __init__(self, frame: bytes, received_us: int | None = None):
        self.frame = frame
        self.received_us = received_us
        self._known: dict[tuple[str, ...], Inside | DecodeError] = {
            (): Inside((), 0, len(frame), None)
        }

    def beginning(self, layers: tuple[str, ...], start: int) -> Peeler:
        """The same frame, where the packet below ``layers`` begins at byte ``start`` of it."""
        other = Peeler(self.frame, self.received_us)
        for above, inside in self._known.items():
            if len(above) < len(layers) and layers[: len(above)] == above:
                other._known[above] = inside
        other._known[layers] = replace(self.inside(layers), start=start)
        return other

    def below(self, layers: tuple[str, ...], headers: tuple[LayerHeader, ...]) -> Peeler:
        """The frame as a packet that came below ``headers`` of ``layers``, which it lacks."""
        other = Peeler(self.frame, self.received_us)
        other._known[layers] = Inside(headers, 0, len(self.frame), None)
        return other

    def inside(self, layers: tuple[str, ...]) -> Inside:
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

    def inside_or_none(self, layers: tuple[str, ...]) -> Inside | None:
        """As :meth:`inside`; None where a layer does not fit."""
        try:
            return self.inside(layers)
        except DecodeError:
            return None

    def against_flag(self, layers: tuple[str, ...]) -> Inside | None:
        """What lies below ``layers`` if the CRC flag of CSP, the last of them, does not say the
        truth; None where that is not so."""
        if layers[-1:] not in _CHECKED:
            return None
        try:
            outer = self.inside(layers[:-1])
            data = self.frame[outer.start : outer.end]
            peeled = csp.against_flag(data, LAYERS[layers[-1]].peel(data))
        except DecodeError:
            return None
        return None if peeled is None else self._below(outer, layers[-1], peeled)

    def empty(self, layers: tuple[str, ...]) -> Inside | None:
        """What lies below ``layers`` where these are sound but no packet begins; else None."""
        for depth in range(1, len(layers) + 1):
            known = self._known.get(layers[:depth])
            if isinstance(known, NoPacketError):
                outer = self.inside(layers[: depth - 1])
                if known.peeled is None:
                    return replace(outer, start=outer.end)
                return self._below(outer, layers[depth - 1], known.peeled)
        return None

    def _peel(self, layers: tuple[str, ...]) -> Inside:
        outer = self.inside(layers[:-1])
        name = layers[-1]
        if name == "space-packet":
            outer = self._first_packet(outer, carried=layers[-2:-1] in _CARRIED)
        return self._below(outer, name, LAYERS[name].peel(self.frame[outer.start : outer.end]))

    def _first_packet(self, outer: Inside, *, carried: bool) -> Inside:
        """From the first packet on that is not idle, where there is one.

        ``carried``: it may begin here and end in a later transfer frame; then NoPacketError.
        """
        found = list(space_packet.places(self.frame[outer.start : outer.end]))
        first = next((place for place in found if not place.idle), None)
        if first is None:
            if carried and found:
                raise NoPacketError("only idle space packets (APID 2047) begin in this frame")
            return outer
        if carried and first.end is None:
            raise NoPacketError("a packet that begins here goes on in a later frame")
        return replace(outer, start=outer.start + first.start)

    @staticmethod
    def _below(outer: Inside, name: str, peeled: Peeled) -> Inside:
        start, end = outer.start + peeled.start, outer.start + peeled.end
        header = LayerHeader(name, peeled.fields, (8 * outer.start, 8 * peeled.start))
        error = outer.error
        if peeled.fields.get("crc_ok") is False:
            error = error or f"the check value of layer {name} is wrong"
        elif peeled.fields.get("xtea"):
            error = error or "the CSP packet is encrypted (XTEA): it has no values"
        return Inside((*outer.headers, header), start, end, error)
