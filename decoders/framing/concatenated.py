"""A bit framing inside a continuous convolutional code.

Two ways find a frame. Viterbi first and then the sync search: which of two symbols begins a pair
cannot be seen, so both phases are decoded, side by side. And the encoded sync word in the soft
symbols: it also finds a frame with which the transmitter began; then the start state is known.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from decoders.coding.convolutional import ConvolutionalCode, Decoded, ViterbiStream, feed_all
from decoders.coding.line_code import Differential, LineDecoder
from decoders.frame import BadFrame, Deframed, Frame
from decoders.framing.block import Block, BlockDecoder, Need, ViterbiBlock
from decoders.framing.sync import Pattern, SyncDeframer, SyncWord
from decoders.symbols import Bits, Symbols, from_bits, from_packed

#: The Viterbi stream gives a frame at most this many symbols after its end.
_LATENESS = 600
_REMEMBERED = 64
#: Correlation of the encoded sync word, 1 for equal signs everywhere. Noise reaches 0.6 about as
#: often as it reaches four wrong bits in a sync word of 32.
_CORRELATION = 0.6
#: The part of a frame that the end of the stream may cut off: as much as Reed-Solomon corrects. Of
#: padding alone it makes a frame of zeros.
_MOST_MISSING = 1 / 16


class _Branch:
    """Viterbi first: one hypothesis of code and phase, with those of precoding inside it."""

    def __init__(
        self, code: ConvolutionalCode, phase: int, precodings: Sequence[bool], inner: Pattern
    ):
        self.viterbi = ViterbiStream(code)
        self._phase, self._skip = phase, phase
        lines: dict[bool, Callable[[], Sequence[LineDecoder]]]
        lines = {False: tuple, True: lambda: (Differential(),)}
        self._inner = [SyncDeframer(inner, line=lines[precoded]) for precoded in precodings]
        self._errors = np.zeros(0, np.uint8)
        self._first = 0  # index of the bit that the first entry of errors is of
        self._most = inner.sync.block_at + inner.block.most_symbols

    def paired(self, symbols: Symbols) -> Symbols:
        """The next symbols without the first one of the stream, where the other phase begins."""
        skipped, self._skip = symbols[self._skip :], max(self._skip - len(symbols), 0)
        return skipped

    def flush(self) -> list[Deframed]:
        """What the last symbols complete."""
        found = self.inside(self.viterbi.flush())
        return found + [self._outer(frame) for inner in self._inner for frame in inner.flush()]

    def inside(self, bits: Bits) -> list[Deframed]:
        """Frames in the next bits that Viterbi gave."""
        self._errors = np.concatenate([self._errors, self.viterbi.errors])
        symbols = from_bits(bits)
        frames = [self._outer(frame) for inner in self._inner for frame in inner.feed(symbols)]
        drop = max(len(self._errors) - 2 * self._most, 0)
        self._errors, self._first = self._errors[drop:], self._first + drop
        return frames

    def _outer(self, frame: Deframed) -> Deframed:
        """Indexes in symbols, and the symbols that Viterbi corrected."""
        index = frame.bit_index or 0
        start = max(index - self._first, 0)
        errors = int(self._errors[start : start + self._most].sum())
        corrected = {"viterbi": errors, **frame.corrected}
        return replace(frame, bit_index=2 * index + self._phase, corrected=corrected)


class _EncodedSync:
    """The symbols that a sync word becomes, without the first, which hang on the bits before it."""

    def __init__(self, code: ConvolutionalCode, word: Bits):
        self._unknown = 2 * (code.constraint - 1)
        self._signs = from_bits(code.encode(word)[self._unknown :]).astype(np.float32)
        self.block_at = self.span = 2 * len(word)

    def find(self, symbols: Symbols, places: int) -> list[tuple[int, int]]:
        """The places where the symbols correlate; wrong bits cannot be counted: 0."""
        stream = symbols[self._unknown :].astype(np.float32)
        alike = np.correlate(stream, self._signs, "valid")[:places]
        size = np.correlate(np.abs(stream), np.ones_like(self._signs), "valid")[:places]
        return [(place, 0) for place in np.flatnonzero(alike > _CORRELATION * size).tolist()]


class _EncodedBlock(ViterbiBlock):
    """Viterbi from the state that the sync word leaves, then the inner block.

    The stream's way, which is surer of the sync word, goes first: hence the lateness.
    """

    starts_at_zero = False

    def __init__(self, code: ConvolutionalCode, word: Bits, inner: BlockDecoder):
        self.code, self._inner = code, inner
        run_in = from_bits(code.encode(word)) * np.int8(127)
        self._known = run_in[2 * (code.constraint - 1) :]
        self._frame = 2 * inner.most_symbols
        self.most_symbols = self._frame + _LATENESS

    def coded(self, symbols: Symbols) -> Need | Symbols:
        """See the class above."""
        if len(symbols) < self.most_symbols:
            return Need(self.most_symbols)
        return np.concatenate([self._known, symbols[: self._frame + 140]])

    def finish(self, symbols: Symbols, coded: Symbols, decoded: Decoded) -> Block:
        """See the class above."""
        if np.mean(symbols[: self._frame] == 0) > _MOST_MISSING:
            return Block(None, 0)
        start = len(self._known) // 2
        bits = decoded.bits[start : start + self._inner.most_symbols]
        found = self._inner.decode(from_bits(bits))
        if isinstance(found, Need) or found.data is None:
            return Block(None, 0)
        encoded = self.code.encode(decoded.bits)[2 * start :][: self._frame]
        wrong = int(((symbols[: self._frame] > 0) != encoded.astype(bool)).sum())
        return Block(found.data, self._frame, corrected={"viterbi": wrong, **found.corrected})


class ConcatenatedDeframer:
    """Frames of all hypotheses, in order of the stream; each only once.

    ``codes``: of one trellis. ``inner``: the sync word and block inside the code. ``precodings``:
    whether differential.
    """

    def __init__(
        self,
        codes: Sequence[ConvolutionalCode],
        precodings: Sequence[bool],
        word: SyncWord,
        inner: BlockDecoder,
    ):
        self._codes, self._precodings = codes, precodings
        self._pattern = Pattern(word, inner)
        self._word = np.array(word.bits, np.uint8)
        self._reset()

    def _reset(self) -> None:
        self._branches = [
            _Branch(code, phase, self._precodings, self._pattern)
            for code in self._codes
            for phase in (0, 1)
        ]
        self._encoded = [
            SyncDeframer(
                Pattern(
                    _EncodedSync(code, self._word),
                    _EncodedBlock(code, self._word, self._pattern.block),
                ),
                pads_end=True,
            )
            for code in self._codes
            if False in self._precodings
        ]
        self._given: deque[int] = deque(maxlen=_REMEMBERED)

    def feed(self, data: bytes | Symbols) -> list[Deframed]:
        """Take packed hard bits or soft symbols; return the frames that are complete, in order."""
        symbols = from_packed(data) if isinstance(data, bytes | bytearray) else data
        pieces = [branch.paired(symbols) for branch in self._branches]
        decoded = feed_all([branch.viterbi for branch in self._branches], pieces)
        found = [branch.inside(bits) for branch, bits in zip(self._branches, decoded, strict=True)]
        found += [encoded.feed(symbols) for encoded in self._encoded]
        return self._new(chain.from_iterable(found))

    def flush(self) -> list[Deframed]:
        """The stream ended: what its last symbols complete; the next stream starts anew."""
        found = [branch.flush() for branch in self._branches]
        found += [encoded.flush() for encoded in self._encoded]
        self._reset()
        return self._new(chain.from_iterable(found))

    def _new(self, frames: Iterable[Deframed]) -> list[Deframed]:
        """Frames before bad ones at the same place, and what was given already left out."""
        ordered = sorted(frames, key=lambda f: (f.bit_index or 0, isinstance(f, BadFrame)))
        found: list[Deframed] = []
        for frame in ordered:
            index = frame.bit_index or 0
            if index not in self._given:
                found.append(frame)
                if isinstance(frame, Frame):
                    self._given.append(index)
        return found

    def decode_block(self, data: bytes) -> list[Deframed]:
        """A block after its sync word that Viterbi has decoded already."""
        return SyncDeframer(self._pattern).decode_block(data)
