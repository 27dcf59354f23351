"""What decoding yields: readings, peeled layers, and the whole frame."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from decoders.definition.model import Derived, Parameter

#: A raw value: what the bits say before calibration.
Raw: TypeAlias = int | float | bool | str | bytes
#: An engineering value; flags give the words that are set. None: no valid value came down.
Engineering: TypeAlias = int | float | bool | str | bytes | tuple[str, ...] | None


class Value(NamedTuple):
    """One reading.

    ``bits`` is (first bit, number of bits) in the *frame*, counted from its first bit, or None
    for a derived value. ``state`` is one of :data:`decoders.definition.limits.STATES`.
    """

    name: str
    raw: Raw | None
    value: Engineering
    unit: str
    state: str
    bits: tuple[int, int] | None
    row: Parameter | Derived


#: Types that JSON takes as they are.
_PLAIN = frozenset((int, str, bool, type(None)))


def plain(value: Raw | Engineering) -> int | float | bool | str | list[str] | None:
    """A value for JSON: bytes as hex, flags as a list, numbers that are not finite as None."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


@dataclass(frozen=True, slots=True)
class LayerHeader:
    """One header peeled off the frame: ``fields`` as the layer names them (see decoders.layers).

    ``bits`` is (first bit, number of bits) of the header in the frame.
    """

    layer: str
    fields: Mapping[str, int | str | bool | None]
    bits: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Decoded:
    """One frame decoded. ``error`` None means that all of it was understood; ``note`` then says why
    it has no packet, if it has none: it holds only idle data, or pieces of longer packets.

    ``satellite`` and ``packet`` are a definition's id and one of its packets, or None when unknown;
    then ``candidates`` lists the satellites that it might be of. ``payload`` is (first bit,
    number of bits) of the packet inside the frame. ``evidence_bits``: how many bits of the frame
    tell of this sender (of the candidate with the most where there is none), see
    :mod:`decoders.evidence`.
    """

    frame: bytes
    satellite: str | None
    packet: str | None
    layers: tuple[LayerHeader, ...] = ()
    values: tuple[Value, ...] = ()
    payload: tuple[int, int] | None = None
    error: str | None = None
    candidates: tuple[str, ...] = ()
    simulated: bool = False
    evidence_bits: int = 0
    note: str | None = None

    @property
    def named(self) -> dict[str, Value]:
        """The values by name."""
        return {value.name: value for value in self.values}

    def as_json(self) -> dict[str, Any]:
        """Plain data for JSON, as ``groundstation decode --format json`` prints it."""
        return {
            "satellite": self.satellite,
            "packet": self.packet,
            "frame": self.frame.hex(),
            "layers": [
                {"layer": header.layer, **header.fields, "bits": list(header.bits)}
                for header in self.layers
            ],
            "parameters": {
                value.name: {
                    "raw": value.raw if type(value.raw) in _PLAIN else plain(value.raw),
                    "value": value.value if type(value.value) in _PLAIN else plain(value.value),
                    "unit": value.unit,
                    "state": value.state,
                    "bits": list(value.bits) if value.bits else None,
                }
                for value in self.values
            },
            "evidence_bits": self.evidence_bits,
            "candidates": list(self.candidates),
            "error": self.error,
            **({"note": self.note} if self.note else {}),
            **({"simulated": True} if self.simulated else {}),
        }
