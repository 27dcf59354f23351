"""The passes of the wanted satellites, and which of them the antenna takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from groundstation.elements import ElementsCatalog
from groundstation.errors import HorizonError
from groundstation.orbit.elements import Elements
from groundstation.orbit.horizon import Horizon, parse_horizon
from groundstation.orbit.passes import Pass, find_all_passes
from groundstation.orbit.propagation import propagable
from groundstation.orbit.schedule import Candidate, pass_weight, plan
from groundstation.orbit.standing import standing
from groundstation.tracking.wanted import Orders, Wanted

#: The plan covers this much before and after the moment it is made.
BEHIND = timedelta(hours=24)
AHEAD = timedelta(hours=24)
#: Elements are never made this far ahead: a clock that is earlier is wrong.
_MOST_AHEAD = timedelta(days=3)
#: Times of receptions may differ by so much without a doubt about the clock.
_LEEWAY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class PlannedPass:
    """A whole pass. ``taken``: from when to when the antenna is on it, or None and the ``reason``.

    Without rotator and radio there is nothing to take, and no reason.
    """

    wanted: Wanted
    elements: Elements
    one: Pass
    aos: datetime
    los: datetime
    taken: tuple[datetime, datetime] | None = None
    reason: str = ""

    def same(self, other: PlannedPass) -> bool:
        """Whether it is the same passage, perhaps of other elements."""
        mine = self.wanted.norad == other.wanted.norad
        return mine and self.aos < other.los and other.aos < self.los


@dataclass(frozen=True, slots=True)
class PassPlan:
    """Passes in order of AOS, what stands in the way of others, and whether to trust the clock."""

    made: datetime
    passes: tuple[PlannedPass, ...] = ()
    problems: tuple[str, ...] = ()
    doubt: str | None = None

    def on(self, now: datetime) -> list[PlannedPass]:
        """The passes that are flown now."""
        return [item for item in self.passes if item.aos <= now <= item.los]

    def coming(self, now: datetime) -> PlannedPass | None:
        """The next pass."""
        return next((item for item in self.passes if item.aos > now), None)


def make_plan(orders: Orders, now: datetime, newest_frame: datetime | None) -> PassPlan:
    """Plan around ``now``. ``newest_frame``: when the last frame came, to check the clock against.

    Nothing here raises for bad elements, a bad horizon or what is missing: it is among the
    problems. Raises SiteError for a site off the Earth.
    """
    catalog = ElementsCatalog(orders.elements)
    horizon, problems = _horizon(orders)
    more, unknown = orders.find(catalog)
    wanted = _by_number((*orders.wanted, *more))
    elements, missing = _elements(wanted.values(), catalog)
    problems += [*unknown, *missing]
    usable, errors = propagable(elements.values())
    problems += [str(error) for error in errors]
    window = (now - BEHIND, now + AHEAD)
    found = find_all_passes(
        usable, orders.site, *window, min_elevation_deg=orders.mask_deg, horizon=horizon
    )
    always = standing(found, elements, orders.site, now, orders.mask_deg, horizon)
    problems += [item.sentence for item in always.values()]
    whole = [
        PlannedPass(wanted[one.norad], elements[one.norad], one, one.aos, one.los)
        for one in found
        # An open end is that of the window.
        if one.aos is not None and one.los is not None
    ]
    whole.sort(key=lambda item: (item.aos, item.wanted.id))
    if orders.tracking.rotator or orders.tracking.rig:
        whole = _chosen(whole, now, orders.tracking.gap_s)
    newest_epoch = max((item.epoch for item in usable), default=None)
    return PassPlan(
        now, tuple(whole), tuple(problems), clock_doubt(now, newest_frame, newest_epoch)
    )


def clock_doubt(
    now: datetime, newest_frame: datetime | None, newest_epoch: datetime | None
) -> str | None:
    """Why the clock that says ``now`` cannot be right, or None."""
    if newest_frame is not None and newest_frame - now > _LEEWAY:
        proof = f"a frame was received on {newest_frame:%Y-%m-%d %H:%M} UTC"
    elif newest_epoch is not None and newest_epoch - now > _MOST_AHEAD:
        proof = f"there are elements of {newest_epoch:%Y-%m-%d}"
    else:
        return None
    return (
        f"this computer's clock says {now:%Y-%m-%d %H:%M} UTC, but {proof}: "
        "set the clock, until then the times of passes are not to be trusted"
    )


def _horizon(orders: Orders) -> tuple[Horizon | None, list[str]]:
    if orders.horizon is None:
        return None, []
    try:
        text = orders.horizon.read_text("utf-8")
        return parse_horizon(text, source=str(orders.horizon)), []
    except (OSError, UnicodeDecodeError, HorizonError) as error:
        return None, [f"the horizon is not used: {error}"]


def _by_number(wanted: Iterable[Wanted]) -> dict[int, Wanted]:
    """Each satellite once; named twice, with the higher priority."""
    found: dict[int, Wanted] = {}
    for item in wanted:
        known = found.get(item.norad)
        if known is None or item.priority > known.priority:
            found[item.norad] = item
    return found


def _elements(
    wanted: Iterable[Wanted], catalog: ElementsCatalog
) -> tuple[dict[int, Elements], list[str]]:
    """Elements by NORAD number, and who has none. The catalogue itself is not kept in memory."""
    found: dict[int, Elements] = {}
    missing = []
    for item in wanted:
        elements = catalog.for_norad(item.norad)
        if elements is not None:
            found[item.norad] = elements
        else:
            missing.append(
                f"there are no elements of {item.name} (NORAD {item.norad}), so its passes are "
                "not known: get them with 'groundstation elements update' or "
                "'groundstation elements import FILE'"
            )
    return found, missing


def _chosen(passes: Sequence[PlannedPass], now: datetime, gap_s: float) -> list[PlannedPass]:
    """The same passes, those to come with what the antenna does."""
    by_candidate: dict[int, PlannedPass] = {}
    candidates = []
    for item in passes:
        if item.los > now:
            weight = pass_weight(item.wanted.priority, item.one.max_elevation_deg)
            candidates.append(Candidate(item.wanted.name, item.aos, item.los, weight))
            by_candidate[id(candidates[-1])] = item
    choice = plan(candidates, gap_s=gap_s, partial=True)
    taken = {id(use.candidate): (use.begin, use.end) for use in choice.uses}
    reasons = {id(one.candidate): one.reason for one in choice.rejected}
    result = [item for item in passes if item.los <= now]
    for key, item in by_candidate.items():
        result.append(
            PlannedPass(
                *(item.wanted, item.elements, item.one, item.aos, item.los),
                taken=taken.get(key),
                reason=reasons.get(key, ""),
            )
        )
    return result
