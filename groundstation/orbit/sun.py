"""Where the Sun stands, and what it lights, without any ephemeris file."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import numpy as np

from groundstation.model import Site
from groundstation.orbit.earth import EQUATORIAL_RADIUS_KM, Horizontal
from groundstation.orbit.propagation import DAY_S, EarthRotation, Floats

_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
#: The astronomical unit, IAU 2012 resolution B2.
AU_KM = 149_597_870.7


def sun_position_km(start: datetime, times_s: Floats) -> Floats:
    """The Sun in the frame of date (as TEME within 0.01 degrees), shape (3, N), kilometres.

    ``times_s`` are seconds since ``start``. The low-precision formula of the Astronomical
    Almanac, page C5: 0.01 degrees between 1950 and 2050. UTC serves as its time: a minute of
    difference turns the Sun by 0.0007 degrees.
    """
    days = (start - _J2000).total_seconds() / DAY_S + np.asarray(times_s, dtype=float) / DAY_S
    anomaly = np.radians(357.528 + 0.9856003 * days)
    longitude = np.radians(
        280.460 + 0.9856474 * days + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly)
    )
    obliquity = np.radians(23.439 - 0.0000004 * days)
    distance = AU_KM * (1.00014 - 0.01671 * np.cos(anomaly) - 0.00014 * np.cos(2 * anomaly))
    result: Floats = distance * np.stack(
        (
            np.cos(longitude),
            np.cos(obliquity) * np.sin(longitude),
            np.sin(obliquity) * np.sin(longitude),
        )
    )
    return result


def sunlight_margin_deg(position: Floats, sun: Floats) -> Floats:
    """How far the Sun's centre stands above the Earth's limb, seen from ``position``.

    Both (3, N), km, one frame. Negative is eclipse; at 0 half of the Sun is hidden. The Earth is
    a sphere of its equatorial radius without air.
    """
    distance = np.sqrt(np.sum(position**2, axis=0))
    to_sun = sun - position
    cosine = -np.sum(position * to_sun, axis=0) / (distance * np.sqrt(np.sum(to_sun**2, axis=0)))
    earth_radius = np.arcsin(np.minimum(EQUATORIAL_RADIUS_KM / distance, 1.0))
    margin: Floats = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)) - earth_radius)
    return margin


def sun_azimuth_elevation_deg(site: Site, when: datetime) -> tuple[float, float]:
    """Azimuth and geometric elevation (no refraction) of the Sun's centre at ``site``."""
    zero = np.zeros(1)
    sun = sun_position_km(when, zero)
    fixed, _ = EarthRotation(when).to_fixed(sun, np.zeros((3, 1)), zero)
    frame = Horizontal.at(site)
    azimuth, elevation = frame.azimuth_elevation_deg(fixed - frame.position[:, None])
    return float(azimuth[0]), float(elevation[0])


def sun_direction(when: datetime) -> tuple[float, float, float]:
    """Unit vector towards the Sun in TEME at ``when``."""
    x, y, z = sun_position_km(when, np.zeros(1))[:, 0]
    length = math.sqrt(x * x + y * y + z * z)
    return float(x / length), float(y / length), float(z / length)


def subsolar_point_deg(when: datetime) -> tuple[float, float]:
    """Latitude and longitude (-180 to 180) where the Sun stands overhead: for a day-night map."""
    zero = np.zeros(1)
    sun = sun_position_km(when, zero)
    x, y, z = EarthRotation(when).to_fixed(sun, np.zeros((3, 1)), zero)[0][:, 0]
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))
