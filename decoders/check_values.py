"""The check values of a frame: what it holds, and what its bytes give.

Those of CSP and of transfer frames stand in the frame (:mod:`decoders.layers`), and so do those
that a packet's rows name. The FCS of HDLC (AX.25 version 2.2, section 4.4.6; ISO/IEC 13239: a
CRC-16, low byte first) does not: the receiver compared it and took it off.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from decoders.bits import read
from decoders.coding.crc import crc, crc_parameters
from decoders.definition.model import Satellite
from decoders.errors import DecodeError
from decoders.layers.csp import CSP
from decoders.peeler import Peeler
from decoders.plan import Plan
from decoders.value import Decoded, LayerHeader

#: Framings that end a frame with the FCS of HDLC.
_WITH_FCS = frozenset(("hdlc", "hdlc-g3ruh", "ua01", "fx25"))
_FCS, _CSP, _FECF = "crc16-x25", "crc32c", "crc16-ccitt"


class CheckValue(NamedTuple):
    """One check value. ``name``: of the layer or the parameter that has it.

    ``algorithm``: as in :mod:`decoders.coding.crc`. ``bits``: (first bit, number of bits) in the
    frame, None: the receiver took it off. ``held``: the bytes that were sent, ``computed``: those
    that the frame gives.
    """

    name: str
    algorithm: str
    bits: tuple[int, int] | None
    held: bytes
    computed: bytes

    @property
    def ok(self) -> bool:
        """Whether they agree."""
        return self.held == self.computed


def check_values(
    satellite: Satellite, decoded: Decoded, received: Decoded | None = None
) -> tuple[CheckValue, ...]:
    """Those of a frame of ``satellite``, from the outside in.

    ``received``: the same frame as it was received, where ``decoded`` was changed since; what the
    receiver took off belongs to that one.
    """
    original = received or decoded
    return (
        *_taken_off(satellite, decoded, original),
        *_of_layers(decoded, original),
        *_of_packet(satellite, decoded),
    )


def _taken_off(satellite: Satellite, decoded: Decoded, original: Decoded) -> Iterator[CheckValue]:
    if any(link.framing in _WITH_FCS for link in satellite.downlinks):
        held, computed = (
            crc(_FCS, frame).to_bytes(2, "little") for frame in (original.frame, decoded.frame)
        )
        yield CheckValue("fcs", _FCS, None, held, computed)


def _of_layers(decoded: Decoded, original: Decoded) -> Iterator[CheckValue]:
    """Of the layers that were peeled; of a changed frame, those that the original one has."""
    peeler = Peeler(decoded.frame)
    for depth, header in enumerate(original.layers):
        names = tuple(above.layer for above in original.layers[:depth])
        try:
            zone = peeler.inside(names)
        except DecodeError:
            return
        if header.fields.get("crc_ok") is not None:
            yield _of_layer(header, decoded.frame, zone.start, zone.end)


def _of_layer(header: LayerHeader, frame: bytes, start: int, end: int) -> CheckValue:
    size, algorithm = (4, _CSP) if header.layer in CSP else (2, _FECF)
    whole = header.layer not in CSP or header.fields.get("crc_covers") == "packet"
    covered = frame[start if whole else start + header.bits[1] // 8 : end - size]
    computed = crc(algorithm, covered).to_bytes(size)
    held = frame[end - size : end]
    return CheckValue(header.layer, algorithm, (8 * (end - size), 8 * size), held, computed)


def _of_packet(satellite: Satellite, decoded: Decoded) -> Iterator[CheckValue]:
    layout = satellite.packet(decoded.packet)
    if layout is None or decoded.payload is None:
        return
    start, length = decoded.payload
    packet = decoded.frame[start // 8 : (start + length) // 8]
    try:
        fields = [field for field in Plan(layout).shape(packet).checked if field.row.crc]
    except DecodeError:
        return
    for field in fields:
        if field.end_byte > len(packet):
            continue
        size = crc_parameters(field.row.crc).width // 8
        held, computed = read(packet, field), crc(field.row.crc, packet[: field.start // 8])
        bits = field.frame_bits(start)
        yield CheckValue(
            field.name, field.row.crc, bits, int(held).to_bytes(size), computed.to_bytes(size)
        )
