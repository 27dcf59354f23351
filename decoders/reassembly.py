"""Telemetry that spans frames: parts are kept until they are all there, then decoded as a whole.

Whole-orbit data, multi-frame beacons, pictures. What belongs together says ``spans`` in the
definition.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

from decoders.definition.model import Satellite, Spans
from decoders.errors import DecodeError
from decoders.plan import Plan
from decoders.value import Decoded, Raw

#: Sets that are waited for at once, over all satellites; the oldest is given up.
MOST_SETS = 256
MOST_BYTES = 1 << 20
_MOST_PARTS = 65_535


@dataclass(slots=True)
class _Set:
    count: int
    parts: dict[int, bytes] = field(default_factory=dict)
    completed_by: int | None = None

    @property
    def size(self) -> int:
        return sum(map(len, self.parts.values()))


class Reassembler:
    """Takes decoded frames in order and gives the wholes that they complete.

    Holds at most MOST_SETS sets of MOST_BYTES each. Parts may come in any order and more than once;
    the one that completed a set gives the whole again when it is taken again.
    """

    def __init__(self, satellites: Iterable[Satellite]):
        self._spans: dict[tuple[str, str], Spans] = {}
        self._plans: dict[tuple[str, str], Plan] = {}
        for satellite in satellites:
            layouts = {packet.name: packet for packet in satellite.packets}
            for packet in satellite.packets:
                if packet.spans is not None:
                    self._spans[satellite.id, packet.name] = packet.spans
                    whole = layouts[packet.spans.packet]
                    self._plans[satellite.id, packet.name] = Plan(whole)
        self._sets: OrderedDict[tuple[str, str, Raw | None], _Set] = OrderedDict()

    def feed(self, decoded: Decoded) -> Decoded | None:
        """The whole that this frame's part completes, or None."""
        if decoded.satellite is None or decoded.packet is None or decoded.error is not None:
            return None
        spans = self._spans.get((decoded.satellite, decoded.packet))
        if spans is None:
            return None
        named = {value.name: value.raw for value in decoded.values}
        index, count = named.get(spans.index), spans.count
        total = named.get(count) if isinstance(count, str) else count
        data = named.get(spans.data)
        if not isinstance(index, int) or not isinstance(total, int) or not isinstance(data, bytes):
            return None
        place = index - spans.first
        if not 0 <= place < total <= _MOST_PARTS:
            return None
        key = (decoded.satellite, decoded.packet, named.get(spans.set))
        joined = self._add(key, place, total, data)
        return None if joined is None else self._whole(decoded, joined)

    def _add(
        self, key: tuple[str, str, Raw | None], place: int, total: int, data: bytes
    ) -> bytes | None:
        known = self._sets.get(key)
        if known is None or known.count != total or known.parts.get(place, data) != data:
            # Another set under the same name: without a name of its own it begins anew.
            known = self._sets[key] = _Set(total)
        self._sets.move_to_end(key)
        known.parts[place] = data
        if len(known.parts) == total:
            if known.completed_by is None:
                known.completed_by = place
            if known.completed_by == place:
                return b"".join(known.parts[n] for n in range(total))
        if known.size > MOST_BYTES:
            del self._sets[key]
        while len(self._sets) > MOST_SETS:
            self._sets.popitem(last=False)
        return None

    def _whole(self, part: Decoded, joined: bytes) -> Decoded:
        plan = self._plans[part.satellite or "", part.packet or ""]
        try:
            values, problem = plan.decode(joined)
        except DecodeError as error:
            values, problem = (), str(error)
        return Decoded(
            frame=joined,
            satellite=part.satellite,
            packet=plan.layout.name,
            values=values,
            payload=(0, 8 * len(joined)),
            error=problem,
            simulated=part.simulated,
        )
