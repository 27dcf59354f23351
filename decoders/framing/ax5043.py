"""ON Semiconductor AX5043 with its FEC: HDLC inside an interleaved convolutional code.

Source: AX5043 programming manual, "Forward error correction"; found on CAPE-3 by D. Estévez.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decoders.coding import convolutional
from decoders.frame import Frame
from decoders.framing.block import Block, Need
from decoders.framing.hdlc import HdlcDeframer, check_fcs
from decoders.framing.sync import Pattern, SyncDeframer, SyncWord
from decoders.symbols import Symbols, from_bits

#: Two HDLC flags, coded and interleaved; in a preamble of flags every place fits.
SYNC = "8AE68AE6"
_CONSTRAINT = 5
_STEPS = (1024, 2048, 4096, 8192)
#: Frames with their stuffing and coding end within the longest step.
_MOST_FRAME = 400
_PERMUTATION = np.arange(16).reshape(4, 4).T.reshape(-1)
_RUN_OUT = 100


class Ax5043Block:
    """From a sync word on: deinterleave, Viterbi, and the first HDLC frame."""

    most_symbols = _STEPS[-1]

    def decode(self, symbols: Symbols) -> Need | Block:
        """See the protocol. Looks at more and more symbols until a frame ends in them."""
        for step in _STEPS:
            if len(symbols) < step:
                return Need(step)
            found = self._first_frame(symbols[:step])
            if found is not None:
                return found
        return Block(None, 0)

    def _first_frame(self, symbols: Symbols) -> Block | None:
        straight = symbols.reshape(-1, 16)[:, _PERMUTATION].reshape(-1)
        code = convolutional.code("/23,35", _CONSTRAINT)
        decoded = code.decode(straight)
        hdlc = HdlcDeframer(
            check=lambda content: check_fcs(content, "crc16-usb"), max_frame=_MOST_FRAME
        )
        for frame in hdlc.feed(from_bits(decoded.bits)):
            if isinstance(frame, Frame):
                end = 2 * ((frame.bit_index or 0) + 8 * (len(frame.data) + 2) + 8)
                used = min(end + 2 * len(frame.data), len(symbols) - _RUN_OUT)
                wrong = code.encode(decoded.bits)[:end] != (straight[:end] > 0)
                known = straight[:end] != 0
                corrected = {"viterbi": int((wrong & known)[8:].sum())}
                return Block(frame.data, used, corrected=corrected)
        return None


def ax5043(sync: str = SYNC, sync_errors: int = 4) -> SyncDeframer:
    """AX5043 frames without their check sequence."""
    word = replace(SyncWord.of(sync, sync_errors), block_at=0)  # the flags are coded, too
    return SyncDeframer(Pattern(word, Ax5043Block()), pads_end=True)
