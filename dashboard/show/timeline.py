"""The passes of a day, a line a satellite, as a page draws them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dashboard.data.records import ComingPass

#: From now on, hours; marks stand every so many.
HOURS, STEP_HOURS = 24, 3
#: Satellites with a line of their own, those that come first.
LINES = 12
#: Units from left to right.
WIDTH = 1440
#: A pass is never drawn narrower, or nobody sees it.
_NARROWEST = 5.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One pass, that begins at ``aos`` (ISO 8601): where that lies and how wide it is, and how high
    it goes, 0 to 1 of the zenith."""

    left: float
    width: float
    height: float
    aos: str


@dataclass(frozen=True, slots=True)
class Line:
    """The passes of one satellite."""

    norad: int
    name: str
    simulated: bool
    bars: list[Bar] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Timeline:
    """``marks``: times under the lines, the first at the left edge and the last at the right one.
    ``others``: satellites that have passes and no line."""

    lines: Sequence[Line]
    marks: Sequence[datetime]
    others: int


def timeline(passes: Iterable[ComingPass], begin: datetime) -> Timeline:
    """Of ``passes`` in order of time, those of the HOURS after ``begin``."""
    end = begin + timedelta(hours=HOURS)
    lines: dict[int, Line] = {}
    for item in passes:
        aos, los = datetime.fromisoformat(item["aos"]), datetime.fromisoformat(item["los"])
        if los <= begin or aos >= end:
            continue
        line = lines.setdefault(item["norad"], Line(item["norad"], item["name"], item["simulated"]))
        left, right = _place(aos, begin), _place(los, begin)
        line.bars.append(
            Bar(
                round(left, 1),
                round(max(right - left, _NARROWEST), 1),
                round(item["max_elevation_deg"] / 90, 2),
                item["aos"],
            )
        )
    marks = [begin + timedelta(hours=hour) for hour in range(0, HOURS + 1, STEP_HOURS)]
    return Timeline(list(lines.values())[:LINES], marks, max(0, len(lines) - LINES))


def _place(when: datetime, begin: datetime) -> float:
    """Units from the left edge, which a pass that is on began before."""
    minutes = (when - begin) / timedelta(minutes=1)
    return min(max(minutes * WIDTH / (HOURS * 60), 0.0), float(WIDTH))
