"""Where the counting of one satellite stands, kept between batches and over restarts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from groundstation.alarms.counting import Count
from groundstation.alarms.presence import Presence


@dataclass(slots=True)
class State:
    """``counts``: of values, by name. ``packets``: of packets, by name, ``frames`` being the
    satellite's sound frames so far. ``values``: of values by packet and name, ``places`` being the
    packets of each name so far. ``sunless``: how many values of each name could not be judged,
    because nobody knows whether the Sun shone."""

    counts: dict[str, Count] = field(default_factory=dict)
    packets: dict[str, Presence] = field(default_factory=dict)
    frames: int = 0
    values: dict[str, dict[str, Presence]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    sunless: dict[str, int] = field(default_factory=dict)

    def to_text(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> State:
        """Read back what :meth:`to_text` wrote."""
        data = json.loads(text)
        return cls(
            {name: Count(**item) for name, item in data["counts"].items()},
            {name: Presence(**item) for name, item in data["packets"].items()},
            data["frames"],
            {
                packet: {name: Presence(**item) for name, item in names.items()}
                for packet, names in data["values"].items()
            },
            data["places"],
            data["sunless"],
        )
