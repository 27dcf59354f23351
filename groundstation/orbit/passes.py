"""Passes of satellites over a site."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from groundstation.model import Site, iso, to_us
from groundstation.orbit.ageing import timing_error_s
from groundstation.orbit.arcs import above
from groundstation.orbit.crossings import Paths, Visits, visits
from groundstation.orbit.decay import decay_s
from groundstation.orbit.earth import Horizontal
from groundstation.orbit.horizon import Horizon
from groundstation.orbit.masked import visible_stretches
from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.nodes import node_times_s
from groundstation.orbit.propagation import DAY_S, EarthRotation, Fleet, Floats
from groundstation.orbit.sun import sun_position_km, sunlight_margin_deg


@dataclass(frozen=True, slots=True)
class Pass:
    """One stretch of time in which a satellite stands above a site's mask.

    ``aos`` and ``los`` (and their azimuths) are None where the pass runs past the window or the
    satellite decays. ``tca`` is the time of the highest elevation within the window. ``sunlit``
    is of the satellite at ``tca``. ``elements_age_days`` is negative before the epoch;
    ``timing_error_s`` is what to expect from that age (see
    :func:`groundstation.orbit.ageing.timing_error_s`).
    """

    norad: int
    satellite: str
    aos: datetime | None
    tca: datetime
    los: datetime | None
    aos_azimuth_deg: float | None
    tca_azimuth_deg: float
    los_azimuth_deg: float | None
    max_elevation_deg: float
    sunlit: bool
    elements_age_days: float
    timing_error_s: float

    @property
    def duration_s(self) -> float | None:
        """Seconds from AOS to LOS; None unless both are known."""
        if self.aos is None or self.los is None:
            return None
        return (self.los - self.aos).total_seconds()

    def as_json(self) -> dict[str, Any]:
        """The pass as ``groundstation passes --format json`` prints it."""
        return {
            "norad": self.norad,
            "satellite": self.satellite,
            "aos": _iso(self.aos),
            "tca": _iso(self.tca),
            "los": _iso(self.los),
            "max_elevation_deg": round(self.max_elevation_deg, 4),
            "aos_azimuth_deg": _azimuth(self.aos_azimuth_deg),
            "tca_azimuth_deg": _azimuth(self.tca_azimuth_deg),
            "los_azimuth_deg": _azimuth(self.los_azimuth_deg),
            "duration_s": _rounded(self.duration_s, 3),
            "sunlit": self.sunlit,
            "elements_age_days": round(self.elements_age_days, 3),
            "timing_error_s": float(f"{self.timing_error_s:.3g}"),
        }


def _iso(when: datetime | None) -> str | None:
    return None if when is None else iso(to_us(when))


def _azimuth(value: float | None) -> float | None:
    """Three digits, and 0 instead of a 359.9999 that rounds to 360."""
    return None if value is None else round(value, 3) % 360


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def find_passes(
    elements: Elements,
    site: Site,
    start: datetime,
    end: datetime,
    *,
    min_elevation_deg: float = 10.0,
    horizon: Horizon | None = None,
) -> list[Pass]:
    """All passes of one satellite between ``start`` and ``end`` (aware), in order of time.

    A pass lasts while the geometric elevation (no refraction) exceeds ``min_elevation_deg``
    and, where there is one, the ``horizon``; a horizon may cut one passage into several. An empty
    window gives no pass. Raises SiteError for a site off the Earth, ElementsError where SGP4
    cannot use the elements.
    """
    return find_all_passes(
        [elements], site, start, end, min_elevation_deg=min_elevation_deg, horizon=horizon
    )


def find_all_passes(
    elements: Sequence[Elements],
    site: Site,
    start: datetime,
    end: datetime,
    *,
    min_elevation_deg: float = 10.0,
    horizon: Horizon | None = None,
) -> list[Pass]:
    """The passes of several satellites, satellite by satellite; see :func:`find_passes`."""
    frame = Horizontal.at(site)
    duration_s = (end - start) / timedelta(seconds=1)
    if duration_s <= 0 or not elements:
        return []
    return _Search(elements, frame, start, duration_s, min_elevation_deg, horizon).passes()


class _Search:
    """One window over one site."""

    def __init__(
        self,
        elements: Sequence[Elements],
        frame: Horizontal,
        start: datetime,
        duration_s: float,
        min_elevation_deg: float,
        horizon: Horizon | None,
    ) -> None:
        self.elements = elements
        self.frame = frame
        self.start = start
        self.duration_s = duration_s
        self.min_elevation_deg = min_elevation_deg
        self.horizon = horizon
        floor = min_elevation_deg if horizon is None else max(horizon.lowest_deg, min_elevation_deg)
        self.sine = math.sin(math.radians(floor))
        self.fleet = Fleet(elements, start)
        self.rotation = EarthRotation(start, duration_s)

    def passes(self) -> list[Pass]:
        paths, limits_s = self._paths()
        if len(paths.times_s) == 0:
            return []
        found = visits(paths, self.frame.up, self.sine)
        satellite = paths.satellite[found.run]
        found = self._refined(found, satellite, limits_s)
        if self.horizon is not None:
            found = self._cut(found, satellite, limits_s, self.horizon)
            satellite = paths.satellite[found.run]
        return self._described(found, satellite)

    def _relative(self, satellite: np.ndarray, times_s: Floats) -> tuple[Floats, Floats, Floats]:
        """TEME position, and position and velocity relative to the site, exactly.

        ``satellite`` must be in increasing order.
        """
        counts = np.bincount(satellite, minlength=len(self.elements))
        position, velocity = self.fleet.teme(counts, times_s)
        fixed, ground_velocity = self.rotation.to_fixed(position, velocity, times_s)
        return position, fixed - self.frame.position[:, None], ground_velocity

    def _paths(self) -> tuple[Paths, Floats]:
        """Nodes of all satellites until their decay, and the end of each satellite's path."""
        decay = decay_s(self.fleet, self.duration_s)
        times, owners = [], []
        for index, item in enumerate(self.elements):
            nodes = node_times_s(item, self.fleet.age_days[index], self.duration_s)
            nodes = nodes[nodes < decay[index]]
            times.append(nodes)
            owners.append(np.full(len(nodes), index))
        satellite = np.concatenate(owners)
        times_s = np.concatenate(times)
        _, relative, velocity = self._relative(satellite, times_s)
        present, run = np.unique(satellite, return_inverse=True)
        paths = Paths(times_s, relative, velocity, run, present)
        return paths, np.minimum(decay, self.duration_s)

    def _refined(self, found: Visits, satellite: np.ndarray, limits_s: Floats) -> Visits:
        """The same visits with their times corrected by SGP4 itself."""
        rise = self._newton(found.rise_s, satellite)
        fall = self._newton(found.set_s, satellite)
        peak = found.peak_s.copy()
        top = found.culminates
        peak[top] = self._culmination(peak[top], satellite[top], limits_s)
        return Visits(found.run, rise, peak, fall, top)

    def _cut(
        self, found: Visits, satellite: np.ndarray, limits_s: Floats, horizon: Horizon
    ) -> Visits:
        """The visits cut into what the horizon lets through."""
        rows: list[tuple[int, float, float, float, bool]] = []
        for i, owner in enumerate(satellite.tolist()):
            begin = 0.0 if math.isnan(found.rise_s[i]) else float(found.rise_s[i])
            end = float(found.set_s[i])
            if math.isnan(end):
                end = float(np.nextafter(limits_s[owner], 0.0))

            def look(times_s: Floats, owner: int = owner) -> tuple[Floats, Floats]:
                _, relative, _ = self._relative(np.full(len(times_s), owner), times_s)
                return self.frame.azimuth_elevation_deg(relative)

            peak = float(found.peak_s[i])
            for low, high in visible_stretches(look, horizon, self.min_elevation_deg, begin, end):
                inside = low <= peak <= high
                ends = np.array([low, high])
                top = peak if inside else float(ends[look(ends)[1].argmax()])
                rise = math.nan if low == begin and math.isnan(found.rise_s[i]) else low
                fall = math.nan if high == end and math.isnan(found.set_s[i]) else high
                rows.append((int(found.run[i]), rise, top, fall, inside))
        columns = list(zip(*rows, strict=True)) if rows else [(), (), (), (), ()]
        return Visits(
            np.array(columns[0], dtype=np.intp),
            np.array(columns[1], dtype=float),
            np.array(columns[2], dtype=float),
            np.array(columns[3], dtype=float),
            np.array(columns[4], dtype=bool),
        )

    def _newton(self, times_s: Floats, satellite: np.ndarray) -> Floats:
        """Crossing times improved by Newton steps; NaN stays NaN."""
        result = times_s.copy()
        known = np.isfinite(times_s)
        for _ in range(2):
            now = result[known]
            _, relative, velocity = self._relative(satellite[known], now)
            value = above(self.frame.up, relative, self.sine)
            distance = np.sqrt(np.sum(relative**2, axis=0))
            slope = self.frame.up @ velocity
            slope -= self.sine * np.sum(relative * velocity, axis=0) / distance
            step = -value / np.where(slope == 0, np.inf, slope)
            # A long step means a grazing pass, where the cubic knows better than a tangent.
            result[known] = np.where(np.abs(step) < 5.0, now + step, now)
        return np.clip(result, 0.0, self.duration_s)

    def _culmination(self, times_s: Floats, satellite: np.ndarray, limits_s: Floats) -> Floats:
        """Culmination times improved by parabolas through the elevation's sine.

        Positions alone decide: SGP4's velocity is not exactly the derivative of its position,
        which moves a Molniya's slow culmination by seconds.
        """
        limits = np.nextafter(limits_s[satellite], 0.0)
        result = times_s
        for reach in (self.fleet.period_s[satellite] / 1500, self.fleet.period_s[satellite] / 9000):
            middle = np.clip(result, reach, np.maximum(limits - reach, reach))
            around = np.stack((middle - reach, middle, middle + reach), axis=1).ravel()
            _, relative, _ = self._relative(
                np.repeat(satellite, 3), np.minimum(around, np.repeat(limits, 3))
            )
            sine = self.frame.up @ relative / np.sqrt(np.sum(relative**2, axis=0))
            before, at, after = sine.reshape(-1, 3).T
            bend = before - 2 * at + after
            shift = reach / 2 * (before - after) / np.where(bend < 0, bend, -np.inf)
            result = np.clip(middle + np.clip(shift, -reach * 4, reach * 4), 0.0, limits)
        return result

    def _described(self, found: Visits, satellite: np.ndarray) -> list[Pass]:
        position, relative, _ = self._relative(satellite, found.peak_s)
        azimuth, elevation = self.frame.azimuth_elevation_deg(relative)
        sun = sun_position_km(self.start, found.peak_s)
        sunlit = sunlight_margin_deg(position, sun) > 0
        rise_azimuth = self._azimuth(found.rise_s, satellite)
        set_azimuth = self._azimuth(found.set_s, satellite)
        result = []
        for i, index in enumerate(satellite.tolist()):
            item = self.elements[index]
            age = float(self.fleet.age_days[index] + found.peak_s[i] / DAY_S)
            result.append(
                Pass(
                    norad=item.norad,
                    satellite=item.name,
                    aos=self._when(found.rise_s[i]),
                    tca=self.start + timedelta(seconds=float(found.peak_s[i])),
                    los=self._when(found.set_s[i]),
                    aos_azimuth_deg=_known(rise_azimuth[i]),
                    tca_azimuth_deg=float(azimuth[i]),
                    los_azimuth_deg=_known(set_azimuth[i]),
                    max_elevation_deg=float(elevation[i]),
                    sunlit=bool(sunlit[i]),
                    elements_age_days=age,
                    timing_error_s=timing_error_s(item, age),
                )
            )
        return result

    def _azimuth(self, times_s: Floats, satellite: np.ndarray) -> Floats:
        result = np.full(len(times_s), np.nan)
        known = np.isfinite(times_s)
        _, relative, _ = self._relative(satellite[known], times_s[known])
        result[known] = self.frame.azimuth_elevation_deg(relative)[0]
        return result

    def _when(self, seconds: float) -> datetime | None:
        return None if math.isnan(seconds) else self.start + timedelta(seconds=float(seconds))


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
