"""FX.25: AX.25 frames as they are, inside Reed-Solomon codewords marked by correlation tags.

Source: J. Miller et al., "FX.25 Forward Error Correction Extension to AX.25", Stensat Group, 2006.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from decoders.coding.crc import crc
from decoders.coding.erasing import decode_soft
from decoders.coding.line_code import G3ruh, LineDecoder, Nrzi
from decoders.coding.reed_solomon import ccsds, plain
from decoders.frame import BadFrame, Deframed, Frame
from decoders.framing.block import Block, Need, bad
from decoders.framing.hdlc import HdlcDeframer
from decoders.framing.sync import Pattern, SyncDeframer, SyncWord, search
from decoders.symbols import Symbols, from_bits, from_packed, sureness, to_bits

_FLAG = 0x7E
#: How sure the fill is: it is not sent.
_FILL_SURE = 255
#: Tag as it is sent (least significant bit first) -> codeword bytes and data bytes, both shortened.
_TAGS = {
    "7CF4CA51FBEDB2ED": (255, 239),
    "7BF133006506FF64": (144, 128),
    "790D9BCF10A03BE3": (80, 64),
    "7706696C2D76A0F1": (48, 32),
    "75FAC1A358D06476": (255, 223),
    "72FF38F2C63B29FF": (160, 128),
    "7003903DB39DED78": (96, 64),
    "6EE8DDB4BD961FDB": (64, 32),
    "6C14757BC830DB5C": (255, 191),
    "6B118C2A56DB96D5": (192, 128),
    "69ED24E5237D5252": (128, 64),
}


class Fx25Block:
    """``data`` bytes and parity, ``size`` in all; the fill of the full code lies between them."""

    def __init__(self, size: int, data: int):
        self._data, self._parity = data, size - data
        self._fill = 255 - size
        self.most_symbols = 8 * size

    def decode(self, symbols: Symbols) -> Need | Block:
        """See the protocol."""
        used = self.most_symbols
        if len(symbols) < used:
            return Need(used)
        received, sure = _least_first(symbols[:used]), sureness(symbols[:used])
        word = received[: self._data] + bytes(self._fill) + received[self._data :]
        sure = np.insert(sure, self._data, np.full(self._fill, _FILL_SURE))
        fixed = decode_soft(plain(self._parity, 1), word, sure, checked=True)
        if fixed is None:
            return bad("more errors than Reed-Solomon can correct", used)
        content = np.frombuffer(fixed.data[: self._data], np.uint8)
        hdlc = HdlcDeframer()
        found = hdlc.feed(from_bits(np.unpackbits(content, bitorder="little")))
        for frame in found:
            if isinstance(frame, Frame):
                return Block(frame.data, used, corrected={"rs": fixed.errors})
        return bad("no AX.25 frame in the codeword", used)


def _least_first(symbols: Symbols) -> bytes:
    return np.packbits(to_bits(symbols), bitorder="little").tobytes()


class Fx25Deframer(SyncDeframer):
    """As the others; :meth:`decode_block` begins with the tag, which says the code."""

    def decode_block(self, data: bytes) -> list[Deframed]:
        """A tag and its codeword, without line code."""
        symbols = from_packed(data)
        for pattern in self.patterns:
            tag = symbols[: pattern.sync.span]
            if len(tag) == pattern.sync.span and pattern.sync.find(tag, 1):
                result = pattern.block.decode(symbols[pattern.sync.block_at :])
                if isinstance(result, Need):
                    reason = f"the codeword needs {result.symbols // 8} bytes after its tag"
                    return [BadFrame(data, reason)]
                if result.data is None:
                    return [BadFrame(data, result.reason)]
                return [Frame(result.data, corrected=result.corrected)]
        return [BadFrame(data, "does not begin with an FX.25 tag")]


#: Symbols between which frames are put in order; none is as short.
_SLICE = 64
#: Symbols of the longest codeword and its tag.
_LONGEST = 64 + 8 * 255


class Fx25OrPlain:
    """A channel on which some senders use FX.25 and others plain AX.25, as receivers hear it.

    The frame in a codeword that is plain AX.25 too comes once. Holds damaged plain frames until it
    is known that they do not lie in a codeword, which tells them better.
    """

    def __init__(self, coded: Fx25Deframer, plain_frames: HdlcDeframer):
        self._coded, self._plain = coded, plain_frames
        self._count = 0
        self._good: deque[Deframed] = deque()
        self._bad: deque[Deframed] = deque()

    def feed(self, data: bytes | Symbols) -> list[Deframed]:
        """Take packed hard bits or soft symbols; return the frames that are complete, in order."""
        symbols = from_packed(data) if isinstance(data, bytes | bytearray) else data
        found: list[Deframed] = []
        at = 0
        while at < len(symbols):
            piece = symbols[at : at + _SLICE - self._count % _SLICE]
            at += len(piece)
            self._count += len(piece)
            self._take(piece, found)
        return found

    def _take(self, piece: Symbols, found: list[Deframed]) -> None:
        for frame in self._plain.feed(piece):
            if isinstance(frame, Frame):
                self._good.append(frame)
                found.append(frame)
            else:
                self._bad.append(frame)
        for frame in self._coded.feed(piece):
            self._coded_frame(frame, found)
        self._release(found, self._count - 2 * _LONGEST)

    def _coded_frame(self, frame: Deframed, found: list[Deframed]) -> None:
        start = frame.bit_index or 0
        inside = [each for each in self._good if _lies(each, start)]
        if isinstance(frame, Frame):
            self._bad = deque(each for each in self._bad if not _lies(each, start))
            if any(each.data == frame.data for each in inside):
                return
        elif inside:
            return
        found.append(frame)

    def _release(self, found: list[Deframed], before: int) -> None:
        while self._good and (self._good[0].bit_index or 0) < before:
            self._good.popleft()
        while self._bad and (self._bad[0].bit_index or 0) < before:
            found.append(self._bad.popleft())

    def flush(self) -> list[Deframed]:
        """The stream ended: what was held comes, and the next stream starts anew."""
        found: list[Deframed] = []
        for frame in self._coded.flush():
            self._coded_frame(frame, found)
        found = [*self._bad, *self._plain.flush(), *found]
        self._count = 0
        self._good.clear()
        self._bad.clear()
        return found

    def decode_block(self, data: bytes) -> list[Deframed]:
        """A tag and its codeword, without line code."""
        return self._coded.decode_block(data)


def _lies(frame: Deframed, start: int) -> bool:
    """Whether a frame lies in the codeword whose tag begins at ``start``."""
    return start <= (frame.bit_index or 0) < start + _LONGEST


def fx25(sync_errors: int = 8, g3ruh: bool = False) -> Fx25OrPlain:
    """FX.25, and plain AX.25 beside it, over NRZI; ``g3ruh``: 9600 baud, with the scrambler."""

    def line() -> list[LineDecoder]:
        return [G3ruh(), Nrzi()] if g3ruh else [Nrzi()]

    patterns = [
        Pattern(SyncWord.of(tag, sync_errors), Fx25Block(*sizes)) for tag, sizes in _TAGS.items()
    ]
    return Fx25OrPlain(Fx25Deframer(*patterns, line=line), HdlcDeframer(line))


class AstrocastBlock:
    """Astrocast's own: RS(255,223) in the dual basis; the frame is not stuffed."""

    most_symbols = 8 * 255

    def decode(self, symbols: Symbols) -> Need | Block:
        """See the protocol."""
        used = self.most_symbols
        if len(symbols) < used:
            return Need(used)
        sure = sureness(symbols[:used])
        fixed = decode_soft(ccsds(dual=True), _least_first(symbols[:used]), sure, checked=True)
        if fixed is None:
            return bad("more errors than Reed-Solomon can correct", used)
        corrected = {"rs": fixed.errors}
        end = fixed.data.find(_FLAG, 1)
        frame, check = fixed.data[1 : end - 2], fixed.data[end - 2 : end]
        if fixed.data[0] != _FLAG or end < 4:
            return Block(None, used, "no flags around the frame", corrected)
        if crc("crc16-x25", frame) != int.from_bytes(check, "little"):
            return Block(None, used, "the check sequence is wrong", corrected)
        return Block(frame, used, corrected=corrected)


def astrocast_fx25(sync: str = "75FAC1A358D06476", sync_errors: int = 8) -> SyncDeframer:
    """Astrocast 0.1: looks like FX.25 tag 05, but another code."""
    found = search(sync, sync_errors, AstrocastBlock())
    return SyncDeframer(*found.patterns, line=lambda: [Nrzi()])
