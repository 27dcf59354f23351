"""Areas of the Earth on a map of longitude against latitude: the night, and what a satellite sees.

Lines are lists of (longitude_deg, latitude_deg), closed by the one who draws them. They may go over
an edge of the map: what lies beyond is there a second time, 360 degrees away, so that a map which
shows longitudes -180 to 180 only shows all of it.
"""

from __future__ import annotations

import math

from groundstation.orbit.ground_track import Coordinate, footprint

_STEP_DEG = 3
_POINTS = 120
#: At an equinox the border of the night runs from pole to pole: so near it is drawn as if slanted.
_LEAST_DECLINATION_DEG = 0.01
#: Farther beyond the edge than anything is drawn.
_POLE_DEG = 90.0


def night(sun_latitude_deg: float, sun_longitude_deg: float) -> list[list[Coordinate]]:
    """Where the Sun's centre stands below the horizon, of the point where it stands overhead.

    On a sphere and without refraction: cos(hour angle) = -tan(latitude) tan(declination), Meeus,
    Astronomical Algorithms, chapter 15.
    """
    declination = math.copysign(
        max(abs(sun_latitude_deg), _LEAST_DECLINATION_DEG), sun_latitude_deg or 1.0
    )
    slope = math.tan(math.radians(declination))
    border = [
        (
            float(longitude),
            math.degrees(math.atan(-math.cos(math.radians(longitude - sun_longitude_deg)) / slope)),
        )
        for longitude in range(-180, 181, _STEP_DEG)
    ]
    dark = -math.copysign(_POLE_DEG, declination)
    return [[*border, (180.0, dark), (-180.0, dark)]]


def seen_from(
    latitude_deg: float, longitude_deg: float, altitude_km: float
) -> list[list[Coordinate]]:
    """Where the satellite stands above the horizon, see :func:`.ground_track.footprint`."""
    ring = footprint(latitude_deg, longitude_deg, altitude_km, points=_POINTS)[0][0][:-1]
    line = [ring[0]]
    for longitude, latitude in ring[1:]:
        line.append((_beside(longitude, line[-1][0]), latitude))
    turn = round(_beside(ring[0][0], line[-1][0]) - ring[0][0])
    if turn:  # around a pole
        return [_with_pole(line, latitude_deg)]
    return _everywhere(line)


def _beside(longitude_deg: float, other_deg: float) -> float:
    """The same longitude within half a turn of ``other_deg``."""
    return other_deg + (longitude_deg - other_deg + 180) % 360 - 180


def _with_pole(line: list[Coordinate], latitude_deg: float) -> list[Coordinate]:
    """The border over three turns of the Earth, then along the pole back."""
    pole = math.copysign(_POLE_DEG, latitude_deg)
    once = sorted(((lon + 180) % 360 - 180, lat) for lon, lat in line)
    border = [(lon + 360 * n, lat) for n in (-1, 0, 1) for lon, lat in once]
    return [*border, (border[-1][0], pole), (border[0][0], pole)]


def _everywhere(line: list[Coordinate]) -> list[list[Coordinate]]:
    lines = [line]
    west, east = min(lon for lon, _ in line), max(lon for lon, _ in line)
    if west < -180:
        lines.append([(lon + 360, lat) for lon, lat in line])
    if east > 180:
        lines.append([(lon - 360, lat) for lon, lat in line])
    return lines
