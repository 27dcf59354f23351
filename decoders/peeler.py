"""Layers of one frame peeled off, and what lies below them."""

from __future__ import annotations

from dataclasses import dataclass

from decoders.errors import DecodeError
from decoders.layers.registry import LAYERS
from decoders.value import LayerHeader


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

    def _peel(self, layers: tuple[str, ...]) -> Inside:
        outer = self.inside(layers[:-1])
        name = layers[-1]
        peeled = LAYERS[name].peel(self.frame[outer.start : outer.end])
        start, end = outer.start + peeled.start, outer.start + peeled.end
        header = LayerHeader(name, peeled.fields, (8 * outer.start, 8 * peeled.start))
        error = outer.error
        if peeled.fields.get("crc_ok") is False:
            error = error or f"the check value of layer {name} is wrong"
        return Inside((*outer.headers, header), start, end, error)
