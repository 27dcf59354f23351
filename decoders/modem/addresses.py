"""Whether a frame begins as AX.25 frames do: evidence beside a check of 16 bits."""

from __future__ import annotations

from decoders.errors import DecodeError
from decoders.layers import ax25

_ADDRESS = 7
_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")


def plausible_addresses(data: bytes) -> bool:
    """Two addresses of capital letters, digits and spaces, all extension bits as they must be.

    Random bytes pass once in 10^10.
    """
    try:
        ax25.peel(data)
    except DecodeError:
        return False
    letters = data[: _ADDRESS - 1] + data[_ADDRESS : 2 * _ADDRESS - 1]
    return all(byte >> 1 in _LETTERS for byte in letters)
