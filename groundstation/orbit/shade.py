"""From when to when a satellite was in the Earth's shadow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from groundstation.orbit.elements import Elements
from groundstation.orbit.sunlight import DARK, UNKNOWN, sunlight

#: Of longer spans nothing is told: shadows come every hour and a half.
MOST_US = 8 * 86_400_000_000
#: The edges of a shadow are good to half of this, and to a two thousandth of the span.
_STEP_US = 10_000_000
_MOST_STEPS = 8000


@dataclass(frozen=True, slots=True)
class Shade:
    """Spans (from, to) in the shadow, microseconds. ``known``: nowhere it is not known."""

    spans: tuple[tuple[int, int], ...]
    known: bool


def shade(sets: Sequence[Elements], start_us: int, end_us: int) -> Shade:
    """Shadows between two times, cut at them; ``sets``: elements of the one object.

    Of a span longer than :data:`MOST_US` nothing is known.
    """
    if not 0 < end_us - start_us <= MOST_US or not sets:
        return Shade((), False)
    step = max(_STEP_US, (end_us - start_us) // _MOST_STEPS)
    times = np.append(np.arange(start_us, end_us, step, dtype=np.int64), end_us)
    light = sunlight(sets, times)
    dark = np.concatenate(([False], light == DARK, [False]))
    edges = np.flatnonzero(dark[1:] != dark[:-1])
    # An edge lies between the last time on its one side and the first on its other.
    middles = (
        times[np.clip(edges - 1, 0, None)] + times[np.clip(edges, None, len(times) - 1)]
    ) // 2
    spans = zip(middles[::2].tolist(), middles[1::2].tolist(), strict=True)
    return Shade(tuple(spans), not bool((light == UNKNOWN).any()))
