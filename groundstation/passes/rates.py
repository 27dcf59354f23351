"""Frames a second over elevation and over Doppler."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from groundstation.model.pass_report import DopplerRate, ElevationRate, Rate
from groundstation.orbit.propagation import Floats

_ELEVATION_STEP_DEG = 10
_DOPPLER_BINS = 8
#: AOS is a moment, rounded: at a mask of 10 degrees no row for those below is begun by it.
_AT_MASK_DEG = 0.05


def by_elevation(length_s: float, way_deg: Floats, heard_deg: Floats) -> list[ElevationRate]:
    """In steps of ten degrees. ``way_deg``: the satellite's elevation, evenly over ``length_s``
    seconds; ``heard_deg``: at each frame."""
    low = int(np.floor((way_deg.min() + _AT_MASK_DEG) / _ELEVATION_STEP_DEG)) * _ELEVATION_STEP_DEG
    # The next step above the highest point; 90 itself belongs to the last one.
    edges = np.arange(low, min(way_deg.max(), 89.99) + _ELEVATION_STEP_DEG, _ELEVATION_STEP_DEG)
    rates = _rates(length_s, edges.astype(float), way_deg, heard_deg)
    return [{"low_deg": low, "high_deg": high, **rate} for low, high, rate in rates]


def by_doppler(length_s: float, way_hz: Floats, heard_hz: Floats) -> list[DopplerRate]:
    """In even steps of Doppler; as :func:`by_elevation`."""
    # Rounded outwards to a hertz: the ends belong to it.
    edges = np.linspace(np.floor(way_hz.min()), np.ceil(way_hz.max()) + 1, _DOPPLER_BINS + 1)
    rates = _rates(length_s, edges, way_hz, heard_hz)
    return [{"low_hz": low, "high_hz": high, **rate} for low, high, rate in rates]


def _rates(
    length_s: float, edges: Floats, way: Floats, heard: Floats
) -> list[tuple[float, float, Rate]]:
    """Frames a second between each two ``edges``; each frame is in one of them."""
    open_edges = [*edges[:-1], np.inf]
    seconds = np.histogram(np.maximum(way, edges[0]), open_edges)[0] * (length_s / len(way))
    frames = np.histogram(np.maximum(heard, edges[0]), open_edges)[0]
    return [
        (
            round(low, 1),
            round(high, 1),
            {
                "seconds": round(spent, 1),
                "frames": count,
                "frames_per_s": round(count / spent, 4) if spent else None,
            },
        )
        for (low, high), spent, count in zip(
            pairwise(edges.tolist()), seconds.tolist(), frames.tolist(), strict=True
        )
    ]
