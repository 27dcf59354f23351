"""Layouts that change with time, telemetry that spans frames, packets that follow others in one
payload, and when a value calls somebody: no other format has them."""

from __future__ import annotations

from decoders.definition.interchange.conversion import Losses
from decoders.definition.model import Satellite


def wholes(satellite: Satellite) -> frozenset[str]:
    """Names of packets that are joined from parts, and so are never a frame themselves."""
    return frozenset(packet.spans.packet for packet in satellite.packets if packet.spans)


def note_time_and_parts(satellite: Satellite, losses: Losses) -> None:
    """Say what is lost of all four."""
    for packet in satellite.packets:
        if packet.spans is not None:
            losses.add("parts of telemetry that spans frames are not joined", packet.name)
        if packet.glued:
            losses.add("packets that follow in the same payload are not read", packet.name)
        if packet.match.valid_from_us is not None or packet.match.valid_until_us is not None:
            losses.add("dates from and until which a layout holds are left out", packet.name)
        for name, row in packet.rows().items():
            if row.alarm is not None:
                losses.add("when a value raises an alarm is left out, limits apart", name)
