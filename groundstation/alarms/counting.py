"""From judged values to what happens: so many in a row trigger, raise to critical, and return.

The result depends on the values alone, never on how they were cut into batches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from groundstation.alarms.levels import BACK, BAND, CRITICAL, WARNING, Codes
from groundstation.model.alarms import EventKind, Severity


@dataclass(slots=True)
class Count:
    """Where the counting of one value stands.

    ``out``, ``critical``, ``back``: how many in a row, up to the last; ``last_us``: its time, None
    before the first. ``active``: the reception that triggered, None: nothing is wrong.
    """

    out: int = 0
    critical: int = 0
    back: int = 0
    last_us: int | None = None
    active: int | None = None
    severity: Severity = "warning"

    @property
    def idle(self) -> bool:
        """Whether values within change nothing."""
        return self.active is None


class Change(NamedTuple):
    """What happened at the value ``at``; ``seq``: the reception that triggered the alarm."""

    kind: EventKind
    at: int
    seq: int
    severity: Severity


class Samples(NamedTuple):
    """Values in the order in which they were sent; all are judged (none is UNJUDGED)."""

    seqs: NDArray[np.int64]
    times_us: NDArray[np.int64]
    codes: Codes


def count(state: Count, samples: Samples, most: int, back: int, gap_us: int) -> Iterator[Change]:
    """Take ``samples`` into ``state``. ``most`` outside trigger, ``back`` within return; where the
    time of two lies more than ``gap_us`` apart (either way: clocks jump), counts begin anew."""
    codes = samples.codes
    if not len(codes):
        return
    if state.idle and not (codes >= WARNING).any():
        state.out = state.critical = state.back = 0
        state.last_us = int(samples.times_us[-1])
        return
    before = samples.times_us[0] if state.last_us is None else state.last_us
    gaps = np.abs(np.diff(samples.times_us, prepend=before)) > gap_us
    turns = gaps.copy()
    turns[0] = True
    turns[1:] |= codes[1:] != codes[:-1]
    starts = np.flatnonzero(turns).tolist()
    for begin, end in zip(starts, [*starts[1:], len(codes)], strict=True):
        if gaps[begin]:
            state.out = state.critical = state.back = 0
        code = int(codes[begin])
        if code >= WARNING:
            yield from _outside(state, samples, code, begin, end, most)
        else:
            yield from _within(state, samples, code, begin, end, back)
    state.last_us = int(samples.times_us[-1])


def _outside(
    state: Count, samples: Samples, code: int, begin: int, end: int, most: int
) -> Iterator[Change]:
    """A run of values outside."""
    state.back = 0
    if code != CRITICAL:
        state.critical = 0
    trigger = begin + max(most - state.out, 1) - 1
    critical = begin + max(most - state.critical, 1) - 1 if code == CRITICAL else end
    if state.active is None and trigger < end:
        state.severity = "critical" if critical <= trigger else "warning"
        state.active = int(samples.seqs[trigger])
        yield Change("triggered", trigger, state.active, state.severity)
    if state.active is not None and state.severity == "warning" and critical < end:
        state.severity = "critical"
        yield Change("raised", critical, state.active, state.severity)
    length = end - begin
    state.out = min(state.out + length, most)
    if code == CRITICAL:
        state.critical = min(state.critical + length, most)


def _within(
    state: Count, samples: Samples, code: int, begin: int, end: int, back: int
) -> Iterator[Change]:
    """A run of values within limits; those in the dead band do not let an alarm return."""
    state.out = state.critical = 0
    if state.active is None or code == BAND:
        state.back = 0
        return
    assert code == BACK
    returns = begin + max(back - state.back, 1) - 1
    if returns < end:
        yield Change("returned", returns, state.active, state.severity)
        state.active, state.back = None, 0
    else:
        state.back += end - begin
