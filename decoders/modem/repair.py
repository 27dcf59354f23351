"""Mends AX.25 frames whose check fails by a few symbols: the check says which guess is right.

The symbols of which the detector was least sure are turned, one or two errors at a time, and each
guess is decoded as a whole. A guess is only believed where the check passes and the address field
is that of AX.25, since 16 bits of check among so many guesses prove little
(list decoding with an outer code; D. Chase, IEEE Transactions on Information Theory 18, 1972).
"""

from __future__ import annotations

from binascii import crc_hqx
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from decoders.coding.line_code import G3ruh, LineDecoder, Nrzi
from decoders.modem.addresses import plausible_addresses
from decoders.symbols import Symbols, to_bits

#: Framing -> its line decoders, and how far behind a turned symbol turned bits lie.
_LINES: dict[str, tuple[tuple[type[LineDecoder], ...], tuple[int, ...]]] = {
    "hdlc": ((Nrzi,), (0, 1)),
    "hdlc-g3ruh": ((G3ruh, Nrzi), (0, 1, 12, 13, 17, 18)),
}
MENDABLE = frozenset(_LINES)
_FLAG = 0b01111110
#: Bytes of a frame with its check.
_SHORTEST, _LONGEST = 17, 400
#: What the CRC-16/X.25 register holds after a frame and its check, the bits in the order sent.
_GOOD = 0x1D0F
#: Symbols that are thought to be wrong; errors that are tried alone, two and three at a time.
_WEAKEST, _SINGLE, _DOUBLE, _TRIPLE = 16, 32, 16, 8
#: Wrong extension bits among the twelve of two addresses up to which a frame is tried.
_DOUBTFUL = 2


class Mended(NamedTuple):
    """``begin``: index of the first symbol after the flag. ``turned``: how many symbols."""

    data: bytes
    begin: int
    turned: int


class Mender:
    """Follows the symbols of one detector. Keeps as many as the longest frame that it mends has.

    ``in_pairs``: the detector's errors come as two neighbours (the paths of continuous phase meet
    again after two symbols), else they come alone.
    """

    def __init__(self, framing: str, in_pairs: bool):
        self._in_pairs = in_pairs
        decoders, self._reach = _LINES[framing]
        self._decoders = [decoder() for decoder in decoders]
        self._symbols: Symbols = np.zeros(0, np.int8)
        self._bits: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self._first = 0
        self._done = 0

    def feed(self, symbols: Symbols) -> list[Mended]:
        """Take the next symbols; give the frames that could be mended."""
        self._symbols = np.concatenate([self._symbols, symbols])
        for decoder in self._decoders:
            symbols = decoder.feed(symbols)
        self._bits = np.concatenate([self._bits, to_bits(symbols)])
        found = [mended for a, b in self._candidates() if (mended := self._mend(a, b))]
        drop = max(len(self._bits) - (_LONGEST + 4) * 8 * 6 // 5, 0)
        self._bits, self._symbols = self._bits[drop:], self._symbols[drop:]
        self._first += drop
        return found

    def _candidates(self) -> list[tuple[int, int]]:
        """Stretches between two flags that are new and could be a frame."""
        if len(self._bits) < 8:
            return []
        windows = np.lib.stride_tricks.sliding_window_view(self._bits, 8)
        flags = np.flatnonzero(np.packbits(windows, axis=1).ravel() == _FLAG)
        starts, ends = flags[:-1] + 8, flags[1:]
        length = ends - starts
        long_enough = (length >= 8 * _SHORTEST) & (length <= (8 * _LONGEST) * 6 // 5)
        new = ends + self._first > self._done
        self._done = max(self._done, self._first + int(flags[-1])) if len(flags) else self._done
        pairs = np.stack([starts, ends], axis=1)[long_enough & new]
        return [(int(a), int(b)) for a, b in pairs]

    def _mend(self, start: int, end: int) -> Mended | None:
        text = bytearray((self._bits[start:end] + ord("0")).tobytes())
        if _decoded(text) is not None or not _doubtful(text):
            return None
        for errors in self._guesses(start, end):
            guess = bytearray(text)
            for symbol in errors:
                for behind in self._reach:
                    if 0 <= symbol + behind - start < len(guess):
                        guess[symbol + behind - start] ^= 1
            data = _decoded(guess)
            if data is not None and plausible_addresses(data) and data[0] != ord(" ") << 1:
                return Mended(data, self._first + start, len(errors))
        return None

    def _guesses(self, start: int, end: int) -> Iterator[tuple[int, ...]]:
        """Sets of symbols to turn, the likeliest first; wrong ones come alone or side by side."""
        begin = max(start - self._reach[-1], 0)
        sure = np.abs(self._symbols[begin:end].astype(np.int16))
        weak = np.argsort(sure, kind="stable")[:_WEAKEST].tolist()
        events: dict[tuple[int, ...], float] = {(n,): float(sure[n]) for n in weak}
        for n in weak if self._in_pairs else ():
            for pair in ((n - 1, n), (n, n + 1)):
                if pair[0] >= 0 and pair[1] < len(sure):
                    events[pair] = float(sure[pair[0]] + sure[pair[1]]) / 2
        likely = sorted(events, key=events.__getitem__)
        for event in likely[:_SINGLE]:
            yield tuple(begin + n for n in event)
        for one, other in combinations(likely[:_DOUBLE], 2):
            if not set(one) & set(other):
                yield tuple(begin + n for n in (*one, *other))
        for three in combinations(likely[:_TRIPLE], 3) if not self._in_pairs else ():
            yield tuple(begin + n for event in three for n in event)


def _doubtful(text: bytearray) -> bool:
    """Whether the stretch begins nearly as an AX.25 frame: the lowest bit of address bytes is 0."""
    plain = text[:130].replace(b"111110", b"11111")
    extension = plain[0:48:8] + plain[56:104:8]
    return extension.count(b"1") <= _DOUBTFUL


def _decoded(text: bytearray) -> bytes | None:
    """The content of a stretch between flags, of the characters 0 and 1, if its check passes."""
    plain = text.replace(b"111110", b"11111")
    if len(plain) % 8 or len(plain) < 8 * _SHORTEST or b"111111" in text:
        return None
    sent = int(plain, 2).to_bytes(len(plain) // 8)
    if crc_hqx(sent, 0xFFFF) != _GOOD:
        return None
    bits = np.frombuffer(plain, np.uint8) - ord("0")
    return np.packbits(bits, bitorder="little").tobytes()[:-2]
