"""Passes and places of satellites over the site, computed once for all who ask."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from dashboard.data.records import PointRecord, SunRecord
from dashboard.data.station_data import StationData
from groundstation.errors import ElementsError, HorizonError, SiteError
from groundstation.model import Site, from_us, iso, to_us
from groundstation.naming import followed
from groundstation.orbit.elements import Elements
from groundstation.orbit.horizon import Horizon, parse_horizon
from groundstation.orbit.passes import Pass, find_all_passes
from groundstation.orbit.pointing import Pointing, pointings
from groundstation.orbit.propagation import no_position
from groundstation.orbit.sun import subsolar_point_deg

#: How far passes are foreseen, and how long a flown one stays in the list.
AHEAD = timedelta(hours=48)
BEHIND = timedelta(hours=2)
#: Passes are computed anew after so much station time.
KEEP = timedelta(minutes=10)
#: The most points of one track.
MAX_POINTS = 2000
#: Where the station names no satellites, the passes of so many are shown.
MOST_FOLLOWED = 40
#: Villages whose passes are kept.
MOST_PLACES = 64
_DEFAULT_MASK_DEG = 5.0


@dataclass(frozen=True, slots=True)
class Followed:
    """The satellites whose passes are shown: those with elements among the station's.

    ``left_out``: how many more have elements and a definition. ``named``: the station names them.
    """

    elements: tuple[Elements, ...]
    left_out: int
    named: bool


@dataclass(frozen=True, slots=True)
class Unusable:
    """Elements by which SGP4 gives no position now, and its reason."""

    elements: Elements
    reason: str


@dataclass(frozen=True, slots=True)
class Computed:
    """Passes and what they were computed from; ``unusable``: which of these elements give none."""

    at: datetime
    elements: tuple[Elements, ...]
    site: Site
    passes: tuple[Pass, ...]
    unusable: tuple[Unusable, ...]


class Sky:
    """What flies over the site. Threads share it; one computes, the others wait for the result.

    ``heard`` tells the ids of the satellites heard lately, the last one first.
    """

    def __init__(self, data: StationData, heard: Callable[[], Iterable[str]] = tuple):
        self._data = data
        self._heard = heard
        self._lock = threading.Lock()
        self._computed: Computed | None = None
        self._places: dict[Site, Computed] = {}
        self._places_lock = threading.Lock()
        self._meant: tuple[object, list[int]] | None = None

    def problem(self, place: Site | None = None) -> str | None:
        """Why there are no passes: ``no_site``, ``no_elements``, ``not_among_them``, or None; over
        ``place`` none needs the site."""
        if (place or self._data.site) is None:
            return "no_site"
        if self.followed().elements:
            return None
        return "not_among_them" if self._data.elements.count() else "no_elements"

    def followed(self) -> Followed:
        """The station's satellites; else those heard lately and those that have a definition.

        Never the whole catalogue of elements: its passes are what the command ``passes`` is for.
        """
        words, named = self._wanted()
        found = self._data.elements.of(self._numbers(words, named))
        most = len(found) if named else MOST_FOLLOWED
        return Followed(tuple(found[:most]), len(found) - len(found[:most]), named)

    def _numbers(self, words: Sequence[str], named: bool) -> list[int]:
        """The NORAD numbers of ids, or of whatever words the station ``named`` them by."""
        index, elements = self._data.catalog.index, self._data.elements
        if not named:
            defined = (index[id].norad for id in words if id in index)
            return [norad for norad in defined if norad is not None]
        key = (tuple(words), elements.stamp(), len(index))
        if self._meant is None or self._meant[0] != key:
            meant = [
                followed(word, index, lambda n: bool(elements.of((n,))), elements.all)
                for word in words
            ]
            self._meant = (key, [f.norad for f in meant if f and f.norad is not None])
        return self._meant[1]

    def _wanted(self) -> tuple[Sequence[str], bool]:
        """Ids in order of weight, or the station's words, and whether the station names them."""
        index = self._data.catalog.index
        listed = self._data.status().satellites
        if 0 < len(listed) < len(index):
            return listed, True
        return tuple(dict.fromkeys((*self._heard(), *index))), False

    def passes(self, place: Site | None = None) -> tuple[Pass, ...]:
        """Passes from two hours ago to two days ahead of station time, in order of AOS, over the
        site, or over a ``place`` with a free horizon.

        Passes that run past the window are left out.
        """
        computed = self._current() if place is None else self._over(place)
        return computed.passes if computed else ()

    def unusable(self) -> tuple[Unusable, ...]:
        """The followed satellites that have no passes because their orbit cannot be computed."""
        computed = self._current()
        return computed.unusable if computed else ()

    def _current(self) -> Computed | None:
        site, elements = self._data.site, self.followed().elements
        if site is None or not elements:
            return None
        now = from_us(self._data.status().now_us())
        with self._lock:
            if not _holds(self._computed, elements, site, now):
                self._computed = self._compute(elements, site, now, self._horizon())
            return self._computed

    def _over(self, place: Site) -> Computed | None:
        """The same for somebody's village: whoever waits for it keeps nobody from the site's."""
        elements, now = self.followed().elements, from_us(self._data.status().now_us())
        if not elements:
            return None
        with self._places_lock:
            found = self._places.pop(place, None)
            if found is None or not _holds(found, elements, place, now):
                found = self._compute(elements, place, now, None)
            self._places[place] = found  # the newest is the last
            while len(self._places) > MOST_PLACES:
                del self._places[next(iter(self._places))]
            return found

    def coming(self, norad: int | None = None) -> Pass | None:
        """The pass that is flown now, else the next one; with ``norad`` only of that object."""
        now = from_us(self._data.status().now_us())
        mine = (item for item in self.passes() if norad in (None, item.norad))
        return next((item for item in mine if item.los and item.los > now), None)

    def track(
        self,
        norad: int,
        start: datetime,
        end: datetime,
        step_s: float,
        place: Site | None = None,
    ) -> list[Pointing]:
        """Where ``norad`` is from ``start`` to ``end``, seen from the site or from ``place``;
        raises ElementsError, SiteError.

        Raises LookupError where there are no elements or the place of the site is not known.
        """
        elements = self._data.elements.for_norad(norad)
        site = place or self._data.site
        if elements is None or site is None:
            raise LookupError(f"there are no elements of {norad} or no site")
        return list(_track(elements, site, start, end, step_s))

    def norads(self) -> dict[int, str]:
        """Satellite ids by catalogue number."""
        return {
            item.norad: id
            for id, item in self._data.catalog.index.items()
            if item.norad is not None
        }

    def _compute(
        self,
        elements: tuple[Elements, ...],
        site: Site,
        now: datetime,
        horizon: Horizon | None,
    ) -> Computed:
        config = self._data.config
        mask = config.min_elevation_deg if config else _DEFAULT_MASK_DEG
        window = (now - BEHIND, now + AHEAD)
        unusable = tuple(
            Unusable(item, reason) for item in elements if (reason := _reason_against(item, now))
        )
        lost = {item.elements.norad for item in unusable}
        usable = [item for item in elements if item.norad not in lost]
        try:
            found = find_all_passes(usable, site, *window, min_elevation_deg=mask, horizon=horizon)
        except SiteError:
            return Computed(now, elements, site, (), unusable)
        whole = (item for item in found.in_order() if None not in (item.aos, item.los))
        return Computed(now, elements, site, tuple(whole), unusable)

    def _horizon(self) -> Horizon | None:
        config = self._data.config
        if config is None or config.horizon is None:
            return None
        try:
            return parse_horizon(config.horizon.read_text("utf-8"), source=str(config.horizon))
        except (OSError, UnicodeDecodeError, HorizonError):
            return None


def _holds(old: Computed | None, elements: tuple[Elements, ...], site: Site, now: datetime) -> bool:
    """Whether what was computed still serves."""
    if old is None or old.elements != elements or old.site != site:
        return False
    return timedelta(0) <= now - old.at < KEEP


def _reason_against(elements: Elements, now: datetime) -> str:
    """Why a satellite's orbit cannot be computed around ``now``, or empty."""
    try:
        return str(no_position(elements, now) or "")
    except ElementsError as error:
        return str(error)


@lru_cache(maxsize=64)
def _track(
    elements: Elements, site: Site, start: datetime, end: datetime, step_s: float
) -> tuple[Pointing, ...]:
    count = int((end - start).total_seconds() / step_s) + 1
    return tuple(
        pointings(elements, site, [start + timedelta(seconds=n * step_s) for n in range(count)])
    )


def point_record(point: Pointing) -> PointRecord:
    """A point of a track as JSON."""
    return {
        "time": iso(to_us(point.when)),
        "azimuth_deg": round(point.azimuth_deg, 3),
        "elevation_deg": round(point.elevation_deg, 3),
        "range_km": round(point.range_km, 2),
        "range_rate_km_s": round(point.range_rate_km_s, 5),
        "latitude_deg": round(point.latitude_deg, 3),
        "longitude_deg": round(point.longitude_deg, 3),
        "altitude_km": round(point.altitude_km, 1),
        "sunlit": point.sunlit,
    }


def sun_record(when: datetime) -> SunRecord:
    """Where the Sun stands overhead, as JSON."""
    latitude, longitude = subsolar_point_deg(when)
    return {"latitude_deg": round(latitude, 2), "longitude_deg": round(longitude, 2)}
