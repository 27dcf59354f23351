"""Lines and areas on the map: ground track and footprint, as GeoJSON coordinates.

Coordinates are (longitude_deg, latitude_deg), as GeoJSON (RFC 7946) and d3-geo want them.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TypeAlias

import numpy as np

from groundstation.orbit.earth import geodetic
from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.propagation import EarthRotation, Fleet

Coordinate: TypeAlias = tuple[float, float]
#: IUGG mean radius; a footprint is drawn on a sphere.
MEAN_RADIUS_KM = 6371.0


def ground_track(
    elements: Elements, start: datetime, end: datetime, step_s: float = 30.0
) -> list[list[Coordinate]]:
    """Polylines of the sub-satellite point from ``start`` to ``end``, split at the date line.

    A split line ends exactly on longitude 180 (or -180) and goes on at the other side. The track
    ends where the satellite has decayed. Raises ValueError unless ``step_s`` is positive.
    """
    if not step_s > 0:
        raise ValueError(f"the step is {step_s} s, it must be above 0")
    duration = (end - start) / timedelta(seconds=1)
    if duration < 0:
        return []
    times = np.append(np.arange(0.0, duration, step_s), duration)
    position, velocity = Fleet([elements], start).teme([len(times)], times)
    failed = np.isnan(position).any(axis=0)
    if failed.any():
        good = int(failed.argmax())
        times, position, velocity = times[:good], position[:, :good], velocity[:, :good]
    fixed, _ = EarthRotation(start, duration).to_fixed(position, velocity, times)
    latitude, longitude, _ = geodetic(fixed)
    return _split(list(zip(longitude.tolist(), latitude.tolist(), strict=True)))


def _split(points: list[Coordinate]) -> list[list[Coordinate]]:
    """One polyline as several that never jump over the date line."""
    lines: list[list[Coordinate]] = []
    for point in points:
        if not lines:
            lines.append([point])
            continue
        last_lon, last_lat = lines[-1][-1]
        lon, lat = point
        if abs(lon - last_lon) > 180:
            side = math.copysign(180.0, last_lon)
            unwrapped = lon + 2 * side
            share = (side - last_lon) / (unwrapped - last_lon) if unwrapped != last_lon else 0.0
            crossing = last_lat + share * (lat - last_lat)
            lines[-1].append((side, crossing))
            lines.append([(-side, crossing)])
        lines[-1].append(point)
    return [line for line in lines if len(line) > 1]


def footprint(
    latitude_deg: float, longitude_deg: float, altitude_km: float, *, points: int = 72
) -> list[list[list[Coordinate]]]:
    """Where the satellite stands above the horizon: a GeoJSON MultiPolygon's coordinates.

    On a spherical Earth. Each ring is closed and lies on the sphere, so that a ring around a pole
    or over the date line is one ring. Its points run clockwise and are not cut at the date line,
    which is what d3-geo needs (it takes what lies right of the line, on the sphere, as inside).
    """
    radius = math.acos(MEAN_RADIUS_KM / (MEAN_RADIUS_KM + max(altitude_km, 0.0)))
    latitude, longitude = math.radians(latitude_deg), math.radians(longitude_deg)
    ring: list[Coordinate] = []
    for step in range(points):
        bearing = 2 * math.pi * step / points
        sine = math.sin(latitude) * math.cos(radius)
        sine += math.cos(latitude) * math.sin(radius) * math.cos(bearing)
        lat = math.asin(max(-1.0, min(1.0, sine)))
        lon = longitude + math.atan2(
            math.sin(bearing) * math.sin(radius) * math.cos(latitude),
            math.cos(radius) - math.sin(latitude) * math.sin(lat),
        )
        ring.append(((math.degrees(lon) + 540) % 360 - 180, math.degrees(lat)))
    ring.append(ring[0])
    return [[ring]]
