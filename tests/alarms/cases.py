"""The table of cases, and the frames and columns that each stands for."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from decoders.definition.model import PacketLayout, Satellite
from decoders.definition.parse import parse
from decoders.raws import Raws, raw_column
from groundstation.alarms.rules import Settings, watched
from groundstation.alarms.watch import Frames, Part, Watch
from groundstation.model.alarms import AlarmEvent

TABLE: Mapping[str, list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("cases.toml").read_text("utf-8")
)
ID = "case"
STEP_S = 30
START_US = 1_780_000_000_000_000
_LIMITS = "limits = { warning = [3.5, 4.2], critical = [3.3, 4.4] }"
_DEFINITION = """\
[satellite]
name = "Case"
norad = 99999
callsigns = ["CASE"]
[[packets]]
name = "status"
match = {{ prefix = "A5 01 5A", length = 7 }}
parameters = [
  {{ name = "volt", type = "u16", divide = 100, sentinel = 65535, unit = "V"{row} }},
  {{ name = "mode", type = "u8", \
enum = {{ 0 = "safe", 1 = "nominal", 2 = "science", 3 = "fault" }}, \
limits = {{ warning = ["fault"] }} }},
  {{ name = "temp", type = "i8", sentinel = -128 }},
]
derived = [
  {{ name = "twice", expression = "volt * 2", unit = "V", \
limits = {{ warning = [-inf, 9] }} }},
]
[[packets]]
name = "beacon"
match = {{ prefix = "A5 02 5A", length = 5 }}
parameters = [
  {{ name = "volt", type = "u16", divide = 100, sentinel = 65535, unit = "V"{plain} }},
]
[[packets]]
name = "old"
match = {{ prefix = "A5 03 5A", length = 5, valid_until = "2027-01-01" }}
parameters = [
  {{ name = "volt", type = "u16", divide = 100, unit = "V", limits = {{ warning = [3.0, 4.2] }} }},
]
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """One packet: its name, values, time and reception. ``sun``: as the core takes it."""

    packet: str
    volt: float
    mode: int
    temp: float
    at_s: float
    seq: int
    sun: int

    def raws(self) -> dict[str, int]:
        """Raw values by name."""
        volt = 0xFFFF if math.isnan(self.volt) else round(self.volt * 100)
        temp = -128 if math.isnan(self.temp) else round(self.temp)
        every = {"volt": volt, "mode": self.mode, "temp": temp}
        return every if self.packet == "status" else {"volt": volt}

    def frame(self) -> bytes:
        """As bytes."""
        raws = self.raws()
        head = {"status": "A5015A", "beacon": "A5025A", "old": "A5035A"}[self.packet]
        body = raws["volt"].to_bytes(2, "big")
        if self.packet == "status":
            body += bytes([raws["mode"], raws["temp"] & 0xFF])
        return bytes.fromhex(head) + body

    @property
    def time_us(self) -> int:
        """When it was received."""
        return START_US + round(self.at_s * 1e6)


def satellite_text(case: Mapping[str, Any]) -> str:
    """The definition of a case."""
    parts = [case.get("limits", _LIMITS), case.get("row", "")]
    row = "".join(f", {part}" for part in parts if part).replace("\n", " ")
    # The beacon has nothing that a condition could name.
    return _DEFINITION.format(row=row, plain=_plain(parts[0]) if "when" in row else row)


def _plain(limits: str) -> str:
    return f", {limits}" if limits else ""


def settings_of(case: Mapping[str, Any]) -> Settings:
    """The settings of a case."""
    return Settings(**{"missing_frames": 0, **case.get("settings", {})})


def sent(case: Mapping[str, Any]) -> list[Sent]:
    """The packets of a case in the order in which they were sent."""
    return list(_sent(case))


def _sent(case: Mapping[str, Any]) -> Iterator[Sent]:
    rows: list[tuple[str, float, int]] = []
    if "beacons_then_none" in case:
        for number, times in enumerate(case["beacons_then_none"]):
            rows += [("status" if number % 2 else "beacon", 4.0, 0)] * times
    elif "beacons_every" in case:
        every, times, none = case["beacons_every"]
        rows += ([("status", 4.0, 0)] * (every - 1) + [("beacon", 4.0, 0)]) * times
        rows += [("status", 4.0, 0)] * none
    else:
        rows = [("status", float(value), index) for index, value in enumerate(case["volt"])]
        for name in ("beacon", "old"):
            for place, value in reversed(case.get(name, [])):
                rows.insert(place, (name, float(value), 0))
    for index, (packet, volt, own) in enumerate(rows):
        yield Sent(
            packet,
            volt,
            int(_nth(case, "mode", own, 1)),
            float(_nth(case, "temp", own, 20)),
            float(_nth(case, "at", index, STEP_S * index)),
            int(_nth(case, "reception", index, index + 1)),
            int(_nth(case, "sun", own, 1)),
        )


def _nth(case: Mapping[str, Any], key: str, index: int, default: float) -> float:
    values = case.get(key, [])
    found: float = values[index] if index < len(values) else default
    return found


def satellite_of(case: Mapping[str, Any]) -> Satellite:
    """The definition of a case, read."""
    return parse(satellite_text(case), id=ID)


def watch_of(case: Mapping[str, Any], packets: Sequence[Sent]) -> Watch:
    """A watch that has seen nothing yet."""
    settings = settings_of(case)
    satellite = satellite_of(case)
    rules = {}
    for layout in reversed(satellite.packets):
        rules.update(watched(layout.rows(), settings))
    sun = {item.time_us: item.sun for item in packets}
    times = {item.seq: item.time_us for item in packets}

    def sun_at(times_us: NDArray[np.int64]) -> NDArray[np.int8]:
        return np.array([sun[time_us] for time_us in times_us.tolist()], np.int8)

    return Watch(ID, settings, rules, sun_at, times.__getitem__)


def batch(case: Mapping[str, Any], packets: Sequence[Sent]) -> tuple[Frames, list[Part]]:
    """Packets as the core takes them. Keys: a thousand a reception."""
    seqs = list(dict.fromkeys(item.seq for item in packets))
    first = {seq: next(item.packet for item in packets if item.seq == seq) for seq in seqs}
    frames = Frames(np.array(seqs, np.int64), [first[seq] for seq in seqs])
    numbered = list(enumerate(packets))
    settings = settings_of(case)
    parts = []
    for layout in satellite_of(case).packets:
        mine = [(place, item) for place, item in numbered if item.packet == layout.name]
        if mine:
            parts.append(_part(layout, mine, settings))
    return frames, parts


def _part(layout: PacketLayout, mine: Sequence[tuple[int, Sent]], settings: Settings) -> Part:
    own = [(item.name, item) for item in layout.items]
    raws = [item.raws() for _, item in mine]
    maker = Raws(own, layout.derived)  # type: ignore[arg-type]  # no groups here
    columns = {
        name: raw_column(row, [each[name] for each in raws])  # type: ignore[arg-type]  # no groups here
        for name, row in own
    }
    return Part(
        layout.name,
        np.array([1000 * item.seq + place for place, item in mine], np.int64),
        np.array([item.seq for _, item in mine], np.int64),
        np.array([item.time_us for _, item in mine], np.int64),
        maker.columns(columns, len(mine)),
        watched(layout.rows(), settings),
    )


def told(event: AlarmEvent) -> str:
    """An event as the table writes it."""
    key = event.key
    return f"{event.seq} {event.kind} {event.severity} {key.rule} {key.parameter} #{key.seq}"
