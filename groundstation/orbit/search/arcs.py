"""A satellite's path past a site as quintic arcs, and the instants when its elevation turns.

Two numbers say where the mask stands: the height above the plane of the site's horizon, and the
square of the range. Both are smooth, and so is a quintic through their values and two derivatives
at both ends of an arc (Hermite's), which errs by metres over a twelfth of a revolution. Arcs are
columns: many at once, whichever satellites they belong to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundstation.orbit.propagation import Floats
from groundstation.orbit.wgs72 import J2, MU_KM3_S2, RADIUS_KM

#: What numpy takes to pick columns.
Index = NDArray[np.intp] | NDArray[np.bool_]
#: A number and its first and second derivative.
Motion = tuple[Floats, Floats, Floats]


def dot(one: Floats, other: Floats) -> Floats:
    """Products of vectors, whose axis of three comes first."""
    result: Floats = one[0] * other[0] + one[1] * other[1] + one[2] * other[2]
    return result


@dataclass(frozen=True, slots=True)
class Sight:
    """Height above the site's horizon (km) and square of the range (km2), as they move.

    Each with its first and second derivative by seconds.
    """

    height: Motion
    square: Motion

    @classmethod
    def of(cls, up: Floats, place: Floats, fixed: Floats, speed: Floats, turning: float) -> Sight:
        """From Earth-fixed positions and velocities, shape (3, ...), in km and km/s.

        ``place`` is the site, ``up`` its vertical, ``turning`` the Earth's rate (rad/s).
        """
        seen = fixed - place.reshape(3, *(1,) * (fixed.ndim - 1))
        pull = acceleration(fixed, speed, turning)
        return cls(
            (dot(up, seen), dot(up, speed), dot(up, pull)),
            (
                dot(seen, seen),
                2 * dot(seen, speed),
                2 * (dot(speed, speed) + dot(seen, pull)),
            ),
        )

    def pick(self, index: Index | slice | int) -> Sight:
        """Some of the first axis."""
        (h, dh, ddh), (q, dq, ddq) = self.height, self.square
        return Sight(
            (h[index], dh[index], ddh[index]),
            (q[index], dq[index], ddq[index]),
        )

    def sine(self) -> Floats:
        """Sine of the elevation."""
        result: Floats = self.height[0] / np.sqrt(self.square[0])
        return result

    def above(self, sine: float) -> Floats:
        """Kilometres with the sign of (elevation - mask); ``sine`` is the mask's sine."""
        result: Floats = self.height[0] - sine * np.sqrt(self.square[0])
        return result

    def climb(self) -> Floats:
        """A number with the sign of the elevation's growth: no angle needed."""
        (h, dh, _), (q, dq, _) = self.height, self.square
        return 2 * dh * q - h * dq


def acceleration(fixed: Floats, speed: Floats, turning: float) -> Floats:
    """Acceleration (km/s2) in the frame that turns with the Earth, of its mass and flattening.

    J2 as in Montenbruck and Gill, Satellite Orbits (2000), section 3.2.
    """
    x, y, z = fixed
    inverse = 1 / dot(fixed, fixed)
    pull = -MU_KM3_S2 * inverse * np.sqrt(inverse)
    flat = 1.5 * J2 * RADIUS_KM**2 * inverse
    tilt = 5 * z * z * inverse
    across = pull * (1 + flat * (1 - tilt)) + turning**2
    return np.stack(
        (
            across * x + 2 * turning * speed[1],
            across * y - 2 * turning * speed[0],
            pull * (1 + flat * (3 - tilt)) * z,
        )
    )


#: Coefficients of a quintic, from the constant on.
_Powers = tuple[Floats, Floats, Floats, Floats, Floats, Floats]


@dataclass(frozen=True, slots=True)
class Arcs:
    """Paths between two instants, by the share (0 to 1) of the time between them.

    Derivatives are by that share.
    """

    height: _Powers
    square: _Powers

    @classmethod
    def between(cls, begin: Sight, end: Sight, duration_s: Floats) -> Arcs:
        """The arcs from one sight to another. With a negative duration time runs backwards."""
        return cls(
            _quintic(begin.height, end.height, duration_s),
            _quintic(begin.square, end.square, duration_s),
        )

    def pick(self, index: Index) -> Arcs:
        """Some of the arcs."""
        return self._each(lambda power: power[..., index])

    def on_side(self, second: NDArray[np.bool_]) -> Arcs:
        """Of arcs in two rows one a column: that of the second row where ``second`` is true."""
        return self._each(lambda c: c if c.ndim == 1 else np.where(second, c[1], c[0]))

    def _each(self, change: Callable[[Floats], Floats]) -> Arcs:
        (a, b, c, d, e, f), (g, h, i, j, k, m) = self.height, self.square
        return Arcs(
            (change(a), change(b), change(c), change(d), change(e), change(f)),
            (change(g), change(h), change(i), change(j), change(k), change(m)),
        )

    def above(self, share: Floats, sine: float) -> tuple[Floats, Floats]:
        """Kilometres with the sign of (elevation - mask), and their growth."""
        distance = np.sqrt(_value(self.square, share))
        slope = _speed(self.height, share) - (sine / 2) * _speed(self.square, share) / distance
        return _value(self.height, share) - sine * distance, slope

    def climb(self, share: Floats) -> tuple[Floats, Floats]:
        """A number with the sign of the elevation's growth, and its own growth."""
        h, dh, q, dq = (
            form(powers, share)
            for powers in (self.height, self.square)
            for form in (_value, _speed)
        )
        slope = 2 * q * _bend(self.height, share) + dh * dq - h * _bend(self.square, share)
        return 2 * dh * q - h * dq, slope

    def sine(self, share: Floats) -> Floats:
        """Sine of the elevation."""
        result: Floats = _value(self.height, share) / np.sqrt(_value(self.square, share))
        return result


def _quintic(begin: Motion, end: Motion, duration_s: Floats) -> _Powers:
    square = duration_s * duration_s
    c0, c1, c2 = begin[0], begin[1] * duration_s, begin[2] * (square / 2)
    d0 = end[0] - c0 - c1 - c2
    d1 = end[1] * duration_s - c1 - 2 * c2
    d2 = end[2] * (square / 2) - c2
    return c0, c1, c2, 10 * d0 - 4 * d1 + d2, 7 * d1 - 15 * d0 - 2 * d2, 6 * d0 - 3 * d1 + d2


def _value(powers: _Powers, s: Floats) -> Floats:
    c0, c1, c2, c3, c4, c5 = powers
    return c0 + s * (c1 + s * (c2 + s * (c3 + s * (c4 + s * c5))))


def _speed(powers: _Powers, s: Floats) -> Floats:
    _, c1, c2, c3, c4, c5 = powers
    return c1 + s * (2 * c2 + s * (3 * c3 + s * (4 * c4 + s * (5 * c5))))


def _bend(powers: _Powers, s: Floats) -> Floats:
    _, _, c2, c3, c4, c5 = powers
    return 2 * c2 + s * (6 * c3 + s * (12 * c4 + s * (20 * c5)))


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
