"""Frames of one framing in the symbols of several detectors: their union, each frame once."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

import numpy as np

from decoders.frame import Deframed, Frame
from decoders.framing.registry import bit_deframer
from decoders.modem.gathering import WEAK, Found, Gathering
from decoders.modem.repair import MENDABLE, Mender
from decoders.modem.stream import Piece, Timeline

#: Symbols that are as the last but one was, of all, where nothing is sent.
_EMPTY = 0.97
#: Framings that do not mind when all symbols are inverted; for the others both ways are tried,
#: since the sign of BPSK is open and receivers turn the sense of FM. EQUiSat's deframer looks for
#: both itself: with four levels only one of the two bits of a symbol is inverted.
_EITHER_WAY = frozenset(
    (*("hdlc", "hdlc-g3ruh", "ua01", "opssat", "fx25", "astrocast-fx25", "il2p"), "equisat")
)


class _Line:
    """One variant's stream: its deframers, and when its symbols were."""

    def __init__(self, framing: str, options: Mapping[str, Any], repair: bool, in_pairs: bool):
        self._framing = framing
        signs = (1,) if framing in _EITHER_WAY else (1, -1)
        self._deframers = [(sign, bit_deframer(framing, options)) for sign in signs]
        self._repair, self._in_pairs = repair and framing in MENDABLE, in_pairs
        self._begin()

    def _begin(self) -> None:
        self._timeline = Timeline()
        self._mender = Mender(self._framing, self._in_pairs) if self._repair else None

    def feed(self, piece: Piece) -> list[Found]:
        """What is complete with the next symbols; a piece without any ends the stream."""
        if not len(piece.symbols):
            return self.finish()
        self._timeline.add(piece)
        found: list[Found] = []
        for sign, deframer in self._deframers:
            found += self._timed(deframer.feed(sign * piece.symbols))
        if self._mender:
            found += [
                self._found(Frame(data, bit_index=begin), turned)
                for data, begin, turned in self._mender.feed(piece.symbols)
            ]
        return found

    def finish(self) -> list[Found]:
        """What is left when the stream ends."""
        if not self._timeline.count:
            return []
        found = [each for _, deframer in self._deframers for each in self._timed(deframer.flush())]
        self._begin()
        return found

    def _timed(self, items: list[Deframed]) -> list[Found]:
        found = [self._found(item) for item in items]
        if self._framing in WEAK:
            return found
        return [each for each in found if each.heard is None or not _is_empty(each.heard)]

    def _found(self, item: Deframed, repaired: int = 0) -> Found:
        begin = item.bit_index or 0
        heard = self._timeline.part(begin, 8 * len(item.data)) if isinstance(item, Frame) else None
        return Found(item, self._timeline.at(begin), repaired, heard)


def _is_empty(heard: Piece) -> bool:
    """Whether these symbols are always the same one or two: a carrier that says nothing.

    Codes without a check value (Reed-Solomon) take that for a frame of zeros.
    """
    ones = heard.symbols > 0
    return len(ones) > 2 and float(np.mean(ones[2:] == ones[:-2])) > _EMPTY


class FrameFinder:
    """``names``: of the detector of each line, which begin with its filter. ``repair``: those whose
    frames may be repaired. ``spacing``: input samples a symbol. ``in_pairs`` as
    :class:`decoders.modem.repair.Mender` takes it."""

    def __init__(
        self,
        framing: str,
        options: Mapping[str, Any],
        names: Sequence[str],
        repair: Container[str],
        spacing: float,
        in_pairs: bool,
    ):
        self._lines = [_Line(framing, options, name in repair, in_pairs) for name in names]
        self._gathering = Gathering(framing, [name.split()[0] for name in names], spacing)

    def feed(self, pieces: Sequence[Piece]) -> list[Found]:
        """What is new and believed with the next piece of each line, in order."""
        found = [line.feed(piece) for line, piece in zip(self._lines, pieces, strict=True)]
        return self._gathering.gather(found)

    def finish(self) -> list[Found]:
        """The stream ended."""
        found = self._gathering.gather([line.finish() for line in self._lines])
        return found + self._gathering.rest()
