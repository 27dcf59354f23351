"""Schedules: one printed, and what the scheduler says of itself in ``status.json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self, TypedDict


class PlannedRow(TypedDict):
    """A pass as ``groundstation schedule --format json`` prints it: what is done, then the pass.

    ``antenna`` counts from 1; ``begin`` and ``end`` are those of its use; None: it is not taken,
    and ``reason`` says why.
    """

    chosen: bool
    antenna: int | None
    begin: str | None
    end: str | None
    priority: float
    weight: float
    reason: str | None
    norad: int
    satellite: str
    aos: str | None
    tca: str
    los: str | None
    max_elevation_deg: float
    aos_azimuth_deg: float | None
    tca_azimuth_deg: float
    los_azimuth_deg: float | None
    duration_s: float | None
    sunlit: bool
    elements_age_days: float
    timing_error_s: float


#: The columns of ``--format csv``.
PLANNED_COLUMNS = tuple(PlannedRow.__annotations__)


@dataclass(frozen=True, slots=True)
class ScheduledPass:
    """A pass that is on or comes next. ``taken``: an antenna is for it; else ``reason`` says why.

    ``satellite`` is the definition's id.
    """

    satellite: str
    name: str
    norad: int
    aos_us: int
    los_us: int
    max_elevation_deg: float
    taken: bool
    reason: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class AntennaStatus:
    """An antenna or a radio at work. ``rotator`` and ``radio`` are addresses, None: there is none.

    Angles are azimuth and elevation; None before the first is known. ``…_given_up``: it is left
    alone after an alarm. ``defined``: its satellite has a definition.
    """

    satellite: str
    name: str
    begin_us: int
    end_us: int
    rotator: str | None = None
    radio: str | None = None
    commanded_deg: tuple[float, float] | None = None
    measured_deg: tuple[float, float] | None = None
    receive_hz: float | None = None
    rotator_given_up: bool = False
    radio_given_up: bool = False
    defined: bool = True


@dataclass(frozen=True, slots=True)
class ScheduleStatus:
    """``state``: starting, waiting or tracking. ``planned_us``: when the plan was made.

    ``doubt`` says why the clock cannot be right. ``problems`` are those of the plan, ``problem``
    why the last step failed; ``alarms`` are of the antenna's pass.
    """

    state: str = "starting"
    planned_us: int | None = None
    doubt: str | None = None
    problems: tuple[str, ...] = ()
    now: tuple[ScheduledPass, ...] = ()
    next: ScheduledPass | None = None
    antenna: AntennaStatus | None = None
    alarms: tuple[str, ...] = ()
    problem: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As ``status.json`` has it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read back. Raises KeyError, TypeError or ValueError for what is no such record."""
        coming, antenna = data.get("next"), data.get("antenna")
        return cls(
            state=str(data["state"]),
            planned_us=data.get("planned_us"),
            doubt=data.get("doubt"),
            problems=tuple(data.get("problems", ())),
            now=tuple(ScheduledPass(**item) for item in data.get("now", ())),
            next=ScheduledPass(**coming) if coming else None,
            antenna=_antenna(antenna) if antenna else None,
            alarms=tuple(data.get("alarms", ())),
            problem=data.get("problem"),
        )


def _antenna(data: Mapping[str, Any]) -> AntennaStatus:
    """JSON knows lists where a direction has two numbers."""
    angles = {
        name: None if data.get(name) is None else tuple(data[name])
        for name in ("commanded_deg", "measured_deg")
    }
    return AntennaStatus(**{**data, **angles})
