"""Passes as text for people: grouped by local day, compass words, how sure the times are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from groundstation.orbit.ageing import UNTRUSTWORTHY_S, age_words
from groundstation.orbit.passes import Pass
from groundstation.orbit.where_to_look import compass

_NAME_WIDTH = 24


def pass_table(
    found: Sequence[Pass],
    start: datetime,
    end: datetime,
    timezone: str,
    more: Callable[[Pass], str] | None = None,
) -> Iterator[str]:
    """Lines of a table; times are local in ``timezone``, with the UTC time of AOS beside them.

    ``more`` gives a line to stand below each pass.
    """
    zone = ZoneInfo(timezone)
    if not found:
        yield f"No passes from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC."
        return
    local = "" if timezone == "UTC" else f"  AOS {'UTC':8}"
    head = f"  {'AOS':8}  {'TCA':8}  {'LOS':8}{local}  {'max':>5}  from to   {'time':>6}  Satellite"
    day = ""
    for one in found:
        begin = (one.aos or one.tca).astimezone(zone)
        if f"{begin:%Y-%m-%d}" != day:
            day = f"{begin:%Y-%m-%d}"
            yield f"{begin:%A} {day} ({timezone})"
            yield head
        yield "  " + _row(one, zone, bool(local))
        if more is not None:
            yield "    " + more(one)
    doubtful = [one.elements_age_days for one in found if one.timing_error_s > UNTRUSTWORTHY_S]
    if doubtful:
        farthest = max(doubtful, key=abs)
        most = "" if len(set(doubtful)) == 1 else "up to "
        yield (
            "! Times marked with ! are not to be trusted: their elements are "
            f"{most}{age_words(farthest)}."
        )


def _row(one: Pass, zone: tzinfo, with_utc: bool) -> str:
    times = [_time(when, zone) for when in (one.aos, one.tca, one.los)]
    if with_utc:
        times.append(f"  {(one.aos or one.tca):%H:%M:%S}  ")
    where = f"{_point(one.aos_azimuth_deg):4} {_point(one.los_azimuth_deg):3}"
    duration = one.duration_s
    length = "" if duration is None else f"{int(duration) // 60}:{int(duration) % 60:02d}"
    error = f"±{one.timing_error_s:.3g} s"
    mark = " !" if one.timing_error_s > UNTRUSTWORTHY_S else ""
    return (
        f"{'  '.join(times)}  {one.max_elevation_deg:4.1f}°  {where}  {length:>6}  "
        f"{one.satellite[:_NAME_WIDTH]:{_NAME_WIDTH}}  {error}{mark}"
    )


def _time(when: datetime | None, zone: tzinfo) -> str:
    return "   ...  " if when is None else f"{when.astimezone(zone):%H:%M:%S}"


def _point(azimuth_deg: float | None) -> str:
    return "..." if azimuth_deg is None else compass(azimuth_deg)
