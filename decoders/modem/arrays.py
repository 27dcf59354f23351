"""Arrays of samples, and the few moving statistics that the modem needs."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

#: Samples, soft symbols or times.
Real: TypeAlias = NDArray[np.floating[Any]]
#: Samples of a complex signal.
Complex: TypeAlias = NDArray[np.complexfloating[Any, Any]]
#: Bits, or numbers of patterns.
Whole: TypeAlias = NDArray[np.int64]
_Samples = TypeVar("_Samples", Real, Complex)


def moving_average(values: _Samples, width: int) -> _Samples:
    """The mean of ``width`` values around each one; at the ends the values are mirrored."""
    size = len(values)
    width = min(max(width, 1), size)
    if width == 1 or size < 2:
        return values
    before, after = width // 2, width - width // 2 - 1
    mirrored = np.concatenate([values[before:0:-1], values, values[-2 : -after - 2 : -1]])
    wide: Any = np.complex128 if np.iscomplexobj(values) else np.float64
    sums = np.concatenate([[0], np.cumsum(mirrored, dtype=wide)])
    found: _Samples = ((sums[width:] - sums[:-width])[:size] / width).astype(values.dtype)
    return found


def beside(values: Real, width: int) -> Real:
    """How far each value is from the mean of ``width`` around it: without what changes slowly."""
    found: Real = values - moving_average(values, width)
    return found


def moving_largest(values: Real, width: int) -> Real:
    """The largest of ``width`` values around each one.

    Two running maxima over blocks of ``width``, one from each end, hold all that is needed
    (M. van Herk, Pattern Recognition Letters 13, 1992).
    """
    size, before = len(values), width // 2
    blocks = -(-(size + width) // width)
    padded = np.full(blocks * width, -np.inf, values.dtype)
    padded[before : before + size] = values
    rows = padded.reshape(blocks, width)
    forward = np.maximum.accumulate(rows, axis=1).ravel()
    backward = np.maximum.accumulate(rows[:, ::-1], axis=1)[:, ::-1].ravel()
    found: Real = np.maximum(backward[:size], forward[width - 1 : width - 1 + size])
    return found


def between(values: _Samples, places: Real) -> _Samples:
    """Cubic interpolation through four neighbours (Catmull-Rom); places outside are held."""
    whole = np.clip(places.astype(np.int64), 1, len(values) - 3)
    u = (places - whole).astype(np.float32)
    a, b, c, d = (values[whole + shift] for shift in (-1, 0, 1, 2))
    found: _Samples = b + 0.5 * u * (
        c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a))
    )
    return found


def typical(values: Real) -> float:
    """The standard deviation as the median sees it, which single large values do not move."""
    return float(np.median(np.abs(values))) * 1.4826 + 1e-12
