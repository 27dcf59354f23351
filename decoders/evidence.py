"""How many bits a stranger's frame would have to hit to be taken for a satellite's.

A bit that was held against a known value halves the frames of others that pass by chance. What
every sender of a protocol has in common (that a header is well-formed, that its check value is
right, the usual PID) tells nothing about who sent it, and is worth nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from decoders.bits import Field, write
from decoders.definition.model import Match
from decoders.value import LayerHeader

#: Evidence that names a sender. With less, a satellite is only a candidate.
ENOUGH_BITS = 24
#: With less than a byte of it, a satellite is not even a candidate: most frames would fit.
LEAST_BITS = 8
#: Of two satellites that both have enough, one is named only when it has so many bits more.
CLEARLY_MORE_BITS = 8
#: Six letters of seven bits.
CALLSIGN_BITS = 42
SSID_BITS = 4
#: CSP version 1 addresses have five bits; those of version 2 are as small in practice.
CSP_ADDRESS_BITS = 5
#: Values that most satellites share which fly the usual CSP boards, and their bits: of our
#: definitions that tell them, source 1 (the computer) is in 7 of 9, destination 9 or 10 (the
#: ground) in 4 of 10, and destination port 30 (the beacon) in all.
_USUAL_CSP = {"source": (1,), "destination": (9, 10), "destination_port": (30,)}
_USUAL_CSP_BITS = {"source": 1, "destination": 1, "destination_port": 0}
#: Frames come in few lengths: a length is worth this at most, and less where several are allowed,
LENGTH_BITS = 8
#: or where many senders use one, for it is what their radios' blocks hold: powers of two, and the
#: data of Reed-Solomon blocks (CCSDS 131.0-B-5, section 4.3.1: 223 of 255).
USUAL_LENGTH_BITS = 4
_USUAL_LENGTHS = frozenset((32, 64, 128, 223, 255, 256, 512, 1024))

#: Widths of header fields. A field that is not here tells nothing about the sender: every
#: AX.25 beacon is a UI frame with PID F0.
_FIELD_BITS = {
    "ax25": {
        "source": CALLSIGN_BITS,
        "destination": CALLSIGN_BITS,
        "source_ssid": SSID_BITS,
        "destination_ssid": SSID_BITS,
    },
    **{
        layer: {
            "source": CSP_ADDRESS_BITS,
            "destination": CSP_ADDRESS_BITS,
            "source_port": 6,
            "destination_port": 6,
            "priority": 2,
        }
        for layer in ("csp", "csp-swapped", "csp2")
    },
    "space-packet": {"apid": 11},
    "pus": {"service": 8, "subtype": 8},
    "tm-frame": {"spacecraft_id": 10, "virtual_channel_id": 3, "ocf_flag": 1},
    "tm-frame-fecf": {"spacecraft_id": 10, "virtual_channel_id": 3, "ocf_flag": 1},
    "aos-frame": {"spacecraft_id": 8, "virtual_channel_id": 6},
}
_FILL = frozenset((0x00, 0xFF))
_NO_FILL = 0x55
#: All bytes together that must be 0, or FF.
FILL_BITS = 4
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
#: Addresses that anybody writes: usual destinations, and what stands for no callsign.
_ANYBODY = frozenset(
    ("", "CQ", "QST", "ALL", "BEACON", "ID", "MAIL", "APRS", "TELEM", "N0CALL", "NOCALL")
)


def field_bits(name: str, value: int | str) -> int:
    """Bits of a rule on a header field, such as ``"csp.source"``."""
    layer, _, field = name.partition(".")
    if field in ("source", "destination") and value in _ANYBODY:
        return 0
    if layer.startswith("csp") and value in _USUAL_CSP.get(field, ()):
        return _USUAL_CSP_BITS[field]
    return _FIELD_BITS.get(layer, {}).get(field, 0)


def length_bits(allowed: Sequence[int]) -> int:
    """Bits of a rule on the length in bytes; none allowed: no rule."""
    if not allowed:
        return 0
    most = LENGTH_BITS if _USUAL_LENGTHS.isdisjoint(allowed) else USUAL_LENGTH_BITS
    return max(most - _halvings(allowed), 0)


def _halvings(allowed: Sequence[int]) -> int:
    """Bits that are lost because any of so many values will do."""
    return (len(allowed) - 1).bit_length()


class Held(NamedTuple):
    """Bits of a packet that are held against known values, as numbers.

    ``covered``: bit N is set where the packet's bit N is held; ``ones``: where it must be 1.
    """

    covered: int = 0
    ones: int = 0

    def __or__(self, other: Held) -> Held:
        return Held(self.covered | other.covered, self.ones | other.ones)


def held_by_fields(fields: Iterable[Field]) -> Held:
    """What constants and check values hold, when they are right."""
    held = Held()
    for field in fields:
        buffer = bytearray(field.end_byte)
        covered = _bits_of(field)
        const = field.row.const
        if isinstance(const, str) and 8 * len(const) != field.bits:
            continue  # a field of another size is never right
        if const is not None:
            write(buffer, field, const)
            held |= Held(covered, _number(buffer))
        else:
            held |= Held(covered, covered & _number(bytes([_NO_FILL]) * field.end_byte))  # no fill
    return held


def held_by_rules(match: Match, length: int) -> Held:
    """What ``match`` holds in a packet of ``length`` bytes."""
    prefix = match.prefix
    if not _FILL.issuperset(prefix):
        prefix = bytes(_NO_FILL if byte in _FILL else byte for byte in prefix)
    held = Held(_number(b"\xff" * len(prefix)), _number(prefix))
    for offset, mask, value in match.masked:
        place = 8 * (offset if offset >= 0 else length + offset)
        held |= Held(_number(bytes([mask])) << place, _number(bytes([value])) << place)
    return held


@lru_cache(4096)
def held_bits(held: Held) -> int:
    """How many bits ``held`` is worth.

    Bytes that must be zero, or all ones, are what anybody fills frames with, and where there is one
    there are more: each is worth one bit, and all together FILL_BITS. In a prefix with other bytes
    they are worth as much as these.
    """
    bits = filled = 0
    size = (held.covered.bit_length() + 7) // 8
    columns = (number.to_bytes(size, "little") for number in held)
    for covered, ones in zip(*columns, strict=True):
        if covered and (ones == 0 or ones == 0xFF):
            filled += 1
        else:
            bits += covered.bit_count()
    return bits + min(filled, FILL_BITS)


def _bits_of(field: Field) -> int:
    if field.row.bit_order == "msb" or (field.start % 8 == 0 and field.bits % 8 == 0):
        return (1 << field.bits) - 1 << field.start
    return sum(1 << (bit ^ 7) for bit in range(field.start, field.start + field.bits))


def _number(data: bytes | bytearray) -> int:
    """Bytes as a number whose bit N is their bit N."""
    return int.from_bytes(data.translate(_REVERSED), "little")


def header_bits(match: Match) -> int:
    """Bits of the rules on header fields and on the length."""
    fields = sum(field_bits(name, value) for name, value in match.fields.items())
    return fields + length_bits(match.length)


def address_bits(addresses: Sequence[int], match: Match, headers: Iterable[LayerHeader]) -> int:
    """Bits of a CSP source among a satellite's ``addresses``, where no rule says it already."""
    for header in headers if addresses else ():
        if header.layer != "ax25" and header.fields.get("source") in addresses:
            known = f"{header.layer}.source" in match.fields
            return 0 if known else addressed_bits(addresses)
    return 0


def addressed_bits(addresses: Sequence[int]) -> int:
    """Bits of a CSP source that is any of ``addresses``."""
    bits = min(field_bits("csp.source", address) for address in addresses)
    return max(bits - _halvings(addresses), 0)
