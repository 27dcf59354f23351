"""OpenLST (Planet Labs): the CC1110's own FEC, whitening, a CRC.

Source: OpenLST documentation; Texas Instruments DN504, "FEC Implementation", for code and
interleaver.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from decoders.coding import convolutional
from decoders.coding.crc import crc
from decoders.coding.sequences import whiten
from decoders.framing.block import Block, ManyBlocks, Need, bad
from decoders.framing.sync import SyncDeframer, search
from decoders.symbols import Symbols

_GROUP = 32  # symbols that are interleaved together: four bytes
_TAIL = 2
_LEAST_LENGTH = 7
_PEEK = 4 * _GROUP  # the shortest frame, and enough for the length byte to be sure
#: Symbol pair j of byte k comes from pair 3-k of byte 3-j.
_PAIRS = np.array([4 * (3 - j) + (3 - k) for k in range(4) for j in range(4)])
_PERMUTATION = (2 * _PAIRS[:, None] + np.arange(2)).reshape(-1)


class OpenlstBlock(ManyBlocks):
    """Coded and interleaved: length, flags, sequence number, data, hardware id, CRC."""

    most_symbols = 16 * (256 + _TAIL) + _GROUP

    def decode_all(self, blocks: Sequence[Symbols]) -> list[Need | Block]:
        """See the class above."""
        first = iter(_bytes([symbols[:_PEEK] for symbols in blocks if len(symbols) >= _PEEK]))
        frames = [
            _frame(symbols, next(first)[0][0]) if len(symbols) >= _PEEK else Need(_PEEK)
            for symbols in blocks
        ]
        whole = iter(_bytes([frame.symbols for frame in frames if isinstance(frame, _Frame)]))
        return [
            _block(frame, *next(whole)) if isinstance(frame, _Frame) else frame for frame in frames
        ]


class _Frame(NamedTuple):
    """The symbols of a whole frame, of which the first said the ``length``."""

    symbols: Symbols
    length: int


def _frame(symbols: Symbols, length: int) -> _Frame | Need | Block:
    if length < _LEAST_LENGTH:
        return bad(f"the length byte {length} is too small", _PEEK)
    used = -(-16 * (1 + length + _TAIL) // _GROUP) * _GROUP
    return _Frame(symbols[:used], length) if len(symbols) >= used else Need(used)


def _block(frame: _Frame, data: bytes, errors: int) -> Block:
    length, used = frame.length, len(frame.symbols)
    if data[0] != length:
        return bad("the length byte is not sure", used)
    body, check = data[: length - 1], data[length - 1 : length + 1]
    corrected = {"viterbi": errors}
    if crc("crc16-cc1101", body) != int.from_bytes(check, "little"):
        return Block(None, used, "the check value crc16-cc1101 is wrong", corrected)
    return Block(body[1:], used, corrected=corrected)


def _bytes(parts: Sequence[Symbols]) -> list[tuple[bytes, int]]:
    """The bytes that each part carries, and its wrong symbols."""
    straight = [part.reshape(-1, _GROUP)[:, _PERMUTATION].reshape(-1) for part in parts]
    code = convolutional.code("13,17", 4)
    return [
        (whiten("cc11xx", np.packbits(bits).tobytes()), errors)
        for bits, errors in code.decode_all(straight, starts_at_zero=True, ends_at_zero=False)
    ]


def openlst(sync: str = "D391D391", sync_errors: int = 4) -> SyncDeframer:
    """OpenLST frames: flags, sequence number, data, hardware id."""
    return search(sync, sync_errors, OpenlstBlock())
