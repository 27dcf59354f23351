"""Cyclic redundancy checks by name, table driven.

Parameters (width, polynomial, initial value, reflected, final XOR) as in the public catalogue of
parametrised CRC algorithms by G. Cook; the check value of each over ``123456789`` is in the tests.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from decoders.errors import DefinitionError
from decoders.suggest import nearest


class CrcParameters(NamedTuple):
    """The Rocksoft model of one CRC; ``reflected`` stands for both input and output."""

    width: int
    polynomial: int
    initial: int
    reflected: bool
    final_xor: int


CRCS = {
    "crc8": CrcParameters(8, 0x07, 0x00, False, 0x00),
    "crc16-arc": CrcParameters(16, 0x8005, 0x0000, True, 0x0000),
    "crc16-usb": CrcParameters(16, 0x8005, 0xFFFF, True, 0xFFFF),
    "crc16-modbus": CrcParameters(16, 0x8005, 0xFFFF, True, 0x0000),
    "crc16-cc1101": CrcParameters(16, 0x8005, 0xFFFF, False, 0x0000),
    "crc16-ccitt": CrcParameters(16, 0x1021, 0xFFFF, False, 0x0000),
    "crc16-xmodem": CrcParameters(16, 0x1021, 0x0000, False, 0x0000),
    "crc16-x25": CrcParameters(16, 0x1021, 0xFFFF, True, 0xFFFF),
    "crc16-kermit": CrcParameters(16, 0x1021, 0x0000, True, 0x0000),
    "crc16-aug-ccitt": CrcParameters(16, 0x1021, 0x1D0F, False, 0x0000),
    "crc16-sx126x": CrcParameters(16, 0x1021, 0x1D0F, False, 0xFFFF),
    "crc32": CrcParameters(32, 0x04C11DB7, 0xFFFFFFFF, True, 0xFFFFFFFF),
    "crc32c": CrcParameters(32, 0x1EDC6F41, 0xFFFFFFFF, True, 0xFFFFFFFF),
}


def crc(name: str, data: bytes) -> int:
    """The check value of ``data``; raises DefinitionError for an unknown ``name``."""
    parameters = crc_parameters(name)
    table = _table(parameters.width, parameters.polynomial, parameters.reflected)
    value = parameters.initial
    if parameters.reflected:
        for byte in data:
            value = value >> 8 ^ table[(value ^ byte) & 0xFF]
    else:
        shift, mask = parameters.width - 8, (1 << parameters.width) - 1
        for byte in data:
            value = (value << 8 & mask) ^ table[value >> shift ^ byte]
    return value ^ parameters.final_xor


def crc_column(name: str, data: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The check values of N rows of bytes (N x length); equal to :func:`crc` of each."""
    parameters = crc_parameters(name)
    width, reflected = parameters.width, parameters.reflected
    table = np.array(_table(width, parameters.polynomial, reflected), np.uint64)
    value = np.full(len(data), parameters.initial, np.uint64)
    eight, shift = np.uint64(8), np.uint64(width - 8)
    low, mask = np.uint64(0xFF), np.uint64((1 << width) - 1)
    for column in np.ascontiguousarray(data.T):
        if reflected:
            value = value >> eight ^ table[(value ^ column) & low]
        else:
            value = (value << eight & mask) ^ table[value >> shift ^ column]
    return value ^ np.uint64(parameters.final_xor)


def crc_parameters(name: str) -> CrcParameters:
    """The parameters of ``name``; raises DefinitionError when there is none."""
    if name not in CRCS:
        raise DefinitionError(f"there is no CRC {name!r}; {nearest(name, CRCS)}")
    return CRCS[name]


def reflect(value: int, width: int) -> int:
    """``value`` with its ``width`` bits in the opposite order."""
    return int(f"{value:0{width}b}"[::-1], 2)


@cache
def _table(width: int, polynomial: int, reflected: bool) -> tuple[int, ...]:
    rows = []
    for byte in range(256):
        value = byte if reflected else byte << (width - 8)
        for _ in range(8):
            if reflected:
                value = value >> 1 ^ (reflect(polynomial, width) if value & 1 else 0)
            else:
                top = value >> (width - 1) & 1
                value = (value << 1 & (1 << width) - 1) ^ (polynomial if top else 0)
        rows.append(value)
    return tuple(rows)
