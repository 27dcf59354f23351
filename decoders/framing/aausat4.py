"""AAUSAT-4: long and short frames, told by one byte; Viterbi and Reed-Solomon.

Source: Aalborg University, AAUSAT-4 radio documentation, as documented by D. Estévez.
"""

from __future__ import annotations

import numpy as np

from decoders.coding import convolutional
from decoders.coding.convolutional import Decoded
from decoders.coding.reed_solomon import ccsds
from decoders.coding.sequences import whiten
from decoders.framing.block import Block, Need, ViterbiBlock, bad
from decoders.framing.sync import SyncDeframer, search
from decoders.symbols import Symbols, to_bytes

SYNC = "4F5A34435542"
_LONG_MARK, _SHORT_MARK = 0x59, 0xA6
_LONG, _SHORT = 124, 63
_TAIL = 6


class Aausat4Block(ViterbiBlock):
    """A byte that says long or short (the nearer of two), then the coded frame."""

    most_symbols = 8 + 2 * (8 * _LONG + _TAIL)
    ends_at_zero = True

    def __init__(self) -> None:
        self.code = convolutional.code(convolutional.CCSDS)

    def coded(self, symbols: Symbols) -> Need | Symbols:
        """See the class above."""
        if len(symbols) < 8:
            return Need(8)
        mark = to_bytes(symbols[:8])[0]
        is_long = (mark ^ _LONG_MARK).bit_count() <= (mark ^ _SHORT_MARK).bit_count()
        size = _LONG if is_long else _SHORT
        used = 8 + 2 * (8 * size + _TAIL)
        return symbols[8:used] if len(symbols) >= used else Need(used)

    def finish(self, symbols: Symbols, coded: Symbols, decoded: Decoded) -> Block:
        """See the class above."""
        used = 8 + len(coded)
        received = whiten("ccsds", np.packbits(decoded.bits[:-_TAIL]).tobytes())
        fixed = ccsds(dual=False).decode(received)
        if fixed is None:
            return bad("more errors than Reed-Solomon can correct", used)
        corrected = {"viterbi": decoded.errors, "rs": fixed.errors}
        return Block(fixed.data, used, corrected=corrected)


def aausat4(sync: str = SYNC, sync_errors: int = 8) -> SyncDeframer:
    """AAUSAT-4 frames: 92 or 31 bytes."""
    return search(sync, sync_errors, Aausat4Block())
