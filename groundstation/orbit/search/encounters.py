"""When satellites in low, nearly circular orbits come near a site: a sieve before the search.

A satellite is seen only while the angle, at the Earth's centre, between it and the site is small.
That angle is smallest close to the moment when the satellite's argument of latitude equals that of
the site's projection into the orbital plane. Those moments follow from SGP4's own mean elements by
a few Newton steps, for all satellites and revolutions at once. The sieve keeps more than is
needed, never less: what mean elements leave out (short-period terms, about 0.1 degrees) is covered
by :data:`MARGIN_DEG`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundstation.orbit.propagation import Floats
from groundstation.orbit.search.near_earth import NearEarth, polynomial
from groundstation.orbit.wgs72 import RADIUS_KM

#: Added to the angle within which a satellite can be seen. It covers the periodic terms that the
#: sieve leaves out, and the 0.2 degrees between the vertical and the direction from the centre.
MARGIN_DEG = 0.8
#: The sieve's orbits are no more eccentric than this; see also :class:`NearEarth`.
MAX_ECCENTRICITY = 0.08
#: Guesses are closer than a revolution, since the site moves meanwhile: none is missed.
_GUESSES_PER_REVOLUTION = 1.3
#: How far (revolutions) the encounter is that a guess must lead to: half of the distance between
#: guesses, and some more.
_NEAREST = 0.45
_STEPS = 2
#: Two guesses that end closer than this share of a revolution have found the same encounter.
_SAME = 0.3


@dataclass(frozen=True, slots=True)
class Encounters:
    """Times (s) at which satellites come near, by satellite and time.

    A satellite may be seen from ``half_s`` before ``middle_s`` to as much after it. ``half_s`` is
    positive.
    """

    satellite: NDArray[np.intp]
    middle_s: Floats
    half_s: Floats

    def pick(self, index: NDArray[np.intp]) -> Encounters:
        """Some of them."""
        return Encounters(self.satellite[index], self.middle_s[index], self.half_s[index])


@dataclass(frozen=True, slots=True)
class Ground:
    """The site as the sieve sees it: on a turning Earth, by geocentric latitude."""

    sin_latitude: float
    cos_latitude: float
    radius_km: float
    #: Sidereal angle of the site's meridian at time 0, and its growth a second.
    angle_rad: float
    rate_rad_s: float

    @classmethod
    def at(cls, position_km: Floats, sidereal_rad: float, rate_rad_s: float) -> Ground:
        """From the site's Earth-fixed place and the Earth's angle at time 0."""
        across = math.hypot(position_km[0], position_km[1])
        radius = math.hypot(across, position_km[2])
        angle = sidereal_rad + math.atan2(position_km[1], position_km[0])
        return cls(position_km[2] / radius, across / radius, radius, angle, rate_rad_s)


def encounters(
    orbits: NearEarth, age_min: Floats, ground: Ground, duration_s: float, floor_deg: float
) -> Encounters:
    """When each of ``orbits`` may stand above ``floor_deg`` between 0 and ``duration_s``.

    ``age_min`` are their ages (minutes) at time 0. ``satellite`` counts them.
    """
    reach = _reach_rad(orbits, age_min, ground, duration_s, floor_deg)
    rate = (orbits.anomaly_rate + orbits.perigee_rate) / 60
    satellite, time = _guesses(orbits, age_min, ground, duration_s, rate, reach)
    orbit = _Orbits.of(orbits, age_min, satellite)
    rate, reach = rate[satellite], reach[satellite]
    for _ in range(_STEPS):
        ahead, speed, _ = orbit.ahead_of(ground, time)
        time = time - ahead / (rate - speed)
    ahead, speed, beside = orbit.ahead_of(ground, time)
    time = time - ahead / (rate - speed)
    half = _half_width_s(np.arcsin(beside), reach, rate, ground.rate_rad_s)
    keep = np.flatnonzero((half > 0) & (time + half > 0) & (time - half < duration_s))
    satellite, time = satellite[keep], time[keep]
    fresh = np.ones(len(keep), bool)
    fresh[1:] = satellite[1:] != satellite[:-1]
    fresh[1:] |= (time[1:] - time[:-1]) * rate[keep][1:] > _SAME * 2 * math.pi
    return Encounters(satellite[fresh], time[fresh], half[keep][fresh])


def _reach_rad(
    orbits: NearEarth, age_min: Floats, ground: Ground, duration_s: float, floor_deg: float
) -> Floats:
    """The largest angle at the Earth's centre at which a satellite stands above the floor."""
    floor = math.radians(floor_deg)
    highest = np.zeros(len(age_min))
    for minutes in (age_min, age_min + duration_s / 60):
        axis, eccentricity = orbits.shape(minutes)
        highest = np.maximum(highest, axis * RADIUS_KM * (1 + eccentricity) + 25.0)
    cosine = ground.radius_km * math.cos(floor) / np.maximum(highest, ground.radius_km)
    result: Floats = np.arccos(np.clip(cosine, -1, 1)) - floor + math.radians(MARGIN_DEG)
    return result


def _guesses(
    orbits: NearEarth,
    age_min: Floats,
    ground: Ground,
    duration_s: float,
    rate: Floats,
    reach: Floats,
) -> tuple[NDArray[np.intp], Floats]:
    """Satellite and time (s) of guesses that lead to encounters.

    The site must not lie farther beside the plane than the satellite reaches and the Earth turns
    until the encounter.
    """
    step = 2 * math.pi / rate / _GUESSES_PER_REVOLUTION
    count = int(np.max(np.ceil(duration_s / step), initial=0)) + 2
    time = (np.arange(count) - 0.5) * step[:, None]
    minutes = age_min[:, None] + time / 60
    node = orbits.node[:, None] + minutes * orbits.node_rate[:, None]
    east = np.sin(ground.angle_rad + ground.rate_rad_s * time - node)
    beside = ground.sin_latitude * orbits.cos_inclination[:, None]
    beside = beside - (ground.cos_latitude * orbits.sin_inclination)[:, None] * east
    turn = ground.rate_rad_s * 2 * math.pi * _NEAREST / rate
    limit = np.sin(np.minimum(reach * 1.02 + 0.01 + turn, math.pi / 2))
    near = np.abs(beside) <= limit[:, None]
    near &= time <= duration_s + step[:, None]
    satellite, column = np.nonzero(near)
    return satellite, time[satellite, column]


def _half_width_s(beside: Floats, reach: Floats, rate: Floats, turning: float) -> Floats:
    """Half of the time within ``reach`` of a site that lies ``beside`` the plane; 0 for never.

    The site's own motion, at most the Earth's rate ``turning``, makes the time longer and moves
    its middle.
    """
    drift = turning / rate
    wide = np.minimum(reach / np.sqrt(1 - drift**2), np.pi)
    beside = np.abs(beside)
    cosine = np.cos(wide) / np.maximum(np.cos(beside), 1e-9)
    half = np.arccos(np.clip(cosine, -1, 1)) + beside * drift
    return np.where(beside < wide, half / (rate - turning), 0.0)


@dataclass(frozen=True, slots=True)
class _Orbits:
    """Mean motion of one satellite a row, each as often as there are guesses for it."""

    age_min: Floats
    eccentricity: Floats
    sin_inclination: Floats
    cos_inclination: Floats
    along: tuple[Floats, ...]
    perigee: tuple[Floats, ...]
    node: tuple[Floats, ...]

    @classmethod
    def of(cls, orbits: NearEarth, age_min: Floats, row: NDArray[np.intp]) -> _Orbits:
        """The orbits numbered ``row``."""
        powers = (orbits.along_powers(), orbits.perigee_powers(), orbits.node_powers())
        return cls(
            age_min[row],
            orbits.eccentricity[row],
            orbits.sin_inclination[row],
            orbits.cos_inclination[row],
            *(tuple(power[row] for power in each) for each in powers),
        )

    def ahead_of(self, ground: Ground, time_s: Floats) -> tuple[Floats, Floats, Floats]:
        """How far (rad, along the orbit) each satellite is past the site's projection.

        And by how much that projection moves a second, and the sine of the angle by which the
        site lies beside the orbital plane.
        """
        minutes = self.age_min + time_s / 60
        along = polynomial(self.along, minutes)
        anomaly = along - polynomial(self.perigee, minutes)
        sine, cosine = np.sin(anomaly), np.cos(anomaly)
        # The equation of the centre to the second order of the eccentricity.
        e = self.eccentricity
        argument = along + e * sine * (2 + 2.5 * e * cosine)
        meridian = ground.angle_rad + ground.rate_rad_s * time_s - polynomial(self.node, minutes)
        east = ground.cos_latitude * np.sin(meridian)
        forward = ground.cos_latitude * np.cos(meridian)
        upward = east * self.cos_inclination + ground.sin_latitude * self.sin_inclination
        beside = ground.sin_latitude * self.cos_inclination - east * self.sin_inclination
        speed = (self.cos_inclination * forward * forward + upward * east) * ground.rate_rad_s
        speed /= np.maximum(upward * upward + forward * forward, 0.1)
        ahead = argument - np.arctan2(upward, forward)
        ahead -= 2 * math.pi * np.round(ahead / (2 * math.pi))
        return ahead, speed, beside
