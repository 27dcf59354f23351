"""ON Semiconductor AX5043 with its FEC: HDLC inside an interleaved convolutional code.

Source: AX5043 programming manual, "Forward error correction"; found on CAPE-3 by D. Estévez.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decoders.coding import convolutional
from decoders.coding.convolutional import Decoded
from decoders.frame import Frame
from decoders.framing.block import Block, Need, ViterbiBlock
from decoders.framing.hdlc import HdlcDeframer, check_fcs
from decoders.framing.sync import Pattern, SyncDeframer, SyncWord
from decoders.symbols import Symbols, from_bits

#: Two HDLC flags, coded and interleaved; in a preamble of flags it fits every 16 symbols.
SYNC = "8AE68AE6"
_CONSTRAINT = 5
#: The longest frame, bytes; with stuffing and coding it ends within so many symbols.
_MOST_FRAME, _LONGEST = 400, 8192
_PERMUTATION = np.arange(16).reshape(4, 4).T.reshape(-1)
_RUN_OUT = 100


class Ax5043Block(ViterbiBlock):
    """From a sync word on: deinterleave, Viterbi, and the first HDLC frame."""

    most_symbols = _LONGEST
    starts_at_zero = False

    def __init__(self) -> None:
        self.code = convolutional.code("/23,35", _CONSTRAINT)

    def coded(self, symbols: Symbols) -> Need | Symbols:
        """See the class above."""
        if len(symbols) < _LONGEST:
            return Need(_LONGEST)
        return symbols[:_LONGEST].reshape(-1, 16)[:, _PERMUTATION].reshape(-1)

    def finish(self, symbols: Symbols, coded: Symbols, decoded: Decoded) -> Block:
        """See the class above."""
        hdlc = HdlcDeframer(
            check=lambda content: check_fcs(content, "crc16-usb"), max_frame=_MOST_FRAME
        )
        for frame in hdlc.feed(from_bits(decoded.bits)):
            if isinstance(frame, Frame):
                end = 2 * ((frame.bit_index or 0) + 8 * (len(frame.data) + 2) + 8)
                used = min(end + 2 * len(frame.data), len(coded) - _RUN_OUT)
                wrong = self.code.encode(decoded.bits)[:end] != (coded[:end] > 0)
                known = coded[:end] != 0
                corrected = {"viterbi": int((wrong & known)[8:].sum())}
                return Block(frame.data, used, corrected=corrected)
        return Block(None, 0)


def ax5043(sync: str = SYNC, sync_errors: int = 4) -> SyncDeframer:
    """AX5043 frames without their check sequence."""
    word = replace(SyncWord.of(sync, sync_errors), block_at=0)  # the flags are coded, too
    return SyncDeframer(Pattern(word, Ax5043Block(), period=16), pads_end=True)
