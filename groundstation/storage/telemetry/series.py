"""History of a numeric parameter: its samples, or minimum, maximum and mean by buckets of time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from groundstation.model import Series
from groundstation.storage.buckets import bucket_width_us
from groundstation.storage.telemetry.rows import rows_of
from groundstation.storage.telemetry.statistics import (
    COUNT,
    HIGH,
    LOW,
    TOTAL,
    WIDTHS_US,
    Floats,
    by_bucket,
    numbers,
)
from groundstation.storage.telemetry.tables import Table
from groundstation.storage.telemetry.thinning import DAY_US, read_thinned

_STATS_BYTES = 32


def series(
    connection: sqlite3.Connection,
    found: Sequence[Table],
    name: tuple[str, str],
    start_us: int,
    end_us: int,
    points: int,
) -> Series:
    """See :meth:`.reader.TelemetryReader.series`; ``name``: satellite and parameter."""
    satellite, parameter = name
    mine = [table for table in found if (parameter, False) in table.slots]
    unit = next((_unit(table, parameter) for table in mine), "")
    if end_us <= start_us:
        return Series(satellite, parameter, unit, 0, [], [], [], [])
    thinned = start_us < read_thinned(connection)
    if not thinned and not _are_many(connection, mine, start_us, end_us, points):
        times, values = _samples(connection, mine, parameter, start_us, end_us, points + 1)
        if len(times) <= points:
            kept = values.tolist()
            return Series(satellite, parameter, unit, 0, times.tolist(), kept, kept, kept)
    width = max(bucket_width_us(start_us, end_us, points), DAY_US if thinned else 0)
    starts, stats = _envelope(
        connection, mine, parameter, start_us - start_us % width, end_us + -end_us % width, width
    )
    mean = stats[:, TOTAL] / stats[:, COUNT]
    return Series(
        *(satellite, parameter, unit, width, starts.tolist()),
        *(stats[:, LOW].tolist(), stats[:, HIGH].tolist(), mean.tolist()),
    )


def _unit(table: Table, parameter: str) -> str:
    rows = [table.row(place) for place, (name, _) in enumerate(table.columns) if name == parameter]
    derived = [row for row in table.layout.derived if row.name == parameter]
    return (rows[0] if rows else derived[0]).unit


def _are_many(
    connection: sqlite3.Connection, found: Iterable[Table], start_us: int, end_us: int, points: int
) -> bool:
    """Whether whole buckets within the range have more packets than ``points``, told quickly."""
    width = max((w for w in WIDTHS_US if w <= (end_us - start_us) // 4), default=0)
    if not width:
        return False
    query = (
        "SELECT sum(frames) FROM rollups WHERE packet=? AND width_us=? AND time_us>=? AND time_us<?"
    )
    first, last = start_us + -start_us % width, end_us - end_us % width
    counts = (
        connection.execute(query, (table.id, width, first, last)).fetchone()[0] or 0
        for table in found
    )
    return sum(counts) > 4 * points


def _samples(
    connection: sqlite3.Connection,
    found: Iterable[Table],
    parameter: str,
    start_us: int,
    end_us: int,
    limit: int,
) -> tuple[NDArray[np.int64], Floats]:
    """Times and numbers in order of time, then of reception; the first ``limit`` of each table."""
    where = "t0.time_us >= ? AND t0.time_us < ? ORDER BY t0.time_us, t0.key LIMIT ?"
    times, keys, values = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
    for table in found:
        for rows in rows_of(connection, table, where, (start_us, end_us, limit), [parameter]):
            column = rows.columns.get(parameter)
            if column is not None:
                numeric = numbers(column.value)
                valid = ~np.isnan(numeric)
                times.append(rows.times_us[valid])
                keys.append(rows.keys[valid])
                values.append(numeric[valid])
    every_time = np.concatenate(times)
    order = np.lexsort((np.concatenate(keys), every_time))
    return every_time[order], np.concatenate(values)[order]


def _envelope(
    connection: sqlite3.Connection,
    found: Iterable[Table],
    parameter: str,
    start_us: int,
    end_us: int,
    width: int,
) -> tuple[NDArray[np.int64], Floats]:
    """Buckets that have samples, and their stats."""
    parts = [_part(connection, table, parameter, start_us, end_us, width) for table in found]
    starts = np.concatenate([np.empty(0, np.int64), *(part[0] for part in parts)])
    stats = np.concatenate([np.empty((0, 4)), *(part[1] for part in parts)])
    return _joined(starts - starts % width, stats)


def _joined(starts: NDArray[np.int64], stats: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Stats of the same bucket made one, in order of time; empty buckets go."""
    present = stats[:, COUNT] > 0
    starts, stats = starts[present], stats[present]
    if not len(starts):
        return starts, stats
    order = np.argsort(starts, kind="stable")
    buckets, first = np.unique(starts[order], return_index=True)
    ordered = stats[order]
    joined = np.empty((len(buckets), 4))
    joined[:, COUNT] = np.add.reduceat(ordered[:, COUNT], first)
    joined[:, LOW] = np.minimum.reduceat(ordered[:, LOW], first)
    joined[:, HIGH] = np.maximum.reduceat(ordered[:, HIGH], first)
    joined[:, TOTAL] = np.add.reduceat(ordered[:, TOTAL], first)
    return buckets, joined


def _part(
    connection: sqlite3.Connection,
    table: Table,
    parameter: str,
    start_us: int,
    end_us: int,
    width: int,
) -> tuple[NDArray[np.int64], Floats]:
    """One table's share: from kept stats where they divide the bucket, else from its packets."""
    below = max((w for w in WIDTHS_US if width % w == 0), default=0)
    if not below:
        return _of_samples(connection, table, parameter, [(start_us, end_us)], width)
    slot = table.slots[parameter, False]
    starts, stats, few = kept_stats(connection, table, slot, start_us, end_us, below)
    own = _of_samples(connection, table, parameter, few, below)
    return np.concatenate([starts, own[0]]), np.concatenate([stats, own[1]])


def kept_stats(
    connection: sqlite3.Connection, table: Table, slot: int, start_us: int, end_us: int, width: int
) -> tuple[NDArray[np.int64], Floats, list[tuple[int, int]]]:
    """Kept buckets of one slot with their stats, and spans of time whose packets must be read."""
    query = (
        f"SELECT time_us, substr(stats, {slot * _STATS_BYTES + 1}, {_STATS_BYTES}) FROM rollups"
        " WHERE packet=? AND width_us=? AND time_us>=? AND time_us<? ORDER BY time_us"
    )
    rows = connection.execute(query, (table.id, width, start_us, end_us)).fetchall()
    full = [(time_us, blob) for time_us, blob in rows if blob]
    starts = np.array([time_us for time_us, _ in full], np.int64)
    stats = np.frombuffer(b"".join(blob for _, blob in full), "<f8").reshape(-1, 4)
    few = [time_us for time_us, blob in rows if blob is None]
    return starts, stats, list(_spans(few, width))


def _spans(starts: Sequence[int], width: int) -> Iterator[tuple[int, int]]:
    """Buckets as spans from, to; neighbours are one, so that they are one question."""
    if not starts:
        return
    begin = starts[0]
    for one, after in pairwise(starts):
        if after != one + width:
            yield begin, one + width
            begin = after
    yield begin, starts[-1] + width


def _of_samples(
    connection: sqlite3.Connection,
    table: Table,
    parameter: str,
    spans: Iterable[tuple[int, int]],
    width: int,
) -> tuple[NDArray[np.int64], Floats]:
    starts, stats = [np.empty(0, np.int64)], [np.empty((0, 4))]
    for begin, end in spans:
        times, values = _samples(connection, [table], parameter, begin, end, -1)
        if len(times):
            found = by_bucket(times, values[:, None], width)
            starts.append(found[0])
            stats.append(found[2][:, 0])
    return np.concatenate(starts), np.concatenate(stats)
