"""One pass in detail: what a pass page shows, a tracker prepares and a report explains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from groundstation.model import Site, iso, to_us
from groundstation.model.pass_report import DetailRecord
from groundstation.orbit.earth import Horizontal
from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.moon import moon_position_km
from groundstation.orbit.passes import Pass
from groundstation.orbit.pointing import Pointing, doppler_hz, pointings
from groundstation.orbit.propagation import EarthRotation, Fleet, Floats
from groundstation.orbit.revolution import orbit_number
from groundstation.orbit.sun import sun_position_km, sunlight_margin_deg

#: Below this elevation of the Sun (nautical twilight's begin) satellites can be seen by eye.
DARK_SUN_ELEVATION_DEG = -6.0
_STEP_S = 5.0
_MAX_STEPS = 4000


@dataclass(frozen=True, slots=True)
class LightChange:
    """The satellite enters sunlight (``sunlit``) or the Earth's shadow, at half of the Sun."""

    when: datetime
    sunlit: bool


@dataclass(frozen=True, slots=True)
class PassDetail:
    """A pass with all that follows from it.

    ``aos``, ``tca`` and ``los`` are pointings there; an open end is the window's edge.
    ``sun_separation_deg`` and ``moon_separation_deg`` are the smallest angles, seen from the site,
    between the satellite and the two, counting them only while they are up; None if they are not.
    ``visible`` says that somewhere in the pass the satellite is lit while the site is dark.
    """

    orbit: int
    aos: Pointing
    tca: Pointing
    los: Pointing
    track: tuple[Pointing, ...]
    light_changes: tuple[LightChange, ...]
    sun_elevation_deg: float
    site_dark: bool
    visible: bool
    sun_separation_deg: float | None
    moon_separation_deg: float | None

    def as_json(self, frequency_hz: float | None = None) -> DetailRecord:
        """The detail for JSON, with units in the names; ranges and Doppler at AOS, TCA and LOS."""
        points = (self.aos, self.tca, self.los)
        shifts = None if frequency_hz is None else self.doppler_hz(frequency_hz)
        return {
            "orbit": self.orbit,
            "range_km": [round(one.range_km, 3) for one in points],
            "frequency_hz": frequency_hz,
            "doppler_hz": None if shifts is None else [round(shift, 1) for shift in shifts],
            "sunlit_at_aos_tca_los": [one.sunlit for one in points],
            "light_changes": [
                {"at": iso(to_us(change.when)), "sunlit": change.sunlit}
                for change in self.light_changes
            ],
            "sun_elevation_deg": round(self.sun_elevation_deg, 2),
            "site_dark": self.site_dark,
            "visible": self.visible,
            "sun_separation_deg": _rounded(self.sun_separation_deg),
            "moon_separation_deg": _rounded(self.moon_separation_deg),
        }

    def doppler_hz(self, frequency_hz: float) -> tuple[float, float, float]:
        """What Doppler adds to ``frequency_hz`` at AOS, TCA and LOS."""
        rates = (self.aos, self.tca, self.los)
        first, middle, last = (doppler_hz(one.range_rate_km_s, frequency_hz) for one in rates)
        return first, middle, last


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def describe(
    one: Pass, elements: Elements, site: Site, window: tuple[datetime, datetime]
) -> PassDetail:
    """The detail of ``one``, found with ``elements`` over ``site`` within ``window``.

    Raises ElementsError where SGP4 gives no position.
    """
    begin, end = one.aos or window[0], one.los or window[1]
    length_s = (end - begin).total_seconds()
    count = min(max(round(length_s / _STEP_S), 8), _MAX_STEPS) + 1
    seconds = np.linspace(0.0, length_s, count)
    times = [begin + timedelta(seconds=float(second)) for second in seconds]
    track = pointings(elements, site, times)
    aos, tca, los = pointings(elements, site, [begin, one.tca, end])
    geometry = _Geometry(elements, site, begin, seconds)
    lit = geometry.light_deg > 0
    dark = geometry.sun_elevation_deg < DARK_SUN_ELEVATION_DEG
    middle = float(
        np.interp((one.tca - begin).total_seconds(), seconds, geometry.sun_elevation_deg)
    )
    return PassDetail(
        orbit=orbit_number(elements, one.tca),
        aos=aos,
        tca=tca,
        los=los,
        track=tuple(track),
        light_changes=_light_changes(elements, begin, seconds, lit),
        sun_elevation_deg=middle,
        site_dark=middle < DARK_SUN_ELEVATION_DEG,
        visible=bool((lit & dark).any()),
        sun_separation_deg=_smallest(geometry.sun_apart_deg, geometry.sun_elevation_deg),
        moon_separation_deg=_smallest(geometry.moon_apart_deg, geometry.moon_elevation_deg),
    )


class _Geometry:
    """Sun and Moon along a pass, as columns."""

    def __init__(self, elements: Elements, site: Site, begin: datetime, seconds: Floats) -> None:
        frame = Horizontal.at(site)
        rotation = EarthRotation(begin, float(seconds[-1]))
        position, _ = Fleet([elements], begin).teme([len(seconds)], seconds)
        sun = sun_position_km(begin, seconds)
        self.light_deg = sunlight_margin_deg(position, sun)
        satellite = _from_site(frame, rotation, position, seconds)
        to_sun = _from_site(frame, rotation, sun, seconds)
        to_moon = _from_site(frame, rotation, moon_position_km(begin, seconds), seconds)
        self.sun_elevation_deg = frame.azimuth_elevation_deg(to_sun)[1]
        self.moon_elevation_deg = frame.azimuth_elevation_deg(to_moon)[1]
        self.sun_apart_deg = _apart_deg(satellite, to_sun)
        self.moon_apart_deg = _apart_deg(satellite, to_moon)


def _from_site(
    frame: Horizontal, rotation: EarthRotation, position: Floats, seconds: Floats
) -> Floats:
    fixed, _ = rotation.to_fixed(position, np.zeros_like(position), seconds)
    result: Floats = fixed - frame.position[:, None]
    return result


def _apart_deg(one: Floats, other: Floats) -> Floats:
    """Angles between vectors; exact also where they are small."""
    a, b = one / np.linalg.norm(one, axis=0), other / np.linalg.norm(other, axis=0)
    result: Floats = np.degrees(
        2 * np.arctan2(np.linalg.norm(a - b, axis=0), np.linalg.norm(a + b, axis=0))
    )
    return result


def _smallest(apart_deg: Floats, elevation_deg: Floats) -> float | None:
    risen = elevation_deg > -0.5
    return float(apart_deg[risen].min()) if risen.any() else None


def _light_changes(
    elements: Elements, begin: datetime, seconds: Floats, lit: np.ndarray
) -> tuple[LightChange, ...]:
    """Each change between light and shadow, to a tenth of a second."""
    change = np.flatnonzero(lit[1:] != lit[:-1])
    low, high = seconds[change], seconds[change + 1]
    fleet = Fleet([elements], begin)
    for _ in range(10 if len(change) else 0):
        middle = (low + high) / 2
        position, _ = fleet.teme([len(middle)], middle)
        same = (sunlight_margin_deg(position, sun_position_km(begin, middle)) > 0) == lit[change]
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return tuple(
        LightChange(begin + timedelta(seconds=float(second)), not bool(before))
        for second, before in zip((low + high) / 2, lit[change], strict=True)
    )
