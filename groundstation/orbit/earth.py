"""The Earth's figure: geodetic places to vectors and back, and directions seen from a site."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from groundstation.errors import SiteError
from groundstation.model import Site
from groundstation.orbit.propagation import Floats

#: WGS84 (NIMA TR8350.2): equatorial radius and flattening.
EQUATORIAL_RADIUS_KM = 6378.137
FLATTENING = 1 / 298.257223563
_E2 = FLATTENING * (2 - FLATTENING)


@dataclass(frozen=True, slots=True)
class Horizontal:
    """A site's position (km, Earth-fixed) and its unit vectors east, north and up.

    At a pole, where every direction is north or south, the meridian of the site's longitude
    decides: east is the direction of growing longitude on that meridian.
    """

    position: Floats
    east: Floats
    north: Floats
    up: Floats

    @classmethod
    def at(cls, site: Site) -> Horizontal:
        """The frame of ``site``. Raises SiteError for a place off the Earth."""
        check_site(site)
        latitude, longitude = math.radians(site.latitude_deg), math.radians(site.longitude_deg)
        sin_lat, cos_lat = math.sin(latitude), math.cos(latitude)
        sin_lon, cos_lon = math.sin(longitude), math.cos(longitude)
        height = site.altitude_m / 1000
        normal = EQUATORIAL_RADIUS_KM / math.sqrt(1 - _E2 * sin_lat**2)
        across = (normal + height) * cos_lat
        return cls(
            np.array([across * cos_lon, across * sin_lon, (normal * (1 - _E2) + height) * sin_lat]),
            np.array([-sin_lon, cos_lon, 0.0]),
            np.array([-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat]),
            np.array([cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]),
        )

    def azimuth_elevation_deg(self, relative: Floats) -> tuple[Floats, Floats]:
        """Azimuth 0 to 360 and elevation of vectors (3, N) that begin at the site."""
        east, north, up = self.east @ relative, self.north @ relative, self.up @ relative
        elevation = np.degrees(np.arctan2(up, np.hypot(east, north)))
        return np.degrees(np.arctan2(east, north)) % 360.0, elevation


def check_site(site: Site) -> None:
    """Raise SiteError unless latitude, longitude and altitude are possible."""
    for label, value, low, high in (
        ("latitude", site.latitude_deg, -90.0, 90.0),
        ("longitude", site.longitude_deg, -180.0, 360.0),
        ("altitude", site.altitude_m, -500.0, 50_000.0),
    ):
        if not low <= value <= high:  # also refuses NaN
            unit = "m" if label == "altitude" else "degrees"
            raise SiteError(f"the site's {label} is {value} {unit}, it must be {low:g} to {high:g}")


def geodetic(position: Floats) -> tuple[Floats, Floats, Floats]:
    """Latitude (deg), longitude (-180 to 180 deg) and altitude (km) of Earth-fixed (3, N).

    Bowring's formula (Survey Review 23, 1976), repeated once: better than a millimetre from the
    ground to beyond the geostationary belt.
    """
    x, y, z = position
    longitude = np.degrees(np.arctan2(y, x))
    across = np.hypot(x, y)
    polar_radius = EQUATORIAL_RADIUS_KM * (1 - FLATTENING)
    ep2 = _E2 / (1 - _E2)
    parametric = np.arctan2(z, across * (1 - FLATTENING))
    for _ in range(3):
        latitude = np.arctan2(
            z + ep2 * polar_radius * np.sin(parametric) ** 3,
            across - _E2 * EQUATORIAL_RADIUS_KM * np.cos(parametric) ** 3,
        )
        parametric = np.arctan2((1 - FLATTENING) * np.sin(latitude), np.cos(latitude))
    sin_lat, cos_lat = np.sin(latitude), np.cos(latitude)
    normal = EQUATORIAL_RADIUS_KM / np.sqrt(1 - _E2 * sin_lat**2)
    altitude = across * cos_lat + z * sin_lat - normal * (1 - _E2 * sin_lat**2)
    return np.degrees(latitude), longitude, altitude
