"""Statistics of a packet's parameters over buckets of time, by array code. Pure.

A *matrix* has a row a packet and a column a slot: numbers, NaN where there is none. *Stats* are
``slots x 4``: how many, minimum, maximum, sum; those of nothing are 0, inf, -inf, 0. Minimum and
maximum of two buckets, and so all of it, can be joined again: a day is made of hours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from decoders.bits import Array
from decoders.columns import Column
from decoders.definition.model import Parameter

Floats: TypeAlias = NDArray[np.float64]

_MINUTE_US = 60_000_000
#: Widths of the kept buckets. One of these divides each wider one of ``store.BUCKET_WIDTHS_US``.
WIDTHS_US = tuple(minutes * _MINUTE_US for minutes in (1, 10, 60, 360, 1440))
#: A bucket of fewer packets has no stats of its own: its packets are read.
FEW = 12
COUNT, LOW, HIGH, TOTAL = range(4)


def is_words(row: Parameter) -> bool:
    """Whether its values are words (of an enum or flags), whose numbers are kept instead."""
    return row.calibration is not None and not row.calibration.numeric


def summable(row: Parameter) -> bool:
    """Whether the row has numbers: its values, or those behind its words."""
    if row.kind in ("ascii", "bytes"):
        return row.calibration is not None and row.calibration.numeric
    return row.kind != "time"


def matrix(
    slots: Mapping[tuple[str, bool], int], columns: Mapping[str, Column], length: int
) -> Floats:
    """The numbers of ``length`` packets (length x slots)."""
    found = np.full((length, len(slots)), math.nan)
    for (name, words), slot in slots.items():
        column = columns.get(name)
        if column is not None:
            source = column.raw if words else column.value
            if source is not None:
                found[:, slot] = numbers(source)
    return found


def numbers(source: Array) -> Floats:
    """A column as numbers: truth 1 or 0; NaN for what is none or not finite."""
    if source.dtype == object:
        found = np.array(
            [float(v) if isinstance(v, int | float) else math.nan for v in source.tolist()]
        )
    else:
        found = source.astype(np.float64)
    found[~np.isfinite(found)] = math.nan
    return found


def by_bucket(
    times_us: NDArray[np.int64], values: Floats, width_us: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Starts of the buckets, how many packets each has, and their stats (buckets x slots x 4)."""
    buckets = times_us - times_us % width_us
    order = np.argsort(buckets, kind="stable")
    starts, first, frames = np.unique(buckets[order], return_index=True, return_counts=True)
    ordered = values[order]
    present = ~np.isnan(ordered)
    stats = np.empty((len(starts), values.shape[1], 4))
    stats[:, :, COUNT] = np.add.reduceat(present, first, axis=0, dtype=np.float64)
    stats[:, :, LOW] = np.minimum.reduceat(np.where(present, ordered, np.inf), first, axis=0)
    stats[:, :, HIGH] = np.maximum.reduceat(np.where(present, ordered, -np.inf), first, axis=0)
    stats[:, :, TOTAL] = np.add.reduceat(np.where(present, ordered, 0.0), first, axis=0)
    return starts, frames, stats


def join(one: Floats, other: Floats) -> Floats:
    """Stats of both; a packet whose table grew has fewer slots in older buckets."""
    if len(one) < len(other):
        one, other = other, one
    joined = one.copy()
    part = joined[: len(other)]
    part[:, COUNT] += other[:, COUNT]
    part[:, TOTAL] += other[:, TOTAL]
    part[:, LOW] = np.minimum(part[:, LOW], other[:, LOW])
    part[:, HIGH] = np.maximum(part[:, HIGH], other[:, HIGH])
    return joined


def to_blob(stats: Floats) -> bytes:
    """As the database keeps it, little-endian."""
    return stats.astype("<f8").tobytes()


def from_blob(blob: bytes) -> Floats:
    """The inverse: slots x 4."""
    return np.frombuffer(blob, "<f8").reshape(-1, 4).astype(np.float64)
