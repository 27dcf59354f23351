"""One visit cut by a horizon: exact, by SGP4 itself, for the few passes that a site follows."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from groundstation.orbit.horizon import Horizon
from groundstation.orbit.propagation import Floats

#: Times (s) -> azimuth and elevation (deg) of one satellite.
Look: TypeAlias = Callable[[Floats], tuple[Floats, Floats]]

_MAX_SAMPLES = 20_000
_STEP_S = 1.0
_STEP_AZIMUTH_DEG = 0.25
_ZOOM = 33


def visible_stretches(
    look: Look, horizon: Horizon, floor_deg: float, begin_s: float, end_s: float
) -> list[tuple[float, float]]:
    """Stretches of ``begin_s`` to ``end_s`` above both horizon and floor, to a millisecond.

    A stretch that begins or ends with the interval has exactly its ends. Gaps in the horizon that
    the satellite crosses in a fraction of a second are found.
    """

    def margin(times: Floats) -> Floats:
        azimuth, elevation = look(times)
        result: Floats = elevation - np.maximum(horizon.elevation_deg(azimuth), floor_deg)
        return result

    times = _sample_times(look, begin_s, end_s)
    values = margin(times)
    times, values = _with_hidden_tops(margin, times, values)
    seen = values > 0
    change = np.flatnonzero(seen[1:] != seen[:-1])
    edges = _bisected(margin, times[change], times[change + 1], seen[change])
    marks = edges.tolist()
    if len(seen) and seen[0]:
        marks.insert(0, begin_s)
    if len(seen) and seen[-1]:
        marks.append(end_s)
    return list(zip(marks[::2], marks[1::2], strict=True))


def _sample_times(look: Look, begin_s: float, end_s: float) -> Floats:
    """Times so dense that neither a second nor a quarter of a degree of azimuth lies between."""
    rough = np.linspace(begin_s, end_s, min(max(math.ceil((end_s - begin_s) / 10), 8), 2000))
    azimuth, _ = look(rough)
    turns = np.abs((np.diff(azimuth) + 180) % 360 - 180)
    steps = np.maximum(np.diff(rough) / _STEP_S, turns / _STEP_AZIMUTH_DEG)
    steps *= min(1.0, _MAX_SAMPLES / steps.sum())
    parts = [
        np.linspace(low, high, max(math.ceil(count), 1), endpoint=False)
        for low, high, count in zip(rough, rough[1:], steps, strict=False)
    ]
    return np.concatenate((*parts, [end_s]))


def _with_hidden_tops(
    margin: Callable[[Floats], Floats], times: Floats, values: Floats
) -> tuple[Floats, Floats]:
    """The samples, and between them tops above the mask whose neighbours are below it."""
    inner = values[1:-1]
    top = np.flatnonzero((inner <= 0) & (inner >= values[:-2]) & (inner >= values[2:])) + 1
    if len(top) == 0:
        return times, values
    low, high = times[top - 1], times[top + 1]
    for _ in range(3):
        grid = low + (high - low) * np.linspace(0, 1, _ZOOM)[:, None]
        # SGP4 wants one row of times; they need not be in order.
        found = margin(grid.ravel()).reshape(grid.shape)
        best = np.clip(found.argmax(axis=0), 1, _ZOOM - 2)
        column = np.arange(len(top))
        low, high = grid[best - 1, column], grid[best + 1, column]
        peak, height = grid[best, column], found[best, column]
    higher = height > 0
    times = np.concatenate((times, peak[higher]))
    order = np.argsort(times)
    return times[order], np.concatenate((values, height[higher]))[order]


def _bisected(
    margin: Callable[[Floats], Floats], low: Floats, high: Floats, seen_low: np.ndarray
) -> Floats:
    """The crossing between each ``low`` and ``high``; the sides may jump (a wall's edge)."""
    if len(low) == 0:
        return low
    for _ in range(24):
        middle = (low + high) / 2
        same = (margin(middle) > 0) == seen_low
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    result: Floats = (low + high) / 2
    return result
