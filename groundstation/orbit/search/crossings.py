"""Rises, settings and culminations along many satellites' paths, all found at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from groundstation.orbit.propagation import Floats
from groundstation.orbit.search.arcs import Arcs, Sight, root

Indices = NDArray[np.intp]

#: How near the sine of a top's elevation may be to that of the mask for the quintic between nodes,
#: which errs by metres, to be doubted.
GRAZING_SINE = 3e-4


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]


_Columns = TypeVar("_Columns", bound=_Dataclass)


@dataclass(frozen=True, slots=True)
class Paths:
    """Nodes of runs: stretches of one satellite's path without a gap.

    ``times_s`` and ``sight`` hold all nodes, run after run; ``run`` says to which run a node
    belongs (0, 1, 2 ... in order), ``satellite`` to which satellite a run belongs.
    """

    times_s: Floats
    sight: Sight
    run: Indices
    satellite: Indices

    def lengths_s(self, nodes: Indices) -> Floats:
        """Seconds from each of ``nodes`` to the node after it."""
        result: Floats = self.times_s[nodes + 1] - self.times_s[nodes]
        return result

    def arcs(self, nodes: Indices) -> Arcs:
        """The arcs that begin at ``nodes`` and end at the node after each."""
        begin, end = self.sight.pick(nodes), self.sight.pick(nodes + 1)
        return Arcs.between(begin, end, self.lengths_s(nodes))


@dataclass(frozen=True, slots=True)
class Visits:
    """Stretches above the mask, in the order of their satellites and times.

    ``rise_s`` and ``set_s`` are NaN where the path begins or ends above the mask. ``peak_s`` is the
    time of the highest elevation, which lies at the path's end where the satellite still climbs;
    ``culminates`` says that it does not lie there.
    """

    satellite: Indices
    rise_s: Floats
    peak_s: Floats
    set_s: Floats
    culminates: NDArray[np.bool_]

    def pick(self, index: NDArray[np.intp] | NDArray[np.bool_]) -> Visits:
        """Some of the visits; one may be picked twice."""
        return Visits(
            self.satellite[index],
            self.rise_s[index],
            self.peak_s[index],
            self.set_s[index],
            self.culminates[index],
        )

    def at(self, rise_s: Floats, peak_s: Floats, set_s: Floats) -> Visits:
        """The same visits with other times."""
        return replace(self, rise_s=rise_s, peak_s=peak_s, set_s=set_s)


def joined(parts: Sequence[_Columns]) -> _Columns:
    """One after the other: dataclasses of arrays, whose last axis counts."""
    kind = type(parts[0])
    arrays = zip(*([getattr(part, f.name) for f in fields(kind)] for part in parts), strict=True)
    return kind(*(np.concatenate(column, axis=-1) for column in arrays))


def visits(paths: Paths, sine: float) -> Visits:
    """Every stretch of ``paths`` above the elevation whose sine is ``sine``.

    Tops that miss the mask by less than GRAZING_SINE are visits too, of no length.
    """
    if len(paths.times_s) == 0:
        nothing = np.zeros(0)
        no = np.zeros(0, bool)
        return Visits(paths.satellite[:0], nothing, nothing, nothing, no)
    left = np.flatnonzero(paths.run[1:] == paths.run[:-1])
    seen = paths.sight.above(sine) > 0
    pieces, peaks = _pieces(paths, left, sine, seen)
    crossing = np.flatnonzero(pieces.above0 != pieces.above1)
    node = pieces.node[crossing]
    share = root(
        paths.arcs(node),
        lambda arcs, s: arcs.above(s, sine)[0],
        pieces.low[crossing],
        pieces.high[crossing],
    )
    times = paths.times_s[node] + share * paths.lengths_s(node)
    rising = pieces.above1[crossing]
    first, last = _ends(paths)
    open_rises, open_sets = first[seen[first]], last[seen[last]]
    run = paths.run[node]
    rises = _ordered(run[rising], times[rising], paths.run[open_rises], paths.times_s[open_rises])
    sets = _ordered(run[~rising], times[~rising], paths.run[open_sets], paths.times_s[open_sets])
    high = peaks.sine > sine
    found = _with_peaks(paths, rises, sets, peaks.pick(high))
    missed = peaks.pick(~high)
    near = Visits(
        paths.satellite[missed.run],
        missed.times_s,
        missed.times_s,
        missed.times_s,
        np.ones(len(missed.run), bool),
    )
    both = joined((found, near))
    return both.pick(np.lexsort((both.peak_s, both.satellite)))


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Parts of arcs on which the elevation only climbs or only falls, in order of time."""

    node: Indices
    low: Floats
    high: Floats
    above0: NDArray[np.bool_]
    above1: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Peaks:
    """Maxima of the elevation: run, time and sine of the elevation."""

    run: Indices
    times_s: Floats
    sine: Floats

    def pick(self, chosen: NDArray[np.bool_]) -> _Peaks:
        """Some of the maxima."""
        return _Peaks(self.run[chosen], self.times_s[chosen], self.sine[chosen])


def _pieces(
    paths: Paths, left: Indices, sine: float, seen: NDArray[np.bool_]
) -> tuple[_Pieces, _Peaks]:
    """All arcs (they begin at nodes ``left``) cut where the elevation turns; and the maxima.

    The middle of each arc is looked at, too, which finds a maximum and a minimum between the same
    two nodes.
    """
    climbing = paths.sight.climb() > 0
    arcs, middle = paths.arcs(left), np.full(len(left), 0.5)
    node = np.repeat(left, 2)
    low, high = np.tile([0.0, 0.5], len(left)), np.tile([0.5, 1.0], len(left))
    climbs, above = arcs.climb(middle)[0] > 0, arcs.above(middle, sine)[0] > 0
    climb0, climb1 = _interleaved(climbing[left], climbs), _interleaved(climbs, climbing[left + 1])
    above0, above1 = _interleaved(seen[left], above), _interleaved(above, seen[left + 1])
    turning = np.flatnonzero(climb0 != climb1)
    turned = paths.arcs(node[turning])
    share = root(turned, lambda arcs, s: arcs.climb(s)[0], low[turning], high[turning])
    peak_sine = turned.sine(share)
    above_turn = peak_sine > sine
    first_high, first_above1 = high.copy(), above1.copy()
    first_high[turning], first_above1[turning] = share, above_turn
    pieces = _Pieces(
        np.concatenate((node, node[turning])),
        np.concatenate((low, share)),
        np.concatenate((first_high, high[turning])),
        np.concatenate((above0, above_turn)),
        np.concatenate((first_above1, above1[turning])),
    )
    top = climb0[turning] & (peak_sine > sine - GRAZING_SINE)
    times = paths.times_s[node[turning]] + share * paths.lengths_s(node[turning])
    return pieces, _Peaks(paths.run[node[turning]][top], times[top], peak_sine[top])


def _interleaved(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.stack((one, other), axis=1).ravel()


@dataclass(frozen=True, slots=True)
class _Marks:
    run: Indices
    times_s: Floats
    open: NDArray[np.bool_]


def _ordered(run: Indices, times: Floats, open_run: Indices, open_times: Floats) -> _Marks:
    """Crossings and open ends together, by run and time."""
    runs = np.concatenate((run, open_run))
    all_times = np.concatenate((times, open_times))
    is_open = np.concatenate((np.zeros(len(run), bool), np.ones(len(open_run), bool)))
    order = np.lexsort((all_times, runs))
    return _Marks(runs[order], all_times[order], is_open[order])


def _ends(paths: Paths) -> tuple[Indices, Indices]:
    """Indices of the first and of the last node of each run."""
    change = np.flatnonzero(np.diff(paths.run)) + 1
    return np.concatenate(([0], change)), np.concatenate((change, [len(paths.run)])) - 1


def _with_peaks(paths: Paths, rises: _Marks, sets: _Marks, peaks: _Peaks) -> Visits:
    """Join rises, sets and maxima to visits; the highest maximum (or open end) is the peak."""
    count = len(rises.times_s)
    span = float(paths.times_s.max() - paths.times_s.min()) + 1.0
    key = peaks.run * span + peaks.times_s
    visit = np.searchsorted(rises.run * span + rises.times_s, key) - 1
    first, last = _ends(paths)
    # An open end can be the highest point; a closed one, on the mask, cannot.
    open_rise, open_set = np.flatnonzero(rises.open), np.flatnonzero(sets.open)
    all_visits = np.concatenate((visit, open_rise, open_set))
    all_times = np.concatenate((peaks.times_s, rises.times_s[open_rise], sets.times_s[open_set]))
    ends = np.concatenate((first[rises.run[open_rise]], last[sets.run[open_set]]))
    end_sine = paths.sight.pick(ends).sine()
    order = np.lexsort((np.concatenate((peaks.sine, end_sine)), all_visits))
    best = order[np.searchsorted(all_visits[order], np.arange(count), side="right") - 1]
    return Visits(
        satellite=paths.satellite[rises.run],
        rise_s=np.where(rises.open, np.nan, rises.times_s),
        peak_s=all_times[best],
        set_s=np.where(sets.open, np.nan, sets.times_s),
        culminates=best < len(peaks.times_s),
    )
