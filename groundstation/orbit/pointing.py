"""Where a satellite stands in a site's sky and over the Earth, at any instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from groundstation.errors import ElementsError
from groundstation.model import Site
from groundstation.orbit.earth import Horizontal, geodetic
from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.propagation import EarthRotation, Fleet
from groundstation.orbit.sun import sun_position_km, sunlight_margin_deg

#: Metres a second are exact by definition of the metre; here kilometres a second.
SPEED_OF_LIGHT_KM_S = 299_792.458


@dataclass(frozen=True, slots=True)
class Pointing:
    """One instant of one satellite over one site.

    Elevation is geometric (no refraction); ``range_rate_km_s`` is negative while the satellite
    approaches; latitude, longitude (-180 to 180) and altitude are geodetic, WGS84.
    """

    when: datetime
    azimuth_deg: float
    elevation_deg: float
    range_km: float
    range_rate_km_s: float
    latitude_deg: float
    longitude_deg: float
    altitude_km: float
    sunlit: bool


def pointing(
    elements: Elements, site: Site, when: datetime, *, dut1_s: float | None = None
) -> Pointing:
    """The satellite at ``when`` (aware). Raises ElementsError where SGP4 gives no position."""
    return pointings(elements, site, [when], dut1_s=dut1_s)[0]


def pointings(
    elements: Elements, site: Site, times: Sequence[datetime], *, dut1_s: float | None = None
) -> list[Pointing]:
    """The satellite at each of ``times`` (aware), all computed at once.

    ``dut1_s`` is UT1 minus UTC where the built-in tables shall not decide. Raises ElementsError
    where SGP4 gives no position (the satellite has decayed, say), SiteError for a site off the
    Earth.
    """
    if not times:
        return []
    start = times[0]
    seconds = np.array([(when - start).total_seconds() for when in times])
    frame = Horizontal.at(site)
    position, velocity = Fleet([elements], start).teme([len(times)], seconds)
    if np.isnan(position).any():
        when = times[int(np.isnan(position).any(axis=0).argmax())]
        raise ElementsError(
            f"{elements.name} has no position at {when:%Y-%m-%d %H:%M} UTC: "
            f"its elements of {elements.epoch:%Y-%m-%d} say that it has decayed by then"
        )
    rotation = EarthRotation(start, float(seconds.max()), dut1_s=dut1_s)
    fixed, ground_velocity = rotation.to_fixed(position, velocity, seconds)
    relative = fixed - frame.position[:, None]
    azimuth, elevation = frame.azimuth_elevation_deg(relative)
    distance = np.sqrt(np.sum(relative**2, axis=0))
    rate = np.sum(relative * ground_velocity, axis=0) / distance
    latitude, longitude, altitude = geodetic(fixed)
    sunlit = sunlight_margin_deg(position, sun_position_km(start, seconds)) > 0
    columns = (azimuth, elevation, distance, rate, latitude, longitude, altitude, sunlit)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [Pointing(when, *row) for when, row in zip(times, rows, strict=True)]


def doppler_hz(range_rate_km_s: float, frequency_hz: float) -> float:
    """What Doppler adds to ``frequency_hz`` at the receiver: positive while approaching."""
    return -range_rate_km_s / SPEED_OF_LIGHT_KM_S * frequency_hz
