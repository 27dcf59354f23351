"""What the alarms' core is given: frames, values, passes and sunlight, out of the stores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from decoders.definition.model import Satellite, in_rows
from groundstation.alarms.rules import Rule, Settings, watched
from groundstation.alarms.silence import WatchedPass
from groundstation.alarms.watch import Frames, Part
from groundstation.model import FlownPass, to_us
from groundstation.storage.telemetry.keys import seqs_of
from groundstation.storage.telemetry.reader import TelemetryReader

if TYPE_CHECKING:
    from groundstation.elements import ElementsCatalog
    from groundstation.orbit.elements import Elements

#: A pass counts as watched where the station was there for this share of it.
_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Rules:
    """What of a satellite is watched: by packet, and by name (of the first packet that has it)."""

    by_packet: Mapping[str, Mapping[str, Rule]]
    by_name: Mapping[str, Rule]

    @classmethod
    def of(cls, satellite: Satellite, settings: Settings) -> Rules:
        """The rules of a definition."""
        by_packet = {one.name: watched(one.rows(), settings) for one in satellite.packets}
        by_name: dict[str, Rule] = {}
        for rules in by_packet.values():
            for name, rule in rules.items():
                by_name.setdefault(name, rule)
        return cls(by_packet, by_name)

    def wanted(self, names: Mapping[str, object]) -> list[str]:
        """Those of ``names`` that have rules, or that a condition needs."""
        needed = frozenset().union(*(rule.names for rule in self.by_name.values()))
        return [n for n in names if n in needed or in_rows(n, self.by_name) is not None]


def frames_of(reader: TelemetryReader, satellite: str, low: int, high: int) -> Frames:
    """Its sound frames ``low < seq <= high``."""
    query = (
        "SELECT f.seq, p.name, f.simulated FROM frames f LEFT JOIN packets p ON p.id=f.packet"
        " WHERE f.satellite=? AND f.seq > ? AND f.seq <= ? AND f.error IS NULL ORDER BY f.seq"
    )
    with reader.connection() as connection:
        rows = connection.execute(query, (satellite, low, high)).fetchall()
    return Frames(
        np.array([seq for seq, _, _ in rows], np.int64),
        [name for _, name, _ in rows],
        frozenset(seq for seq, _, simulated in rows if simulated),
    )


def parts_of(
    reader: TelemetryReader, satellite: str, rules: Rules, low: int, high: int
) -> list[Part]:
    """Its watched values of receptions ``low < seq <= high``."""
    names = rules.wanted(reader.parameters(satellite))
    return [
        Part(
            *(found.packet, found.rows.keys, seqs_of(found.rows.keys), found.rows.times_us),
            *(found.rows.columns, rules.by_packet.get(found.packet, {})),
        )
        for found in reader.rows(satellite, names, low, high)
    ]


@dataclass(slots=True)
class Sunlight:
    """Whether the Sun shines on satellites, by the elements in a folder."""

    folder: Path
    _catalog: ElementsCatalog | None = None
    _stamp: object = None
    _sets: dict[int, list[Elements]] = field(default_factory=dict)

    def at(self, norad: int | None, times_us: NDArray[np.int64]) -> NDArray[np.int8]:
        """As :func:`groundstation.orbit.sunlight.sunlight` says it."""
        # Heavy, and few definitions ask.
        from groundstation.elements import ElementsCatalog
        from groundstation.orbit.sunlight import UNKNOWN, sunlight

        if norad is None:
            return np.full(len(times_us), UNKNOWN, np.int8)
        if self._catalog is None:
            self._catalog = ElementsCatalog(self.folder)
        stamp = self._catalog.stamp()
        if stamp != self._stamp:
            self._stamp, self._sets = stamp, {}
        if norad not in self._sets:
            self._sets[norad] = self._catalog.history_of(norad)
        return sunlight(self._sets[norad], times_us)


def watched_passes(
    reader: TelemetryReader, flown: Iterable[FlownPass], least_deg: float
) -> dict[str, list[WatchedPass]]:
    """Those of ``flown`` that the station was there for, and that rose to ``least_deg`` at least:
    by satellite, in order of time. A satellite without one has an empty list.

    ``flown`` is gone through once: a thousand accounts are more than memory should hold.
    """
    found: dict[str, list[WatchedPass]] = {}
    for one in flown:
        mine = found.setdefault(one.satellite, [])
        high = one.report["predicted"]["max_elevation_deg"] >= least_deg
        if high and _share(one) >= _SHARE:
            mine.append(_watched(reader, one.satellite, one))
    for mine in found.values():
        mine.sort(key=lambda item: item.los_us)
    return found


def _share(one: FlownPass) -> float:
    """How much of the pass the station was there for."""
    spans = [
        (to_us(datetime.fromisoformat(span["from"])), to_us(datetime.fromisoformat(span["to"])))
        for span in one.report.get("watched", ())
    ]
    inside = [max(0, min(end, one.los_us) - max(begin, one.aos_us)) for begin, end in spans]
    return sum(inside) / max(1, one.los_us - one.aos_us)


def _watched(reader: TelemetryReader, satellite: str, one: FlownPass) -> WatchedPass:
    span = one.report["span"]
    before = reader.nearest(satellite, span["to_us"], earlier=True)
    after = reader.nearest(satellite, span["to_us"], earlier=False)
    heard = before is not None and before[1] >= span["from_us"]
    return WatchedPass(
        one.los_us,
        heard or one.report["heard"]["frames"] > 0,
        before[0] if before else 0,
        after[0] if after else None,
        after[1] if after else None,
        simulated=one.report["simulated"],
    )
