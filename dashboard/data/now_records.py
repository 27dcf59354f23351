"""What the first page tells of a satellite, in JSON."""

from __future__ import annotations

from typing import TypedDict

from dashboard.data.records import ComingPass

#: Lines on the map: lists of (longitude, latitude) in degrees.
LinesRecord = list[list[list[float]]]


class WhereRecord(TypedDict):
    """Where a satellite is, see :class:`dashboard.data.whereabouts.Whereabouts`."""

    latitude_deg: float
    longitude_deg: float
    altitude_km: float
    sunlit: bool | None
    countries: list[str]
    ocean: str
    distance_km: float | None
    direction_deg: float | None
    flown: LinesRecord
    ahead: LinesRecord
    seen: LinesRecord
    night: LinesRecord


class NowRecord(TypedDict("_NowPass", {"pass": ComingPass | None})):
    """What a satellite does now. ``judged``: how many values have limits; ``outside``: those that
    are beyond theirs; ``values``: the parameters that tell most. ``charging`` None: not known."""

    satellite: str
    name: str
    time: str
    heard: str | None
    sentence: str
    charging: bool | None
    judged: int
    outside: list[str]
    values: list[str]
    where: WhereRecord | None
