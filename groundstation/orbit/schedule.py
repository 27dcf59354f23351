"""Which passes to take when there are more than antennas: the best choice, and why.

Choosing intervals of the greatest total weight for some antennas is a flow of least cost through
the time line (Arkin and Silverberg, Discrete Applied Mathematics 18, 1987): each antenna is a unit
of flow that at each instant either waits or takes a pass. Successive shortest paths find it.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, pairwise

_US = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something an antenna could do from ``begin`` to ``end`` (aware), worth ``weight``.

    ``label`` names it in reasons. Raises ValueError for an end before the begin or a negative
    weight.
    """

    label: str
    begin: datetime
    end: datetime
    weight: float

    def __post_init__(self) -> None:
        if self.end < self.begin:
            raise ValueError(f"{self.label} ends before it begins")
        if not self.weight >= 0:
            raise ValueError(f"the weight of {self.label} is {self.weight}, it must be 0 or more")


@dataclass(frozen=True, slots=True)
class Use:
    """An antenna (0, 1, 2 ...) on a candidate from ``begin`` to ``end``, all of it or a part."""

    candidate: Candidate
    antenna: int
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Rejected:
    """A candidate not taken, and the uses that stood in its way."""

    candidate: Candidate
    instead: tuple[Use, ...]

    @property
    def reason(self) -> str:
        """One sentence."""
        if not self.instead:
            return "it is worth nothing"
        names = ", ".join(
            f"{use.candidate.label} {use.begin:%H:%M:%S} to {use.end:%H:%M:%S} UTC"
            for use in self.instead
        )
        total = sum(use.candidate.weight for use in self.instead)
        verb = "is" if len(self.instead) == 1 else "are together"
        return (
            f"the antenna is needed for {names}, which {verb} worth {total:g}, "
            f"this pass {self.candidate.weight:g}"
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do, in order of time, and what not."""

    uses: tuple[Use, ...]
    rejected: tuple[Rejected, ...]

    @property
    def total_weight(self) -> float:
        """Weights of what is done; of a part the share of its time."""
        return sum(_worth(use) for use in self.uses)


def _worth(use: Use) -> float:
    whole = (use.candidate.end - use.candidate.begin) / _US
    share = ((use.end - use.begin) / _US) / whole if whole else 1.0
    return use.candidate.weight * share


def pass_weight(priority: float, max_elevation_deg: float) -> float:
    """Priority first, then height: a thousand for each step of priority, ten for each degree."""
    return priority * 1000 + round(10 * max_elevation_deg)


def plan(
    candidates: Iterable[Candidate],
    *,
    antennas: int = 1,
    gap_s: float = 0.0,
    partial: bool = False,
    shortest_s: float = 60.0,
) -> Plan:
    """The choice of greatest total weight.

    ``gap_s`` is what an antenna needs between one pass and the next (turning, set-up). With
    ``partial`` what is rejected may still be taken in part, at least ``shortest_s`` long, in
    the time that the chosen ones leave. Raises ValueError for fewer than one antenna or a
    negative gap.
    """
    if antennas < 1:
        raise ValueError(f"there are {antennas} antennas, at least 1 is needed")
    if not gap_s >= 0:
        raise ValueError(f"the gap is {gap_s} s, it must be 0 or more")
    items = sorted(candidates, key=lambda item: (item.begin, item.end, item.label))
    gap = timedelta(seconds=gap_s)
    uses = _assigned(_best(items, antennas, gap), antennas, gap)
    if partial:
        taken = {id(use.candidate) for use in uses}
        rest = [item for item in items if id(item) not in taken]
        uses += _remainders(rest, uses, antennas, gap, timedelta(seconds=shortest_s))
        uses.sort(key=lambda use: (use.begin, use.antenna))
    taken = {id(use.candidate) for use in uses}
    lines = [
        _Busy([use for use in uses if use.antenna == number], gap) for number in range(antennas)
    ]
    rejected = [Rejected(item, _in_the_way(lines, item)) for item in items if id(item) not in taken]
    return Plan(tuple(uses), tuple(rejected))


def _in_the_way(lines: Sequence[_Busy], item: Candidate) -> tuple[Use, ...]:
    """The uses of all antennas that ``item`` has no room beside, in order of time."""
    found = chain.from_iterable(line.clashes(item) for line in lines)
    return tuple(sorted(found, key=lambda use: (use.begin, use.antenna)))


class _Busy:
    """What one antenna does: its uses in order of time, none of which overlap."""

    def __init__(self, uses: Sequence[Use], gap: timedelta) -> None:
        self._uses = uses
        self._gap = gap
        self._begins = [use.begin for use in uses]
        self._free_again = [use.end + gap for use in uses]

    def clashes(self, item: Candidate) -> Sequence[Use]:
        """The uses that ``item`` has no room beside."""
        first = bisect_right(self._free_again, item.begin)
        return self._uses[first : bisect_left(self._begins, item.end + self._gap)]


class _Line:
    """The time line as a graph: waiting from instant to instant, or taking a candidate."""

    def __init__(self, items: Sequence[Candidate], antennas: int, gap: timedelta) -> None:
        instants = sorted({t for item in items for t in (item.begin, item.end + gap)})
        index = {instant: i for i, instant in enumerate(instants)}
        self.size = len(instants)
        self.heads: list[int] = []
        self.room: list[int] = []
        self.cost: list[float] = []
        self.edges: list[list[int]] = [[] for _ in instants]
        for here, there in pairwise(range(self.size)):
            self._add(here, there, antennas, 0.0)
        self.first_item = len(self.heads)
        for item in items:
            self._add(index[item.begin], index[item.end + gap], 1, -item.weight)

    def _add(self, tail: int, head: int, room: int, cost: float) -> None:
        """An edge and, at the next number, its reverse."""
        for start, end, capacity, price in ((tail, head, room, cost), (head, tail, 0, -cost)):
            self.edges[start].append(len(self.heads))
            self.heads.append(end)
            self.room.append(capacity)
            self.cost.append(price)

    def potentials(self) -> list[float]:
        """Least cost from the first instant to each: edges run forward, so one sweep does it."""
        least = [0.0] + [float("inf")] * (self.size - 1)
        for here in range(self.size):
            for edge in self.edges[here]:
                if self.room[edge]:
                    there = self.heads[edge]
                    least[there] = min(least[there], least[here] + self.cost[edge])
        return least

    def send_one(self, potential: list[float]) -> None:
        """Send one antenna along the cheapest way (Dijkstra with potentials, which it renews)."""
        distance = [float("inf")] * self.size
        came_by = [-1] * self.size
        distance[0] = 0.0
        queue = [(0.0, 0)]
        while queue:
            far, here = heapq.heappop(queue)
            if far > distance[here]:
                continue
            for edge in self.edges[here]:
                there = self.heads[edge]
                # Rounding may leave a tiny negative: it must not make a loop.
                step = max(self.cost[edge] + potential[here] - potential[there], 0.0)
                if self.room[edge] and far + step < distance[there]:
                    distance[there] = far + step
                    came_by[there] = edge
                    heapq.heappush(queue, (far + step, there))
        for i, far in enumerate(distance):
            potential[i] += far
        there = self.size - 1
        while there:
            edge = came_by[there]
            self.room[edge] -= 1
            self.room[edge ^ 1] += 1
            there = self.heads[edge ^ 1]


def _best(items: Sequence[Candidate], antennas: int, gap: timedelta) -> list[Candidate]:
    """The candidates of the best choice. One of no length and no gap clashes with nothing."""
    points = [item for item in items if item.end + gap == item.begin]
    spans = [item for item in items if item.end + gap > item.begin and item.weight > 0]
    if not spans:
        return points
    line = _Line(spans, antennas, gap)
    potential = line.potentials()
    for _ in range(min(antennas, len(spans))):
        line.send_one(potential)
    taken = [
        item for number, item in enumerate(spans) if line.room[line.first_item + 2 * number] == 0
    ]
    return sorted(points + taken, key=lambda item: item.begin)


def _assigned(chosen: Sequence[Candidate], antennas: int, gap: timedelta) -> list[Use]:
    """Each candidate on an antenna that is free; the one that was free first."""
    free: list[datetime | None] = [None] * antennas
    uses = []
    for item in chosen:
        antenna = next(n for n, since in enumerate(free) if since is None or since <= item.begin)
        free[antenna] = item.end + gap
        uses.append(Use(item, antenna, item.begin, item.end))
    return uses


def _remainders(
    rest: Sequence[Candidate],
    uses: Sequence[Use],
    antennas: int,
    gap: timedelta,
    shortest: timedelta,
) -> list[Use]:
    """Parts of the rejected candidates in the time left over, the most valuable second first."""
    busy = list(uses)
    found = []
    for item in sorted(rest, key=lambda item: -item.weight):
        longest: Use | None = None
        for antenna in range(antennas):
            at = item.begin
            own = sorted((u for u in busy if u.antenna == antenna), key=lambda use: use.begin)
            for use in own:
                longest = _longer(longest, Use(item, antenna, at, min(use.begin - gap, item.end)))
                at = max(at, use.end + gap)
            longest = _longer(longest, Use(item, antenna, at, item.end))
        if longest is not None and longest.end - longest.begin >= shortest:
            found.append(longest)
            busy.append(longest)
    return found


def _longer(one: Use | None, other: Use) -> Use | None:
    if other.end <= other.begin or (one and one.end - one.begin >= other.end - other.begin):
        return one
    return other
