"""Values by age: those of old days are summed up, frames stay."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from groundstation.catalog import SatelliteCatalog
from groundstation.errors import StoreError
from groundstation.storage.telemetry import tables
from groundstation.storage.telemetry.tables import Table
from groundstation.storage.telemetry.thinning import (
    DAY_US,
    old_rows,
    read_thinned,
    sum_up,
    take_old,
    write_thinned,
)
from groundstation.storage.telemetry.writer import TelemetryWriter


@dataclass(frozen=True, slots=True)
class Thinned:
    """``before_us``: the day before which values are summed up; ``rows``: packets whose values go.
    ``size_before`` and ``size_after`` of ``telemetry.db`` in bytes."""

    before_us: int
    rows: int
    size_before: int
    size_after: int


def plan(folder: Path, before_us: int) -> Thinned:
    """What summing up the whole days before ``before_us`` would take away; changes nothing.

    No station may run on the folder. Raises StoreError.
    """
    before_us -= before_us % DAY_US
    with closing(_opened(folder)) as writer, writer.transaction() as connection:
        rows = sum(old_rows(connection, table, before_us) for table in _tables(connection, writer))
    size = _size(writer)
    return Thinned(before_us, rows, size, size)


def thin(
    folder: Path, before_us: int, progress: Callable[[int, int], None] = lambda done, total: None
) -> Thinned:
    """Sum those days up. The newest values of each packet stay, however old they are.

    ``progress`` gets how many of how many packets' tables are done. Raises StoreError.
    """
    before_us -= before_us % DAY_US
    with closing(_opened(folder)) as writer:
        size = _size(writer)
        # From here on the days are asked: a power cut later loses nothing that is not in them.
        with writer.transaction() as connection:
            every = list(_tables(connection, writer))
            rows = sum(old_rows(connection, table, before_us) for table in every)
            for table in every:
                sum_up(connection, table, before_us)
            write_thinned(connection, max(before_us, read_thinned(connection)))
        for number, table in enumerate(every, 1):
            with writer.transaction() as connection:
                take_old(connection, table, before_us)
            progress(number, len(every))
        writer.shrink()
        return Thinned(before_us, rows, size, _size(writer))


def _opened(folder: Path) -> TelemetryWriter:
    """The store, whose values are by today's definitions and all there."""
    catalog = SatelliteCatalog(folder)
    writer = TelemetryWriter(folder, catalog)
    place = writer.place
    if place.backlog or place.again or writer.digests() != dict(catalog.digests()):
        writer.close()
        raise StoreError(
            f"{writer.path} is not by today's definitions yet; first: groundstation redecode "
            f"--data {folder}"
        )
    return writer


def _size(writer: TelemetryWriter) -> int:
    return writer.path.stat().st_size


def _tables(connection: sqlite3.Connection, writer: TelemetryWriter) -> Iterator[Table]:
    query = "SELECT id, satellite, name FROM packets WHERE NOT retired"
    for id, satellite, name in connection.execute(query).fetchall():
        yield tables.load(connection, id, writer.layout(satellite, name))
