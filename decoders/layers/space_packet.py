"""CCSDS space packets and the ECSS packet utilisation service header inside them.

Sources: CCSDS 133.0-B-2, Space Packet Protocol, section 4.1 (primary header);
ECSS-E-70-41A, section 5.4.3 and ECSS-E-ST-70-41C, section 7.4.3 (telemetry secondary header).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from decoders.errors import DecodeError, EncodeError, NoPacketError
from decoders.layers.header_fields import Fields, Layout, pack, rest, unpack
from decoders.layers.peeled import Peeled

PRIMARY: Layout = (
    *(("version", 3), ("type", 1), ("secondary_header", 1), ("apid", 11)),
    *(("sequence_flags", 2), ("sequence_count", 14), ("length", 16)),
)
_PUS_A: Layout = (("spare", 1), ("pus_version", 3), ("spare_2", 4), ("service", 8), ("subtype", 8))
_PUS_C: Layout = (
    *(("pus_version", 4), ("time_status", 4), ("service", 8), ("subtype", 8)),
    *(("message_count", 16), ("destination", 16)),
)
_HEADER = 6
_VERSION_AT = 5
_IDLE_APID = 0x7FF
#: Bytes of the longest packet: a length field of 16 bits.
LONGEST_DATA = 65_536
LONGEST = _HEADER + LONGEST_DATA
#: ``sequence_flags``: the packet goes on with, begins, ends a series of segments, or is whole.
CONTINUATION, FIRST, LAST, UNSEGMENTED = 0, 1, 2, 3


def peel(data: bytes) -> Peeled:
    """``version, type, secondary_header, apid, sequence_flags, sequence_count, length``.

    ``length`` is the header's own number: bytes of the packet data field less 1. Bytes behind the
    packet (more packets, or fill) are not part of the payload and stand in ``trailing`` as hex.
    Raises DecodeError for a short packet and another version than 0, NoPacketError for an idle
    packet (APID 2047).
    """
    if len(data) <= _HEADER:
        raise DecodeError(f"space packet of {len(data)} bytes: it needs 7 or more")
    fields = unpack(data[:_HEADER], PRIMARY)
    if fields["version"]:
        raise DecodeError(f"not a space packet: version {fields['version']}, must be 0")
    if fields["apid"] == _IDLE_APID:
        peeled = Peeled(fields, len(data), len(data))
        raise NoPacketError("an idle space packet (APID 2047): fill without content", peeled)
    end = _HEADER + int(fields["length"] or 0) + 1
    if end > len(data):
        raise DecodeError(f"space packet says {end} bytes but {len(data)} are there")
    fields["trailing"] = data[end:].hex()
    return Peeled(fields, _HEADER, end)


class Place(NamedTuple):
    """A space packet in a run of them: ``data[start:end]``; ``end`` None: it goes on behind."""

    start: int
    end: int | None
    idle: bool


def places(data: bytes, start: int = 0) -> Iterator[Place]:
    """The packets that ``data`` holds one behind the other, up to fill that is none.

    Fill is whatever has another version than 0, and zeros, which would be packets of one byte.
    The last may be cut by the end of ``data``, even in its header (CCSDS 132.0-B-3, section
    4.1.4.2.1: packets may span frames).
    """
    while start < len(data):
        header = data[start : start + _HEADER]
        if not is_version_1(header[0]) or header == bytes(_HEADER):
            return
        if len(header) < _HEADER:
            yield Place(start, None, idle=False)
            return
        end = start + _HEADER + int.from_bytes(header[4:]) + 1
        yield Place(start, end if end <= len(data) else None, is_idle(header))
        start = end


def is_version_1(first: int) -> bool:
    """Whether the first byte of a packet says the one version that there is, written as 0."""
    return first >> _VERSION_AT == 0


def is_idle(packet: bytes | bytearray) -> bool:
    """Whether a packet, of which two bytes or more are there, is fill."""
    return int.from_bytes(packet[:2]) & _IDLE_APID == _IDLE_APID


def size_of(packet: bytes | bytearray) -> int | None:
    """Bytes of the whole packet that ``packet`` begins, None while its header is not all there."""
    if len(packet) < _HEADER:
        return None
    return _HEADER + int.from_bytes(packet[4:_HEADER]) + 1


def wrap(payload: bytes, fields: Fields) -> bytes:
    """A space packet around ``payload``, which sets ``length``. Raises EncodeError.

    Without ``sequence_flags`` the packet is unsegmented.
    """
    if not 1 <= len(payload) <= LONGEST_DATA:
        raise EncodeError(f"a space packet holds 1 to 65536 bytes, not {len(payload)}")
    header = {"sequence_flags": 3, **fields, "length": len(payload) - 1}
    return pack(header, PRIMARY, "space packet") + payload + rest(fields, "trailing")


def peel_pus(data: bytes) -> Peeled:
    """The telemetry secondary header of PUS-A (pus_version 1) or PUS-C (2), up to its time.

    PUS-A: ``spare, pus_version, spare_2, service, subtype``; a packet counter, a destination and
    the time that may follow differ between missions and stay in the payload. PUS-C:
    ``pus_version, time_status, service, subtype, message_count, destination``; the time, whose
    format each mission fixes, begins the payload. Raises DecodeError.
    """
    layout = _pus_layout(data[0] >> 4 if data else 0)
    size = sum(bits for _, bits in layout) // 8
    if len(data) < size:
        raise DecodeError(f"PUS header of {len(data)} bytes is shorter than {size}")
    return Peeled(unpack(data[:size], layout), size, len(data))


def _pus_layout(nibble: int) -> Layout:
    if nibble & 7 == 1:
        return _PUS_A
    if nibble == 2:
        return _PUS_C
    raise DecodeError(f"not a PUS telemetry header: its first four bits are {nibble}, not 1 or 2")


def wrap_pus(payload: bytes, fields: Fields) -> bytes:
    """The inverse of :func:`peel_pus`; PUS-C unless ``pus_version`` is 1. Raises EncodeError."""
    version = int(fields.get("pus_version") or 2)
    layout = _PUS_A if version == 1 else _PUS_C
    return pack({**fields, "pus_version": version}, layout, "PUS") + payload
