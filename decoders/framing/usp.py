"""USP: the unified SPUTNIX protocol, a sync word, a length code, Viterbi and Reed-Solomon.

Source: SPUTNIX, "Unified SPUTNIX Protocol" 1.04 (its two lengths are swapped), and D. Estévez.
"""

from __future__ import annotations

import numpy as np

from decoders.coding import convolutional
from decoders.coding.convolutional import Decoded
from decoders.coding.reed_solomon import ccsds
from decoders.coding.sequences import whiten
from decoders.framing.block import Block, Need, ViterbiBlock, bad
from decoders.framing.sync import SyncDeframer, parse_bits, search
from decoders.symbols import Symbols, from_bits

SYNC = "5072F64B2D90B1F5"
_PLS_BITS = 64
_PLS_SHORT = from_bits(
    np.array(
        parse_bits("0111000110011101100000111100100101010011010000100010110111111010"), np.uint8
    )
)
# The second length inverts every other bit.
_PLS_LONG = _PLS_SHORT * np.where(np.arange(_PLS_BITS) % 2, -1, 1).astype(np.int8)
_SHORT, _LONG, _PARITY = 48, 223, 32
_HEADER = 4


class UspBlock(ViterbiBlock):
    """The length code (two words of 64 bits), then the coded frame."""

    most_symbols = _PLS_BITS + 16 * (_LONG + _PARITY)

    def __init__(self) -> None:
        self.code = convolutional.code(convolutional.CCSDS)

    def coded(self, symbols: Symbols) -> Need | Symbols:
        """See the class above."""
        if len(symbols) < _PLS_BITS:
            return Need(_PLS_BITS)
        pls = symbols[:_PLS_BITS].astype(np.int32)
        size = _LONG if pls @ _PLS_LONG > pls @ _PLS_SHORT else _SHORT
        used = _PLS_BITS + 16 * (size + _PARITY)
        return symbols[_PLS_BITS:used] if len(symbols) >= used else Need(used)

    def finish(self, symbols: Symbols, coded: Symbols, decoded: Decoded) -> Block:
        """See the class above."""
        used = _PLS_BITS + len(coded)
        received = whiten("ccsds", np.packbits(decoded.bits).tobytes())
        fixed = ccsds(dual=True).decode(received)
        if fixed is None:
            return bad("more errors than Reed-Solomon can correct", used)
        length = int.from_bytes(fixed.data[2:_HEADER], "little")
        corrected = {"viterbi": decoded.errors, "rs": fixed.errors}
        room = len(fixed.data) - _HEADER
        if not 0 < length <= room:
            reason = f"the length field says {length}, the frame has room for {room}"
            return Block(None, used, reason, corrected)
        return Block(fixed.data[_HEADER : _HEADER + length], used, corrected=corrected)


def usp(sync: str = SYNC, sync_errors: int = 13) -> SyncDeframer:
    """USP frames: AX.25 without check sequence."""
    return search(sync, sync_errors, UspBlock())
