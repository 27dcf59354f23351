"""The four to six values of the first page: those that tell most, each of something else."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from dashboard.show.display import MAIN, Row, is_numeric
from decoders.definition.limits import Limits
from decoders.definition.model import Parameter
from groundstation.model import Sample

MOST = 6
#: What people ask about first: of each line one value is shown, the first that there is.
_SUBJECTS = (
    ("battery_voltage", "battery_cell_voltage"),
    ("battery_charge",),
    ("battery_current", "battery_charge_current", "battery_discharge_current", "battery_power"),
    ("solar_power", "solar_current", "solar_voltage"),
    ("battery_temperature",),
    ("mode", "power_system_mode", "battery_mode", "attitude_mode"),
    ("panel_temperature",),
    ("computer_temperature", "board_temperature", "power_system_temperature"),
    ("power_consumption", "bus_current", "bus_voltage"),
    ("transmitter_temperature", "radio_temperature", "receiver_temperature"),
    ("transmit_power",),
    ("signal_strength", "signal_to_noise"),
    ("angular_rate", "angular_rate_x", "angular_rate_y", "angular_rate_z"),
    ("resets", "power_system_resets", "radio_resets"),
    ("uptime",),
)
_RANK = {quantity: rank for rank, subject in enumerate(_SUBJECTS) for quantity in subject}
#: What counts and frames messages says nothing about a satellite.
_NEVER = frozenset(("frame_counter", "satellite_time", "frames_sent"))
_OF_MESSAGES = re.compile(
    r"(^|_)(ccsds|apid|length|len|crc|checksum|header|version|callsign|ssid|padding|reserved|spare"
    r"|sequence|seq|type|id|teamid|time\w*|year|month|date|day|hour|minute|second)(_|$)"
)
_NUMBERS = re.compile(r"_?\d+(?=_|$)|_[abxyz]$")
#: A bar reaches beyond the outermost limits by this part of what lies between them.
_BEYOND = 0.15


def heroes(rows: Mapping[str, Row | None], known: Mapping[str, Sample]) -> dict[str, Row | None]:
    """At most MOST of ``rows`` (by name, in the order of the definition), the weightiest first.

    Those with a value come before those without, and by what they measure (``quantity``) and
    whether the definition marks them (``display = "main"``). No two are of the same thing.
    """
    weights = {name: _weight(name, row, known.get(name)) for name, row in rows.items() if row}
    ordered = sorted((weight, name) for name, weight in _numbered(weights) if weight is not None)
    chosen: dict[str, Row | None] = {}
    subjects: set[object] = set()
    for (*_, _place), name in ordered:
        about = _subjects(name, rows[name])
        if not about & subjects and len(chosen) < MOST:
            subjects |= about
            chosen[name] = rows[name]
    return chosen or dict(list(rows.items())[:MOST])


def _numbered(
    weights: Mapping[str, tuple[int, ...] | None],
) -> list[tuple[str, tuple[int, ...] | None]]:
    """Equal weights keep their order."""
    return [
        (name, weight if weight is None else (*weight, place))
        for place, (name, weight) in enumerate(weights.items())
    ]


def _weight(name: str, row: Row | None, sample: Sample | None) -> tuple[int, ...] | None:
    """Less is weightier; None: never shown."""
    if row is None or row.quantity in _NEVER:
        return None
    if isinstance(row, Parameter) and (row.const is not None or row.crc or row.kind == "bytes"):
        return None
    rank = _RANK.get(row.quantity)
    if rank is None and not row.quantity and _OF_MESSAGES.search(row.name):
        return None
    main = row.display == MAIN
    measured = bool(row.unit) and is_numeric(row)
    if rank is not None:
        tier = 0 if main or measured or row.quantity.endswith("mode") else 3
    elif main:
        tier = 1 if measured or row.limits else 3
    elif measured:
        tier = 2 if row.quantity or row.limits else 4
    else:
        return None
    without = sample is None or sample.value is None
    return int(without), tier, len(_SUBJECTS) if rank is None else rank, int(not main)


def _subjects(name: str, row: Row | None) -> set[object]:
    """What a value is of: by its quantity, its name without numbers, its label."""
    if row is None or not row.quantity:
        return {_NUMBERS.sub("", name), row.label() if row else name}
    return {_RANK.get(row.quantity, row.quantity), row.label()}


@dataclass(frozen=True, slots=True)
class Zone:
    """A part of a bar in percent of its length; ``state``: what a value there is."""

    state: str
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class LimitBar:
    """The limits as a bar from ``low`` to ``high``; ``at``: where the value is, None: nowhere."""

    low: float
    high: float
    zones: tuple[Zone, ...]
    at: float | None


def limit_bar(limits: Limits | None, value: object) -> LimitBar | None:
    """The bar of a numeric row's limits; None where no number judges it.

    A value beyond an end of the bar is at that end.
    """
    spans = [span for span in (limits.critical, limits.warning) if span] if limits else []
    ends = sorted({end for span in spans for end in span if math.isfinite(end)})
    if limits is None or not ends:
        return None
    width = ends[-1] - ends[0]
    beyond = width * _BEYOND if width else max(abs(ends[0]) / 2, 1.0)
    low, high = ends[0] - beyond, ends[-1] + beyond
    cuts = [low, *ends, high]
    part = 100 / (high - low)
    zones = tuple(
        Zone(limits.state((a + b) / 2), round((a - low) * part, 2), round((b - a) * part, 2))
        for a, b in pairwise(cuts)
    )
    at = None
    if isinstance(value, int | float) and not isinstance(value, bool):
        at = round(min(max((value - low) * part, 0.0), 100.0), 2)
    return LimitBar(low, high, zones, at)
