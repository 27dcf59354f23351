"""AOS and LOS of the passes that the station watches, as events for a program."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from groundstation.hooks import Event
from groundstation.model import iso, to_us

if TYPE_CHECKING:
    from groundstation.tracking.planner import PassPlan, PlannedPass


class PassEvents:
    """Hears of the schedule at each step; ``tell`` gets an event when a pass begins and ends."""

    def __init__(self, tell: Callable[[Event], None]):
        self._tell = tell
        self._on: list[PlannedPass] = []

    def hear(self, plan: PassPlan, now: datetime) -> None:
        """Tell of passes that began or ended since the last step."""
        on = plan.on(now)
        for planned in on:
            if not any(planned.same(known) for known in self._on):
                self._tell(_event("aos", planned))
        for planned in self._on:
            if not any(planned.same(other) for other in on):
                self._tell(_event("los", planned))
        self._on = list(on)


def _event(name: str, planned: PlannedPass) -> Event:
    wanted, one = planned.wanted, planned.one
    return {
        "event": name,
        "satellite": wanted.id,
        "name": wanted.name,
        "norad": wanted.norad,
        "aos": iso(to_us(planned.aos)),
        "los": iso(to_us(planned.los)),
        "max_elevation_deg": one.max_elevation_deg,
        "simulated": wanted.simulated,
    }
