"""CubeSat Space Protocol versions 1 and 2: the header before the data, and the CRC-32C behind.

Source: GomSpace/libcsp, protocol description, csp_id.c, and csp_io.c for the order at the end.
Version 1, 32 bits: priority 2 bits, source 5, destination 5, destination port 6, source port 6,
then flags (reserved 4, HMAC, XTEA, RDP, CRC32). Version 2, 48 bits: priority 2, destination 14,
source 14, destination port 6, source port 6, then flags (reserved 2, HMAC, XTEA, RDP, CRC32). Both
most significant byte first; some spacecraft send version 1 with its four bytes the other way round
(layer ``csp-swapped``).

Behind the data stand first the HMAC (the first 4 bytes of a SHA-1), then the CRC-32C; XTEA
encrypts all that follows the header.
"""

from __future__ import annotations

from decoders.coding.crc import crc
from decoders.errors import DecodeError
from decoders.layers.header_fields import Fields, Layout, pack, rest, unpack
from decoders.layers.peeled import Peeled

_CRC = 4
_HMAC = 4
#: The layers that are defined here.
CSP = frozenset(("csp", "csp-swapped", "csp2"))
_FLAGS = (("hmac", 1), ("xtea", 1), ("rdp", 1), ("crc", 1))
VERSION_1: Layout = (
    *(("priority", 2), ("source", 5), ("destination", 5)),
    *(("destination_port", 6), ("source_port", 6), ("reserved", 4), *_FLAGS),
)
VERSION_2: Layout = (
    *(("priority", 2), ("destination", 14), ("source", 14)),
    *(("destination_port", 6), ("source_port", 6), ("reserved", 2), *_FLAGS),
)


def peel(data: bytes) -> Peeled:
    """Version 1: header fields as in the module's text, ``crc_ok`` and ``crc_covers``.

    ``crc_ok`` is None without CRC. The CRC-32C at the end covers the ``payload``, in some software
    the whole ``packet``; it is not part of the payload, and neither is ``hmac_value`` (hex).
    Raises DecodeError when it is too short.
    """
    return _peel(data, data[:4], VERSION_1)


def wrap(payload: bytes, fields: Fields) -> bytes:
    """A CSP version 1 packet around ``payload``; missing fields are 0. Raises EncodeError."""
    return _wrap(payload, fields, pack(fields, VERSION_1, "CSP"))


def peel_swapped(data: bytes) -> Peeled:
    """Version 1 with the least significant byte of the header first. Raises DecodeError."""
    return _peel(data, data[3::-1], VERSION_1)


def wrap_swapped(payload: bytes, fields: Fields) -> bytes:
    """The inverse of :func:`peel_swapped`; missing fields are 0. Raises EncodeError."""
    return _wrap(payload, fields, pack(fields, VERSION_1, "CSP")[::-1])


def peel_v2(data: bytes) -> Peeled:
    """Version 2; fields as in :func:`peel`. Raises DecodeError for too few bytes."""
    return _peel(data, data[:6], VERSION_2)


def wrap_v2(payload: bytes, fields: Fields) -> bytes:
    """A CSP version 2 packet around ``payload``; missing fields are 0. Raises EncodeError."""
    return _wrap(payload, fields, pack(fields, VERSION_2, "CSP"))


def _peel(data: bytes, header: bytes, layout: Layout) -> Peeled:
    size = sum(bits for _, bits in layout) // 8
    if len(data) < size:
        raise DecodeError(f"CSP packet of {len(data)} bytes is shorter than its {size}-byte header")
    fields = unpack(header, layout)
    end = len(data)
    fields["crc_ok"] = fields["crc_covers"] = None
    if fields["crc"]:
        if end < size + _CRC:
            raise DecodeError("CSP packet says it has a CRC-32C but is too short for one")
        end -= _CRC
        fields["crc_covers"] = _covered(data, size)
        fields["crc_ok"] = fields["crc_covers"] is not None
    if fields["hmac"]:
        if end < size + _HMAC:
            raise DecodeError("CSP packet says it has an HMAC but is too short for one")
        end -= _HMAC
        fields["hmac_value"] = data[end : end + _HMAC].hex()
    return Peeled(fields, size, end)


def _covered(data: bytes, size: int) -> str | None:
    """What a right CRC-32C at the end of ``data`` covers; None: there is none."""
    end = len(data) - _CRC
    if end < size:
        return None
    expected = int.from_bytes(data[end:])
    parts = {"payload": data[size:end], "packet": data[:end]}
    covers = (name for name, part in parts.items() if crc("crc32c", part) == expected)
    return next(covers, None)


def against_flag(data: bytes, peeled: Peeled) -> Peeled | None:
    """The packet if its CRC flag lies: a CRC that is there without it, or gone in spite of it.

    ``peeled``: by the flag. None where that is not so: a CRC without its flag is recognized by its
    value, one that is missing by being wrong, which the length of the packet must bear out.
    """
    if peeled.fields["hmac"]:
        return None
    fields = dict(peeled.fields)
    if fields["crc"]:
        if fields["crc_ok"]:
            return None
        fields["crc_ok"] = None
        return Peeled(fields, peeled.start, len(data))
    fields["crc_covers"] = _covered(data, peeled.start)
    fields["crc_ok"] = fields["crc_covers"] is not None
    return Peeled(fields, peeled.start, len(data) - _CRC) if fields["crc_ok"] else None


def _wrap(payload: bytes, fields: Fields, header: bytes) -> bytes:
    packet = header + payload
    if fields.get("hmac"):
        packet += rest(fields, "hmac_value") or bytes(_HMAC)
        payload = packet[len(header) :]
    if fields.get("crc") and fields.get("crc_ok", True) is not None:
        covered = packet if fields.get("crc_covers") == "packet" else payload
        packet += crc("crc32c", covered).to_bytes(_CRC)
    return packet
