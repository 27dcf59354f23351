"""Kept statistics of a packet by minutes, hours and days: brought up to date with each batch."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from groundstation.storage.telemetry.rows import rows_of
from groundstation.storage.telemetry.statistics import (
    FEW,
    WIDTHS_US,
    Floats,
    by_bucket,
    from_blob,
    join,
    matrix,
    to_blob,
)
from groundstation.storage.telemetry.tables import Table

_UPSERT = (
    "INSERT INTO rollups VALUES (?,?,?,?,?) ON CONFLICT (packet, width_us, time_us)"
    " DO UPDATE SET frames=excluded.frames, stats=excluded.stats"
)


def add(
    connection: sqlite3.Connection, table: Table, times_us: NDArray[np.int64], values: Floats
) -> None:
    """Count in packets that were just written: their times and numbers (packets x slots)."""
    for width in WIDTHS_US:
        _add(connection, table, width, *by_bucket(times_us, values, width))


def _add(
    connection: sqlite3.Connection,
    table: Table,
    width: int,
    starts: NDArray[np.int64],
    frames: NDArray[np.int64],
    stats: Floats,
) -> None:
    times = starts.tolist()
    known = _known(connection, table.id, width, times)
    changed = []
    for time_us, count, own in zip(times, frames.tolist(), stats, strict=True):
        before, blob = known.get(time_us, (0, None))
        if blob is not None:
            own = join(from_blob(blob), own)
        elif before and before + count >= FEW:
            own = of_rows(connection, table, time_us, time_us + width)[1]
        enough = before + count >= FEW
        changed.append((table.id, width, time_us, before + count, to_blob(own) if enough else None))
    connection.executemany(_UPSERT, changed)


def _known(
    connection: sqlite3.Connection, packet: int, width: int, times: Sequence[int]
) -> dict[int, tuple[int, bytes | None]]:
    query = (
        "SELECT time_us, frames, stats FROM rollups WHERE packet=? AND width_us=?"
        " AND time_us IN (SELECT value FROM json_each(?))"
    )
    rows = connection.execute(query, (packet, width, json.dumps(times)))
    return {time_us: (frames, stats) for time_us, frames, stats in rows}


def again(connection: sqlite3.Connection, table: Table, times_us: Iterable[int]) -> None:
    """Compute every bucket that holds one of these times from its packets, some of which went."""
    times = list(times_us)
    for width in WIDTHS_US:
        for start in sorted({time_us - time_us % width for time_us in times}):
            frames, stats = of_rows(connection, table, start, start + width)
            if frames:
                blob = to_blob(stats) if frames >= FEW else None
                connection.execute(_UPSERT, (table.id, width, start, frames, blob))
            else:
                connection.execute(
                    "DELETE FROM rollups WHERE packet=? AND width_us=? AND time_us=?",
                    (table.id, width, start),
                )


def of_rows(
    connection: sqlite3.Connection, table: Table, start_us: int, end_us: int
) -> tuple[int, Floats]:
    """How many packets lie in this time, and their stats."""
    frames, total = 0, np.empty((0, 4))
    where = "t0.time_us >= ? AND t0.time_us < ?"
    for part in rows_of(connection, table, where, (start_us, end_us)):
        values = matrix(table.slots, part.columns, len(part.keys))
        _, _, stats = by_bucket(np.zeros(len(values), np.int64), values, 1)
        frames, total = frames + len(values), join(total, stats[0])
    return frames, total
