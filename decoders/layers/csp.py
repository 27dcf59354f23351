"""CubeSat Space Protocol version 1: a 32-bit header, most significant byte first.

Source: GomSpace/libcsp, protocol description: priority 2 bits, source 5, destination 5,
destination port 6, source port 6, reserved 4, then the flags HMAC, XTEA, RDP, CRC32.
"""

from __future__ import annotations

from collections.abc import Mapping

from decoders.coding.crc import crc
from decoders.errors import DecodeError, EncodeError
from decoders.layers.peeled import Peeled

_HEADER = 4
_CRC = 4
#: name, first bit from the least significant, number of bits
_FIELDS = (
    ("priority", 30, 2),
    ("source", 25, 5),
    ("destination", 20, 5),
    ("destination_port", 14, 6),
    ("source_port", 8, 6),
    ("reserved", 4, 4),
    ("hmac", 3, 1),
    ("xtea", 2, 1),
    ("rdp", 1, 1),
    ("crc", 0, 1),
)


def peel(data: bytes) -> Peeled:
    """Header fields as in the module's table, ``crc_ok`` (None without CRC) and ``crc_covers``.

    The CRC-32C at the end covers the ``payload``, in some software the whole ``packet``; it is not
    part of the payload. Raises DecodeError for fewer bytes than the header.
    """
    if len(data) < _HEADER:
        raise DecodeError(f"CSP packet of {len(data)} bytes is shorter than its 4-byte header")
    word = int.from_bytes(data[:_HEADER])
    fields: dict[str, int | str | bool | None] = {
        name: word >> shift & (1 << bits) - 1 for name, shift, bits in _FIELDS
    }
    end = len(data)
    fields["crc_ok"] = fields["crc_covers"] = None
    if fields["crc"]:
        if end < _HEADER + _CRC:
            raise DecodeError("CSP packet says it has a CRC-32C but is too short for one")
        end -= _CRC
        expected = int.from_bytes(data[end:])
        covered = {"payload": data[_HEADER:end], "packet": data[:end]}
        covers = (name for name, part in covered.items() if crc("crc32c", part) == expected)
        fields["crc_covers"] = next(covers, None)
        fields["crc_ok"] = fields["crc_covers"] is not None
    return Peeled(fields, _HEADER, end)


def wrap(payload: bytes, fields: Mapping[str, int | str | bool | None]) -> bytes:
    """A CSP packet around ``payload``; missing fields are 0. Raises EncodeError."""
    word = 0
    for name, shift, bits in _FIELDS:
        value = int(fields.get(name) or 0)
        if not 0 <= value < 1 << bits:
            raise EncodeError(f"CSP {name} {value} is not 0..{(1 << bits) - 1}")
        word |= value << shift
    packet = word.to_bytes(_HEADER) + payload
    if fields.get("crc"):
        covered = packet if fields.get("crc_covers") == "packet" else payload
        packet += crc("crc32c", covered).to_bytes(_CRC)
    return packet
