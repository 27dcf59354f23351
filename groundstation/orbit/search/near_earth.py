"""SGP4's near-Earth equations for many satellites at once, in columns.

The model is that of Hoots and Roehrich (Spacetrack Report No. 3, 1980) as Vallado, Crawford, Hujsak
and Kelso give it (AIAA 2006-6753), with the constants WGS72; names follow theirs. Left out is what
no orbit with a perigee above :data:`LOWEST_PERIGEE_KM` and a period below
:data:`LONGEST_PERIOD_MIN` needs: the simplified and the modified drag terms, and deep space.
``tests/orbit/test_near_earth.py`` holds it against the reference implementation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from groundstation.orbit.propagation import Columns, Floats
from groundstation.orbit.search.coefficients import coefficients
from groundstation.orbit.wgs72 import J2, KE, RADIUS_KM

#: One unit of speed in km/s.
_SPEED_KM_S = RADIUS_KM * KE / 60
#: SGP4 simplifies its drag below a perigee of 220 km, and has its deep space from 225 minutes on.
LOWEST_PERIGEE_KM = 220.0
LONGEST_PERIOD_MIN = 225.0


@dataclass(frozen=True, slots=True)
class NearEarth:
    """What SGP4 computes once for each satellite: columns of shape (N,), radians and minutes.

    The epoch's ``anomaly``, ``perigee`` and ``node`` with their rates; ``motion`` (rad/min) and
    ``axis`` (Earth radii) are those of Brouwer's theory. The other names are SGP4's.
    """

    motion: Floats
    axis: Floats
    eccentricity: Floats
    sin_inclination: Floats
    cos_inclination: Floats
    anomaly: Floats
    perigee: Floats
    node: Floats
    anomaly_rate: Floats
    perigee_rate: Floats
    node_rate: Floats
    node_drag: Floats
    bstar_cc4: Floats
    bstar_cc5: Floats
    cc1: Floats
    d2: Floats
    d3: Floats
    d4: Floats
    t2: Floats
    t3: Floats
    t4: Floats
    t5: Floats
    eta: Floats
    omgcof: Floats
    xmcof: Floats
    delmo: Floats
    sinmao: Floats
    aycof: Floats
    xlcof: Floats

    @classmethod
    def of(cls, columns: Columns) -> NearEarth:
        """SGP4's start. Numbers mean nothing for orbits that :meth:`applies` does not name."""
        with np.errstate(all="ignore"):
            return cls(**coefficients(columns))

    def pick(self, index: NDArray[np.intp] | NDArray[np.bool_]) -> NearEarth:
        """Some of the satellites; one may be picked many times."""
        return NearEarth(*(getattr(self, field.name)[index] for field in fields(self)))

    def applies(self) -> NDArray[np.bool_]:
        """Which of the satellites these equations are right for at their epoch."""
        perigee = self.axis * (1 - self.eccentricity) - 1
        usable: NDArray[np.bool_] = perigee * RADIUS_KM > LOWEST_PERIGEE_KM
        return usable & (2 * math.pi / self.motion < LONGEST_PERIOD_MIN)

    def shape(self, minutes: Floats) -> tuple[Floats, Floats]:
        """Mean semi-major axis (Earth radii) and, but for its small swing, eccentricity."""
        shrunk = self._shrunk(minutes)
        return self.axis * shrunk**2, self.eccentricity - self.bstar_cc4 * minutes

    def along_powers(self) -> tuple[Floats, ...]:
        """Mean argument of latitude (anomaly and perigee, rad) by powers of minutes."""
        n = self.motion
        rate = self.anomaly_rate + self.perigee_rate
        drag = (n * self.t2, n * self.t3, n * self.t4, n * self.t5)
        return (self.anomaly + self.perigee, rate, *drag)

    def perigee_powers(self) -> tuple[Floats, ...]:
        """Argument of perigee (rad), but for its small swing, by powers of minutes."""
        return self.perigee, self.perigee_rate

    def node_powers(self) -> tuple[Floats, ...]:
        """Right ascension of the ascending node (rad) by powers of minutes."""
        return self.node, self.node_rate, self.node_drag

    def _shrunk(self, minutes: Floats) -> Floats:
        """The root of the semi-major axis over that of the epoch (SGP4's tempa)."""
        return 1 - minutes * polynomial((self.cc1, self.d2, self.d3, self.d4), minutes)

    def states(self, minutes: Floats) -> tuple[Floats, Floats]:
        """TEME positions (km) and velocities (km/s) ``minutes`` after each satellite's epoch.

        ``minutes`` has shape (N,) or (M, N); the results have one axis more, of three, in front.
        """
        t = minutes
        free = self.anomaly + self.anomaly_rate * t
        swing = 1 + self.eta * np.cos(free)
        swing = self.xmcof * (swing * swing * swing - self.delmo)
        swing += self.omgcof * t
        mean = free + swing
        perigee = self.perigee + self.perigee_rate * t - swing
        node = polynomial(self.node_powers(), t)
        shrunk = self._shrunk(t)
        axis = self.axis * (shrunk * shrunk)
        eccentricity = self.eccentricity - self.bstar_cc4 * t
        eccentricity -= self.bstar_cc5 * (np.sin(mean) - self.sinmao)
        np.maximum(eccentricity, 1e-6, out=eccentricity)
        mean += self.motion * (t * t) * polynomial((self.t2, self.t3, self.t4, self.t5), t)
        # Long-period periodics.
        x = eccentricity * np.cos(perigee)
        long = 1 / (axis * (1 - eccentricity * eccentricity))
        y = eccentricity * np.sin(perigee) + long * self.aycof
        argument = mean + perigee + long * self.xlcof * x
        return _oriented(self, axis, x, y, argument, node)


def polynomial(coefficients: Sequence[Floats], at: Floats) -> Floats:
    """The sum of ``coefficients[n] * at**n``, by Horner's rule."""
    *lower, result = coefficients
    for coefficient in reversed(lower):
        result = result * at + coefficient
    return result


def _oriented(
    orbit: NearEarth, axis: Floats, x: Floats, y: Floats, argument: Floats, node: Floats
) -> tuple[Floats, Floats]:
    """States from the elements with their long-period periodics: Kepler, then short periods."""
    sin_e, cos_e = _kepler(argument, x, y)
    ecose, esine = x * cos_e + y * sin_e, x * sin_e - y * cos_e
    el2 = x * x + y * y
    beta = np.sqrt(1 - el2)
    radius = axis * (1 - ecose)
    part = esine / (1 + beta)
    stretch = axis / radius
    sin_u = stretch * (sin_e - y - x * part)
    cos_u = stretch * (cos_e - x + y * part)
    # Short-period periodics of the first order in J2.
    sin_2u, cos_2u = 2 * sin_u * cos_u, 1 - 2 * sin_u * sin_u
    sin_i, cos_i = orbit.sin_inclination, orbit.cos_inclination
    cos2 = cos_i * cos_i
    con41, x1mth2, x7thm1 = 3 * cos2 - 1, 1 - cos2, 7 * cos2 - 1
    p = axis * (1 - el2)
    temp1 = 0.5 * J2 / p
    temp2 = temp1 / p
    root = np.sqrt(axis)
    slow = temp1 / (axis * root)
    rdot = root * esine / radius - slow * x1mth2 * sin_2u
    rvdot = np.sqrt(p) / radius + slow * (x1mth2 * cos_2u + 1.5 * con41)
    radius = radius * (1 - 1.5 * temp2 * beta * con41) + 0.5 * temp1 * x1mth2 * cos_2u
    sin_u, cos_u = _turned(sin_u, cos_u, *_tiny((-0.25 * x7thm1) * temp2 * sin_2u))
    tilt = 1.5 * temp2 * cos_i
    sin_n, cos_n = np.sin(node), np.cos(node)
    sin_n, cos_n = _turned(sin_n, cos_n, *_tiny(tilt * sin_2u))
    sin_i, cos_i = _turned(sin_i, cos_i, *_tiny(tilt * sin_i * cos_2u))
    across_x, across_y = -sin_n * cos_i, cos_n * cos_i
    outward = np.stack(
        (across_x * sin_u + cos_n * cos_u, across_y * sin_u + sin_n * cos_u, sin_i * sin_u)
    )
    onward = np.stack(
        (across_x * cos_u - cos_n * sin_u, across_y * cos_u - sin_n * sin_u, sin_i * cos_u)
    )
    velocity = (rdot * _SPEED_KM_S) * outward
    velocity += (rvdot * _SPEED_KM_S) * onward
    outward *= radius * RADIUS_KM
    return outward, velocity


def _kepler(argument: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Sine and cosine of the eccentric longitude.

    How far it lies from ``argument`` is about the eccentricity: small. A series gives it to the
    third order, one step of Halley's method to the last digit.
    """
    sine, cosine = np.sin(argument), np.cos(argument)
    a, b = x * sine - y * cosine, x * cosine + y * sine
    linear = 1 - b
    ahead = a / linear
    ahead = ahead * (1 - 0.5 * (ahead * ahead))
    sin_a, cos_a = _small(ahead)
    bend, slope = a * cos_a + b * sin_a, 1 + a * sin_a - b * cos_a
    step = (ahead - bend) / slope
    ahead -= step / (1 - 0.5 * step * bend / slope)
    return _turned(sine, cosine, *_small(ahead))


def _small(angle: Floats) -> tuple[Floats, Floats]:
    """Sine and cosine of a small angle, by their series: exact to 1e-15 below 0.1 rad."""
    square = angle * angle
    sine = angle * (1 - square / 6 * (1 - square / 20 * (1 - square / 42)))
    cosine = 1 - square / 2 * (1 - square / 12 * (1 - square / 30 * (1 - square / 56)))
    return sine, cosine


def _tiny(angle: Floats) -> tuple[Floats, Floats]:
    """The same below 0.001 rad: exact to 1e-13."""
    square = angle * angle
    return angle * (1 - square * (1 / 6)), 1 - 0.5 * square


def _turned(sine: Floats, cosine: Floats, sin_by: Floats, cos_by: Floats) -> tuple[Floats, Floats]:
    """Sine and cosine of the sum of two angles."""
    return sine * cos_by + cosine * sin_by, cosine * cos_by - sine * sin_by
