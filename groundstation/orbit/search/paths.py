"""The stretches of satellites' paths that a search for passes must look at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from groundstation.orbit.earth import Horizontal
from groundstation.orbit.propagation import EarthRotation, Fleet, Floats
from groundstation.orbit.search.arcs import Sight
from groundstation.orbit.search.crossings import Paths
from groundstation.orbit.search.decay import decay_s, may_fall
from groundstation.orbit.search.nodes import node_times_s


class PathFinder:
    """Chooses nodes for each satellite of a fleet over one site and window."""

    def __init__(
        self,
        fleet: Fleet,
        rotation: EarthRotation,
        frame: Horizontal,
        duration_s: float,
    ) -> None:
        self.fleet = fleet
        self.rotation = rotation
        self.frame = frame
        self.duration_s = duration_s
        #: For each satellite the time (s) at which its path ends: the window's end, or its decay.
        self.limits_s = np.full(len(fleet.elements), duration_s)

    def relative(
        self, satellite: NDArray[np.intp], times_s: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """TEME position; position and velocity relative to the site, Earth-fixed. All (3, N).

        ``satellite`` says which one each time is of, in increasing order.
        """
        position, fixed, velocity = self._fixed(satellite, times_s)
        return position, fixed - self.frame.position[:, None], velocity

    def _fixed(self, satellite: NDArray[np.intp], times_s: Floats) -> tuple[Floats, Floats, Floats]:
        """TEME position; Earth-fixed position and velocity."""
        counts = np.bincount(satellite, minlength=len(self.fleet.elements))
        position, velocity = self.fleet.teme(counts, times_s)
        return position, *self.rotation.to_fixed(position, velocity, times_s)

    def along_whole(self, satellites: NDArray[np.intp]) -> Paths:
        """Nodes over the whole window, or until the satellite decays."""
        times, owners = [], []
        falling = may_fall(self.fleet, self.duration_s)
        for index in satellites.tolist():
            item = self.fleet.elements[index]
            limit = self.duration_s
            if falling[index]:
                limit = min(decay_s(self.fleet, index, self.duration_s), limit)
            self.limits_s[index] = limit
            nodes = node_times_s(item, self.fleet.age_days[index], self.duration_s)
            nodes = nodes[nodes < limit] if limit < self.duration_s else nodes
            times.append(nodes)
            owners.append(np.full(len(nodes), index))
        satellite = np.concatenate([np.zeros(0, dtype=np.intp), *owners])
        times_s = np.concatenate([np.zeros(0), *times])
        _, fixed, speed = self._fixed(satellite, times_s)
        turning = self.rotation.rate_rad_s
        sight = Sight.of(self.frame.up, self.frame.position, fixed, speed, turning)
        present, run = np.unique(satellite, return_inverse=True)
        return Paths(times_s, sight, run, present)
