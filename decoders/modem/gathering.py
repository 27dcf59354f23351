"""The union of what several detectors found: each frame once, and what to believe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from decoders.frame import Deframed, Frame
from decoders.modem.addresses import plausible_addresses
from decoders.modem.stream import Piece

#: Framings whose check alone is too weak for a stream that is mostly noise: 16 bits let a false
#: frame through every few hours. Their frames need AX.25 addresses or a second detector.
WEAK = frozenset(
    (
        *("hdlc", "hdlc-g3ruh", "ua01", "opssat", "ax5043", "reaktor", "geoscan", "sx126x"),
        *("si446x", "sanosat", "syncword", "smog-signalling", "smog-ra", "snet", "mobitex"),
        *("mobitex-nx", "tt64", "openlst", "ngham", "fx25", "il2p", "cc1101"),
    )
)
#: Fewer detectors than this cannot vouch for what nothing checks: two of the three of 4-FSK agreed
#: on a frame of one byte once in a quarter of an hour of noise.
_UNCHECKED = 4


class Found(NamedTuple):
    """``time``: input sample of its first symbol. ``repaired``: symbols turned for it.

    ``heard``: its symbols and when they were, as many as there are bits of data at least.
    """

    item: Deframed
    time: float
    repaired: int = 0
    heard: Piece | None = None


class Gathering:
    """Joins what detectors find. ``kinds``: the filter of each; ``spacing``: samples a symbol.

    A frame that is too weakly checked waits for a detector of another kind: those behind one filter
    take the same noise for the same frame. Bad frames wait a window, are
    told where at least half of the detectors saw one at that place, and no good frame is there.
    """

    def __init__(self, framing: str, kinds: Sequence[str], spacing: float):
        self._framing, self._kinds, self._spacing = framing, kinds, spacing
        self._lines = len(kinds)
        self._given: list[Found] = []
        self._waiting: list[tuple[int, Found]] = []
        self._bad: list[tuple[int, Found]] = []

    def gather(self, found: list[list[Found]]) -> list[Found]:
        """What one window gave, by detector; returns what is new and believed, in order."""
        told = self._bad
        self._bad = []
        new: list[Found] = []
        by_line = [(line, item) for line, each in enumerate(found) for item in each]
        for line, item in by_line:
            if not isinstance(item.item, Frame):
                self._bad.append((line, item))
            elif not item.repaired and not any(self._same(item, other) for other in self._given):
                new += self._believed(line, item)
        for _, item in by_line:
            if item.repaired and not any(self._overlap(item, other) for other in self._given):
                self._given.append(item)
                new.append(item)
        new += self._worth_telling(told)
        newest = max((item.time for item in new), default=0.0)
        self._forget(newest)
        return sorted(new, key=lambda item: item.time)

    def rest(self) -> list[Found]:
        """The bad frames of the last window."""
        told, self._bad = self._bad, []
        return self._worth_telling(told)

    def _length(self, item: Found) -> float:
        return 8 * max(len(item.item.data), 16) * self._spacing

    def _same(self, one: Found, other: Found) -> bool:
        near = abs(one.time - other.time) < self._length(one)
        return near and one.item.data == other.item.data

    def _believed(self, line: int, item: Found) -> list[Found]:
        if self._is_doubtful(item):
            self._waiting.append((line, item))
            if not self._is_witnessed(item):
                return []
        self._given.append(item)
        return [item]

    def _is_doubtful(self, item: Found) -> bool:
        """Whether its own check is too weak to believe it."""
        weak = self._framing in WEAK and not plausible_addresses(item.item.data)
        return weak or self._unchecked(item)

    def _is_witnessed(self, item: Found) -> bool:
        """Whether enough detectors have found it."""
        lines = {line for line, other in self._waiting if self._same(item, other)}
        if self._unchecked(item):
            return 2 * len(lines) >= self._lines >= _UNCHECKED
        kinds = {self._kinds[line] for line in lines}
        return len(kinds) >= min(2, len(set(self._kinds)))

    def _unchecked(self, item: Found) -> bool:
        """Whether nothing says that this is a frame but a sync word that noise holds often."""
        return self._framing == "u482c" and "rs" not in item.item.corrected

    def _worth_telling(self, bad: list[tuple[int, Found]]) -> list[Found]:
        told: list[Found] = []
        for _, item in bad:
            covered = any(self._overlap(item, other) for other in (*self._given, *told))
            there = {n for n, other in bad if abs(other.time - item.time) < 2 * self._spacing}
            if not covered and 2 * len(there) >= self._lines:
                told.append(item)
        return told

    def _overlap(self, one: Found, other: Found) -> bool:
        return -self._length(one) < one.time - other.time < self._length(other)

    def _forget(self, newest: float) -> None:
        keep = newest - (1 << 16) * self._spacing
        self._given = [item for item in self._given[-256:] if item.time > keep]
        self._waiting = self._waiting[-64:]
