"""What came regularly and comes no more: packets of a satellite, values of a packet.

A place counts the frames of the satellite (for a value: the packets that may have it). Something
is regular when it came KNOWN times, never more than MOST_APART places apart in the last of them; it
is missing when it stays away for more than ``FACTOR`` times its longest distance among those, and
at least for the ``least`` of the settings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from groundstation.model.alarms import EventKind

#: Distances that tell how regular something is.
KNOWN = 10
MOST_APART = 1000
FACTOR = 3


@dataclass(slots=True)
class Presence:
    """Where the counting of one thing stands. ``count``: places so far; ``last``: the last place
    where it came, 0: never. ``apart``: its last distances. ``active``: what triggered.

    ``least``: places without it before it is missed.
    """

    count: int = 0
    last: int = 0
    apart: list[int] = field(default_factory=list)
    active: int | None = None

    def bound(self, least: int) -> int | None:
        """So many places without it are usual; None: it is not regular."""
        if len(self.apart) < KNOWN or max(self.apart) > MOST_APART:
            return None
        return max(least, FACTOR * max(self.apart))


class Turn(NamedTuple):
    """What happened at the place ``at`` of a batch; ``seq``: the reception that triggered."""

    kind: EventKind
    at: int
    seq: int


def follow(
    state: Presence, there: NDArray[np.bool_], seqs: NDArray[np.int64], least: int
) -> Iterator[Turn]:
    """Take further places into ``state``: whether it came at each, and by which reception."""
    first = state.count + 1
    places = np.flatnonzero(there) + first
    state.count += len(there)
    if _as_usual(state, places, least):
        return
    for place in places.tolist():
        yield from _missed(state, place - 1, first, seqs, least)
        if state.active is not None:
            yield Turn("returned", place - first, state.active)
            state.active = None
        elif state.last:
            state.apart = [*state.apart[1 - KNOWN :], place - state.last]
        state.last = place
    yield from _missed(state, state.count, first, seqs, least)


def _as_usual(state: Presence, places: NDArray[np.int64], least: int) -> bool:
    """Take in places none of which is ``least`` behind the one before: nothing can happen then."""
    if state.active is not None or not state.last:
        return False
    distances = np.diff(places, prepend=state.last)
    last = int(places[-1]) if len(places) else state.last
    if state.count - last > least or (distances > least).any():
        return False
    state.apart = [*state.apart, *distances[-KNOWN:].tolist()][-KNOWN:]
    state.last = last
    return True


def _missed(
    state: Presence, until: int, first: int, seqs: NDArray[np.int64], least: int
) -> Iterator[Turn]:
    """The place up to and with ``until`` at which it had stayed away for too long."""
    bound = state.bound(least)
    if state.active is not None or bound is None or until - state.last <= bound:
        return
    index = state.last + bound + 1 - first
    state.active = int(seqs[index])
    yield Turn("triggered", index, state.active)
