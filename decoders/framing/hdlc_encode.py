"""The inverse of :mod:`decoders.framing.hdlc`: frames to the bits that are sent."""

from __future__ import annotations

import numpy as np

from decoders.coding.crc import crc
from decoders.coding.line_code import encode_g3ruh, encode_nrzi
from decoders.symbols import Bits

_FLAG = "01111110"


def enclose(frame: bytes, flags_before: int = 1, flags_after: int = 1) -> Bits:
    """Flags, the frame with its check sequence (CRC-16/X.25), bit stuffing, flags."""
    content = frame + crc("crc16-x25", frame).to_bytes(2, "little")
    plain = np.unpackbits(np.frombuffer(content, np.uint8), bitorder="little")
    text = (plain + ord("0")).tobytes().decode("ascii").replace("11111", "111110")
    whole = _FLAG * flags_before + text + _FLAG * flags_after
    return np.frombuffer(whole.encode("ascii"), np.uint8) - ord("0")


def ax25_symbols(frame: bytes, flags_before: int, flags_after: int, *, scrambled: bool) -> Bits:
    """What a transmitter of AX.25 modulates: NRZI, and after it G3RUH where ``scrambled``."""
    sent = encode_nrzi(enclose(frame, flags_before, flags_after))
    return encode_g3ruh(sent) if scrambled else sent
