"""What a controller says of itself: the answers to ``\\dump_state`` and ``\\dump_caps``, read.

Formats: rotctld of Hamlib 4 writes ``min_az=-180.000000`` and so on, older ones the four numbers
alone after protocol and model; ``\\dump_caps`` says ``Min Azimuth:``. rigctld writes protocol,
model and region, then rows of seven numbers (from, to, modes, powers, VFOs, antennas): what it
receives up to a row of zeros, then what it transmits up to another.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_STATE = re.compile(rf"^(min_az|max_az|min_el|max_el)=({_NUMBER})\s*$", re.MULTILINE)
_CAPS = re.compile(rf"^(Min|Max) (Azimuth|Elevation):\s*({_NUMBER})\s*$", re.MULTILINE)
_RANGE_FIELDS = 7


@dataclass(frozen=True, slots=True)
class RotatorLimits:
    """Between which numbers a controller takes azimuths and elevations, degrees."""

    lowest_azimuth_deg: float
    highest_azimuth_deg: float
    lowest_deg: float
    highest_deg: float


@dataclass(frozen=True, slots=True)
class RadioLimits:
    """Ranges (from, to; Hz) in which a radio says that it receives and transmits."""

    receive_hz: tuple[tuple[float, float], ...]
    transmit_hz: tuple[tuple[float, float], ...]


def rotator_state(text: str) -> RotatorLimits | None:
    """The limits in an answer to ``\\dump_state`` of a rotator, or None."""
    found = {key: float(value) for key, value in _STATE.findall(text)}
    if len(found) == 4:
        return _rotator(found["min_az"], found["max_az"], found["min_el"], found["max_el"])
    lines = text.split()
    if len(lines) >= 6 and all(re.fullmatch(_NUMBER, line) for line in lines[2:6]):
        return _rotator(*map(float, lines[2:6]))
    return None


def rotator_caps(text: str) -> RotatorLimits | None:
    """The limits in an answer to ``\\dump_caps`` of a rotator, or None."""
    found = {(end, axis): float(value) for end, axis, value in _CAPS.findall(text)}
    if len(found) < 4:
        return None
    azimuths = (found["Min", "Azimuth"], found["Max", "Azimuth"])
    return _rotator(*azimuths, found["Min", "Elevation"], found["Max", "Elevation"])


def _rotator(low: float, high: float, lowest: float, highest: float) -> RotatorLimits | None:
    """None where the numbers cannot be meant: a driver that leaves them at zero."""
    if not (-1000 < low < high < 1000 and -100 <= lowest <= highest <= 360):
        return None
    return RotatorLimits(low, high, lowest, highest)


def radio_state(text: str) -> RadioLimits | None:
    """The limits in an answer to ``\\dump_state`` of a radio; None where it names no range."""
    rows = [line.split() for line in text.splitlines()[3:]]
    receive, after = _ranges(rows)
    transmit, _ = _ranges(rows[after:])
    return RadioLimits(receive, transmit) if receive else None


def _ranges(rows: Sequence[Sequence[str]]) -> tuple[tuple[tuple[float, float], ...], int]:
    """The ranges up to the row of zeros, and how many rows that were."""
    found: list[tuple[float, float]] = []
    for index, row in enumerate(rows):
        numbers = _numbers(row[:2])
        if len(row) != _RANGE_FIELDS or len(numbers) != 2:
            return tuple(found), index
        if numbers == [0.0, 0.0]:
            return tuple(found), index + 1
        found.append((numbers[0], numbers[1]))
    return tuple(found), len(rows)


def _numbers(words: Iterable[str]) -> list[float]:
    try:
        values = [float(word) for word in words]
    except ValueError:
        return []
    return [value for value in values if math.isfinite(value)]
