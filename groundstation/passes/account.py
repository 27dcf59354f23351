"""One pass: predicted against happened, as plain JSON that is kept in the journal.

Nothing here reads a clock or a file. A frame belongs to a pass when its satellite is the pass's and
its time lies within the pass or shortly around it (:func:`span_us`). Damaged bytes have no sender:
those of that time are counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import cast

import numpy as np

from groundstation.model import FrameRow, Site, from_us, iso, to_us
from groundstation.model.pass_report import (
    DopplerRate,
    ElevationRate,
    FrameEnd,
    Gap,
    HeardRecord,
    PassReport,
    SiteRecord,
    Span,
    TrackingRecord,
    TrackPoint,
    WholePass,
)
from groundstation.orbit.elements import Elements, to_omm_csv
from groundstation.orbit.passes import Pass
from groundstation.orbit.pointing import Pointing, doppler_hz, pointings
from groundstation.orbit.revolution import orbit_number
from groundstation.passes.rates import by_doppler, by_elevation

VERSION = 1
#: Frames so long before AOS or after LOS still belong to the pass, seconds: the mask is a number,
#: the antenna's view another. What elements may be wrong is added, up to _MOST_SLACK_S.
AROUND_S = 120.0
_MOST_SLACK_S = 900.0
#: Silence between two frames counts as a gap from this long on, seconds, and never below
#: _USUAL times the usual distance of two frames.
GAP_S = 20.0
_USUAL = 4.0
#: Points of the track that the account keeps, at most.
_MOST_POINTS = 121
#: Refraction lifts the horizon by about so much, degrees: no frame comes from below.
_BELOW_DEG = -0.6


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What of a pass is known beside its orbit.

    ``satellite`` is the definition's id. ``watched``: from when to when the station ran during the
    pass, as far as known. ``tracking`` tells of antenna and radio; ``doubt`` is a sentence
    where the times are not to be trusted.
    """

    satellite: str
    name: str
    site: Site
    mask_deg: float
    frequency_hz: float | None = None
    simulated: bool = False
    watched: tuple[tuple[datetime, datetime], ...] = ()
    tracking: TrackingRecord | None = None
    doubt: str | None = None


def span_us(one: Pass) -> tuple[int, int]:
    """From when to when frames count as heard in ``one``, which must have AOS and LOS."""
    begin, end = _bounds(one)
    around_s = AROUND_S + min(one.timing_error_s, _MOST_SLACK_S)
    around = timedelta(seconds=around_s)
    return to_us(begin - around), to_us(end + around)


def account(
    one: Pass,
    elements: Elements,
    facts: Circumstances,
    receptions: Sequence[FrameRow],
    *,
    gap_s: float = GAP_S,
) -> PassReport:
    """The account of ``one``, from ``receptions`` of its :func:`span_us` in any order.

    Raises ElementsError where the elements give no position, SiteError for a site off the Earth,
    ValueError for a pass without AOS or LOS.
    """
    heard = [r for r in receptions if r.satellite == facts.satellite and not r.damaged]
    happened = _Happened(one, elements, facts, heard, gap_s)
    return {
        "version": VERSION,
        "norad": one.norad,
        "satellite": facts.satellite,
        "name": facts.name,
        "simulated": facts.simulated or any(item.simulated for item in heard),
        "site": _site(facts.site),
        "mask_deg": facts.mask_deg,
        "frequency_hz": facts.frequency_hz,
        "orbit": orbit_number(elements, one.tca),
        "predicted": _whole(one),
        "span": _span(one),
        "elements": {
            "epoch": iso(to_us(elements.epoch)),
            "age_days": round(one.elements_age_days, 3),
            "source": elements.source,
            "omm": to_omm_csv([elements]),
        },
        "doubt": facts.doubt,
        "watched": [
            {"from": iso(to_us(begin)), "to": iso(to_us(end))} for begin, end in facts.watched
        ],
        "tracking": facts.tracking,
        "heard": happened.heard(receptions),
        "track": happened.track(),
    }


def _site(site: Site) -> SiteRecord:
    return {
        "name": site.name,
        "latitude_deg": site.latitude_deg,
        "longitude_deg": site.longitude_deg,
        "altitude_m": site.altitude_m,
    }


def _whole(one: Pass) -> WholePass:
    _bounds(one)
    return cast(WholePass, one.as_json())


def _span(one: Pass) -> Span:
    begin_us, end_us = span_us(one)
    return {"from_us": begin_us, "to_us": end_us}


def _bounds(one: Pass) -> tuple[datetime, datetime]:
    if one.aos is None or one.los is None:
        raise ValueError(f"the pass of {one.satellite} has no AOS or no LOS")
    return one.aos, one.los


class _Happened:
    """Frames laid over the predicted way through the sky."""

    def __init__(
        self,
        one: Pass,
        elements: Elements,
        facts: Circumstances,
        heard: Sequence[FrameRow],
        gap_s: float,
    ) -> None:
        self.aos, self.los = _bounds(one)
        self.elements, self.facts = elements, facts
        self.frames = sorted(heard, key=lambda item: item.received_us)
        times = [from_us(item.received_us) for item in self.frames]
        self.places = pointings(elements, facts.site, times)
        self.way = self._way(self.aos, self.los)
        # Frames from below the mask belong to the pass, so does the way on which they were heard.
        self.whole_s, self.whole_way = self._whole()
        self.gap_s = self._gap_s(gap_s)

    def _way(self, begin: datetime, end: datetime) -> list[Pointing]:
        """The satellite twice a second, and at the end."""
        seconds = np.arange(0.0, max((end - begin).total_seconds(), 0.5), 0.5)
        instants = [begin + timedelta(seconds=float(s)) for s in seconds]
        return pointings(self.elements, self.facts.site, [*instants, end])

    def _whole(self) -> tuple[float, list[Pointing]]:
        """The pass and what before AOS and after LOS was heard: its seconds, and the way."""
        times = [self.aos, self.los, *(place.when for place in self.places)]
        begin, end = min(times), max(times)
        before = self._way(begin, self.aos)[:-1] if begin < self.aos else []
        after = self._way(self.los, end)[1:] if end > self.los else []
        return (end - begin).total_seconds(), [*before, *self.way, *after]

    def _gap_s(self, least_s: float) -> float:
        steps = [
            (after.received_us - before.received_us) / 1e6
            for before, after in pairwise(self.frames)
        ]
        return round(max(least_s, _USUAL * median(steps)), 1) if steps else least_s

    def heard(self, receptions: Sequence[FrameRow]) -> HeardRecord:
        """What came, of the satellite and of nobody."""
        inside = [p for p in self.places if self.aos <= p.when <= self.los]
        damaged = [r for r in receptions if r.damaged and r.satellite in (None, self._id)]
        unknown = [r for r in receptions if r.status == "unknown"]
        early, late = self._limits()
        return {
            "frames": len(self.frames),
            "bad_frames": len(damaged),
            "unknown_frames": len(unknown),
            "waiting_frames": sum(r.waiting for r in receptions),
            "bytes": sum(len(item.raw) for item in self.frames),
            "links": dict(Counter(item.link for item in self.frames)),
            "first": self._end(0),
            "last": self._end(-1),
            "frames_per_s": round(len(self.frames) / self.whole_s, 4) if self.whole_s else None,
            "outside_frames": len(self.places) - len(inside),
            "gap_s": self.gap_s,
            "gaps": self._gaps(),
            "by_elevation": self._by_elevation(),
            "by_doppler": self._by_doppler(),
            "rose_early_by_s": early,
            "set_late_by_s": late,
        }

    def track(self) -> list[TrackPoint]:
        """Some points of the way."""
        return [self._point(place) for place in self.way[:: self._stride()]]

    @property
    def _id(self) -> str:
        return self.facts.satellite

    def _stride(self) -> int:
        return max(1, -(-len(self.way) // _MOST_POINTS))

    def _doppler(self, place: Pointing) -> float | None:
        if self.facts.frequency_hz is None:
            return None
        return doppler_hz(place.range_rate_km_s, self.facts.frequency_hz)

    def _point(self, place: Pointing) -> TrackPoint:
        """Seconds after AOS, azimuth, elevation, range, Doppler."""
        shift = self._doppler(place)
        return (
            round((place.when - self.aos).total_seconds(), 1),
            round(place.azimuth_deg, 2),
            round(place.elevation_deg, 2),
            round(place.range_km, 1),
            None if shift is None else round(shift, 1),
        )

    def _end(self, index: int) -> FrameEnd | None:
        """The first or the last frame."""
        if not self.frames:
            return None
        item, place = self.frames[index], self.places[index]
        shift = self._doppler(place)
        return {
            "seq": item.seq,
            "time": iso(item.received_us),
            "after_aos_s": round((place.when - self.aos).total_seconds(), 3),
            "before_los_s": round((self.los - place.when).total_seconds(), 3),
            "azimuth_deg": round(place.azimuth_deg, 2),
            "elevation_deg": round(place.elevation_deg, 2),
            "doppler_hz": None if shift is None else round(shift, 1),
        }

    def _gaps(self) -> list[Gap]:
        return [
            {
                "from": iso(to_us(before.when)),
                "to": iso(to_us(after.when)),
                "seconds": round(seconds, 3),
                "elevation_deg": [round(before.elevation_deg, 2), round(after.elevation_deg, 2)],
            }
            for before, after in pairwise(self.places)
            if (seconds := (after.when - before.when).total_seconds()) > self.gap_s
        ]

    def _by_elevation(self) -> list[ElevationRate]:
        way, heard = (
            np.array([place.elevation_deg for place in places])
            for places in (self.whole_way, self.places)
        )
        return by_elevation(self.whole_s, way, heard)

    def _by_doppler(self) -> list[DopplerRate] | None:
        frequency_hz = self.facts.frequency_hz
        if frequency_hz is None:
            return None
        way, heard = (
            np.array([doppler_hz(place.range_rate_km_s, frequency_hz) for place in places])
            for places in (self.whole_way, self.places)
        )
        return by_doppler(self.whole_s, way, heard)

    def _limits(self) -> tuple[float | None, float | None]:
        """What frames from below the horizon prove: by how much at least the times were wrong."""
        early = late = None
        if self.places:
            early = self._below_s(self.places[0].when, self.aos)
            late = self._below_s(self.places[-1].when, self.los)
        return early, late

    def _below_s(self, frame: datetime, edge: datetime) -> float | None:
        """Seconds from ``frame`` to where the satellite crosses the horizon, towards ``edge``."""
        apart_s = (edge - frame).total_seconds()
        steps = np.arange(0.0, abs(apart_s) + 1.0) * np.sign(apart_s)
        instants = [frame + timedelta(seconds=float(second)) for second in steps]
        way = pointings(self.elements, self.facts.site, instants)
        up = next((i for i, there in enumerate(way) if there.elevation_deg >= _BELOW_DEG), len(way))
        return float(up) or None
