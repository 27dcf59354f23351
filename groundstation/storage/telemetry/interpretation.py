"""What the interpreter hands to the store, and what it knows of its own place there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from decoders.bits import Field
from decoders.columns import Column
from decoders.definition.model import PacketLayout


class FrameVerdict(NamedTuple):
    """Whose the reception ``seq`` is and which packet, or why not; a row of ``frames``."""

    seq: int
    satellite: str | None
    packet: str | None
    error: str | None
    candidates: tuple[str, ...]
    evidence_bits: int
    simulated: bool
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PacketColumns:
    """Packets of one layout and shape: which they are (see :mod:`.keys`), and their values.

    ``fields``: those whose raw values are kept, in the order of the layout.
    """

    satellite: str
    layout: PacketLayout
    fields: Sequence[Field]
    keys: NDArray[np.int64]
    times_us: NDArray[np.int64]
    columns: Mapping[str, Column]


class Waiting(NamedTuple):
    """What is kept until the rest comes: ``parts`` by the keys of their packets, and ``frames``, by
    their receptions, in which longer packets begin."""

    parts: Sequence[int] = ()
    frames: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What a run of receptions means."""

    verdicts: Sequence[FrameVerdict] = ()
    packets: Sequence[PacketColumns] = ()
    #: What waits for more after this run; None: as before.
    waiting: Waiting | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """How far the interpreter is.

    All up to ``seq`` is interpreted but what the backlog still has: from above ``backlog_low`` to
    ``backlog_high``. ``mark``: time and size of the reception ``seq``, by which another journal is
    told. ``again``: satellites whose history changes with the backlog.
    """

    seq: int = 0
    mark: str = ""
    backlog_low: int = 0
    backlog_high: int = 0
    again: frozenset[str] = field(default_factory=frozenset)

    @property
    def backlog(self) -> int:
        """How many receptions wait to be interpreted again, at most."""
        return max(0, self.backlog_high - self.backlog_low)

    def back_to(self, first: int, last: int, again: Collection[str]) -> Place:
        """The place with the receptions ``first`` to ``last`` in the backlog, too, as far as they
        were interpreted; the history of the satellites ``again`` changes with them."""
        low, high = first - 1, min(last, self.seq)
        if high <= low:
            return self
        if self.backlog:
            low, high = min(low, self.backlog_low), max(high, self.backlog_high)
        return Place(self.seq, self.mark, low, high, self.again | frozenset(again))
