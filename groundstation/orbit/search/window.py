"""The search for passes: sieve, paths, crossings, and SGP4's own word for each time found."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from groundstation.orbit.earth import Horizontal
from groundstation.orbit.horizon import Horizon
from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.propagation import DAY_S, EarthRotation, Fleet, Floats
from groundstation.orbit.search.crossings import Visits, joined, visits
from groundstation.orbit.search.decay import steady
from groundstation.orbit.search.encounters import MAX_ECCENTRICITY, Ground, encounters
from groundstation.orbit.search.flybys import Sky, flybys
from groundstation.orbit.search.grazing import without_near_misses
from groundstation.orbit.search.masked import visible_stretches
from groundstation.orbit.search.near_earth import NearEarth
from groundstation.orbit.search.nodes import NODES_PER_REVOLUTION
from groundstation.orbit.search.paths import PathFinder
from groundstation.orbit.search.refine import States, exact_states, refined
from groundstation.orbit.sun import sun_position_km, sunlight_margin_deg

#: Below this floor nearly the whole sphere is "visible", and the sieve sieves nothing.
_LOWEST_SIEVED_DEG = -3.0
#: Windows shorter than this are searched whole: the sieve would cost more than it saves.
_SHORTEST_SIEVED_S = 3 * 3600.0
#: What is looked at together: satellite-seconds of low orbits, and nodes of whole paths. Few enough
#: for the processor's cache and for memory.
_FLYBY_BLOCK_S = 1500 * DAY_S
_PATH_BLOCK_NODES = 200_000


@dataclass(frozen=True, slots=True)
class Found:
    """Passes as columns, satellite by satellite and in order of time.

    ``satellite`` is an index into the elements searched; times are seconds since the window's
    start, NaN (with the azimuth) for a rise or setting outside the window.
    """

    satellite: NDArray[np.intp]
    rise_s: Floats
    peak_s: Floats
    set_s: Floats
    rise_azimuth_deg: Floats
    peak_azimuth_deg: Floats
    set_azimuth_deg: Floats
    peak_elevation_deg: Floats
    sunlit: NDArray[np.bool_]

    def shifted(self, first: int) -> Found:
        """The same passes of satellites counted from ``first``."""
        return replace(self, satellite=self.satellite + first)

    def pick(self, order: NDArray[np.intp]) -> Found:
        """The passes with these indexes, in this order."""
        return Found(*(getattr(self, field.name)[order] for field in fields(self)))


#: What a part of a search finds.
_Part = tuple[Visits, States]


def _together(parts: Sequence[_Part]) -> _Part:
    """Parts of a search as one, by satellite and, for each, in order of time."""
    found = joined([visits for visits, _ in parts])
    order = np.argsort(found.satellite, kind="stable")
    return found.pick(order), joined([states for _, states in parts]).pick(order)


def _blocks(
    satellites: NDArray[np.intp], weight: Floats | float, most: float
) -> list[NDArray[np.intp]]:
    """The satellites in parts, none heavier than ``most`` unless it is one satellite alone.

    The list has at least one part, which may be empty.
    """
    before = np.cumsum(np.broadcast_to(weight, len(satellites))) - weight
    return np.split(satellites, np.flatnonzero(np.diff(before // most)) + 1)


class Search:
    """One window over one site for many satellites."""

    def __init__(
        self,
        elements: Sequence[Elements],
        frame: Horizontal,
        start: datetime,
        duration_s: float,
        min_elevation_deg: float,
        horizon: Horizon | None = None,
        dut1_s: float | None = None,
    ) -> None:
        self.start = start
        self.frame = frame
        self.duration_s = duration_s
        self.min_elevation_deg = min_elevation_deg
        self.horizon = horizon
        lowest = min_elevation_deg if horizon is None else horizon.lowest_deg
        self.floor_deg = max(lowest, min_elevation_deg)
        self.sine = math.sin(math.radians(self.floor_deg))
        self.fleet = Fleet(elements, start)
        self.rotation = EarthRotation(start, duration_s, dut1_s=dut1_s)
        self.paths = PathFinder(self.fleet, self.rotation, frame, duration_s)

    def run(self) -> Found:
        """All passes."""
        flown, whole = self._flybys()
        found, states = _together([*flown, *self._along_paths(whole)])
        found, states = without_near_misses(found, states, self.paths, self.frame.up, self.sine)
        if self.horizon is not None:
            found = self._cut(found, self.horizon)
            states = exact_states(found, self.paths)
        return self._described(found, states)

    def _flybys(self) -> tuple[list[_Part], NDArray[np.intp]]:
        """Visits of satellites in low, nearly circular orbits; and which others there are."""
        orbits = NearEarth.of(self.fleet.columns)
        age_min = self.fleet.age_days * 1440
        low = steady(orbits, age_min, self.duration_s) & (orbits.eccentricity < MAX_ECCENTRICITY)
        if self.floor_deg < _LOWEST_SIEVED_DEG or self.duration_s < _SHORTEST_SIEVED_S:
            low[:] = False
        angle = float(self.rotation.angle_rad(np.zeros(1))[0])
        ground = Ground.at(self.frame.position, angle, self.rotation.rate_rad_s)
        sky = Sky(self.rotation, self.frame, self.sine, self.duration_s)
        parts: list[_Part] = []
        for chosen in _blocks(np.flatnonzero(low), self.duration_s, _FLYBY_BLOCK_S):
            some, ages = orbits.pick(chosen), age_min[chosen]
            met = encounters(some, ages, ground, self.duration_s, self.floor_deg)
            found, states, doubtful = flybys(some, ages, met, sky)
            if len(doubtful):
                kept = ~np.isin(found.satellite, doubtful)
                found, states = found.pick(kept), states.pick(kept)
                low[chosen[doubtful]] = False
            parts.append((replace(found, satellite=chosen[found.satellite]), states))
        return parts, np.flatnonzero(~low)

    def _along_paths(self, satellites: NDArray[np.intp]) -> Iterator[_Part]:
        """Visits of ``satellites``, looked for along their whole paths."""
        if len(satellites) == 0:
            return
        nodes = self.duration_s / self.fleet.period_s[satellites] * NODES_PER_REVOLUTION
        for chosen in _blocks(satellites, nodes, _PATH_BLOCK_NODES):
            paths = self.paths.along_whole(chosen)
            yield refined(visits(paths, self.sine), self.paths, self.frame.up, self.sine)

    def _cut(self, found: Visits, horizon: Horizon) -> Visits:
        """The visits cut into what the horizon lets through."""
        source: list[int] = []
        rows: list[tuple[float, float, float]] = []
        inside: list[bool] = []
        for i, owner in enumerate(found.satellite.tolist()):
            opens, closes = math.isnan(found.rise_s[i]), math.isnan(found.set_s[i])
            begin = 0.0 if opens else float(found.rise_s[i])
            last = float(np.nextafter(self.paths.limits_s[owner], 0.0))
            end = last if closes else float(found.set_s[i])

            def look(times_s: Floats, owner: int = owner) -> tuple[Floats, Floats]:
                _, relative, _ = self.paths.relative(np.full(len(times_s), owner), times_s)
                return self.frame.azimuth_elevation_deg(relative)

            peak = float(found.peak_s[i])
            for low, high in visible_stretches(look, horizon, self.min_elevation_deg, begin, end):
                ends = np.array([low, high])
                contains = low <= peak <= high
                top = peak if contains else float(ends[look(ends)[1].argmax()])
                source.append(i)
                inside.append(contains)
                rows.append(
                    (
                        math.nan if opens and low == begin else low,
                        top,
                        math.nan if closes and high == end else high,
                    )
                )
        columns = np.array(rows, dtype=float).reshape(-1, 3).T
        return found.pick(np.array(source, dtype=np.intp)).at(*columns)

    def _described(self, found: Visits, states: States) -> Found:
        azimuth, elevation = self.frame.azimuth_elevation_deg(states.peak)
        sun = sun_position_km(self.start, found.peak_s)
        return Found(
            found.satellite,
            found.rise_s,
            found.peak_s,
            found.set_s,
            self._azimuth(found.rise_s, states.rise),
            azimuth,
            self._azimuth(found.set_s, states.set),
            elevation,
            sunlight_margin_deg(states.peak_teme, sun) > 0,
        )

    def _azimuth(self, times_s: Floats, relative: Floats) -> Floats:
        """Azimuths, NaN where the time is NaN."""
        azimuth, _ = self.frame.azimuth_elevation_deg(relative)
        return np.where(np.isnan(times_s), np.nan, azimuth)
