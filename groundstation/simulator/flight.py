"""An orbit for the simulated satellite whose first pass begins when the demo does."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from groundstation.model import Site
from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.passes import Pass, find_passes
from groundstation.orbit.wgs72 import MU_KM3_S2, RADIUS_KM

#: Never given to a real object: the last nine-digit number of the catalogue.
NORAD = 999_999_999
SOURCE = "simulated"

_ALTITUDE_KM = 510.0
_SIDEREAL_RATE_DEG_S = 360.98564736629 / 86400  # IAU 1982 GMST, rate
_ACROSS_DEG = 2.5  # the site lies this far in longitude beside the track: about 65 degrees high


def elements_for(site: Site, now: datetime, lead_s: float, name: str) -> Elements:
    """Elements of a circular orbit that rises over ``site`` ``lead_s`` seconds after ``now``.

    The pass is high and the satellite travels north-east. Exact to about a second.
    """
    culmination = now + timedelta(seconds=lead_s + 280)
    elements = _over(site, now, culmination, name)
    for _ in range(3):
        first = _first_pass(elements, site, culmination)
        if first.aos is None:
            break
        late_s = (first.aos - now).total_seconds() - lead_s
        culmination -= timedelta(seconds=late_s)
        elements = _over(site, now, culmination, name)
    return elements


def next_passes(elements: Elements, site: Site, after: datetime, hours: float = 36) -> list[Pass]:
    """Passes of at least 15 degrees, horizon to horizon at 10 degrees."""
    found = find_passes(elements, site, after, after + timedelta(hours=hours))
    return [one for one in found if one.aos and one.los and one.max_elevation_deg >= 15]


def _first_pass(elements: Elements, site: Site, culmination: datetime) -> Pass:
    window = timedelta(minutes=15)
    found = find_passes(elements, site, culmination - window, culmination + window)
    return min(found, key=lambda one: abs(one.tca - culmination))


def _over(site: Site, epoch: datetime, culmination: datetime, name: str) -> Elements:
    """Elements at ``epoch`` of an orbit that is beside ``site`` at ``culmination``."""
    radius_km = RADIUS_KM + _ALTITUDE_KM
    rate_rad_s = math.sqrt(MU_KM3_S2 / radius_km**3)
    inclination_deg = min(max(51.6, abs(site.latitude_deg) + 9), 90.0)
    sine = math.sin(math.radians(site.latitude_deg)) / math.sin(math.radians(inclination_deg))
    along = math.asin(max(-1.0, min(1.0, sine)))  # argument of latitude there, going north
    east = math.atan2(math.cos(math.radians(inclination_deg)) * math.sin(along), math.cos(along))
    sky_deg = _gmst_deg(culmination) + site.longitude_deg - _ACROSS_DEG
    seconds = (culmination - epoch).total_seconds()
    return Elements(
        name=name,
        norad=NORAD,
        epoch=epoch,
        mean_motion_rev_day=rate_rad_s * 86400 / (2 * math.pi),
        eccentricity=0.0005,
        inclination_deg=inclination_deg,
        raan_deg=(sky_deg - math.degrees(east)) % 360,
        argument_of_perigee_deg=0.0,
        mean_anomaly_deg=math.degrees(along - rate_rad_s * seconds) % 360,
        bstar_per_earth_radius=1e-5,
        source=SOURCE,
    )


def _gmst_deg(when: datetime) -> float:
    """Greenwich mean sidereal time, degrees (IAU 1982, UT1 taken as UTC: a second is no matter)."""
    j2000 = when.replace(year=2000, month=1, day=1, hour=12, minute=0, second=0, microsecond=0)
    return 280.46061837 + _SIDEREAL_RATE_DEG_S * (when - j2000).total_seconds()
