"""The AO-40 FEC: interleaving over seconds against fading, Viterbi and Reed-Solomon.

Source: P. Karn KA9Q and J. Miller G3RUH, "Proposed Coded AO-40 Telemetry", 2002; the short form is
of SMOG-P and ATL-1 (BME).
"""

from __future__ import annotations

import numpy as np

from decoders.coding import convolutional
from decoders.coding.convolutional import Decoded
from decoders.coding.reed_solomon import ccsds
from decoders.coding.sequences import whiten
from decoders.frame import BadFrame, Deframed, Frame
from decoders.framing.block import Block, Need, ViterbiBlock, bad
from decoders.framing.sync import Pattern, SyncDeframer, SyncWord
from decoders.symbols import Symbols

_SYNC = "11111110000111011110010110010010000001000100110001011101011011000"
_SYNC_SHORT = "1111111000011101111001011001001000000100010011000101"


class Ao40Block(ViterbiBlock):
    """``columns`` of ``rows`` symbols, sent column by column, hold ``words`` codewords.

    Read row by row they begin with the sync word (and, in the short form, fill): ``skip`` symbols.
    """

    ends_at_zero = True

    def __init__(self, columns: int, rows: int, skip: int, words: int):
        self._columns, self._rows, self._skip, self._words = columns, rows, skip, words
        self.most_symbols = columns * rows
        self._coded = 2 * (8 * 160 * words + 6)
        self.code = convolutional.code(convolutional.CCSDS)

    def coded(self, symbols: Symbols) -> Need | Symbols:
        """See the class above; the block begins with the first symbol of the spread sync word."""
        if len(symbols) < self.most_symbols:
            return Need(self.most_symbols)
        matrix = symbols[: self.most_symbols].reshape(self._columns, self._rows)
        return matrix.T.reshape(-1)[self._skip :][: self._coded]

    def finish(self, symbols: Symbols, coded: Symbols, decoded: Decoded) -> Block:
        """See the class above."""
        received = whiten("ccsds", np.packbits(decoded.bits[:-6]).tobytes())
        result = self.correct(received)
        if result is None:
            return bad("more errors than Reed-Solomon can correct", self.most_symbols)
        data, errors = result
        corrected = {"viterbi": decoded.errors, "rs": errors}
        return Block(data, self.most_symbols, corrected=corrected)

    def correct(self, received: bytes) -> tuple[bytes, int] | None:
        """The data of the codewords, byte by byte in turn, and how many bytes were wrong."""
        words = [ccsds(dual=False).decode(received[k :: self._words]) for k in range(self._words)]
        good = [word for word in words if word is not None]
        if len(good) < self._words:
            return None
        content = bytearray(128 * self._words)
        for k, word in enumerate(good):
            content[k :: self._words] = word.data
        return bytes(content), sum(word.errors for word in good)


class Ao40Deframer(SyncDeframer):
    """As the others; :meth:`decode_block` also takes a block that Viterbi has decoded."""

    def __init__(self, sync: SyncWord, block: Ao40Block, words: int):
        super().__init__(Pattern(sync, block))
        self._block, self._words = block, words

    def decode_block(self, data: bytes) -> list[Deframed]:
        """A whole block of symbols, or its bytes after Viterbi and descrambling."""
        if len(data) != 160 * self._words:
            return super().decode_block(data)
        result = self._block.correct(data)
        if result is None:
            return [BadFrame(data, "more errors than Reed-Solomon can correct")]
        return [Frame(result[0], corrected={"rs": result[1]})]


def ao40(sync: str = _SYNC, sync_errors: int = 8) -> Ao40Deframer:
    """Frames of 256 bytes: FUNcube, AO-40, JY1SAT, Nayif-1."""
    return Ao40Deframer(SyncWord.spread(sync, sync_errors, 80), Ao40Block(65, 80, 65, 2), 2)


def ao40_short(sync: str = _SYNC_SHORT, sync_errors: int = 8) -> Ao40Deframer:
    """Frames of 128 bytes: SMOG-P, ATL-1."""
    return Ao40Deframer(SyncWord.spread(sync, sync_errors, 51), Ao40Block(52, 51, 80, 1), 1)
