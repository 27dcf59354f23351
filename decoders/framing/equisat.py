"""EQUiSat's frames: the blocks of a Pacific Crest XDL Micro radio, and a Reed-Solomon code inside.

Source: Brown Space Engineering, gr-equisat_decoder (how a block is interleaved, where the code
begins) and the transmission of the radio recorded in its tests (frame sync, head).
"""

from __future__ import annotations

import numpy as np

from decoders.coding.erasing import decode_soft
from decoders.coding.reed_solomon import plain
from decoders.framing.block import Block, Need, bad
from decoders.framing.sync import Pattern, SyncDeframer, SyncWord
from decoders.symbols import Bits, Symbols, sureness, to_bytes

#: What comes before the first block: a preamble, and 24 symbols of frame sync.
_PREAMBLE, _SYNC = "3311" * 46, "102020313102133021123012"
#: A block is sent as rows of symbols; the first one of each row is the radio's own.
_ROWS, _COLUMNS, _OWN = 8, 10, 1
_BLOCK_BITS, _BLOCK_BYTES = 2 * _ROWS * _COLUMNS, 2 * (_COLUMNS - _OWN)
#: Bytes before the message: the last two of them are its length.
_HEAD, _HEAD_BEGIN = 5, bytes.fromhex("FF000F")
_MESSAGE, _PARITY = 255, 32
#: It stands before the codeword, which does not protect it: so near to it (in bits), it is that.
_CALLSIGN, _NEAR = b"WL9XZE", 12
_BLOCKS = -(-(_HEAD + _MESSAGE) // _BLOCK_BYTES)


def in_order(symbols: Symbols) -> Symbols:
    """The 18 bytes of each block of 80 symbols of four levels, two bits each, the higher first.

    Symbol ``i`` behind a row's own first one holds a bit of bytes 2i and 2i + 1; the rows hold the
    bits of a byte in turn, the highest first.
    """
    whole = len(symbols) - len(symbols) % _BLOCK_BITS
    rows = symbols[:whole].reshape(-1, _ROWS, _COLUMNS, 2)[:, :, _OWN:]
    return rows.transpose(0, 2, 3, 1).reshape(-1)


def _higher_turned(symbols: Symbols) -> Symbols:
    """With the higher bit of each symbol inverted: above and below the middle change places."""
    turned = symbols.copy()
    turned[::2] *= -1
    return turned


class EquisatBlock:
    """Fifteen blocks of the radio: its head, then the callsign and a codeword RS(249, 217).

    ``turned``: the receiver has turned the sense of the frequency.
    """

    most_symbols = _BLOCKS * _BLOCK_BITS

    def __init__(self, turned: bool):
        self._turned = turned

    def decode(self, symbols: Symbols) -> Need | Block:
        """See the protocol. The parity stays in the frame, corrected: it is how EQUiSat's frames
        are kept everywhere."""
        if len(symbols) < self.most_symbols:
            return Need(self.most_symbols)
        sent = symbols[: self.most_symbols]
        content = in_order(_higher_turned(sent) if self._turned else sent)
        coded = slice(_HEAD + len(_CALLSIGN), _HEAD + _MESSAGE)
        received, code = to_bytes(content), plain(_PARITY, first_root=1)
        callsign = received[_HEAD:][: len(_CALLSIGN)]
        word = decode_soft(code, received[coded], sureness(content)[coded])
        if word is None:
            return bad("more errors than Reed-Solomon can correct", self.most_symbols)
        corrected = {"rs": word.errors}
        wrong = (int.from_bytes(callsign) ^ int.from_bytes(_CALLSIGN)).bit_count()
        if 0 < wrong <= _NEAR:
            callsign, corrected["callsign"] = _CALLSIGN, wrong
        return Block(callsign + code.encode(word.data), self.most_symbols, corrected=corrected)


def transmission(message: bytes, own: Bits) -> Bits:
    """What the radio sends of a message: preamble, frame sync, head and blocks.

    ``own``: bits for the symbols of its own, as many as :func:`own_bits` says; what they mean is
    not public.
    """
    content = _HEAD_BEGIN + len(message).to_bytes(2) + message
    blocks = np.frombuffer(content + bytes(-len(content) % _BLOCK_BYTES), np.uint8)
    data = np.unpackbits(blocks).reshape(-1, _COLUMNS - _OWN, 2, _ROWS).transpose(0, 3, 1, 2)
    rows = np.concatenate([own.reshape(-1, _ROWS, _OWN, 2), data], axis=2)
    begin = list(_bits(_PREAMBLE + _SYNC))
    return np.concatenate([np.array(begin, np.uint8), rows.reshape(-1)])


def _bits(symbols: str, turned: int = 0) -> str:
    """Two bits of each symbol, of which those in ``turned`` are inverted."""
    return "".join(f"{int(symbol, 4) ^ turned:02b}" for symbol in symbols)


def own_bits(message: bytes) -> int:
    """How many bits the radio sends of its own with the blocks of a message."""
    return 2 * _ROWS * _OWN * -(-(_HEAD + len(message)) // _BLOCK_BYTES)


def equisat(sync: str = _SYNC, sync_errors: int = 6) -> SyncDeframer:
    """Frames of 255 bytes. ``sync``: symbols 0 to 3, of two bits each."""
    return SyncDeframer(
        Pattern(SyncWord.of(_bits(sync), sync_errors), EquisatBlock(turned=False)),
        Pattern(SyncWord.of(_bits(sync, turned=2), sync_errors), EquisatBlock(turned=True)),
    )
