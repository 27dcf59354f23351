"""Check values over ``123456789``, from the public catalogue of parametrised CRC algorithms."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decoders.coding.crc import CRCS, crc
from decoders.errors import DefinitionError

CHECKS = {
    "crc8": 0xF4,
    "crc16-arc": 0xBB3D,
    "crc16-usb": 0xB4C8,
    "crc16-modbus": 0x4B37,
    "crc16-cc1101": 0xAEE7,
    "crc16-ccitt": 0x29B1,
    "crc16-xmodem": 0x31C3,
    "crc16-x25": 0x906E,
    "crc16-kermit": 0x2189,
    "crc16-aug-ccitt": 0xE5CC,
    "crc16-sx126x": 0x1A33,  # CRC-16/AUG-CCITT with inverted output
    "crc32": 0xCBF43926,
    "crc32c": 0xE3069283,
}


@pytest.mark.parametrize("name", sorted(CRCS))
def test_check_value(name: str) -> None:
    assert crc(name, b"123456789") == CHECKS[name]


@given(st.binary(max_size=500))
def test_crc32_equals_zlib(data: bytes) -> None:
    assert crc("crc32", data) == zlib.crc32(data)


def test_unknown_name() -> None:
    with pytest.raises(DefinitionError, match="did you mean 'crc32'"):
        crc("crc-32", b"")
