"""The last word on the times found: SGP4 itself, where a quintic between its states was before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundstation.orbit.propagation import Floats
from groundstation.orbit.search.arcs import dot
from groundstation.orbit.search.crossings import Visits
from groundstation.orbit.search.paths import PathFinder

#: Half of the width of the parabola through the culmination, as a share of a revolution (0.6 s in
#: a low orbit): narrow enough to be straight near the zenith, wide enough to stand above rounding.
REACH = 1 / 9000
#: A geostationary satellite culminates so flatly that its top may be minutes from where the nodes
#: between which SGP4's velocities lead make it: so wide (in half widths) may a step be.
_LONGEST_SHIFT = 50
_MAX_ROUNDS = 8
#: A crossing that moved by less than this (s) is exact after one Newton step.
_SETTLED_S = 0.05
#: A longer step means a grazing pass, where the quintic knows better than a tangent.
_LONGEST_STEP_S = 5.0


@dataclass(frozen=True, slots=True)
class States:
    """Vectors (3, N) from the site at rise, peak and setting, and TEME positions at the peak.

    Where a time is NaN its vector is that of the peak.
    """

    rise: Floats
    peak: Floats
    set: Floats
    peak_teme: Floats

    def pick(self, index: NDArray[np.intp] | NDArray[np.bool_]) -> States:
        """The states of some of the visits."""
        return States(
            self.rise[:, index], self.peak[:, index], self.set[:, index], self.peak_teme[:, index]
        )


def exact_states(found: Visits, paths: PathFinder) -> States:
    """States at exactly the times of ``found``."""
    times = _times(found, found.peak_s)
    teme, relative, _ = paths.relative(np.repeat(found.satellite, 3), times.ravel())
    return States(relative[:, 0::3], relative[:, 1::3], relative[:, 2::3], teme[:, 1::3])


def refined(found: Visits, paths: PathFinder, up: Floats, sine: float) -> tuple[Visits, States]:
    """The visits with their times corrected by SGP4, and the states at those times."""
    rise, peak, fall = found.rise_s.copy(), found.peak_s.copy(), found.set_s.copy()
    shape = (3, len(peak))
    states = States(np.empty(shape), np.empty(shape), np.empty(shape), np.empty(shape))
    todo = np.arange(len(peak))
    for _ in range(_MAX_ROUNDS):
        part = found.at(rise, peak, fall).pick(todo)
        better, there, settled = _step(part, paths, up, sine)
        rise[todo], peak[todo], fall[todo] = better.rise_s, better.peak_s, better.set_s
        states.rise[:, todo], states.peak[:, todo] = there.rise, there.peak
        states.set[:, todo], states.peak_teme[:, todo] = there.set, there.peak_teme
        todo = todo[~settled]
        if len(todo) == 0:
            break
    return found.at(rise, peak, fall), states


def _times(found: Visits, peak_s: Floats) -> Floats:
    """Rise, peak and setting as (N, 3), the peak where one of the others is NaN."""
    rise = np.where(np.isnan(found.rise_s), peak_s, found.rise_s)
    fall = np.where(np.isnan(found.set_s), peak_s, found.set_s)
    return np.stack((rise, peak_s, fall), axis=1)


def _step(
    found: Visits, paths: PathFinder, up: Floats, sine: float
) -> tuple[Visits, States, NDArray[np.bool_]]:
    """One correction of all times: better visits, their states, and which need no other.

    Positions alone decide about the culmination: SGP4's velocity is not exactly the derivative of
    its position, which moves a Molniya's slow culmination by seconds.
    """
    limits = np.nextafter(paths.limits_s[found.satellite], 0.0)
    reach = paths.fleet.period_s[found.satellite] * REACH
    middle = np.clip(found.peak_s, reach, np.maximum(limits - reach, reach))
    middle = np.where(found.culminates, middle, found.peak_s)
    around = np.minimum(np.stack((middle - reach, middle + reach), axis=1), limits[:, None])
    times = np.concatenate((_times(found, middle), np.maximum(around, 0.0)), axis=1)
    teme, relative, velocity = paths.relative(np.repeat(found.satellite, 5), times.ravel())
    at = [relative[:, column::5] for column in range(5)]
    speed = [velocity[:, column::5] for column in range(3)]
    rise_step, set_step = (
        newton(up, sine, at[column], speed[column], np.isnan(crossing))
        for column, crossing in ((0, found.rise_s), (2, found.set_s))
    )
    rise_step = np.where(np.abs(rise_step) > _LONGEST_STEP_S, 0.0, rise_step)
    set_step = np.where(np.abs(set_step) > _LONGEST_STEP_S, 0.0, set_step)
    before, top, after = (elevation_sine(up, at[column]) for column in (3, 1, 4))
    shift = reach * summit(before, top, after)
    shift = np.clip(shift, -_LONGEST_SHIFT * reach, _LONGEST_SHIFT * reach)
    shift = np.where(found.culminates, np.clip(middle + shift, 0.0, limits) - middle, 0.0)
    end = paths.duration_s
    better = found.at(
        np.clip(found.rise_s + rise_step, 0.0, end),
        middle + shift,
        np.clip(found.set_s + set_step, 0.0, end),
    )
    # The steps are so short that a tangent carries the states along.
    states = States(
        at[0] + rise_step * speed[0],
        at[1] + shift * speed[1],
        at[2] + set_step * speed[2],
        teme[:, 1::5],
    )
    settled = (np.abs(rise_step) < _SETTLED_S) & (np.abs(set_step) < _SETTLED_S)
    settled &= np.abs(shift) < reach / 16
    return better, states, settled


def newton(
    up: Floats, sine: float, relative: Floats, velocity: Floats, unknown: NDArray[np.bool_]
) -> Floats:
    """Seconds to the crossing of the mask along the tangent; 0 where there is none to find."""
    value, slope = above(up, sine, relative, velocity)
    step = -value / np.where(slope == 0, np.inf, slope)
    return np.where(unknown, 0.0, step)


def above(up: Floats, sine: float, relative: Floats, velocity: Floats) -> tuple[Floats, Floats]:
    """Kilometres with the sign of (elevation - mask), and their growth a second."""
    distance = np.sqrt(dot(relative, relative))
    slope = dot(up, velocity) - sine * dot(relative, velocity) / distance
    return dot(up, relative) - sine * distance, slope


def summit(before: Floats, top: Floats, after: Floats) -> Floats:
    """Where the parabola through values at -1, 0 and 1 is highest; 0 where it has no summit."""
    bend = before - 2 * top + after
    result: Floats = (before - after) / (2 * np.where(bend < 0, bend, -np.inf))
    return result


def elevation_sine(up: Floats, relative: Floats) -> Floats:
    """Sine of the elevation of vectors from the site."""
    result: Floats = dot(up, relative) / np.sqrt(dot(relative, relative))
    return result
