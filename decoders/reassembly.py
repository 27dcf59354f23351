"""Telemetry that spans frames: parts are kept until they are all there, then decoded as a whole.

Whole-orbit data, multi-frame beacons, pictures. What belongs together says ``spans`` in the
definition.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from decoders.definition.model import PacketLayout, Satellite, Spans
from decoders.errors import DecodeError
from decoders.plan import Plan
from decoders.value import Decoded, Raw

#: Satellites that are waited for at once; the one that was silent longest is given up.
MOST_SENDERS = 64
#: Sets that are waited for, of one satellite; the oldest is given up.
MOST_SETS = 64
#: Bytes of one set.
MOST_BYTES = 1 << 20
_MOST_PARTS = 65_535

#: Packet of the parts, and what tells the set.
_Key: TypeAlias = tuple[str, Raw | None]


class Joined(NamedTuple):
    """A whole that its last part completed: the plan of its packet, and its bytes."""

    satellite: str
    plan: Plan
    data: bytes


@dataclass(slots=True)
class _Set:
    """``parts`` by place, with the token of the frame that each came by."""

    count: int
    parts: dict[int, tuple[bytes, int]] = field(default_factory=dict)
    completed_by: int | None = None

    @property
    def size(self) -> int:
        return sum(len(data) for data, _ in self.parts.values())


class Reassembler:
    """Takes the parts of frames in order and gives the wholes that they complete.

    Holds at most MOST_SETS sets of MOST_BYTES for each of MOST_SENDERS satellites. Parts may come
    in any order and more than once; the one that completed a set gives the whole again when it is
    taken again. ``definition``: a satellite's by its id.
    """

    def __init__(self, definition: Callable[[str], Satellite | None]):
        self._definition = definition
        self._plans: dict[tuple[str, str], Plan] = {}
        self._senders: OrderedDict[str, OrderedDict[_Key, _Set]] = OrderedDict()

    def feed(self, decoded: Decoded) -> Decoded | None:
        """The whole that this frame's part completes, or None."""
        if decoded.satellite is None or decoded.packet is None or decoded.error is not None:
            return None
        satellite = self._definition(decoded.satellite)
        layouts = {packet.name: packet for packet in satellite.packets} if satellite else {}
        layout = layouts.get(decoded.packet)
        if layout is None or layout.spans is None:
            return None
        raws = {value.name: value.raw for value in decoded.values}
        joined = self.feed_part(decoded.satellite, layout, raws)
        return None if joined is None else _whole(decoded, joined)

    def feed_part(
        self,
        satellite: str,
        layout: PacketLayout,
        raws: Mapping[str, Raw | None],
        token: int = 0,
    ) -> Joined | None:
        """The whole that a part completes: a packet of ``layout``, by its raw values.

        ``token``: what :meth:`held` gives back while the part is waited with.
        """
        spans = layout.spans
        if spans is None:
            return None
        index, total = raws.get(spans.index), spans.count
        if isinstance(total, str):
            total = raws.get(total)  # type: ignore[assignment]
        data = raws.get(spans.data)
        if not isinstance(index, int) or not isinstance(total, int) or not isinstance(data, bytes):
            return None
        place = index - spans.first
        if not 0 <= place < total <= _MOST_PARTS:
            return None
        joined = self._add(
            self._sets(satellite), (layout.name, raws.get(spans.set)), place, total, (data, token)
        )
        if joined is None:
            return None
        plan = self._plan(satellite, layout, spans)
        return None if plan is None else Joined(satellite, plan, joined)

    def held(self) -> list[int]:
        """Tokens of the parts that are kept, of completed sets too."""
        return [
            token
            for sets in self._senders.values()
            for each in sets.values()
            for _, token in each.parts.values()
        ]

    def forget(self, satellite: str) -> None:
        """Drop what is kept of a satellite, and what is known of its definition."""
        self._senders.pop(satellite, None)
        self._plans = {key: plan for key, plan in self._plans.items() if key[0] != satellite}

    def _sets(self, satellite: str) -> OrderedDict[_Key, _Set]:
        sets = self._senders.setdefault(satellite, OrderedDict())
        self._senders.move_to_end(satellite)
        if len(self._senders) > MOST_SENDERS:
            self._senders.popitem(last=False)
        return sets

    def _plan(self, satellite: str, layout: PacketLayout, spans: Spans) -> Plan | None:
        key = (satellite, layout.name)
        if key not in self._plans:
            definition = self._definition(satellite)
            whole = definition.packet(spans.packet) if definition else None
            if whole is None:
                return None
            self._plans[key] = Plan(whole)
        return self._plans[key]

    @staticmethod
    def _add(
        sets: OrderedDict[_Key, _Set], key: _Key, place: int, total: int, part: tuple[bytes, int]
    ) -> bytes | None:
        known = sets.get(key)
        if known is None or known.count != total or known.parts.get(place, part)[0] != part[0]:
            # Another set under the same name: without a name of its own it begins anew.
            known = sets[key] = _Set(total)
        sets.move_to_end(key)
        known.parts.setdefault(place, part)
        if len(known.parts) == total:
            if known.completed_by is None:
                known.completed_by = place
            if known.completed_by == place:
                return b"".join(known.parts[n][0] for n in range(total))
        if known.size > MOST_BYTES:
            del sets[key]
        while len(sets) > MOST_SETS:
            sets.popitem(last=False)
        return None


def _whole(part: Decoded, joined: Joined) -> Decoded:
    try:
        values, problem = joined.plan.decode(joined.data)
    except DecodeError as error:
        values, problem = (), str(error)
    return Decoded(
        frame=joined.data,
        satellite=part.satellite,
        packet=joined.plan.layout.name,
        values=values,
        payload=(0, 8 * len(joined.data)),
        error=problem,
        simulated=part.simulated,
    )
