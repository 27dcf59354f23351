"""The stretches of satellites' paths that a search for passes must look at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from groundstation.orbit.crossings import Paths
from groundstation.orbit.decay import decay_s, suspects
from groundstation.orbit.earth import Horizontal
from groundstation.orbit.encounters import (
    MAX_ECCENTRICITY,
    MAX_PERIOD_MIN,
    Runs,
    chunks,
    encounters,
    mean_elements,
    mean_motion,
    merged,
)
from groundstation.orbit.nodes import node_times_s
from groundstation.orbit.propagation import EarthRotation, Fleet, Floats

#: Below this floor nearly the whole sphere is "visible", and the sieve sieves nothing.
_LOWEST_SIEVED_DEG = -3.0
#: Nodes a revolution within a run. A cubic between two of them errs by 30 m at most, which moves
#: a crossing by a few milliseconds before SGP4 itself corrects it.
_RUN_NODES_PER_REVOLUTION = 40
#: Windows shorter than this are searched whole: the sieve would cost more than it saves.
_SHORTEST_SIEVED_S = 3 * 3600.0


class PathFinder:
    """Chooses nodes for each satellite of a fleet over one site and window."""

    def __init__(
        self,
        fleet: Fleet,
        rotation: EarthRotation,
        frame: Horizontal,
        duration_s: float,
        floor_deg: float,
    ) -> None:
        self.fleet = fleet
        self.rotation = rotation
        self.frame = frame
        self.duration_s = duration_s
        self.floor_deg = floor_deg
        #: For each satellite the time (s) at which its path ends: the window's end, or its decay.
        self.limits_s = np.full(len(fleet.records), duration_s)

    def relative(
        self, satellite: NDArray[np.intp], times_s: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """TEME position; position and velocity relative to the site, Earth-fixed. All (3, N).

        ``satellite`` says which one each time is of, in increasing order.
        """
        counts = np.bincount(satellite, minlength=len(self.fleet.records))
        position, velocity = self.fleet.teme(counts, times_s)
        fixed, ground_velocity = self.rotation.to_fixed(position, velocity, times_s)
        return position, fixed - self.frame.position[:, None], ground_velocity

    def sieved_and_whole(self) -> tuple[Runs, NDArray[np.intp]]:
        """Runs of the satellites that the sieve is right for, and the other satellites."""
        eccentricity = np.array([item.eccentricity for item in self.fleet.elements])
        low = (self.fleet.period_s < MAX_PERIOD_MIN * 60) & (eccentricity < MAX_ECCENTRICITY)
        if self.floor_deg < _LOWEST_SIEVED_DEG or self.duration_s < _SHORTEST_SIEVED_S:
            low[:] = False
        chosen = np.flatnonzero(low)
        parts = chunks(self.duration_s)
        times = [0.0]
        for begin, length in parts:
            times += [begin + length / 2, begin + length]
        rows = [mean_elements(self.fleet, chosen, time) for time in times]
        falling = np.zeros(len(chosen), bool)
        for row in rows:
            falling |= suspects(self.fleet, chosen, row)
        steady = chosen[~falling]
        runs = []
        for index, (begin, length) in enumerate(parts):
            first, middle, last = (row[~falling] for row in rows[2 * index : 2 * index + 3])
            runs.append(
                encounters(
                    mean_motion(first, middle, last, length),
                    steady,
                    self.frame.position,
                    (float(self.rotation.angle_rad(np.zeros(1))[0]), self.rotation.rate_rad_s),
                    begin,
                    length,
                    self.floor_deg,
                )
            )
        whole = np.ones(len(self.fleet.records), bool)
        whole[steady] = False
        return merged(runs, self.duration_s), np.flatnonzero(whole)

    def along_runs(self, runs: Runs) -> Paths:
        """Evenly spaced nodes over each run."""
        step = self.fleet.period_s[runs.satellite] / _RUN_NODES_PER_REVOLUTION
        length = runs.end_s - runs.begin_s
        count = np.maximum(np.ceil(length / step).astype(int), 1) + 1
        run = np.repeat(np.arange(len(count)), count)
        index = np.arange(len(run)) - np.repeat(np.cumsum(count) - count, count)
        times = runs.begin_s[run] + index * (length / (count - 1))[run]
        _, relative, velocity = self.relative(runs.satellite[run], times)
        return Paths(times, relative, velocity, run, runs.satellite)

    def along_whole(self, satellites: NDArray[np.intp]) -> Paths:
        """Nodes over the whole window, or until the satellite decays."""
        times, owners = [], []
        for index in satellites.tolist():
            item = self.fleet.elements[index]
            limit = min(decay_s(self.fleet, index, self.duration_s), self.duration_s)
            self.limits_s[index] = limit
            nodes = node_times_s(item, self.fleet.age_days[index], self.duration_s)
            nodes = nodes[nodes < limit] if limit < self.duration_s else nodes
            times.append(nodes)
            owners.append(np.full(len(nodes), index))
        satellite = np.concatenate([np.zeros(0, dtype=np.intp), *owners])
        times_s = np.concatenate([np.zeros(0), *times])
        _, relative, velocity = self.relative(satellite, times_s)
        present, run = np.unique(satellite, return_inverse=True)
        return Paths(times_s, relative, velocity, run, present)
