"""Rises, settings and culminations along many satellites' paths, all found at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundstation.orbit.arcs import Arcs, root
from groundstation.orbit.propagation import Floats

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Paths:
    """Nodes of runs: stretches of one satellite's path without a gap.

    ``times_s``, ``position`` and ``velocity`` hold all nodes, run after run; ``run`` says to which
    run a node belongs (0, 1, 2 ... in order), ``satellite`` to which satellite a run belongs.
    """

    times_s: Floats
    position: Floats
    velocity: Floats
    run: Indices
    satellite: Indices


@dataclass(frozen=True, slots=True)
class Visits:
    """Stretches above the mask, in the order of their runs and times.

    ``rise_s`` and ``set_s`` are NaN where the run begins or ends above the mask; ``peak_s`` is the
    time of the highest elevation, which lies at the run's end where the satellite still climbs.
    """

    run: Indices
    rise_s: Floats
    peak_s: Floats
    set_s: Floats
    #: Peaks that are culminations, not the end of a run or of what is visible.
    culminates: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Parts of arcs on which the elevation only climbs or only falls, in order of time."""

    arc: Indices
    low: Floats
    high: Floats


def visits(paths: Paths, up: Floats, sine: float) -> Visits:
    """Find every stretch of ``paths`` above the elevation whose sine is ``sine``."""
    left = np.flatnonzero(paths.run[1:] == paths.run[:-1])
    right = left + 1
    arcs = Arcs(
        up,
        paths.times_s[left],
        paths.times_s[right] - paths.times_s[left],
        paths.position[:, left],
        paths.velocity[:, left],
        paths.position[:, right],
        paths.velocity[:, right],
    )
    pieces, peaks = _monotonic(arcs)
    picked = arcs.pick(pieces.arc)
    below0 = picked.above(pieces.low, sine) <= 0
    below1 = picked.above(pieces.high, sine) <= 0
    crossing = np.flatnonzero(below0 != below1)
    crossed = picked.pick(crossing)
    share = root(lambda s: crossed.above(s, sine), pieces.low[crossing], pieces.high[crossing])
    times = crossed.start_s + share * crossed.duration_s
    run = paths.run[left][pieces.arc[crossing]]
    rising = below0[crossing]
    first, last = _ends(paths)
    up_first = first[above_nodes(paths, up, sine)[first]]
    up_last = last[above_nodes(paths, up, sine)[last]]
    rises = _ordered(run[rising], times[rising], paths.run[up_first], paths.times_s[up_first])
    sets = _ordered(run[~rising], times[~rising], paths.run[up_last], paths.times_s[up_last])
    return _with_peaks(paths, arcs, left, rises, sets, peaks)


def above_nodes(paths: Paths, up: Floats, sine: float) -> NDArray[np.bool_]:
    """Which nodes stand above the mask."""
    distance = np.sqrt(np.sum(paths.position**2, axis=0))
    result: NDArray[np.bool_] = up @ paths.position - sine * distance > 0
    return result


def _ends(paths: Paths) -> tuple[Indices, Indices]:
    """Indices of the first and of the last node of each run."""
    change = np.flatnonzero(np.diff(paths.run)) + 1
    first = np.concatenate(([0], change)) if len(paths.run) else change
    last = np.concatenate((change, [len(paths.run)])) - 1 if len(paths.run) else change
    return first, last


def _monotonic(arcs: Arcs) -> tuple[_Pieces, _Pieces]:
    """All arcs cut where the elevation turns; and the maxima among the turning points.

    Each arc is looked at in two halves: a maximum and a minimum in one half of an arc do not
    occur at the spacing of :mod:`groundstation.orbit.nodes`.
    """
    count = len(arcs.start_s)
    arc = np.repeat(np.arange(count), 2)
    low = np.tile([0.0, 0.5], count)
    high = low + 0.5
    middle = arcs.climb(np.full(count, 0.5))
    start, end = arcs.climb(np.zeros(count)), arcs.climb(np.ones(count))
    climb0 = np.stack((start, middle), axis=1).ravel()
    climb1 = np.stack((middle, end), axis=1).ravel()
    turning = np.flatnonzero((climb0 > 0) != (climb1 > 0))
    picked = arcs.pick(arc[turning])
    share = root(picked.climb, low[turning], high[turning])
    all_arc = np.concatenate((arc, arc[turning]))
    all_low = np.concatenate((low, share))
    all_high = np.concatenate((high, high[turning]))
    all_high[turning] = share
    order = np.lexsort((all_low, all_arc))
    top = climb0[turning] > 0
    peaks = _Pieces(arc[turning][top], share[top], share[top])
    return _Pieces(all_arc[order], all_low[order], all_high[order]), peaks


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


def _with_peaks(
    paths: Paths, arcs: Arcs, left: Indices, rises: _Marks, sets: _Marks, peaks: _Pieces
) -> Visits:
    """Join rises, sets and maxima to visits; the highest maximum (or end) is the peak."""
    count = len(rises.times_s)
    picked = arcs.pick(peaks.arc)
    peak_run = paths.run[left][peaks.arc]
    peak_times = picked.start_s + peaks.low * picked.duration_s
    span = (paths.times_s.max() - paths.times_s.min() + 1.0) if count else 1.0
    visit = np.searchsorted(rises.run * span + rises.times_s, peak_run * span + peak_times) - 1
    inside = visit >= 0
    inside[inside] &= (peak_run[inside] == rises.run[visit[inside]]) & (
        peak_times[inside] <= sets.times_s[visit[inside]]
    )
    sine = _sine(arcs.up, picked.state(peaks.low)[0])
    first, last = _ends(paths)
    node_sine = _sine(arcs.up, paths.position)
    # An open end can be the highest point; a closed one, on the mask, cannot.
    candidates_visit = np.concatenate((visit[inside], np.arange(count), np.arange(count)))
    candidates_time = np.concatenate((peak_times[inside], rises.times_s, sets.times_s))
    rise_sine = np.where(rises.open, node_sine[first[rises.run]], -2.0)
    set_sine = np.where(sets.open, node_sine[last[sets.run]], -2.0)
    candidates_sine = np.concatenate((sine[inside], rise_sine, set_sine))
    order = np.lexsort((candidates_sine, candidates_visit))
    best = order[np.searchsorted(candidates_visit[order], np.arange(count), side="right") - 1]
    return Visits(
        run=rises.run,
        rise_s=np.where(rises.open, np.nan, rises.times_s),
        peak_s=candidates_time[best],
        set_s=np.where(sets.open, np.nan, sets.times_s),
        culminates=best < int(inside.sum()),
    )


def _sine(up: Floats, position: Floats) -> Floats:
    """Sine of the elevation."""
    result: Floats = up @ position / np.sqrt(np.sum(position**2, axis=0))
    return result
