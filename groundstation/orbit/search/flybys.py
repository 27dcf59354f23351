"""Passes of satellites in low, nearly circular orbits: one encounter, one culmination.

SGP4 is asked three times for each encounter: before, in the middle and after. Between, the height
above the site's horizon and the square of the range run as quintics (Hermite's, from value and two
derivatives at both ends), which err by metres. From those come rise, culmination and setting; SGP4
itself has the last word on each of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundstation.orbit.earth import Horizontal
from groundstation.orbit.propagation import EarthRotation, Floats
from groundstation.orbit.search.arcs import Arcs, Sight
from groundstation.orbit.search.crossings import GRAZING_SINE, Visits
from groundstation.orbit.search.encounters import Encounters
from groundstation.orbit.search.near_earth import NearEarth
from groundstation.orbit.search.refine import REACH, States, elevation_sine, newton, summit

_PEAK_STEPS = 3
_CROSSING_STEPS = 2
#: SGP4 moves a crossing by milliseconds, where all is as expected (s).
_EXPECTED_S = 0.05
#: Elevations (sine) and eccentricities above which a culmination needs a closer look.
_STEEP_SINE = 0.95
_OVAL = 0.003


@dataclass(frozen=True, slots=True)
class Sky:
    """A window and a mask over one site."""

    rotation: EarthRotation
    frame: Horizontal
    #: Sine of the elevation that a pass must exceed.
    sine: float
    duration_s: float


def flybys(
    orbits: NearEarth, age_min: Floats, met: Encounters, sky: Sky
) -> tuple[Visits, States, NDArray[np.intp]]:
    """The visits of all encounters, exact, with their states; and the satellites to be doubted.

    ``met`` counts ``orbits`` and ``age_min``, the minutes from their epochs to time 0. Tops that
    miss the mask narrowly are visits without length. Visits of a satellite that is not as expected
    are wrong.
    """
    arcs = _arcs(orbits, age_min, met, sky)
    peak, top, odd = _culminations(arcs)
    doubtful = [met.satellite[odd]]
    seen = np.flatnonzero((top > sky.sine - GRAZING_SINE) & ~odd)
    peak, met = peak[seen], met.pick(seen)
    share, low = _crossings(arcs.pick(seen), peak, sky.sine)
    doubtful.append(met.satellite[~low])
    peak_s = met.middle_s + peak * met.half_s
    orbits, age_min = orbits.pick(met.satellite), age_min[met.satellite]
    rough = np.flatnonzero((top[seen] > _STEEP_SINE) | (orbits.eccentricity > _OVAL))
    if len(rough):
        peak_s[rough] += _shift_s(peak_s[rough], orbits.pick(rough), age_min[rough], sky)
    rise_s = met.middle_s - share[0] * met.half_s
    set_s = met.middle_s + share[1] * met.half_s
    inside = np.flatnonzero((set_s > 0) & (rise_s < sky.duration_s))
    found = _within(met.satellite, rise_s, peak_s, set_s, sky.duration_s).pick(inside)
    found, states, expected = _exact(found, orbits.pick(inside), age_min[inside], sky)
    doubtful.append(found.satellite[~expected])
    return found, states, np.unique(np.concatenate(doubtful))


def _arcs(orbits: NearEarth, age_min: Floats, met: Encounters, sky: Sky) -> Arcs:
    """The path before and after the middle of each encounter, in two rows.

    Shares count outwards from the middle.
    """
    times = met.middle_s + np.array([[-1.0], [0.0], [1.0]]) * met.half_s
    teme, inertial = orbits.pick(met.satellite).states(age_min[met.satellite] + times / 60)
    fixed, speed = sky.rotation.to_fixed(teme, inertial, times)
    sight = Sight.of(sky.frame.up, sky.frame.position, fixed, speed, sky.rotation.rate_rad_s)
    half = np.stack((-met.half_s, met.half_s))
    return Arcs.between(sight.pick(1), sight.pick(slice(0, 3, 2)), half)


def _culminations(arcs: Arcs) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Share of the half (negative before the middle) and sine of elevation of each culmination.

    And which of them lie so far from the middle that they are to be doubted.
    """
    share = np.zeros(len(arcs.height[0]))
    climb, _ = arcs.climb(share)
    after: NDArray[np.bool_] = climb[1] > 0
    sided = arcs.on_side(after)
    for _ in range(_PEAK_STEPS):
        climb, slope = sided.climb(share)
        share = share - climb / np.where(slope < 0, slope, -np.inf)
    far: NDArray[np.bool_] = np.logical_not(np.abs(share) < 1)
    share = np.where(far, 0.0, share)
    return np.where(after, share, -share), sided.sine(share), far


def _crossings(arcs: Arcs, peak: Floats, sine: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Shares (2, N) of rise and setting, counted outwards from the middle; the peak's if missed.

    And whether each satellite stands below the mask at both ends. Newton's method starts from the
    parabola through the top.
    """
    top = np.stack((-peak, peak))
    highest, _ = arcs.above(top, sine)
    lowest, _ = arcs.above(np.ones(len(peak)), sine)
    fall = highest / np.maximum(highest - lowest, 1e-9)
    share = top + (1 - top) * np.sqrt(np.clip(fall, 0.0, 1.0))
    for _ in range(_CROSSING_STEPS):
        value, slope = arcs.above(share, sine)
        step = value / np.where(slope < 0, slope, -np.inf)
        share = np.clip(share - step, top, 1.0)
    below: NDArray[np.bool_] = np.all(lowest < 0, axis=0)
    return np.where(highest > 0, share, top), below


def _within(
    satellite: NDArray[np.intp], rise_s: Floats, peak_s: Floats, set_s: Floats, duration_s: float
) -> Visits:
    """Whole visits as what is seen of them between 0 and ``duration_s``."""
    return Visits(
        satellite,
        np.where(rise_s < 0, np.nan, rise_s),
        np.clip(peak_s, 0.0, duration_s),
        np.where(set_s > duration_s, np.nan, set_s),
        (peak_s >= 0) & (peak_s <= duration_s),
    )


def _shift_s(peak_s: Floats, orbits: NearEarth, age_min: Floats, sky: Sky) -> Floats:
    """Seconds from ``peak_s`` to the culmination, by a parabola through positions alone.

    SGP4's velocity is not exactly the derivative of its position. That is next to nothing in a
    circle, but decides about milliseconds in an ellipse; and those count near the zenith.
    """
    reach = REACH * 120 * np.pi / orbits.motion
    times = peak_s + np.array([[-1.0], [0.0], [1.0]]) * reach
    _, seen, _ = _seen(orbits, age_min, times, sky)
    return reach * summit(*elevation_sine(sky.frame.up, seen))


def _seen(
    orbits: NearEarth, age_min: Floats, times_s: Floats, sky: Sky
) -> tuple[Floats, Floats, Floats]:
    """TEME position; Earth-fixed position from the site, and velocity. All (3, M, N)."""
    teme, inertial = orbits.states(age_min + times_s / 60)
    fixed, speed = sky.rotation.to_fixed(teme, inertial, times_s)
    return teme, fixed - sky.frame.position[:, None, None], speed


def _exact(
    found: Visits, orbits: NearEarth, age_min: Floats, sky: Sky
) -> tuple[Visits, States, NDArray[np.bool_]]:
    """Rise and setting corrected by SGP4 itself, the states, and which moved as expected."""
    rise = np.where(np.isnan(found.rise_s), found.peak_s, found.rise_s)
    fall = np.where(np.isnan(found.set_s), found.peak_s, found.set_s)
    teme, seen, speed = _seen(orbits, age_min, np.stack((rise, found.peak_s, fall)), sky)
    up = sky.frame.up
    # Near the mask tangents say nothing; those visits are looked at closely later.
    flat = found.culminates & (np.abs(elevation_sine(up, seen[:, 1]) - sky.sine) < GRAZING_SINE)
    steps = [
        newton(up, sky.sine, seen[:, column], speed[:, column], np.isnan(crossing) | flat)
        for column, crossing in ((0, found.rise_s), (2, found.set_s))
    ]
    better = found.at(
        np.clip(found.rise_s + steps[0], 0.0, sky.duration_s),
        found.peak_s,
        np.clip(found.set_s + steps[1], 0.0, sky.duration_s),
    )
    # The steps are so short that a tangent carries the states along.
    states = States(
        seen[:, 0] + steps[0] * speed[:, 0],
        seen[:, 1],
        seen[:, 2] + steps[1] * speed[:, 2],
        teme[:, 1],
    )
    expected = (np.abs(steps[0]) < _EXPECTED_S) & (np.abs(steps[1]) < _EXPECTED_S)
    return better, states, expected
