"""What ``journal.db`` holds: its tables, and receptions as rows of them."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from groundstation.model import Reception, Signal

FILE_NAME = "journal.db"
SCHEMA_VERSION = 5

SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE receptions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    received_us INTEGER NOT NULL,
    link TEXT NOT NULL,
    raw BLOB NOT NULL,
    satellite TEXT,
    error TEXT,
    damaged INTEGER NOT NULL DEFAULT 0,
    simulated INTEGER NOT NULL DEFAULT 0,
    supposed TEXT,
    imported INTEGER NOT NULL DEFAULT 0,
    unsynchronised INTEGER NOT NULL DEFAULT 0,
    clock_us INTEGER,
    uptime_us INTEGER,
    eb_n0_db REAL,
    offset_hz REAL,
    repaired INTEGER,
    raw_crc INTEGER
) STRICT;
CREATE INDEX receptions_to_correct ON receptions (seq) WHERE uptime_us IS NOT NULL;
CREATE INDEX receptions_by_time ON receptions (received_us);
CREATE TABLE passes (
    norad INTEGER NOT NULL,
    aos_us INTEGER NOT NULL,
    los_us INTEGER NOT NULL,
    satellite TEXT NOT NULL,
    report TEXT NOT NULL,
    PRIMARY KEY (norad, aos_us)
) STRICT;
-- Old receptions that were compacted lie in blocks, all before those in receptions.
CREATE TABLE blocks (
    last_seq INTEGER PRIMARY KEY,
    first_seq INTEGER NOT NULL,
    first_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    receptions INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT;
-- From a reception on, the station ran on a computer that was started then.
CREATE TABLE boots (from_seq INTEGER NOT NULL, boot TEXT NOT NULL) STRICT;
-- Jumps of the station's clock: behind which reception, what it said then, and how far it went.
CREATE TABLE clock_steps (
    after_seq INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    step_us INTEGER NOT NULL
) STRICT;
-- Receptions whose times were corrected once the clock was set: from which to which.
CREATE TABLE corrections (
    number INTEGER PRIMARY KEY,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL
) STRICT;
-- What went wrong with the station (wrong: 1), and when it was right again (0).
CREATE TABLE faults (
    id INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    rule TEXT NOT NULL,
    subject TEXT NOT NULL,
    severity TEXT NOT NULL,
    detail TEXT NOT NULL,
    wrong INTEGER NOT NULL
) STRICT;
"""
#: Columns of ``receptions`` behind ``seq``, in the order of :func:`row`.
COLUMNS = (
    "received_us, link, raw, satellite, supposed, error, damaged, simulated, imported,"
    " unsynchronised, clock_us, uptime_us, eb_n0_db, offset_hz, repaired"
)
#: Takes a :func:`stored_row`. SQLite has no check over what lies on a page: CRC-32 of the bytes
#: tells frames that a failing disk changed. It is null in rows of schema 4 and before.
INSERT = f"INSERT INTO receptions ({COLUMNS}, raw_crc) VALUES ({','.join('?' * 16)})"

Cell: TypeAlias = int | float | str | bytes | None


def row(item: Reception) -> tuple[Cell, ...]:
    """A reception as the :data:`COLUMNS` have it."""
    return (
        *(item.received_us, item.link, item.raw, item.satellite, item.supposed, item.error),
        *(item.damaged, item.simulated, item.imported, item.unsynchronised),
        *(item.clock_us, item.uptime_us),
        *_signal_cells(item.signal),
    )


def stored_row(item: Reception) -> tuple[Cell, ...]:
    """A reception as :data:`INSERT` takes it."""
    return *row(item), zlib.crc32(item.raw)


def _signal_cells(signal: Signal | None) -> tuple[Cell, ...]:
    if signal is None:
        return None, None, None
    return signal.eb_n0_db, signal.offset_hz, signal.repaired


def receptions(rows: Iterable[Sequence[Any]]) -> Iterator[Reception]:
    """The inverse, of rows with ``seq`` before the :data:`COLUMNS`."""
    for row in rows:
        seq, received_us, link, raw, satellite, supposed, error, *rest = row
        *marks, clock_us, uptime_us, eb_n0_db, offset_hz, repaired = rest
        damaged, simulated, imported, unsynchronised = map(bool, marks)
        yield Reception(
            *(seq, received_us, link, raw, satellite, supposed, error),
            damaged=damaged,
            simulated=simulated,
            imported=imported,
            unsynchronised=unsynchronised,
            clock_us=clock_us,
            uptime_us=uptime_us,
            signal=None if repaired is None else Signal(eb_n0_db, offset_hz, repaired),
        )
