"""A satellite's path past a site as cubic arcs, and the instants when its elevation turns.

Arcs are columns: N arcs at once, whichever satellites they belong to. Vectors have shape (3, N)
and point from the site to the satellite in the Earth-fixed frame, in km and km/s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundstation.orbit.propagation import Floats


@dataclass(frozen=True, slots=True)
class Arcs:
    """Paths over ``duration_s`` seconds from ``start_s``, with position and velocity at both ends.

    Between the ends a cubic (Hermite's) runs; ``up`` is the site's unit vector.
    """

    up: Floats
    start_s: Floats
    duration_s: Floats
    position0: Floats
    velocity0: Floats
    position1: Floats
    velocity1: Floats

    @classmethod
    def after(
        cls,
        nodes: NDArray[np.intp],
        up: Floats,
        times_s: Floats,
        position: Floats,
        velocity: Floats,
    ) -> Arcs:
        """The arcs that begin at ``nodes`` of a path and end at the node after each."""
        ends = nodes + 1
        return cls(
            up,
            times_s[nodes],
            times_s[ends] - times_s[nodes],
            position[:, nodes],
            velocity[:, nodes],
            position[:, ends],
            velocity[:, ends],
        )

    def pick(self, chosen: NDArray[np.bool_]) -> Arcs:
        """Some of the arcs."""
        return Arcs(
            self.up,
            self.start_s[chosen],
            self.duration_s[chosen],
            self.position0[:, chosen],
            self.velocity0[:, chosen],
            self.position1[:, chosen],
            self.velocity1[:, chosen],
        )

    def state(self, share: Floats) -> tuple[Floats, Floats]:
        """Position and velocity at ``share`` (0 to 1) of each arc."""
        h = self.duration_s
        rest = 1 - share
        position = rest**2 * (
            (1 + 2 * share) * self.position0 + share * h * self.velocity0
        ) + share**2 * ((3 - 2 * share) * self.position1 - rest * h * self.velocity1)
        chord = 6 * share * rest * (self.position1 - self.position0) / h
        velocity = (
            chord
            + rest * (1 - 3 * share) * self.velocity0
            + share * (3 * share - 2) * self.velocity1
        )
        return position, velocity

    def climb(self, share: Floats) -> Floats:
        """A number with the sign of the elevation's growth."""
        return climb(self.up, *self.state(share))

    def above(self, share: Floats, sine: Floats | float) -> Floats:
        """A number with the sign of (elevation - mask); ``sine`` is the mask's sine."""
        return above(self.up, self.state(share)[0], sine)


def climb(up: Floats, position: Floats, velocity: Floats) -> Floats:
    """A number with the sign of the elevation's growth: no angle needed."""
    height = up @ position
    towards = np.sum(position * velocity, axis=0)
    result: Floats = (up @ velocity) * np.sum(position**2, axis=0) - height * towards
    return result


def above(up: Floats, position: Floats, sine: Floats | float) -> Floats:
    """Kilometres with the sign of (elevation - mask): height minus range times the mask's sine."""
    result: Floats = up @ position - sine * np.sqrt(np.sum(position**2, axis=0))
    return result


def root(
    arcs: Arcs,
    function: Callable[[Arcs, Floats], Floats],
    low: Floats,
    high: Floats,
    *,
    tolerance: float = 1e-5,
    max_steps: int = 60,
) -> Floats:
    """Where ``function`` of each arc and its share is zero, bracketed by ``low`` and ``high``.

    The Illinois variant of false position (Dowell and Jarratt, BIT 11, 1971): it keeps the
    bracket and converges about as fast as the secant method. An arc is done when its share moves
    by no more than ``tolerance``.
    """
    result = high.copy()
    active = np.arange(len(low))
    value_low, value_high = function(arcs, low), function(arcs, high)
    for _ in range(max_steps):
        difference = value_high - value_low
        middle = high - value_high * (high - low) / np.where(difference == 0, 1.0, difference)
        value = function(arcs, middle)
        going = np.abs(middle - high) > tolerance
        crossed = value * value_high <= 0
        low = np.where(crossed, high, low)
        value_low = np.where(crossed, value_high, value_low / 2)
        high, value_high = middle, value
        left = int(going.sum())
        if left > len(active) // 2:
            continue
        # Most are done: go on with the others alone.
        result[active] = high
        if left == 0:
            break
        active, arcs, low, high = active[going], arcs.pick(going), low[going], high[going]
        value_low, value_high = value_low[going], value_high[going]
    else:
        result[active] = high
    return result
