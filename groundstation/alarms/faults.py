"""What is wrong with the station itself, and when that is worth writing down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from groundstation.model.alarms import STATION, AlarmEvent, AlarmKey, Fault, Severity
from groundstation.model.schedule import ScheduleStatus
from groundstation.model.status import StationStatus

#: So many receptions a store may lie behind.
MOST_LAG = 5000

#: A rule of the station and what it is about.
Place: TypeAlias = tuple[str, str]


class Wrong(NamedTuple):
    """How bad it is, and what in a sentence."""

    severity: Severity
    detail: str


def wrongs(status: StationStatus) -> dict[Place, Wrong]:
    """What is wrong by ``status``."""
    found: dict[Place, Wrong] = {}
    if status.journal_error:
        found["journal", ""] = Wrong("critical", status.journal_error)
    for link in status.links:
        if link.state == "waiting" and link.detail:
            found["link", link.name] = Wrong("critical", link.detail)
    for name, follower in status.followers.items():
        if follower.error:
            found["store", name] = Wrong("warning", follower.error)
        elif follower.lag > MOST_LAG:
            found["store", name] = Wrong("warning", f"{name} lies behind the frames received")
    if status.timekeeping is not None and status.timekeeping.wrong:
        found["clock", ""] = Wrong("warning", status.timekeeping.wrong)
    if status.schedule is not None:
        found |= _of_schedule(status.schedule)
    return found


def _of_schedule(schedule: ScheduleStatus) -> dict[Place, Wrong]:
    found: dict[Place, Wrong] = {}
    if schedule.doubt:
        found["clock", ""] = Wrong("warning", schedule.doubt)
    antenna = schedule.antenna
    if antenna is not None:
        told = "; ".join(schedule.alarms)
        if antenna.rotator_given_up:
            found["rotator", antenna.rotator or ""] = Wrong("warning", told)
        if antenna.radio_given_up:
            found["radio", antenna.radio or ""] = Wrong("warning", told)
    return found


@dataclass(slots=True)
class FaultWatch:
    """Lets through what has been wrong, or right again, for ``least_s``.

    ``known``: what is written down as wrong. Give :meth:`look` what is wrong now, often, with the
    seconds of any clock that does not jump; :meth:`written` tells that a fault was kept.
    """

    least_s: float
    known: dict[Place, Wrong] = field(default_factory=dict)
    _since_s: dict[Place, float] = field(default_factory=dict)

    def look(self, now: Mapping[Place, Wrong], at_s: float) -> list[tuple[Place, Wrong, bool]]:
        """What is to be written down: place, what is (or was) wrong, and whether it is."""
        changed = now.keys() ^ self.known.keys()
        self._since_s = {place: since for place, since in self._since_s.items() if place in changed}
        for place in changed:
            self._since_s.setdefault(place, at_s)
        due = [place for place, since in self._since_s.items() if at_s - since >= self.least_s]
        return [
            (place, now[place], True) if place in now else (place, self.known[place], False)
            for place in sorted(due)
        ]

    def written(self, place: Place, wrong: Wrong, is_wrong: bool) -> None:
        """It is in the journal."""
        if is_wrong:
            self.known[place] = wrong
        else:
            self.known.pop(place, None)
        self._since_s.pop(place, None)


def still_wrong(faults: Iterable[Fault]) -> dict[Place, Wrong]:
    """What the journal says is wrong, from its faults in order."""
    known: dict[Place, Wrong] = {}
    for fault in faults:
        if fault.wrong:
            known[fault.rule, fault.subject] = Wrong(fault.severity, fault.detail)
        else:
            known.pop((fault.rule, fault.subject), None)
    return known


def events_of(faults: Iterable[Fault]) -> Iterator[AlarmEvent]:
    """Alarms of the station, from the journal's faults in order."""
    active: dict[Place, int] = {}
    for fault in faults:
        place = (fault.rule, fault.subject)
        if fault.wrong:
            active.setdefault(place, fault.id)
        elif place not in active:
            continue
        key = AlarmKey(STATION, fault.rule, fault.subject, active[place])
        yield AlarmEvent(
            "triggered" if fault.wrong else "returned",
            key,
            fault.severity,
            fault.id,
            fault.at_us,
            detail=fault.detail,
        )
        if not fault.wrong:
            del active[place]
