"""NGHam: a size tag, Reed-Solomon, a CRC inside.

Source: J. P. Løfaldli LA1UAA, "NGHam protocol", 2014.
"""

from __future__ import annotations

from decoders.coding.crc import crc
from decoders.coding.erasing import decode_soft
from decoders.coding.reed_solomon import ccsds
from decoders.coding.sequences import whiten
from decoders.framing.block import Block, Need, bad
from decoders.framing.sync import SyncDeframer, search
from decoders.symbols import Symbols, sureness, to_bytes

_TAG_BITS = 24
_TAGS = (0x3B49CD, 0x4DDA57, 0x76939A, 0x9BB4AE, 0xA0FD63, 0xD66EF9, 0xED2734)
_SIZES = ((47, 16), (79, 16), (111, 16), (159, 32), (191, 32), (223, 32), (255, 32))
_MOST_TAG_ERRORS = 6  # tags differ in 13 bits


class NghamBlock:
    """Tag, codeword. The frame is the header byte (flags, padding) and the payload."""

    most_symbols = _TAG_BITS + 8 * 255

    def decode(self, symbols: Symbols) -> Need | Block:
        """See the protocol."""
        if len(symbols) < _TAG_BITS:
            return Need(_TAG_BITS)
        tag = int.from_bytes(to_bytes(symbols[:_TAG_BITS]))
        distance, number = min(((tag ^ t).bit_count(), n) for n, t in enumerate(_TAGS))
        if distance > _MOST_TAG_ERRORS:
            return bad(f"the size tag is wrong in {distance} bits", _TAG_BITS)
        size, parity = _SIZES[number]
        used = _TAG_BITS + 8 * size
        if len(symbols) < used:
            return Need(used)
        received = whiten("ccsds", to_bytes(symbols[_TAG_BITS:used]))
        code, sure = ccsds(dual=False, parity=parity), sureness(symbols[_TAG_BITS:used])
        fixed = decode_soft(code, received, sure, checked=True)
        if fixed is not None:
            return _checked(fixed.data, used, {"tag": distance, "rs": fixed.errors})
        # FloripaSat-1 sends other parity bytes: its CRC decides alone.
        found = _checked(received[:-parity], used, {"tag": distance})
        if found.data is not None:
            return found
        return bad("more errors than Reed-Solomon can correct", used)


def _checked(content: bytes, used: int, corrected: dict[str, int]) -> Block:
    end = len(content) - (content[0] & 0x1F)
    if end < 3:
        return Block(None, used, "more padding than data", corrected)
    data, check = content[: end - 2], content[end - 2 : end]
    if crc("crc16-x25", data) != int.from_bytes(check):
        return Block(None, used, "the check value crc16-x25 is wrong", corrected)
    return Block(data, used, corrected=corrected)


def ngham(sync: str = "5DE62A7E", sync_errors: int = 4) -> SyncDeframer:
    """NGHam frames: header byte and payload."""
    return search(sync, sync_errors, NghamBlock())
