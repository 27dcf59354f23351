"""Passes whose top all but touches the mask: a meter decides whether there is one at all."""

from __future__ import annotations

import numpy as np

from groundstation.orbit.propagation import Floats
from groundstation.orbit.search.crossings import GRAZING_SINE, Visits
from groundstation.orbit.search.paths import PathFinder
from groundstation.orbit.search.refine import States, above, elevation_sine, exact_states

_STEPS = 5


def without_near_misses(
    found: Visits, states: States, paths: PathFinder, up: Floats, sine: float
) -> tuple[Visits, States]:
    """The visits, with those near the mask looked at closely and those below it left out.

    Tangents are of no use where the path is flat: the times come from the parabola through the
    top, and then from Newton steps that stay on their side of it.
    """
    tops = elevation_sine(up, states.peak)
    close = np.flatnonzero(found.culminates & (np.abs(tops - sine) < GRAZING_SINE))
    if len(close) == 0:
        return found, states
    part = found.pick(close)
    height = tops[close] - sine
    half = _half_width_s(part, paths, up, height)
    rise, fall = part.peak_s - half, part.peak_s + half
    for _ in range(_STEPS):
        rise = _towards(rise, part, half, paths, up, sine, -1.0)
        fall = _towards(fall, part, half, paths, up, sine, 1.0)
    limits = paths.limits_s[part.satellite]
    rise = np.where(np.isnan(part.rise_s) | (rise < 0), np.nan, rise)
    fall = np.where(np.isnan(part.set_s) | (fall > limits), np.nan, fall)
    exact = part.at(rise, part.peak_s, fall)
    there = exact_states(exact, paths)
    all_rise, all_set = found.rise_s.copy(), found.set_s.copy()
    all_rise[close], all_set[close] = rise, fall
    states.rise[:, close], states.set[:, close] = there.rise, there.set
    keep = np.ones(len(tops), bool)
    keep[close] = height > 0
    kept = found.at(all_rise, found.peak_s, all_set).pick(keep)
    return kept, states.pick(keep)


def _half_width_s(part: Visits, paths: PathFinder, up: Floats, height: Floats) -> Floats:
    """Half of the time above the mask by the parabola through the top."""
    reach = paths.fleet.period_s[part.satellite] / 3000
    around = np.stack((part.peak_s - reach, part.peak_s, part.peak_s + reach), axis=1)
    _, relative, _ = paths.relative(np.repeat(part.satellite, 3), around.ravel())
    before, top, after = elevation_sine(up, relative).reshape(-1, 3).T
    bend = np.maximum(2 * top - before - after, 1e-15) / reach**2
    result: Floats = np.sqrt(2 * np.maximum(height, 0.0) / bend)
    return result


def _towards(
    times_s: Floats,
    part: Visits,
    half: Floats,
    paths: PathFinder,
    up: Floats,
    sine: float,
    side: float,
) -> Floats:
    """A Newton step to the crossing before (``side`` -1) or after (1) the top."""
    _, relative, velocity = paths.relative(part.satellite, times_s)
    value, slope = above(up, sine, relative, velocity)
    usable = slope * side < 0
    step = np.where(usable, -value / np.where(usable, slope, 1.0), 0.0)
    moved = times_s + np.clip(step, -half / 2, half / 2)
    near, far = part.peak_s + side * half * 0.05, part.peak_s + side * (half * 4)
    result: Floats = np.clip(moved, np.minimum(near, far), np.maximum(near, far))
    return result
