"""The default telemetry store, ``telemetry.db``; rollups make a year draw as fast as a day.

WAL with ``synchronous=NORMAL``: a power cut may lose the last samples but never the journal, and
``groundstation redecode`` makes them again.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from decoders.definition.limits import STATES
from groundstation.errors import StoreError
from groundstation.model import Sample, Series
from groundstation.storage.store import bucket_width_us

FILE_NAME = "telemetry.db"
SCHEMA_VERSION = 1
_MINUTE_US = 60_000_000
#: Widths of the kept rollups, each made from the one before; samples make the first.
ROLLUP_WIDTHS_US = (_MINUTE_US, 60 * _MINUTE_US, 24 * 60 * _MINUTE_US)
_STATE_NUMBERS = {state: number for number, state in enumerate(STATES)}
_NUMERIC = "typeof(value) IN ('integer', 'real')"


class SqliteStore:
    """One connection, used under a lock by any thread. ``read_only``: for the dashboard."""

    def __init__(self, folder: Path, read_only: bool = False):
        self.path = folder / FILE_NAME
        self._lock = threading.Lock()
        self._ids: dict[tuple[str, str], int] = {}
        mode = "ro" if read_only else "rwc"
        try:
            self._connection = sqlite3.connect(
                f"{self.path.resolve().as_uri()}?mode={mode}",
                uri=True,
                check_same_thread=False,
                isolation_level=None,
                timeout=10,
            )
            if not read_only:
                self._prepare()
            self._connection.execute("SELECT 1 FROM parameters LIMIT 1")
        except sqlite3.Error as error:
            raise self._error(error) from error

    def _error(self, error: Exception) -> StoreError:
        return StoreError(
            f"the telemetry store {self.path} cannot be used: {error}; check the disk and the "
            "folder's rights (the journal keeps every frame; 'groundstation redecode' rebuilds it)"
        )

    def _prepare(self) -> None:
        run = self._connection.execute
        run("PRAGMA journal_mode=WAL")
        run("PRAGMA synchronous=NORMAL")
        version = run("PRAGMA user_version").fetchone()[0]
        if version == 0:
            schema = files("groundstation.storage").joinpath("schema.sql").read_text("utf-8")
            self._connection.executescript(
                f"BEGIN;{schema}PRAGMA user_version={SCHEMA_VERSION};COMMIT;"
            )
        elif version != SCHEMA_VERSION:
            raise StoreError(
                f"{self.path} has schema {version}, this program has {SCHEMA_VERSION}; "
                "delete it and run 'groundstation redecode'"
            )

    def write(self, samples: Sequence[Sample]) -> None:
        """All or none; see the protocol."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                self._write(samples)
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise self._error(error) from error
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                    self._ids.clear()  # ids given in the transaction are gone with it

    def _write(self, samples: Sequence[Sample]) -> None:
        rows = [
            (
                *(self._id(sample), sample.time_us, sample.seq, sample.raw, sample.value),
                *(_STATE_NUMBERS[sample.state], int(sample.simulated)),
            )
            for sample in samples
        ]
        self._connection.executemany("INSERT OR REPLACE INTO samples VALUES (?,?,?,?,?,?,?)", rows)
        touched = {(row[0], row[1]) for row in rows}
        for below, width in zip((0, *ROLLUP_WIDTHS_US), ROLLUP_WIDTHS_US, strict=False):
            touched = {(id, time_us - time_us % width) for id, time_us in touched}
            self._roll_up(below, width, touched)

    def _id(self, sample: Sample) -> int:
        key = (sample.satellite, sample.parameter)
        if key not in self._ids:
            row = self._connection.execute(
                "INSERT INTO parameters (satellite, name, unit) VALUES (?,?,?) ON CONFLICT"
                " (satellite, name) DO UPDATE SET unit=excluded.unit RETURNING id",
                (*key, sample.unit),
            ).fetchone()
            self._ids[key] = int(row[0])
        return self._ids[key]

    def _roll_up(self, below: int, width: int, buckets: set[tuple[int, int]]) -> None:
        """Compute these buckets anew from what lies below: writing again changes nothing."""
        if below:
            source = (
                "sum(samples), min(minimum), max(maximum), sum(total)"
                f" FROM rollups WHERE width_us={below} AND"
            )
        else:
            source = (
                f"count(*), min(value), max(value), sum(value) FROM samples WHERE {_NUMERIC} AND"
            )
        self._connection.executemany(
            f"INSERT OR REPLACE INTO rollups SELECT ?, ?, ?, {source}"
            " parameter=? AND time_us>=? AND time_us<? GROUP BY parameter",
            [(width, id, start, id, start, start + width) for id, start in buckets],
        )

    def latest(self, satellite: str) -> Mapping[str, Sample]:
        """See the protocol."""
        rows = self._read(
            "SELECT p.name, p.unit, s.seq, s.time_us, s.raw, s.value, s.state, s.simulated"
            " FROM parameters p JOIN samples s ON s.parameter=p.id AND s.seq="
            " (SELECT max(seq) FROM samples WHERE parameter=p.id) WHERE p.satellite=?",
            (satellite,),
        )
        return {
            name: Sample(
                *(satellite, name, seq, time_us, raw, value, unit),
                state=STATES[state],
                simulated=bool(simulated),
            )
            for name, unit, seq, time_us, raw, value, state, simulated in rows
        }

    def series(
        self, satellite: str, parameter: str, start_us: int, end_us: int, points: int
    ) -> Series:
        """See the protocol."""
        known = self._read(
            "SELECT id, unit FROM parameters WHERE satellite=? AND name=?", (satellite, parameter)
        )
        if not known or end_us <= start_us:
            return Series(satellite, parameter, "", 0, [], [], [], [])
        id, unit = known[0]
        rows = self._read(
            f"SELECT time_us, value, value, value FROM samples WHERE parameter=? AND time_us>=?"
            f" AND time_us<? AND {_NUMERIC} ORDER BY time_us, seq LIMIT ?",
            (id, start_us, end_us, points + 1),
        )
        width = 0
        if len(rows) > points:
            width = bucket_width_us(start_us, end_us, points)
            rows = self._envelope(id, start_us, end_us, width)
        times, minimum, maximum, mean = zip(*rows, strict=True) if rows else ((), (), (), ())
        return Series(satellite, parameter, unit, width, times, minimum, maximum, mean)

    def _envelope(
        self, id: int, start_us: int, end_us: int, width: int
    ) -> list[tuple[int, float, float, float]]:
        below = max((w for w in ROLLUP_WIDTHS_US if width % w == 0), default=0)
        if below:
            source = (
                "min(minimum), max(maximum), sum(total)/sum(samples)"
                f" FROM rollups WHERE width_us={below} AND"
            )
        else:
            source = f"min(value), max(value), avg(value) FROM samples WHERE {_NUMERIC} AND"
        first = start_us - start_us % width
        last = end_us + -end_us % width
        return self._read(
            f"SELECT time_us - time_us % ? AS bucket, {source} parameter=? AND time_us>=?"
            " AND time_us<? GROUP BY bucket ORDER BY bucket",
            (width, id, first, last),
        )

    def _read(self, query: str, values: tuple[int | str, ...]) -> list[Any]:
        with self._lock:
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise self._error(error) from error

    def close(self) -> None:
        """See the protocol."""
        with self._lock:
            self._connection.close()
