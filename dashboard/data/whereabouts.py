"""Where a satellite is now, as far as its elements tell it, and what a map shows of that."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.data.countries import Below, below
from groundstation.errors import ElementsError, SiteError
from groundstation.model import Site
from groundstation.orbit.ageing import UNTRUSTWORTHY_S, timing_error_s
from groundstation.orbit.elements import Elements
from groundstation.orbit.flat_map import night, seen_from
from groundstation.orbit.ground_track import MEAN_RADIUS_KM, Coordinate, ground_track
from groundstation.orbit.pointing import Pointing, pointings
from groundstation.orbit.sun import subsolar_point_deg

#: Its track is drawn from so long ago to so long ahead, a point a minute.
TRACK_BEHIND, TRACK_AHEAD = timedelta(minutes=20), timedelta(minutes=80)
TRACK_STEP_S = 60.0
#: Where no site is known, directions from it are not asked for.
_NOWHERE = Site("", 0.0, 0.0, 0.0)

Lines = list[list[Coordinate]]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A satellite now. ``distance_km`` and ``direction_deg``: from the site along the ground, None
    without a site. ``below`` and ``sunlit`` are None where the elements are too old to tell.

    ``flown`` and ``ahead``: its track; ``seen``: where it stands above the horizon; ``night``:
    see :mod:`groundstation.orbit.flat_map`.
    """

    point: Pointing
    below: Below | None
    sunlit: bool | None
    distance_km: float | None
    direction_deg: float | None
    flown: Lines
    ahead: Lines
    seen: Lines
    night: Lines


def whereabouts(elements: Elements, site: Site | None, when: datetime) -> Whereabouts | None:
    """Where it is, or None where SGP4 gives no position or the elements mislead.

    What differs within the expected error of the time (a border, the edge of the shadow) is not
    told.
    """
    age_days = (when - elements.epoch) / timedelta(days=1)
    error = timing_error_s(elements, age_days)
    if error > UNTRUSTWORTHY_S:
        return None
    times = [when + timedelta(seconds=late) for late in (0.0, -error, error)]
    try:
        points = pointings(elements, site or _NOWHERE, times)
        flown = ground_track(elements, when - TRACK_BEHIND, when, TRACK_STEP_S)
        ahead = ground_track(elements, when, when + TRACK_AHEAD, TRACK_STEP_S)
    except (ElementsError, SiteError):
        return None
    here = points[0]
    places = {below(point.latitude_deg, point.longitude_deg) for point in points}
    lights = {point.sunlit for point in points}
    way = _way(site, here) if site else (None, None)
    return Whereabouts(
        point=here,
        below=places.pop() if len(places) == 1 else None,
        sunlit=lights.pop() if len(lights) == 1 else None,
        distance_km=way[0],
        direction_deg=way[1],
        flown=flown,
        ahead=ahead,
        seen=seen_from(here.latitude_deg, here.longitude_deg, here.altitude_km),
        night=night(*subsolar_point_deg(when)),
    )


def _way(site: Site, point: Pointing) -> tuple[float, float]:
    """Distance (km) and direction (degrees from north over east) by a sphere's great circle."""
    here, there = math.radians(site.latitude_deg), math.radians(point.latitude_deg)
    turn = math.radians(point.longitude_deg - site.longitude_deg)
    east = math.sin(turn) * math.cos(there)
    north = math.cos(here) * math.sin(there) - math.sin(here) * math.cos(there) * math.cos(turn)
    up = math.sin(here) * math.sin(there) + math.cos(here) * math.cos(there) * math.cos(turn)
    angle = math.atan2(math.hypot(east, north), up)
    return angle * MEAN_RADIUS_KM, math.degrees(math.atan2(east, north)) % 360
