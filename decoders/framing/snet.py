"""S-NET (TU Berlin): BCH-coded header and data, with the checks as the spacecraft computes them.

Source: S-NET amateur radio documentation of TU Berlin, as documented by D. Estévez. Two mistakes of
the on-board software in its CRCs are made here as well: otherwise no frame would pass.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from decoders.coding.bch import bch15
from decoders.framing.block import Block, Need, bad
from decoders.framing.sync import SyncDeframer, search
from decoders.symbols import Symbols

_HEADER_WORDS, _HEADER_DATA = 14, 5
_HEADER = 15 * _HEADER_WORDS
_BLOCK_WORDS = 16
_BLOCK = 15 * _BLOCK_WORDS
#: Data bits of a BCH codeword by AiTypeSrc; 0 is not coded.
_CODES = {1: 11, 2: 7, 3: 5}
_MOST_LENGTH = 1023
_CRC5_TAIL = 0b1011011


class SnetHeader(NamedTuple):
    """What is needed of the 70 header bits, and whether CRC5 holds."""

    coding: int
    length: int
    crc13: int
    good: bool


def read_header(bits: int) -> SnetHeader:
    """Fields of the 70 header bits, the first one the most significant."""
    return SnetHeader(
        coding=bits >> (70 - 30) & 0xF,
        length=bits >> 18 & 0x3FF,
        crc13=bits >> 5 & 0x1FFF,
        good=_crc5(bits >> 5) == bits & 0x1F,
    )


def _crc5(bits: int) -> int:
    data = bytearray((bits << 7 | _CRC5_TAIL).to_bytes(9)[::-1])
    data[4] = data[3]  # the on-board software reads one byte twice
    register = 0x1F
    for byte in data:
        for bit in range(7, -1, -1):
            top = register >> 4 & 1
            register = register << 1 & 0x1F
            if top ^ byte >> bit & 1:
                register ^= 0x15
    return register


def _crc13(data: bytes) -> int:
    register = 0x1FFF
    for byte in reversed(data):
        for bit in range(7, -1, -1):
            top = register >> 12 & 1
            register = register << 1 & 0x1FFF
            if top | byte >> bit & 1:  # the on-board software takes OR for XOR
                register ^= 0x1CF5
    return register


class SnetBlock:
    """Header, then as many coded blocks as its length asks for."""

    most_symbols = _HEADER + -(-_MOST_LENGTH // (2 * 5)) * _BLOCK

    def decode(self, symbols: Symbols) -> Need | Block:
        """See the protocol."""
        if len(symbols) < _HEADER:
            return Need(_HEADER)
        words = _codewords(symbols[:_HEADER] > 0, _HEADER_WORDS)
        found = _decode_words(words, _HEADER_DATA)
        if found is None:
            return bad("the header cannot be corrected (BCH)", _HEADER)
        bits = 0
        for value in found[0]:
            bits = bits << _HEADER_DATA | value
        header = read_header(bits)
        if not header.good:
            return bad("the check value of the header is wrong", _HEADER)
        if header.length == 0:
            return bad("the header announces no data", _HEADER)
        return self._data(symbols, header, found[1])

    def _data(self, symbols: Symbols, header: SnetHeader, corrected: int) -> Need | Block:
        size = _CODES.get(header.coding)
        if header.coding == 0:
            used = _HEADER + 8 * header.length
        elif size is not None:
            used = _HEADER + -(-header.length // (2 * size)) * _BLOCK
        else:
            return bad(f"the coding {header.coding} is not known", _HEADER)
        if len(symbols) < used:
            return Need(used)
        hard = symbols[_HEADER:used] > 0
        if size is not None:
            bits = []
            for start in range(0, len(hard), _BLOCK):
                words = _decode_words(_codewords(hard[start : start + _BLOCK], _BLOCK_WORDS), size)
                if words is None:
                    return bad("more errors than the BCH code can correct", used)
                bits += [value >> bit & 1 for value in words[0] for bit in range(size)]
                corrected += words[1]
            hard = np.array(bits, bool)
        data = np.packbits(hard, bitorder="little").tobytes()[: header.length]
        if _crc13(data) != header.crc13:
            return bad("the check value of the data is wrong", used)
        return Block(data, used, corrected={"bch": corrected})


def _codewords(hard: NDArray[np.bool_], count: int) -> list[int]:
    """Word j is made of bits j, j + count, j + 2·count, ...; the first is the coefficient of 1."""
    words: list[int] = ((1 << np.arange(15)) @ hard.reshape(15, count)).tolist()
    return words


def _decode_words(words: list[int], size: int) -> tuple[list[int], int] | None:
    found = [bch15(size).decode(word) for word in words]
    good = [word for word in found if word is not None]
    if len(good) < len(words):
        return None
    return [value for value, _ in good], sum(count for _, count in good)


def snet(sync: str = "04CF5FC8", sync_errors: int = 4) -> SyncDeframer:
    """S-NET frames: the data of one PDU."""
    return search(sync, sync_errors, SnetBlock())
