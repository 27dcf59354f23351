"""What decoding yields: readings, peeled layers, and the whole frame."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, NotRequired, TypeAlias, TypedDict

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


#: A value in JSON.
Plain: TypeAlias = int | float | bool | str | list[str] | None


class ValueRecord(TypedDict):
    """A value in JSON; its name is the key that it is put under."""

    raw: Plain
    value: Plain
    unit: str
    state: str
    bits: list[int] | None


class DecodedRecord(TypedDict):
    """A frame in JSON: each layer is its name, its fields and its bits."""

    satellite: str | None
    packet: str | None
    frame: str
    layers: list[Mapping[str, int | str | bool | list[int] | None]]
    parameters: dict[str, ValueRecord]
    evidence_bits: int
    candidates: list[str]
    error: str | None
    note: NotRequired[str]
    simulated: NotRequired[bool]


#: Types that JSON takes as they are.
_PLAIN = frozenset((int, str, bool, type(None)))


def plain(value: Raw | Engineering) -> Plain:
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

    def as_json(self) -> DecodedRecord:
        """Plain data for JSON, as ``groundstation decode --format json`` prints it."""
        record: DecodedRecord = {
            "satellite": self.satellite,
            "packet": self.packet,
            "frame": self.frame.hex(),
            "layers": [
                {"layer": header.layer, **header.fields, "bits": list(header.bits)}
                for header in self.layers
            ],
            "parameters": {value.name: _record(value) for value in self.values},
            "evidence_bits": self.evidence_bits,
            "candidates": list(self.candidates),
            "error": self.error,
        }
        if self.note:
            record["note"] = self.note
        if self.simulated:
            record["simulated"] = True
        return record


def _record(value: Value) -> ValueRecord:
    raw: Any = value.raw
    engineering: Any = value.value
    return {
        "raw": raw if type(raw) in _PLAIN else plain(raw),
        "value": engineering if type(engineering) in _PLAIN else plain(engineering),
        "unit": value.unit,
        "state": value.state,
        "bits": list(value.bits) if value.bits else None,
    }
