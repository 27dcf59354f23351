"""History of a parameter of words (a mode, flags, a text): what it said from when to when."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from decoders.value import Engineering
from groundstation.model import Scalar
from groundstation.storage.buckets import bucket_width_us
from groundstation.storage.samples import scalar
from groundstation.storage.telemetry.rows import rows_of
from groundstation.storage.telemetry.series import kept_stats
from groundstation.storage.telemetry.statistics import HIGH, LOW, WIDTHS_US
from groundstation.storage.telemetry.tables import Table
from groundstation.storage.telemetry.thinning import DAY_US, read_thinned

#: Packets that are read themselves, at most; of more, buckets tell.
MOST_PACKETS = 20_000


@dataclass(frozen=True, slots=True)
class Band:
    """The same word in all packets of a time. ``value`` None: there were several words.

    ``end_us`` is the time of the last packet that said it, or the end of its bucket.
    """

    start_us: int
    end_us: int
    value: Scalar
    state: str


@dataclass(frozen=True, slots=True)
class Bands:
    """Bands in order of time. ``bucket_us`` 0: exact, else each boundary is so exact."""

    bucket_us: int
    bands: Sequence[Band]


def bands(
    connection: sqlite3.Connection,
    found: Iterable[Table],
    parameter: str,
    start_us: int,
    end_us: int,
    points: int,
) -> Bands:
    """What ``parameter`` said with ``start_us <= time < end_us``.

    Exact where at most MOST_PACKETS packets say it, else by buckets, at most ``points`` of them;
    by days where old values were summed up.
    """
    mine = [t for t in found if any(name == parameter for name, _ in t.columns)]
    thinned = start_us < read_thinned(connection)
    if not thinned and _packets(connection, mine, start_us, end_us) <= MOST_PACKETS:
        return Bands(0, _merged(_read(connection, mine, parameter, start_us, end_us)))
    width = max(bucket_width_us(start_us, end_us, points), DAY_US if thinned else WIDTHS_US[0])
    below = max(w for w in WIDTHS_US if width % w == 0)
    told = [
        band
        for table in mine
        for band in _kept(connection, table, parameter, start_us, end_us, below)
    ]
    return Bands(below, _merged(sorted(told, key=lambda band: band.start_us)))


def _packets(
    connection: sqlite3.Connection, found: Iterable[Table], start_us: int, end_us: int
) -> int:
    """How many packets of a time there are; of more than MOST_PACKETS so much only."""
    where = "time_us >= ? AND time_us < ? LIMIT ?"
    return sum(
        connection.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {table.name()} WHERE {where})",
            (start_us, end_us, MOST_PACKETS + 1),
        ).fetchone()[0]
        for table in found
    )


def _read(
    connection: sqlite3.Connection,
    found: Iterable[Table],
    parameter: str,
    start_us: int,
    end_us: int,
) -> list[Band]:
    """A band a packet, in order of time."""
    where = "t0.time_us >= ? AND t0.time_us < ? ORDER BY t0.time_us, t0.key"
    bands: list[Band] = []
    for table in found:
        for rows in rows_of(connection, table, where, (start_us, end_us), [parameter]):
            column = rows.columns.get(parameter)
            if column is None:
                continue
            words = _scalars(column.value.tolist())
            states = column.states()
            bands += [
                Band(time_us, time_us, word, state)
                for time_us, word, state in zip(rows.times_us.tolist(), words, states, strict=True)
            ]
    return sorted(bands, key=lambda band: band.start_us)


def _scalars(values: Sequence[Engineering]) -> list[Scalar]:
    known: dict[Engineering, Scalar] = {}
    return [known.setdefault(v, scalar(v)) if v is not None else None for v in values]


def _kept(
    connection: sqlite3.Connection,
    table: Table,
    parameter: str,
    start_us: int,
    end_us: int,
    width: int,
) -> list[Band]:
    """Bands of whole buckets by the smallest and largest number behind the words."""
    slot = table.slots.get((parameter, True), table.slots.get((parameter, False)))
    if slot is None:
        return []  # texts have no numbers: too many of them are not told
    starts, stats, few = kept_stats(connection, table, slot, start_us, end_us, width)
    bands = [
        band for begin, end in few for band in _read(connection, [table], parameter, begin, end)
    ]
    for start, low, high in zip(
        starts.tolist(), stats[:, LOW].tolist(), stats[:, HIGH].tolist(), strict=True
    ):
        word, state = _word(table, parameter, low) if low == high else (None, "")
        bands.append(Band(start, start + width, word, state))
    return bands


def _word(table: Table, parameter: str, raw: float) -> tuple[Scalar, str]:
    place = next(p for p, (name, _) in enumerate(table.columns) if name == parameter)
    for places, number in table.shapes.items():
        if place in places:
            raws = table.shape(number)[1]
            value = raws.one(places.index(place), int(raw))
            return scalar(value.value), value.state
    return None, ""


def _merged(bands: Sequence[Band]) -> list[Band]:
    """Neighbours that say the same are one."""
    merged: list[Band] = []
    for (value, state), group in groupby(bands, key=lambda band: (band.value, band.state)):
        same = list(group)
        merged.append(Band(same[0].start_us, max(b.end_us for b in same), value, state))
    return merged
