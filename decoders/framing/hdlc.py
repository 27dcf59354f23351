"""HDLC: flags, bit stuffing, bytes least significant bit first, a check sequence at the end.

Source: ISO/IEC 13239; for AX.25 and its FCS (CRC-16/X.25, low byte first): AX.25 version 2.2,
section 3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from decoders.coding.crc import crc
from decoders.coding.line_code import G3ruh, LineDecoder, Nrzi
from decoders.coding.reed_solomon import ccsds
from decoders.coding.sequences import whiten
from decoders.frame import BadFrame, Deframed, Frame
from decoders.framing.block import Block, bad
from decoders.symbols import Symbols, from_packed, to_bits

#: Six ones and a zero are never data: they end a flag, whose first zero stands before them.
_FLAG_END = "1111110"
_FCS = 2
#: Shorter than this it is noise between two flags.
_LEAST_FRAME = 8
#: A wrong check sequence is only told of what could be a frame with two addresses.
_LEAST_BAD = 15

#: Frame content with its check sequence -> frame, or the reason why it is none.
Check: TypeAlias = Callable[[bytes], Block]


def check_x25(content: bytes) -> Block:
    """The FCS of AX.25."""
    return check_fcs(content, "crc16-x25")


def check_fcs(content: bytes, name: str) -> Block:
    """A CRC-16 at the end, low byte first."""
    expected = int.from_bytes(content[-_FCS:], "little")
    if crc(name, content[:-_FCS]) != expected:
        return bad("the check sequence is wrong")
    return Block(content[:-_FCS], 0)


class HdlcDeframer:
    """Bit stream to frames. ``line``: line decoders before; ``check``: what ends a frame.

    Holds one frame at most (``max_frame`` bytes and its stuffing).
    """

    def __init__(
        self,
        line: Callable[[], Sequence[LineDecoder]] = tuple,
        check: Check = check_x25,
        max_frame: int = 4096,
    ):
        self._make_line, self._check = line, check
        self.max_frame = max_frame
        self._most_bits = 8 * (max_frame + _FCS) * 6 // 5 + 16
        self._reset()

    def _reset(self) -> None:
        self._line = list(self._make_line())
        self._rest = ""
        self._start = 0  # index in the stream of the first bit of the rest
        self._inside = self._overlong = False

    def feed(self, data: bytes | Symbols) -> list[Deframed]:
        """Take packed hard bits or soft symbols; return the frames that are complete, in order."""
        symbols = from_packed(data) if isinstance(data, bytes | bytearray) else data
        for decoder in self._line:
            symbols = decoder.feed(symbols)
        known = max(len(self._rest) - len(_FLAG_END) + 1, 0)
        self._rest += (to_bits(symbols) + ord("0")).tobytes().decode("ascii")
        found: list[Deframed] = []
        at = 0
        while (end := self._rest.find(_FLAG_END, max(at, known))) >= 0:
            self._segment(self._rest[at:end], self._start + at, found)
            at = end + len(_FLAG_END)
        self._rest, self._start = self._rest[at:], self._start + at
        self._bound()
        return found

    def flush(self) -> list[Deframed]:
        """The stream ended. What follows the last flag may be noise and is not told."""
        self._reset()
        return []

    def _bound(self) -> None:
        """Without a flag for so long it is no frame: keep only what may be part of a flag."""
        if len(self._rest) > self._most_bits:
            self._overlong = True
            drop = len(self._rest) - len(_FLAG_END) + 1
            self._rest, self._start = self._rest[drop:], self._start + drop

    def _segment(self, bits: str, index: int, found: list[Deframed]) -> None:
        """``bits`` between two flag ends: data, and the first zero of the closing flag."""
        usable = self._inside and not self._overlong and len(bits) <= self._most_bits
        self._inside, self._overlong = True, False
        if not usable or not bits.endswith("0"):  # seven ones or more: the sender gave up
            return
        plain = bits[:-1].replace("111110", "11111")
        if len(plain) % 8 or len(plain) < 8 * (_LEAST_FRAME + _FCS):
            return
        content = _bytes(plain)
        if len(content) - _FCS > self.max_frame:
            return
        result = self._check(content)
        if result.data is not None:
            found.append(Frame(result.data, bit_index=index, corrected=result.corrected))
        elif len(content) >= _LEAST_BAD + _FCS:
            found.append(BadFrame(content, result.reason, bit_index=index))

    def decode_block(self, data: bytes) -> list[Deframed]:
        """The frames of a piece of the stream, line code included."""
        self._reset()
        return [*self.feed(data), *self.flush()]


def _bytes(bits: str) -> bytes:
    array = np.frombuffer(bits.encode("ascii"), np.uint8) - ord("0")
    return np.packbits(array, bitorder="little").tobytes()


def hdlc(max_frame: int = 4096) -> HdlcDeframer:
    """AX.25 at 1200 baud and the like: NRZI and HDLC."""
    return HdlcDeframer(lambda: [Nrzi()], max_frame=max_frame)


def hdlc_g3ruh(max_frame: int = 4096) -> HdlcDeframer:
    """AX.25 at 9600 baud and the like: the G3RUH scrambler around NRZI and HDLC."""
    return HdlcDeframer(lambda: [G3ruh(), Nrzi()], max_frame=max_frame)


def ua01() -> HdlcDeframer:
    """UA01 (PolyITAN-1): NRZI twice, then G3RUH, then HDLC."""
    return HdlcDeframer(lambda: [Nrzi(), Nrzi(), G3ruh()])


_HEADER = 16


def _check_opssat(content: bytes) -> Block:
    """OPS-SAT: the information field is randomised and protected by RS; the FCS does not matter."""
    fixed = ccsds(dual=False).decode(whiten("ccsds", content[_HEADER:-_FCS]))
    if fixed is None:
        return bad("more errors than Reed-Solomon can correct")
    return Block(fixed.data, 0, corrected={"rs": fixed.errors})


def opssat() -> HdlcDeframer:
    """OPS-SAT: AX.25 G3RUH whose information field is a CCSDS Reed-Solomon codeword."""
    return HdlcDeframer(lambda: [G3ruh(), Nrzi()], _check_opssat)
