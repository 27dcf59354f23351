"""Other programs' pass searches behind one signature; those that are not installed are left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeAlias

from groundstation.model import Site
from groundstation.orbit.elements import Elements, to_tle_lines

#: AOS and LOS, each None where the program gives none.
Event: TypeAlias = tuple[datetime | None, datetime | None]
Events: TypeAlias = list[Event]
Finder: TypeAlias = Callable[[Elements, Site, datetime, datetime, float], Events]


@cache
def timescale() -> Any:
    """skyfield's time scale, loaded once."""
    from skyfield.api import load

    return load.timescale(builtin=True)


def skyfield(item: Elements, site: Site, start: datetime, end: datetime, floor: float) -> Events:
    from skyfield.api import EarthSatellite, wgs84

    scale = timescale()
    satellite = EarthSatellite(*to_tle_lines(item), ts=scale)
    place = wgs84.latlon(site.latitude_deg, site.longitude_deg, site.altitude_m)
    times, kinds = satellite.find_events(
        place, scale.from_datetime(start), scale.from_datetime(end), altitude_degrees=floor
    )
    events: Events = []
    rise = None
    for time, kind in zip(times.utc_datetime() if len(kinds) else [], kinds, strict=True):
        if kind == 0:
            rise = time
        elif kind == 2:
            events.append((rise, time))
            rise = None
    if rise is not None:
        events.append((rise, None))
    return events


def orbit_predictor(
    item: Elements, site: Site, start: datetime, end: datetime, floor: float
) -> Events:
    from orbit_predictor.locations import Location
    from orbit_predictor.sources import get_predictor_from_tle_lines

    predictor = get_predictor_from_tle_lines(to_tle_lines(item))
    place = Location(site.name, site.latitude_deg, site.longitude_deg, site.altitude_m)
    found = predictor.passes_over(
        place, start.replace(tzinfo=None), limit_date=end.replace(tzinfo=None), aos_at_dg=floor
    )
    return [(one.aos.replace(tzinfo=UTC), one.los.replace(tzinfo=UTC)) for one in found]


def pyorbital(item: Elements, site: Site, start: datetime, end: datetime, floor: float) -> Events:
    from pyorbital.orbital import Orbital

    one, two = to_tle_lines(item)
    orbit = Orbital(item.name, line1=one, line2=two)
    hours = round((end - start) / timedelta(hours=1))
    found = orbit.get_next_passes(
        start.replace(tzinfo=None),
        hours,
        site.longitude_deg,
        site.latitude_deg,
        site.altitude_m / 1000,
        tol=0.001,
        horizon=floor,
    )
    return [(rise.replace(tzinfo=UTC), fall.replace(tzinfo=UTC)) for rise, fall, _ in found]


def satnogs_predict(
    item: Elements, site: Site, start: datetime, end: datetime, floor: float
) -> Events:
    import satnogs_predict as program

    program.clear_satellite_cache()
    windows, _ = program.find_observation_windows(
        program.Satellite.from_tle(item.name, *to_tle_lines(item)),
        program.Observer(site.latitude_deg, site.longitude_deg, int(site.altitude_m), floor),
        program.TimeRange.from_datetimes(start, end),
        program.PlanningConfig(next(iter(program.OverlapHandling)), False),
    )
    return [
        (
            datetime.fromtimestamp(int(window.time_range.start) / 1e6, UTC),
            datetime.fromtimestamp(int(window.time_range.end) / 1e6, UTC),
        )
        for window in windows
    ]


def installed(
    item: Elements, site: Site, start: datetime, end: datetime, floor: float
) -> tuple[dict[str, Finder], list[str]]:
    """Peers that work here, each tried once, and sentences about the others."""
    peers: dict[str, Finder] = {}
    missing = []
    for name, finder in (
        ("skyfield find_events", skyfield),
        ("orbit-predictor", orbit_predictor),
        ("pyorbital", pyorbital),
        ("satnogs-predict", satnogs_predict),
    ):
        try:
            finder(item, site, start, end, floor)
        except ImportError as error:
            missing.append(f"{name} is left out: {error}")
        else:
            peers[name] = finder
    return peers, missing
