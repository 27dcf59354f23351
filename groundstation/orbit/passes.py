"""Passes of satellites over a site."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

from groundstation.model import Site, iso, to_us
from groundstation.model.pass_report import PassRecord
from groundstation.orbit.ageing import timing_errors_s
from groundstation.orbit.earth import Horizontal
from groundstation.orbit.horizon import Horizon
from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.propagation import DAY_S, Floats
from groundstation.orbit.search.crossings import joined
from groundstation.orbit.search.window import Found, Search

#: Satellite-days searched at once: few enough for memory.
_BATCH_DAYS = 20_000
#: Stands in columns of times for an AOS or LOS that is not in the window.
NEVER_US = -(2**63)


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

    def as_json(self) -> PassRecord:
        """The pass as ``groundstation passes --format json`` prints it."""
        return {
            "norad": self.norad,
            "satellite": self.satellite,
            "aos": _iso(self.aos),
            "tca": iso(to_us(self.tca)),
            "los": _iso(self.los),
            "max_elevation_deg": round(self.max_elevation_deg, 4),
            "aos_azimuth_deg": _azimuth(self.aos_azimuth_deg),
            "tca_azimuth_deg": _turned(self.tca_azimuth_deg),
            "los_azimuth_deg": _azimuth(self.los_azimuth_deg),
            "duration_s": _rounded(self.duration_s, 3),
            "sunlit": self.sunlit,
            "elements_age_days": round(self.elements_age_days, 3),
            "timing_error_s": float(f"{self.timing_error_s:.3g}"),
        }


def _iso(when: datetime | None) -> str | None:
    return None if when is None else iso(to_us(when))


def _turned(azimuth_deg: float) -> float:
    """Three digits, and 0 instead of a 359.9999 that rounds to 360."""
    return round(azimuth_deg, 3) % 360


def _azimuth(value: float | None) -> float | None:
    return None if value is None else _turned(value)


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


class PassTable(Sequence[Pass]):
    """Passes of many satellites, kept as columns; each becomes a :class:`Pass` when looked at.

    Satellite by satellite in the order they were given, and in order of time for each, until
    :meth:`in_order` puts them together. ``age_days`` and ``timing_error_s`` are those of
    :class:`Pass`, one a pass.
    """

    def __init__(
        self, elements: Sequence[Elements], start: datetime, found: Found, age_days: Floats
    ) -> None:
        self.elements = elements
        self.start = start
        self.found = found
        self.age_days = age_days
        self.timing_error_s = timing_errors_s(elements, found.satellite, age_days)

    @cached_property
    def times_us(self) -> Mapping[str, NDArray[np.int64]]:
        """Microseconds since 1970 of ``aos``, ``tca`` and ``los``; NEVER_US where there is none."""
        found = self.found
        start_us = to_us(self.start)
        return {
            name: _microseconds(start_us, seconds)
            for name, seconds in (
                ("aos", found.rise_s),
                ("tca", found.peak_s),
                ("los", found.set_s),
            )
        }

    def in_order(self) -> PassTable:
        """The same passes in order of time: of AOS, or of TCA where that is open."""
        norads = np.array([item.norad for item in self.elements], dtype=np.int64)
        aos, tca = self.times_us["aos"], self.times_us["tca"]
        first = np.where(np.isnan(self.found.rise_s), tca, aos)
        order = np.lexsort((norads[self.found.satellite], first))
        return PassTable(self.elements, self.start, self.found.pick(order), self.age_days[order])

    def __len__(self) -> int:
        return len(self.found.satellite)

    @overload
    def __getitem__(self, index: int) -> Pass: ...

    @overload
    def __getitem__(self, index: slice) -> list[Pass]: ...

    def __getitem__(self, index: int | slice) -> Pass | list[Pass]:
        if isinstance(index, slice):
            return [self._pass(i) for i in range(len(self))[index]]
        return self._pass(range(len(self))[index])

    def __iter__(self) -> Iterator[Pass]:
        return (self._pass(index) for index in range(len(self)))

    def _pass(self, index: int) -> Pass:
        found = self.found
        item = self.elements[found.satellite[index]]
        return Pass(
            norad=item.norad,
            satellite=item.name,
            aos=self._when(found.rise_s[index]),
            tca=self.start + timedelta(seconds=float(found.peak_s[index])),
            los=self._when(found.set_s[index]),
            aos_azimuth_deg=_known(found.rise_azimuth_deg[index]),
            tca_azimuth_deg=float(found.peak_azimuth_deg[index]),
            los_azimuth_deg=_known(found.set_azimuth_deg[index]),
            max_elevation_deg=float(found.peak_elevation_deg[index]),
            sunlit=bool(found.sunlit[index]),
            elements_age_days=float(self.age_days[index]),
            timing_error_s=float(self.timing_error_s[index]),
        )

    def _when(self, seconds: float) -> datetime | None:
        return None if math.isnan(seconds) else self.start + timedelta(seconds=float(seconds))


def _microseconds(start_us: int, seconds: Floats) -> NDArray[np.int64]:
    """``start_us`` and ``seconds``, rounded as :class:`datetime.timedelta` rounds them."""
    fraction, whole = np.modf(np.where(np.isnan(seconds), 0.0, seconds))
    moments = start_us + whole.astype(np.int64) * 1_000_000
    moments += np.rint(fraction * 1e6).astype(np.int64)
    result: NDArray[np.int64] = np.where(np.isnan(seconds), NEVER_US, moments)
    return result


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def find_passes(
    elements: Elements,
    site: Site,
    start: datetime,
    end: datetime,
    *,
    min_elevation_deg: float = 10.0,
    horizon: Horizon | None = None,
    dut1_s: float | None = None,
) -> list[Pass]:
    """All passes of one satellite between ``start`` and ``end`` (aware), in order of time.

    A pass lasts while the geometric elevation (no refraction) exceeds ``min_elevation_deg``
    and, where there is one, the ``horizon``; a horizon may cut one passage into several. An empty
    window gives no pass. ``dut1_s`` is UT1 minus UTC where the built-in tables shall not decide.
    Raises SiteError for a site off the Earth, ElementsError where SGP4 cannot use the elements.
    """
    return list(
        find_all_passes(
            [elements],
            site,
            start,
            end,
            min_elevation_deg=min_elevation_deg,
            horizon=horizon,
            dut1_s=dut1_s,
        )
    )


def find_all_passes(
    elements: Sequence[Elements],
    site: Site,
    start: datetime,
    end: datetime,
    *,
    min_elevation_deg: float = 10.0,
    horizon: Horizon | None = None,
    dut1_s: float | None = None,
    advance: Callable[[float], None] = lambda satellites: None,
) -> PassTable:
    """The passes of many satellites at once, satellite by satellite; see :func:`find_passes`.

    ``advance`` is told of how many satellites the search is done each time.
    """
    frame = Horizontal.at(site)
    duration_s = max((end - start) / timedelta(seconds=1), 0.0)
    chosen = list(elements) if duration_s > 0 else []
    batch = max(round(_BATCH_DAYS * DAY_S / max(duration_s, 1.0)), 1)
    found, ages = [], []
    for first in range(0, max(len(chosen), 1), batch):
        part = chosen[first : first + batch]
        search = Search(part, frame, start, duration_s, min_elevation_deg, horizon, dut1_s)
        found.append(search.run().shifted(first))
        ages.append(search.fleet.age_days)
        advance(len(part))
    passes = joined(found)
    age_days = np.concatenate(ages)[passes.satellite] + passes.peak_s / DAY_S
    return PassTable(chosen, start, passes, age_days)
