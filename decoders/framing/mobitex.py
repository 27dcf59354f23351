"""Mobitex and Mobitex-NX, as the TU Berlin satellites and SOKRAT/AMGU-1 use it.

Source: Mobitex interface specification; "Mobitex-NX" frame description of TU Berlin (BEESAT-9), as
documented by D. Estévez.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from decoders.coding.crc import crc
from decoders.coding.sequences import sequence
from decoders.framing.block import Block, Need, bad
from decoders.framing.sync import SyncDeframer, search
from decoders.symbols import Symbols, to_bytes

_PARITY_ROWS = (0xEC, 0xD3, 0xBA, 0x75)
_CONTROL, _CALLSIGN = 3, 8
_BLOCK_BITS, _CODEWORDS, _BLOCK_DATA = 240, 20, 18
_MOST_BLOCKS = 32


def _parity(byte: int) -> int:
    return sum(((row & byte).bit_count() & 1) << (3 - i) for i, row in enumerate(_PARITY_ROWS))


#: Syndrome -> wrong bits of a 12-bit codeword (8 data bits, 4 parity bits), for one wrong bit.
_ERRORS = {0: 0} | {_parity((1 << bit) >> 4) ^ ((1 << bit) & 0xF): 1 << bit for bit in range(12)}


@lru_cache(4096)
def _correct(word: int) -> tuple[int, int] | None:
    """(data byte, bits corrected) of a codeword."""
    error = _ERRORS.get(_parity(word >> 4) ^ word & 0xF)
    return None if error is None else ((word ^ error) >> 4, error.bit_count())


class MobitexBlock:
    """Control bytes, with NX a callsign, then up to 32 blocks of 18 bytes.

    A frame ends before the first block whose check is wrong: some satellites announce more than
    they send. ``nx``: a callsign with its CRC follows the control bytes. ``callsign``: the frame
    begins with two control bytes, corrected, and that.
    """

    def __init__(self, nx: bool, callsign: bool = False):
        self._keeps_callsign = callsign
        self._header = 8 * (_CONTROL + _CALLSIGN * nx)
        self.most_symbols = self._header + _MOST_BLOCKS * _BLOCK_BITS

    def decode(self, symbols: Symbols) -> Need | Block:
        """See the protocol."""
        if len(symbols) < self._header:
            return Need(self._header)
        header = to_bytes(symbols[: self._header])
        first = _correct(header[0] << 4 | header[2] >> 4)
        second = _correct(header[1] << 4 | header[2] & 0xF)
        if first is None or second is None:
            return Block(None, 0)  # sixteen bits look like a sync word a hundred times a second
        blocks = (first[0] & 0x1F) + 1
        corrected = first[1] + second[1]
        content = b""
        for number in range(blocks):
            start = self._header + number * _BLOCK_BITS
            if len(symbols) < start + _BLOCK_BITS:
                return Need(start + _BLOCK_BITS)
            found = _data_block(symbols[start : start + _BLOCK_BITS] > 0, number)
            if found is None:
                break
            content += found[0]
            corrected += found[1]
        if not content:
            # A header without a wrong bit is hardly noise: that is worth telling.
            reason = "" if first[1] + second[1] else "the check value of the first block is wrong"
            return bad(reason, self._header + _BLOCK_BITS)
        used = self._header + _BLOCK_BITS * (len(content) // _BLOCK_DATA)
        if self._keeps_callsign:
            content = bytes((first[0], second[0])) + header[_CONTROL:] + content
        return Block(content, used, corrected={"mobitex": corrected})


def _data_block(hard: NDArray[np.bool_], number: int) -> tuple[bytes, int] | None:
    """18 bytes and the bits corrected, or None when the check value is wrong."""
    whitening = np.unpackbits(sequence("mobitex", _MOST_BLOCKS * _BLOCK_BITS // 8))
    plain = hard ^ whitening[number * _BLOCK_BITS :][:_BLOCK_BITS].astype(bool)
    # Sent column by column: bit column*20 + row belongs to codeword ``row``.
    weights = 1 << np.arange(11, -1, -1)
    words: list[int] = (plain.reshape(12, _CODEWORDS).T @ weights).tolist()
    fixed = [_correct(word) for word in words]
    good = [word for word in fixed if word is not None]
    data = bytes(byte for byte, _ in good)
    if len(good) < _CODEWORDS or crc("crc16-x25", data[:-2]) != int.from_bytes(data[-2:]):
        return None
    return data[:-2], sum(count for _, count in good)


def mobitex(sync: str = "5765", sync_errors: int = 3) -> SyncDeframer:
    """Mobitex without a callsign: the data of the blocks, joined."""
    return search(sync, sync_errors, MobitexBlock(nx=False))


def mobitex_nx(sync: str = "0EF0", sync_errors: int = 3, callsign: bool = False) -> SyncDeframer:
    """Mobitex-NX: the data of the blocks, joined. ``callsign``: behind two control bytes, the
    callsign and its check value, as SatNOGS and the university keep them."""
    return search(sync, sync_errors, MobitexBlock(nx=True, callsign=callsign))
