"""What is known of a satellite without reading its rows: enough for lists, and to identify frames.

A sketch goes to JSON and back, so that a catalogue of definitions can keep it and read a definition
only when a frame of its satellite comes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from decoders.definition.model import (
    Downlink,
    Match,
    PacketLayout,
    Parameter,
    Satellite,
    in_order,
)


@dataclass(frozen=True, slots=True)
class PacketSketch:
    """A packet's ``match`` and ``layers``; ``number``: its place among the satellite's packets.

    ``checked``: it has constants or check values. ``whole``: no frame is this, only joined parts.
    ``glued``: further packets may follow it in the same payload.
    """

    number: int
    name: str
    match: Match
    layers: tuple[str, ...] | None
    checked: bool
    whole: bool
    glued: bool


@dataclass(frozen=True, slots=True)
class Sketch:
    """The keys of ``[satellite]`` and ``[[downlinks]]``, and a sketch of each packet.

    ``parameters``: how many different rows there are. ``spans``: some telemetry spans frames.
    """

    id: str
    name: str
    norad: int | None
    callsigns: tuple[str, ...]
    csp_addresses: tuple[int, ...]
    source: str
    version: str
    simulated: bool
    downlinks: tuple[Downlink, ...]
    packets: tuple[PacketSketch, ...]
    parameters: int
    spans: bool

    @property
    def frequency_hz(self) -> float | None:
        """Where it sends: its first downlink that has a frequency."""
        return next((link.frequency_hz for link in self.downlinks if link.frequency_hz), None)

    def as_json(self) -> dict[str, Any]:
        """Plain data, from which :func:`from_json` makes the same sketch."""
        plain = asdict(self)
        for packet in plain["packets"]:
            packet["match"]["prefix"] = packet["match"]["prefix"].hex()
        return plain


def sketch(satellite: Satellite) -> Sketch:
    """The sketch of a definition that has been read."""
    wholes = {packet.spans.packet for packet in satellite.packets if packet.spans}
    return Sketch(
        id=satellite.id,
        name=satellite.name,
        norad=satellite.norad,
        callsigns=satellite.callsigns,
        csp_addresses=satellite.csp_addresses,
        source=satellite.source,
        version=satellite.version,
        simulated=satellite.simulated,
        downlinks=satellite.downlinks,
        packets=tuple(
            PacketSketch(
                *(number, packet.name, packet.match, packet.layers, _checked(packet)),
                whole=packet.name in wholes,
                glued=packet.glued,
            )
            for number, packet in enumerate(satellite.packets)
        ),
        parameters=len(satellite.rows()),
        spans=bool(wholes),
    )


def _checked(packet: PacketLayout) -> bool:
    rows = (item for item in in_order(packet.items) if isinstance(item, Parameter))
    return any(row.crc or row.const is not None for row in rows)


def from_json(plain: dict[str, Any]) -> Sketch:
    """The sketch behind :meth:`Sketch.as_json`; KeyError, TypeError or ValueError for others."""
    lists = {key: tuple(plain[key]) for key in ("callsigns", "csp_addresses")}
    links = tuple(
        Downlink(**{**link, "layers": tuple(link["layers"])}) for link in plain["downlinks"]
    )
    packets = tuple(_packet(packet) for packet in plain["packets"])
    return Sketch(**{**plain, **lists, "downlinks": links, "packets": packets})


def _packet(plain: dict[str, Any]) -> PacketSketch:
    match = plain["match"]
    match = Match(
        **{
            **match,
            "prefix": bytes.fromhex(match["prefix"]),
            "masked": tuple((at, mask, value) for at, mask, value in match["masked"]),
            "length": tuple(match["length"]),
        }
    )
    layers = None if plain["layers"] is None else tuple(plain["layers"])
    return PacketSketch(**{**plain, "match": match, "layers": layers})
