"""One object's mean orbital elements, and the error that a bad set of them raises."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from groundstation.errors import ElementsError

#: Nine digits are what OMM carries (CCSDS 502.0-B-3); Space-Track numbers analysts' objects so.
MAX_NORAD = 999_999_999
#: A circular orbit at the Earth's surface makes 17.04 revolutions a day; nothing flies below.
MAX_MEAN_MOTION_REV_DAY = 20.0
#: The years that epochs lie in: from the first satellite's to beyond the last that a TLE can say.
FIRST_YEAR, LAST_YEAR = 1957, 2100
#: SGP4-XP elements look like SGP4 ones and give positions that are kilometres wrong.
SGP4_XP = 4


@dataclass(frozen=True, slots=True)
class Elements:
    """Mean elements for SGP4 in the frame TEME, at ``epoch`` (aware, UTC).

    The rates of mean motion are written as TLE and OMM write them: half of the first derivative
    (revolutions a day squared) and a sixth of the second. ``bstar_per_earth_radius`` is the drag
    term. ``object_id`` is the international designator as ``1998-067A`` or empty, ``source`` says
    where the set came from. Raises ElementsError for values that no orbit has.
    """

    name: str
    norad: int
    epoch: datetime
    mean_motion_rev_day: float
    eccentricity: float
    inclination_deg: float
    raan_deg: float
    argument_of_perigee_deg: float
    mean_anomaly_deg: float
    bstar_per_earth_radius: float
    object_id: str = ""
    mean_motion_dot_rev_day2: float = 0.0
    mean_motion_ddot_rev_day3: float = 0.0
    classification: str = "U"
    ephemeris_type: int = 0
    element_set: int = 999
    revolution_at_epoch: int = 0
    source: str = ""

    def __post_init__(self) -> None:
        problem = _problem(self)
        if problem:
            raise ElementsError(problem)
        # Names come from servers and files, and go to terminals, calendars and pages.
        for name in ("name", "object_id", "classification", "source"):
            text = getattr(self, name)
            if not text.isprintable():
                shown = (c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
                object.__setattr__(self, name, "".join(shown))

    @property
    def period_min(self) -> float:
        """Minutes of one revolution, from the mean motion."""
        return 1440.0 / self.mean_motion_rev_day


def _problem(elements: Elements) -> str:
    """What is impossible about ``elements``; empty when nothing is."""
    return "" if _is_possible(elements) else _impossible(elements)


def _is_possible(elements: Elements) -> bool:
    """Whether :func:`_impossible` would find nothing, asked in one breath: a catalogue is long."""
    rates = elements.mean_motion_dot_rev_day2 + elements.mean_motion_ddot_rev_day3
    return (
        0 <= elements.norad <= MAX_NORAD
        and 0.0 <= elements.inclination_deg <= 180.0
        and -360.0 <= elements.raan_deg <= 360.0
        and -360.0 <= elements.argument_of_perigee_deg <= 360.0
        and -360.0 <= elements.mean_anomaly_deg <= 360.0
        and -100.0 <= elements.bstar_per_earth_radius <= 100.0
        and 0 <= elements.eccentricity < 1
        and 0 < elements.mean_motion_rev_day <= MAX_MEAN_MOTION_REV_DAY
        and math.isfinite(rates)
        and elements.ephemeris_type != SGP4_XP
        and elements.epoch.tzinfo is not None
        and FIRST_YEAR <= elements.epoch.year <= LAST_YEAR
    )


def _impossible(elements: Elements) -> str:
    """The first thing that is impossible about ``elements``, else empty."""
    if elements.epoch.tzinfo is None:
        return "the epoch has no time zone"
    if not FIRST_YEAR <= elements.epoch.year <= LAST_YEAR:
        return f"the epoch's year is {elements.epoch.year}, it must be {FIRST_YEAR} to {LAST_YEAR}"
    if not 0 <= elements.norad <= MAX_NORAD:
        return f"the catalogue number is {elements.norad}, it must be 0 to {MAX_NORAD}"
    for label, value, low, high in (
        ("inclination", elements.inclination_deg, 0.0, 180.0),
        ("right ascension of the node", elements.raan_deg, -360.0, 360.0),
        ("argument of perigee", elements.argument_of_perigee_deg, -360.0, 360.0),
        ("mean anomaly", elements.mean_anomaly_deg, -360.0, 360.0),
        ("drag term", elements.bstar_per_earth_radius, -100.0, 100.0),
    ):
        if not low <= value <= high:  # also refuses NaN
            return f"the {label} is {value}, it must be {low:g} to {high:g}"
    if not 0 <= elements.eccentricity < 1:
        return f"the eccentricity is {elements.eccentricity}, it must be 0 or more and below 1"
    if not 0 < elements.mean_motion_rev_day <= MAX_MEAN_MOTION_REV_DAY:
        return (
            f"the mean motion is {elements.mean_motion_rev_day} revolutions a day, "
            f"it must be above 0 and at most {MAX_MEAN_MOTION_REV_DAY:g}"
        )
    if not math.isfinite(elements.mean_motion_dot_rev_day2 + elements.mean_motion_ddot_rev_day3):
        return "a rate of the mean motion is not a number"
    if elements.ephemeris_type == SGP4_XP:
        return "these are SGP4-XP elements (ephemeris type 4); SGP4 elements are needed"
    return ""
