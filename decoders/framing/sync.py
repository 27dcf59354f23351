"""Frames after a sync word in a stream of bits: the search, which every bit framing shares.

A *block* is what follows the sync word. Its decoder says how many symbols it needs, then gives the
frame or the reason why there is none. After a frame the search goes on behind it, otherwise one
symbol further on, so that a false sync word never hides a true one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from decoders.coding.line_code import LineDecoder
from decoders.errors import DefinitionError
from decoders.frame import BadFrame, Deframed, Frame
from decoders.framing.block import Block, BlockDecoder, ManyBlocks, Need
from decoders.symbols import Symbols, from_packed, to_bytes

#: Most blocks that are decoded at once after one that was no frame.
_SIDE_BY_SIDE = 16
#: Where a preamble led to no frame, its next places are not tried for so many periods.
_ALIKE = 16


@dataclass(frozen=True, slots=True)
class SyncWord:
    """The pattern that is searched: bits at ``positions`` after its first one.

    ``errors``: wrong bits allowed. ``block_at``: where the block begins, from the first bit on.
    """

    bits: tuple[int, ...]
    errors: int
    positions: tuple[int, ...]
    block_at: int

    @classmethod
    def of(cls, word: str, errors: int) -> SyncWord:
        """A contiguous word: hex, or bits where it has only 0 and 1 and at least 8 of them."""
        bits = parse_bits(word)
        if not 0 <= errors < len(bits) / 2:
            raise DefinitionError(f"sync_errors {errors} is not 0..{(len(bits) - 1) // 2}")
        return cls(tuple(bits), errors, tuple(range(len(bits))), len(bits))

    @classmethod
    def spread(cls, word: str, errors: int, distance: int) -> SyncWord:
        """Bits ``distance`` symbols apart, inside the block."""
        bits = parse_bits(word)
        return cls(tuple(bits), errors, tuple(range(0, distance * len(bits), distance)), 0)

    @property
    def span(self) -> int:
        """Symbols from the first bit to the last one."""
        return self.positions[-1] + 1

    def find(self, symbols: Symbols, places: int) -> list[tuple[int, int]]:
        """(place, wrong bits) of the first ``places`` places where the word stands.

        Soft symbols weigh: a wrong bit that was not sure counts less against ``errors``.
        """
        wrong = self._wrong(symbols > 0, places)
        near = np.flatnonzero(wrong <= 2 * self.errors)
        if len(near) and np.abs(symbols.astype(np.int16)).max() > 1:
            word = symbols[near[:, None] + np.array(self.positions)].astype(np.float64)
            sure = np.abs(word)
            mistaken = (sure * ((word > 0) != np.array(self.bits, bool))).sum(axis=1)
            fits = mistaken * len(self.bits) <= self.errors * sure.sum(axis=1)
        else:
            fits = wrong[near] <= self.errors
        return [(place, int(wrong[place])) for place in near[fits].tolist()]

    def _wrong(self, hard: NDArray[np.bool_], places: int) -> NDArray[np.uint8]:
        """How many bits differ at each place; by correlation where they follow on one another."""
        if self.span == len(self.bits):
            signs = np.where(hard[: places + self.span - 1], np.float32(0.5), np.float32(-0.5))
            alike = np.correlate(signs, _signs(self.bits), "valid")
            return (len(self.bits) / 2 - alike).astype(np.uint8)
        wrong = np.zeros(places, np.uint8)
        for position, bit in zip(self.positions, self.bits, strict=True):
            wrong += hard[position : position + places] != bool(bit)
        return wrong


@lru_cache
def _signs(bits: tuple[int, ...]) -> NDArray[np.float32]:
    return np.array([1 if bit else -1 for bit in bits], np.float32)


def parse_bits(word: str) -> list[int]:
    """The bits of a sync word written in hex, or bit by bit; raises DefinitionError."""
    text = word.replace(" ", "").removeprefix("0x")
    if len(text) >= 8 and set(text) <= {"0", "1"}:
        return [int(bit) for bit in text]
    try:
        data = bytes.fromhex(text)
    except ValueError:
        data = b""
    if not data:
        raise DefinitionError(f"{word!r} is not a sync word such as '930B51DE'")
    return np.unpackbits(np.frombuffer(data, np.uint8)).tolist()


class Sync(Protocol):
    """A pattern that can be searched; see :class:`SyncWord`."""

    @property
    def span(self) -> int:
        """Symbols from the first one to the last one that is looked at."""
        ...

    @property
    def block_at(self) -> int:
        """Where the block begins, counted from the first bit."""
        ...

    def find(self, symbols: Symbols, places: int) -> list[tuple[int, int]]:
        """(place, wrong bits) among the first ``places`` places; see :class:`SyncWord`."""
        ...


class Pattern(NamedTuple):
    """One sync word to search, what decodes the block after it, and whether all is inverted.

    ``period``: a preamble repeats the word after so many symbols (0: none does), so that places
    which are some periods apart lead to the same frame, or all to none.
    """

    sync: Sync
    block: BlockDecoder
    inverted: bool = False
    period: int = 0


@dataclass(slots=True)
class _Hit:
    """``result`` of its block, or how many symbols after the sync word it needs (0: unknown)."""

    index: int
    errors: int
    pattern: Pattern
    result: Block | None = None
    needs: int = 0


class SyncDeframer:
    """Searches ``patterns`` in a stream and gives the frames that their blocks decode.

    ``line``: line decoders before the search. ``pads_end``: at the end of the stream a block that
    needs more gets erasures. Holds at most the longest block and what one :meth:`feed` brings.
    """

    def __init__(
        self,
        *patterns: Pattern,
        line: Callable[[], Sequence[LineDecoder]] = tuple,
        pads_end: bool = False,
    ):
        self.patterns = patterns
        self._make_line = line
        self._pads_end = pads_end
        self._span = max(pattern.sync.span for pattern in patterns)
        self._reset()

    def _reset(self) -> None:
        self._line = list(self._make_line())
        self._symbols = np.zeros(0, np.int8)
        self._first = 0  # index in the stream of the first symbol kept
        self._searched = 0  # index from which on sync words are yet to be searched
        self._free = 0  # index from which on a frame may begin
        self._hits: deque[_Hit] = deque()
        self._void: dict[int, int] = {}  # index in a period -> the last hit there that failed

    def feed(self, data: bytes | Symbols) -> list[Deframed]:
        """Take packed hard bits or soft symbols; return the frames that are complete, in order."""
        symbols = from_packed(data) if isinstance(data, bytes | bytearray) else data
        for decoder in self._line:
            symbols = decoder.feed(symbols)
        self._symbols = np.concatenate([self._symbols, symbols])
        self._search()
        found = self._take()
        self._forget()
        return found

    def flush(self) -> list[Deframed]:
        """The stream ended: blocks that are cut off are BadFrames; the next stream starts anew."""
        if self._pads_end:
            most = max(pattern.block.most_symbols for pattern in self.patterns)
            self._symbols = np.concatenate([self._symbols, np.zeros(most, np.int8)])
        found = self._take()
        while self._hits:
            # A block that is cut off may hide complete ones that began after it.
            found += self._cut_off(self._hits.popleft())
            found += self._take()
        self._reset()
        return found

    def _cut_off(self, hit: _Hit) -> list[Deframed]:
        if hit.index < self._free:
            return []
        reason = "the stream ends inside the frame"
        content = to_bytes(self._after(hit))
        return [BadFrame(content, reason, bit_index=hit.index, sync_errors=hit.errors)]

    def decode_block(self, data: bytes) -> list[Deframed]:
        """One block of packed hard bits, from the first bit after its sync word."""
        block = self.patterns[0].block
        symbols = from_packed(data)
        if self._pads_end:
            missing = max(block.most_symbols - len(symbols), 0)
            symbols = np.concatenate([symbols, np.zeros(missing, np.int8)])
        result = block.decode(symbols)
        if isinstance(result, Need):
            reason = f"{len(data)} bytes are too few, the frame needs {-(-result.symbols // 8)}"
            return [BadFrame(data, reason)]
        if result.data is None:
            return [BadFrame(data, result.reason or "no frame", corrected=result.corrected)]
        return [Frame(result.data, corrected=result.corrected)]

    def _search(self) -> None:
        symbols = self._symbols[self._searched - self._first :]
        places = len(symbols) - self._span + 1
        if places <= 0:
            return
        new: list[_Hit] = []
        for pattern in self.patterns:
            found = pattern.sync.find(-symbols if pattern.inverted else symbols, places)
            new += [_Hit(self._searched + place, errors, pattern) for place, errors in found]
        self._hits.extend(sorted(new, key=lambda hit: (hit.index, hit.errors)))
        self._searched += places

    def _after(self, hit: _Hit) -> Symbols:
        start = hit.index - self._first + hit.pattern.sync.block_at
        after = self._symbols[start:]
        return -after if hit.pattern.inverted else after

    def _take(self) -> list[Deframed]:
        found: list[Deframed] = []
        many = 1
        while self._hits:
            hit = self._hits[0]
            if hit.index >= self._free and not self._is_void(hit):
                if hit.result is None:
                    self._decode(hit, many)
                if hit.result is None:
                    break
                self._give(hit, hit.result, found)
                # Of the hits inside a frame most need no decoding.
                many = 1 if hit.result.data is not None else _SIDE_BY_SIDE
            self._hits.popleft()
        return found

    def _decode(self, first: _Hit, many: int) -> None:
        """Decode the block of the first hit if it is there, with those of hits after it."""
        block = first.pattern.block
        if not self._complete(first):
            return
        if isinstance(block, ManyBlocks):
            same = (hit for hit in self._hits if hit.pattern.block is block)
            hits = list(islice(_unlike(filter(self._complete, same)), many))
            results = block.decode_all([self._after(hit) for hit in hits])
        else:
            hits, results = [first], [block.decode(self._after(first))]
        for hit, result in zip(hits, results, strict=True):
            if isinstance(result, Need):
                hit.needs = result.symbols
            else:
                hit.result = result

    def _complete(self, hit: _Hit) -> bool:
        """Whether a block waits to be decoded, and all symbols that it asked for are there."""
        waits = hit.result is None and hit.index >= self._free and not self._is_void(hit)
        return waits and len(self._after(hit)) >= hit.needs

    def _is_void(self, hit: _Hit) -> bool:
        """Whether a place of the same preamble shortly before has led to nothing."""
        period = hit.pattern.period
        before = self._void.get(hit.index % period) if period and hit.result is None else None
        return before is not None and hit.index - before <= _ALIKE * period

    def _give(self, hit: _Hit, result: Block, found: list[Deframed]) -> None:
        index, errors, corrected = hit.index, hit.errors, result.corrected
        if result.data is not None:
            self._free = index + max(hit.pattern.sync.block_at + result.used, 1)
            found.append(Frame(result.data, 0, None, index, errors, corrected))
        elif result.reason:
            content = to_bytes(self._after(hit)[: result.used])
            found.append(BadFrame(content, result.reason, 0, None, index, errors, corrected))
        if result.data is None and hit.pattern.period:
            self._void[index % hit.pattern.period] = index

    def _forget(self) -> None:
        """Drop the symbols that neither the search nor a waiting block needs."""
        keep = min([self._searched, *(hit.index for hit in self._hits)])
        if keep > self._first:
            self._symbols = self._symbols[keep - self._first :].copy()
            self._first = keep


def _unlike(hits: Iterable[_Hit]) -> Iterator[_Hit]:
    """Without those some periods after another one."""
    rows = set[int]()
    for hit in hits:
        period = hit.pattern.period
        row = hit.index % period if period else hit.index
        if row not in rows:
            rows.add(row)
            yield hit


def search(word: str, errors: int, block: BlockDecoder) -> SyncDeframer:
    """The usual case: one contiguous sync word."""
    return SyncDeframer(Pattern(SyncWord.of(word, errors), block))
