"""Where the Moon stands, without any ephemeris file: for antennas that must not look at it."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from groundstation.orbit.propagation import DAY_S, Floats

_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_EARTH_RADIUS_KM = 6378.14


def moon_position_km(start: datetime, times_s: Floats) -> Floats:
    """The Moon in the frame of date (as TEME within 0.01 degrees), shape (3, N), kilometres.

    ``times_s`` are seconds since ``start``. The low-precision formula of the Astronomical
    Almanac, page D22: 0.3 degrees in longitude, 0.2 in latitude, 0.003 degrees in parallax. From
    the Earth's centre: seen from the ground the Moon stands up to a degree lower.
    """
    days = (start - _J2000).total_seconds() / DAY_S + np.asarray(times_s, dtype=float) / DAY_S
    century = days / 36525.0

    def wave(amplitude: float, phase: float, rate: float, cosine: bool = False) -> Floats:
        angle = np.radians(phase + rate * century)
        result: Floats = amplitude * (np.cos(angle) if cosine else np.sin(angle))
        return result

    longitude = np.radians(
        218.32
        + 481267.881 * century
        + wave(6.29, 135.0, 477198.87)
        - wave(1.27, 259.3, -413335.36)
        + wave(0.66, 235.7, 890534.22)
        + wave(0.21, 269.9, 954397.74)
        - wave(0.19, 357.5, 35999.05)
        - wave(0.11, 186.5, 966404.03)
    )
    latitude = np.radians(
        wave(5.13, 93.3, 483202.02)
        + wave(0.28, 228.2, 960400.89)
        - wave(0.28, 318.3, 6003.15)
        - wave(0.17, 217.6, -407332.21)
    )
    parallax = np.radians(
        0.9508
        + wave(0.0518, 135.0, 477198.87, True)
        + wave(0.0095, 259.3, -413335.36, True)
        + wave(0.0078, 235.7, 890534.22, True)
        + wave(0.0028, 269.9, 954397.74, True)
    )
    obliquity = np.radians(23.439 - 0.0130042 * century)
    x = np.cos(latitude) * np.cos(longitude)
    y = np.cos(latitude) * np.sin(longitude)
    z = np.sin(latitude)
    distance = _EARTH_RADIUS_KM / np.sin(parallax)
    result: Floats = distance * np.stack(
        (
            x,
            np.cos(obliquity) * y - np.sin(obliquity) * z,
            np.sin(obliquity) * y + np.cos(obliquity) * z,
        )
    )
    return result
