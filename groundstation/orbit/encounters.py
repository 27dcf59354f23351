"""When satellites in low, nearly circular orbits come near a site: a sieve before the search.

A satellite is seen only while the angle, at the Earth's centre, between it and the site is small.
That angle is smallest close to the moment when the satellite's argument of latitude equals that of
the site's projection into the orbital plane. Those moments follow from SGP4's own mean elements,
taken at three times of the window, by two or three Newton steps, for all satellites and
revolutions at once. The sieve keeps more than is needed, never less: what mean elements leave out
(short-period terms, about 0.1 degrees) is covered by :data:`MARGIN_DEG`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundstation.orbit.propagation import Fleet, Floats

#: Added to the angle within which a satellite can be seen. It covers the periodic terms that the
#: sieve leaves out, and the 0.2 degrees between the vertical and the direction from the centre.
MARGIN_DEG = 0.8
#: Orbits for the sieve: the rest is searched along its whole path.
MAX_ECCENTRICITY = 0.08
MAX_PERIOD_MIN = 225.0
_MAX_CHUNK_S = 8 * 86400.0
#: Guesses are closer than a revolution, since the site moves meanwhile: none is missed.
_GUESSES_PER_REVOLUTION = 1.3
_EARTH_RATE_RAD_S = 7.2921159e-5


@dataclass(frozen=True, slots=True)
class Runs:
    """Stretches of time (s) in which a satellite may be seen, by satellite and time."""

    satellite: NDArray[np.intp]
    begin_s: Floats
    end_s: Floats


@dataclass(frozen=True, slots=True)
class MeanMotion:
    """Mean elements of many satellites at three times of a chunk; angles in radians, unwrapped.

    ``along`` is mean anomaly plus argument of perigee as a polynomial of the share of the chunk
    (constant, linear, quadratic); ``node`` and ``perigee`` are at the chunk's begin and their
    growth over it.
    """

    semi_major_km: Floats
    eccentricity: Floats
    inclination: Floats
    along: tuple[Floats, Floats, Floats]
    node: tuple[Floats, Floats]
    perigee: tuple[Floats, Floats]


def mean_elements(fleet: Fleet, satellites: NDArray[np.intp], time_s: float) -> Floats:
    """SGP4's mean elements at one time, one row a satellite.

    Columns: semi-major axis (km), eccentricity, inclination, node, argument of perigee, mean
    anomaly (rad), secular rate of the last two together (rad/s), SGP4's error code.
    """
    rows = np.empty((len(satellites), 8))
    days = time_s / 86400.0 + fleet.age_days
    for row, index in enumerate(satellites.tolist()):
        record = fleet.records[index]
        error, _, _ = record.sgp4(0.0, days[index])
        rate = (record.mdot + record.argpdot) / 60.0
        rows[row] = (
            record.am * record.radiusearthkm,
            record.em,
            record.im,
            record.Om,
            record.om,
            record.mm,
            rate,
            error,
        )
    return rows


def mean_motion(first: Floats, middle: Floats, last: Floats, duration_s: float) -> MeanMotion:
    """The three rows of :func:`mean_elements` at begin, middle and end of a chunk as one motion."""
    half = first[:, 6] * duration_s / 2

    def along(row: Floats) -> Floats:
        result: Floats = row[:, 4] + row[:, 5]
        return result

    start = along(first)
    centre = _nearest_turn(along(middle), start + half)
    end = _nearest_turn(along(last), centre + (centre - start))
    quadratic = 2 * (start - 2 * centre + end)
    return MeanMotion(
        np.maximum(np.maximum(first[:, 0], middle[:, 0]), last[:, 0]),
        np.maximum(first[:, 1], last[:, 1]),
        first[:, 2],
        (start, end - start - quadratic, quadratic),
        (first[:, 3], _nearest_turn(last[:, 3] - first[:, 3], np.zeros(len(first)))),
        (first[:, 4], _nearest_turn(last[:, 4] - first[:, 4], np.zeros(len(first)))),
    )


def _nearest_turn(angle: Floats, near: Floats) -> Floats:
    """``angle`` plus whole turns, as near as can be to ``near``."""
    result: Floats = near + _wrapped(angle - near)
    return result


def _wrapped(angle: Floats) -> Floats:
    """Within half a turn of 0."""
    result: Floats = angle - 2 * np.pi * np.round(angle / (2 * np.pi))
    return result


@dataclass(frozen=True, slots=True)
class _Place:
    """The site as the sieve sees it: on a turning Earth, by geocentric latitude."""

    sin_latitude: float
    cos_latitude: float
    radius_km: float
    #: Sidereal angle of the site's meridian at time 0, and its growth a second.
    angle_rad: float
    rate_rad_s: float


def encounters(
    motion: MeanMotion,
    satellites: NDArray[np.intp],
    position_km: Floats,
    sidereal: tuple[float, float],
    begin_s: float,
    duration_s: float,
    floor_deg: float,
) -> Runs:
    """When the satellites of ``motion`` may stand above ``floor_deg`` within one chunk of time.

    The chunk begins at ``begin_s`` and lasts ``duration_s``. ``position_km`` is the site's place,
    Earth-fixed; ``sidereal`` the angle of the Earth (rad) at time 0 and its rate (rad/s).
    """
    across = math.hypot(position_km[0], position_km[1])
    radius = math.hypot(across, position_km[2])
    angle = sidereal[0] + math.atan2(position_km[1], position_km[0])
    place = _Place(position_km[2] / radius, across / radius, radius, angle, sidereal[1])
    rate = motion.along[1] / duration_s
    reach = _reach_rad(motion, place, floor_deg)
    count = np.ceil(rate * duration_s / (2 * np.pi) * _GUESSES_PER_REVOLUTION).astype(int) + 2
    row = np.repeat(np.arange(len(satellites)), count)
    step = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    time = (step - 0.5) * (duration_s / (count - 2))[row]
    orbit = _Orbit.of(motion, row, duration_s)
    for _ in range(3):
        ahead, _ = orbit.ahead_of(place, begin_s, time)
        time = time - ahead / rate[row]
    _, sine = orbit.ahead_of(place, begin_s, time)
    half = _half_width_s(np.arcsin(np.clip(sine, -1, 1)), reach[row], rate[row])
    keep = (half > 0) & (time + half > 0) & (time - half < duration_s)
    kept_time, kept_half = time[keep] + begin_s, half[keep]
    return Runs(satellites[row[keep]], kept_time - kept_half, kept_time + kept_half)


def _reach_rad(motion: MeanMotion, place: _Place, floor_deg: float) -> Floats:
    """The largest angle at the Earth's centre at which a satellite stands above the floor."""
    floor = math.radians(floor_deg)
    highest = motion.semi_major_km * (1 + motion.eccentricity) + 25.0
    cosine = place.radius_km * math.cos(floor) / np.maximum(highest, place.radius_km)
    result: Floats = np.arccos(np.clip(cosine, -1, 1)) - floor + math.radians(MARGIN_DEG)
    return result


def _half_width_s(beside: Floats, reach: Floats, rate: Floats) -> Floats:
    """Half of the time within ``reach`` of a site that lies ``beside`` the plane; 0 for never.

    The site's own motion, at most the Earth's rate, makes the time longer and moves its middle.
    """
    drift = _EARTH_RATE_RAD_S / rate
    wide = np.minimum(reach / np.sqrt(1 - drift**2), np.pi)
    seen = np.abs(beside) < wide
    cosine = np.cos(wide) / np.maximum(np.cos(beside), 1e-9)
    half = np.arccos(np.clip(cosine, -1, 1)) + np.abs(beside) * drift
    return np.where(seen, half / (rate - _EARTH_RATE_RAD_S), 0.0)


@dataclass(frozen=True, slots=True)
class _Orbit:
    """Motion of one satellite a row, each as often as there are guesses for it."""

    duration_s: float
    along: tuple[Floats, Floats, Floats]
    node: tuple[Floats, Floats]
    perigee: tuple[Floats, Floats]
    eccentricity: Floats
    sin_inclination: Floats
    cos_inclination: Floats

    @classmethod
    def of(cls, motion: MeanMotion, row: NDArray[np.intp], duration_s: float) -> _Orbit:
        constant, linear, quadratic = motion.along
        return cls(
            duration_s,
            (constant[row], linear[row], quadratic[row]),
            (motion.node[0][row], motion.node[1][row]),
            (motion.perigee[0][row], motion.perigee[1][row]),
            motion.eccentricity[row],
            np.sin(motion.inclination)[row],
            np.cos(motion.inclination)[row],
        )

    def ahead_of(self, place: _Place, begin_s: float, time_s: Floats) -> tuple[Floats, Floats]:
        """How far (rad, along the orbit) each satellite is past the site's projection.

        And the sine of the angle by which the site lies beside the orbital plane.
        """
        share = time_s / self.duration_s
        along = self.along[0] + share * (self.along[1] + share * self.along[2])
        anomaly = along - self.perigee[0] - share * self.perigee[1]
        sine, cosine = np.sin(anomaly), np.cos(anomaly)
        # The equation of the centre to the second order of the eccentricity.
        argument = along + self.eccentricity * sine * (2 + 2.5 * self.eccentricity * cosine)
        meridian = place.angle_rad + place.rate_rad_s * (time_s + begin_s)
        meridian = meridian - self.node[0] - share * self.node[1]
        east, forward = place.cos_latitude * np.sin(meridian), place.cos_latitude * np.cos(meridian)
        upward = east * self.cos_inclination + place.sin_latitude * self.sin_inclination
        site = np.arctan2(upward, forward)
        beside = place.sin_latitude * self.cos_inclination - east * self.sin_inclination
        return _wrapped(argument - site), beside


def merged(runs: list[Runs], duration_s: float) -> Runs:
    """All runs in order, within 0 to ``duration_s``, overlapping ones as one."""
    satellite = np.concatenate([run.satellite for run in runs])
    begin = np.maximum(np.concatenate([run.begin_s for run in runs]), 0.0)
    end = np.minimum(np.concatenate([run.end_s for run in runs]), duration_s)
    order = np.lexsort((begin, satellite))
    satellite, begin, end = satellite[order], begin[order], end[order]
    if len(begin) == 0:
        return Runs(satellite, begin, end)
    # The latest end so far, satellite by satellite.
    far = 2 * duration_s + 1
    latest = np.maximum.accumulate(end + satellite * far)
    fresh = np.ones(len(begin), bool)
    fresh[1:] = begin[1:] + satellite[1:] * far > latest[:-1]
    heads = np.flatnonzero(fresh)
    ends = np.maximum.reduceat(end, heads)
    return Runs(satellite[heads], begin[heads], ends)


def chunks(duration_s: float) -> list[tuple[float, float]]:
    """Begin and length (s) of equal parts of a window, each at most eight days long."""
    count = max(math.ceil(duration_s / _MAX_CHUNK_S), 1)
    length = duration_s / count
    return [(index * length, length) for index in range(count)]
