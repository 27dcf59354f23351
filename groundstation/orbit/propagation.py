"""SGP4 for one or many satellites, and the rotation of the Earth below them.

Positions are kilometres, velocities kilometres a second. SGP4 is Brandon Rhodes' ``sgp4`` with
the constants WGS72, for which elements are made; it gives them in the frame TEME.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from groundstation.errors import ElementsError
from groundstation.orbit.mean_elements import Elements

if TYPE_CHECKING:
    from sgp4.api import Satrec

#: Float64 numbers of any shape.
Floats = NDArray[np.float64]

_SGP4_EPOCH = datetime(1949, 12, 31, tzinfo=UTC)
_SGP4_EPOCH_JD = 2433281.5
_DAY = timedelta(days=1)
DAY_S = 86400.0
#: Places of a revolution at which a position is asked for.
_PLACES = 32


def satrec(elements: Elements) -> Satrec:
    """An SGP4 propagator whose time zero is the epoch of ``elements``.

    The catalogue number stays ours: the library refuses those above 339999. Raises ElementsError
    where SGP4 cannot start from these elements.
    """
    from sgp4.api import SGP4_ERRORS, WGS72, Satrec

    record = Satrec()
    record.sgp4init(
        WGS72,
        "i",
        0,
        # Through a Julian date, whose rounding the reference implementation has too.
        _SGP4_EPOCH_JD + (elements.epoch - _SGP4_EPOCH) / _DAY - _SGP4_EPOCH_JD,
        elements.bstar_per_earth_radius,
        0.0,  # SGP4 does not use the rates of mean motion
        0.0,
        elements.eccentricity,
        math.radians(elements.argument_of_perigee_deg),
        math.radians(elements.inclination_deg),
        math.radians(elements.mean_anomaly_deg),
        elements.mean_motion_rev_day / (1440.0 / (2 * math.pi)),
        math.radians(elements.raan_deg),
    )
    if record.error not in (0, 6):  # 6 is "has decayed", which is an answer, not a fault
        reason = SGP4_ERRORS.get(record.error, f"error {record.error}")
        raise ElementsError(f"SGP4 cannot use the elements of {elements.name}: {reason}")
    # Times are given to it as days since the epoch: no precision is lost in a Julian date.
    record.jdsatepoch = 0.0
    record.jdsatepochF = 0.0
    return record


def propagable(elements: Iterable[Elements]) -> tuple[list[Elements], list[ElementsError]]:
    """The sets that SGP4 can use, and why it cannot use the others."""
    usable: list[Elements] = []
    errors: list[ElementsError] = []
    for item in elements:
        try:
            satrec(item)
        except ElementsError as error:
            errors.append(error)
        else:
            usable.append(item)
    return usable, errors


def no_position(elements: Elements, when: datetime) -> ElementsError | None:
    """Why SGP4 gives no position of a satellite somewhere in the revolution from ``when`` on: it
    has decayed, or its orbit is none; None where it does. Raises ElementsError as :func:`satrec`.
    """
    from sgp4.api import SGP4_ERRORS

    record = satrec(elements)
    begin, turn = (when - elements.epoch) / _DAY, 1.0 / elements.mean_motion_rev_day
    for step in range(_PLACES):
        error, _, _ = record.sgp4(0.0, begin + turn * step / _PLACES)
        if error:
            reason = SGP4_ERRORS.get(error, f"error {error}")
            return ElementsError(
                f"SGP4 cannot compute {elements.name} at {when:%Y-%m-%d %H:%M} UTC by its elements "
                f"of {elements.epoch:%Y-%m-%d}: {reason}"
            )
    return None


@dataclass(frozen=True, slots=True)
class Columns:
    """Elements of N satellites as arrays of shape (N,): radians, and radians a minute.

    ``age_days`` is their age at the time that was asked for.
    """

    age_days: Floats
    motion: Floats
    eccentricity: Floats
    inclination: Floats
    node: Floats
    perigee: Floats
    anomaly: Floats
    bstar: Floats

    @classmethod
    def of(cls, elements: Sequence[Elements], start: datetime) -> Columns:
        """The columns, with ages at ``start`` (aware)."""
        ages = np.array([(start - item.epoch) / _DAY for item in elements], dtype=float)
        rows = [
            (
                item.mean_motion_rev_day,
                item.eccentricity,
                item.inclination_deg,
                item.raan_deg,
                item.argument_of_perigee_deg,
                item.mean_anomaly_deg,
                item.bstar_per_earth_radius,
            )
            for item in elements
        ]
        numbers = np.array(rows, dtype=float).reshape(-1, 7)
        motion, eccentricity, *angles, bstar = numbers.T.copy()
        inclination, node, perigee, anomaly = (np.radians(angle) for angle in angles)
        motion *= 2 * math.pi / 1440.0
        return cls(ages, motion, eccentricity, inclination, node, perigee, anomaly, bstar)


class Fleet:
    """Propagators of many satellites with one time scale: seconds since ``start``.

    A propagator is made when it is first asked for, and raises ElementsError then.
    """

    def __init__(self, elements: Sequence[Elements], start: datetime) -> None:
        self.elements = elements
        self.start = start
        self.columns = Columns.of(elements, start)
        #: Age of the elements at ``start``, days, one a satellite.
        self.age_days = self.columns.age_days
        #: Seconds of a revolution, one a satellite.
        self.period_s = 2 * math.pi * 60 / self.columns.motion
        self._records: dict[int, Satrec] = {}

    def record(self, index: int) -> Satrec:
        """The propagator of satellite ``index``; see :func:`satrec`."""
        found = self._records.get(index)
        if found is None:
            found = self._records[index] = satrec(self.elements[index])
        return found

    def teme(self, counts: Sequence[int] | NDArray[Any], times_s: Floats) -> tuple[Floats, Floats]:
        """Positions and velocities, each of shape (3, N), NaN where SGP4 fails.

        ``times_s`` holds the times of all satellites one after the other, ``counts`` how many
        belong to each.
        """
        total = len(times_s)
        position = np.empty((total, 3))
        velocity = np.empty((total, 3))
        present = np.flatnonzero(counts)
        counts = np.asarray(counts)[present]
        bounds = np.concatenate(([0], np.cumsum(counts))).tolist()
        days = times_s / DAY_S + np.repeat(self.age_days[present], counts)
        errors = np.zeros(total, dtype=np.uint8)
        zeros = np.zeros(max(np.max(counts, initial=0), 1))
        # This loop runs a few times for each satellite of the catalogue: it does the least it can.
        for number, index in enumerate(present.tolist()):
            part = slice(bounds[number], bounds[number + 1])
            errors[part], position[part], velocity[part] = self.record(index).sgp4_array(
                zeros[: part.stop - part.start], days[part]
            )
        failed = errors != 0
        position[failed] = velocity[failed] = np.nan
        return position.T, velocity.T


@cache
def _timescale() -> Any:
    """skyfield's time scale with the tables it carries: no download."""
    # skyfield.api would load all of the library: a tenth of a second that a command can do without.
    from skyfield.iokit import Loader

    return Loader(".").timescale(builtin=True)


class EarthRotation:
    """Greenwich mean sidereal angle (the one that belongs to TEME) from ``start`` on.

    skyfield's tables give UT1, its ``theta_GMST1982`` the angle (AIAA 2006-6753, appendix C), at
    ``start`` and ``span_s`` seconds later; between them, and around, the angle grows evenly. UT1
    departs from that by two or three milliseconds in a month. Polar motion (under 15 m on the
    ground) is left out, as skyfield leaves it out.

    ``dut1_s``, UT1 minus UTC in seconds, replaces the tables: with 0 the results are those of
    programs that take UTC for UT1.
    """

    def __init__(
        self, start: datetime, span_s: float = DAY_S, *, dut1_s: float | None = None
    ) -> None:
        from skyfield.sgp4lib import theta_GMST1982

        days = max(span_s / DAY_S, 1.0)
        instants = _timescale().from_datetimes([start, start + days * _DAY])
        fraction = instants.ut1_fraction
        if dut1_s is not None:
            fraction = fraction + (dut1_s - instants.dut1) / DAY_S
        theta, per_day = theta_GMST1982(instants.whole, fraction)
        about = per_day[0] * days
        turned = about + (theta[1] - theta[0] - about + math.pi) % (2 * math.pi) - math.pi
        self._theta_rad = float(theta[0])
        #: Radians a second; about 7.2921e-5.
        self.rate_rad_s = float(turned / (days * DAY_S))

    def angle_rad(self, times_s: Floats) -> Floats:
        """Angles at ``times_s``, seconds since the start."""
        return self._theta_rad + self.rate_rad_s * times_s

    def to_fixed(
        self, position: Floats, velocity: Floats, times_s: Floats
    ) -> tuple[Floats, Floats]:
        """TEME states as Earth-fixed ones: position and velocity relative to the ground."""
        angle = self.angle_rad(times_s)
        cosine, sine = np.cos(angle), np.sin(angle)
        x = cosine * position[0] + sine * position[1]
        y = cosine * position[1] - sine * position[0]
        vx = cosine * velocity[0] + sine * velocity[1] + self.rate_rad_s * y
        vy = cosine * velocity[1] - sine * velocity[0] - self.rate_rad_s * x
        return np.stack((x, y, position[2])), np.stack((vx, vy, velocity[2]))
