"""What ``telemetry.db`` knows, for pages, reports and sinks: read-only, by any number of threads.

Nothing here grows with the store but what was asked for.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from decoders.definition.model import Derived, Parameter
from groundstation.model import FrameRow, Sample, Series
from groundstation.storage.samples import sample_of
from groundstation.storage.telemetry import place as places
from groundstation.storage.telemetry import series as history
from groundstation.storage.telemetry import tables, verdicts
from groundstation.storage.telemetry.bands import Bands, bands
from groundstation.storage.telemetry.connection import (
    FILE_NAME,
    connect_reader,
    failure,
    identity,
)
from groundstation.storage.telemetry.definitions import InForce, KeptDefinitions
from groundstation.storage.telemetry.interpretation import FrameVerdict, Place
from groundstation.storage.telemetry.keys import OF_KEYS, OF_SEQS, OWN, first_key, number_of, seq_of
from groundstation.storage.telemetry.rows import Rows, readings, rows_of
from groundstation.storage.telemetry.tables import Table
from groundstation.storage.telemetry.thinning import read_thinned

#: Connections that are kept open for the next question.
_IDLE = 4


class PacketRows(NamedTuple):
    """Packets of one name and shape. ``simulated``: the numbers of receptions that are."""

    packet: str
    rows: Rows
    simulated: frozenset[int]


class TelemetryReader:
    """Answers from one file; raises StoreError while there is none, or a damaged one.

    When another file takes its place, the next question is answered from that one. ``in_force``:
    today's definitions, so that most need not be parsed again.
    """

    def __init__(self, folder: Path, in_force: InForce | None = None):
        self.path = folder / FILE_NAME
        self._definitions = KeptDefinitions(in_force)
        self._lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._tables: dict[int, Table] = {}
        self._identity: tuple[int, int] | None = None

    def place(self) -> Place:
        """How far the interpreter is."""
        with self._snapshot() as connection:
            return places.read_place(connection)

    def thinned_us(self) -> int:
        """Before this time values were summed up by days; 0: all are there."""
        with self.connection() as connection:
            return read_thinned(connection)

    def verdicts(self, seqs: Sequence[int]) -> dict[int, FrameVerdict]:
        """Whose these receptions are; those that wait to be interpreted are missing."""
        with self._snapshot() as connection:
            return verdicts.those(connection, seqs)

    def frames_of(
        self, satellite: str, limit: int, *, after: int | None = None, before: int | None = None
    ) -> list[int]:
        """Receptions of a satellite: above ``after`` oldest first, else newest first."""
        bound, order = ("f.seq > ?", "ASC") if after is not None else ("f.seq < ?", "DESC")
        value = after if after is not None else (before if before is not None else 1 << 62)
        query = (
            f"SELECT seq FROM frames f WHERE satellite=? AND {bound} ORDER BY seq {order} LIMIT ?"
        )
        with self._snapshot() as connection:
            return [seq for (seq,) in connection.execute(query, (satellite, value, limit))]

    def satellites(self) -> dict[str, int]:
        """Satellites that were heard, with their newest reception."""
        # A look into the index for each satellite, not a walk through all frames.
        query = (
            "WITH RECURSIVE heard(id) AS (SELECT min(satellite) FROM frames WHERE satellite > ''"
            " UNION ALL SELECT (SELECT min(satellite) FROM frames WHERE satellite > id) FROM heard"
            " WHERE id IS NOT NULL) SELECT id, (SELECT max(seq) FROM frames WHERE satellite=id)"
            " FROM heard WHERE id IS NOT NULL"
        )
        with self._snapshot() as connection:
            return dict(connection.execute(query))

    def latest(
        self, satellite: str, heard: Callable[[int], int] | None = None
    ) -> Mapping[str, Sample]:
        """The newest sample of each parameter, by reception and not by clock.

        ``heard``: gives the newest reception up to a number that counts, 0 for none: one of those
        is taken where there is one, else the newest.
        """
        found: dict[str, Sample] = {}
        with self._snapshot() as connection:
            for table in self._tables_of(connection, satellite):
                query = "SELECT shape, key FROM newest WHERE packet=?"
                rows = connection.execute(query, (table.id,)).fetchall()
                keys = sorted(
                    newest if heard is None else _heard(connection, table, shape, newest, heard)
                    for shape, newest in rows
                )
                for samples in self._samples(connection, satellite, table, OF_KEYS, keys).values():
                    for sample in samples:
                        known = found.get(sample.parameter)
                        if known is None or sample.place >= known.place:
                            found[sample.parameter] = sample
        return found

    def samples(self, satellite: str, seqs: Sequence[int]) -> dict[int, list[Sample]]:
        """The values that came with these receptions of one satellite, in the order in which they
        were sent; joined ones too."""
        packets: dict[int, list[Sample]] = {}
        if not seqs:
            return packets
        with self._snapshot() as connection:
            for table in self._packets_of(connection, satellite, seqs):
                of_table = self._samples(connection, satellite, table, OF_SEQS, seqs)
                for key, samples in of_table.items():
                    packets.setdefault(key, []).extend(samples)
        found: dict[int, list[Sample]] = {}
        for key in sorted(packets):
            found.setdefault(seq_of(key), []).extend(packets[key])
        return found

    def samples_of(self, frames: Iterable[FrameRow | FrameVerdict]) -> dict[int, list[Sample]]:
        """The values that came with these frames, whosever they are; unsound ones have none."""
        by_satellite: dict[str, list[int]] = {}
        for frame in frames:
            if frame.satellite is not None and frame.error is None:
                by_satellite.setdefault(frame.satellite, []).append(frame.seq)
        found: dict[int, list[Sample]] = {}
        for satellite, seqs in by_satellite.items():
            found.update(self.samples(satellite, seqs))
        return found

    def series(
        self, satellite: str, parameter: str, start_us: int, end_us: int, points: int
    ) -> Series:
        """Samples with ``start_us <= time < end_us``, or their envelope if more than ``points``.

        The envelope's bucket is the narrowest of BUCKET_WIDTHS_US with at most ``points`` buckets
        over the range (the widest when none is wide enough); its buckets are whole: the
        first and the last may reach beyond the range. Invalid and text samples are left out.
        """
        with self._snapshot() as connection:
            mine = list(self._tables_of(connection, satellite))
            return history.series(
                connection, mine, (satellite, parameter), start_us, end_us, points
            )

    def bands(
        self, satellite: str, parameter: str, start_us: int, end_us: int, points: int
    ) -> Bands:
        """What a parameter of words said from when to when; see :func:`.bands.bands`."""
        with self._snapshot() as connection:
            mine = list(self._tables_of(connection, satellite))
            return bands(connection, mine, parameter, start_us, end_us, points)

    def packets(self, satellite: str) -> list[str]:
        """The packets of a satellite that there are values of."""
        with self._snapshot() as connection:
            return [table.layout.name for table in self._tables_of(connection, satellite)]

    def parameters(
        self, satellite: str, packet: str | None = None
    ) -> dict[str, Parameter | Derived]:
        """The parameters that there are values of, in the order of the definition."""
        found: dict[str, Parameter | Derived] = {}
        with self._snapshot() as connection:
            order = self._order(connection, satellite)
            tables_of = self._tables_of(connection, satellite)
            for table in sorted(tables_of, key=lambda table: order.get(table.layout.name, 0)):
                if packet in (None, table.layout.name):
                    for place, (name, _) in enumerate(table.columns):
                        found.setdefault(name, table.row(place))
                    for row in table.layout.derived:
                        found.setdefault(row.name, row)
        return found

    def _order(self, connection: sqlite3.Connection, satellite: str) -> dict[str, int]:
        """The places of packets in the definition in force."""
        query = "SELECT digest FROM packets WHERE satellite=? AND NOT retired LIMIT 1"
        for (digest,) in connection.execute(query, (satellite,)).fetchall():
            definition = self._definitions.get(connection, satellite, digest)
            if definition is not None:
                return {packet.name: place for place, packet in enumerate(definition.packets)}
        return {}

    def stretches(self, satellite: str, most: int) -> Iterator[tuple[int, int]]:
        """All receptions of a satellite in stretches of ``most``: above the first number, up to
        and with the second."""
        low = 0
        while seqs := self.frames_of(satellite, most, after=low):
            yield low, seqs[-1]
            low = seqs[-1]

    def nearest(self, satellite: str, time_us: int, *, earlier: bool) -> tuple[int, int] | None:
        """Reception and time of the packet of a satellite just before ``time_us``, or the first
        one from then on."""
        bound, order = ("<", "DESC") if earlier else (">=", "ASC")
        found = []
        with self.connection() as connection:
            for table in self._tables_of(connection, satellite):
                query = (
                    f"SELECT time_us, key FROM {table.name()} WHERE time_us {bound} ?"
                    f" ORDER BY time_us {order}, key {order} LIMIT 1"
                )
                found += connection.execute(query, (time_us,)).fetchall()
        if not found:
            return None
        time, key = max(found) if earlier else min(found)
        return seq_of(key), time

    def rows(
        self,
        satellite: str,
        names: Sequence[str],
        low: int,
        high: int,
        *,
        packet: str | None = None,
        since_us: int | None = None,
        until_us: int | None = None,
    ) -> list[PacketRows]:
        """Values of the receptions ``low < seq <= high`` in columns, by packet and shape."""
        where = "t0.key >= ? AND t0.key < ? AND t0.time_us >= ? AND t0.time_us < ? ORDER BY t0.key"
        since = -(1 << 62) if since_us is None else since_us
        until = 1 << 62 if until_us is None else until_us
        bounds = (first_key(low + 1), first_key(high + 1), since, until)
        with self._snapshot() as connection:
            simulated = _simulated(connection, low, high)
            return [
                PacketRows(table.layout.name, rows, simulated)
                for table in self._tables_of(connection, satellite)
                if packet in (None, table.layout.name)
                for rows in rows_of(connection, table, where, bounds, names)
                if any(name in rows.columns for name in names)
            ]

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """A connection for one question; raises StoreError."""
        mine, of_file = self._take()
        try:
            yield mine
        except sqlite3.Error as error:
            mine.close()
            raise failure(self.path, error) from error
        except BaseException:
            mine.close()
            raise
        self._give_back(mine, of_file)

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection]:
        """The same, as it is at one moment: the interpreter may drop a table between two
        statements."""
        with self.connection() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def _take(self) -> tuple[sqlite3.Connection, object]:
        """A connection, and the identity of its file."""
        with self._lock:
            found = identity(self.path)
            if found != self._identity:
                self._forget()
                self._identity = found
            if self._idle:
                return self._idle.pop(), found
        return connect_reader(self.path), found

    def _give_back(self, mine: sqlite3.Connection, of_file: object) -> None:
        """Keep it, unless another file lies there by now, as others may have noticed already."""
        with self._lock:
            if len(self._idle) < _IDLE and of_file == self._identity == identity(self.path):
                self._idle.append(mine)
                return
        mine.close()

    def _forget(self) -> None:
        for idle in self._idle:
            idle.close()
        self._idle.clear()
        self._tables.clear()

    def close(self) -> None:
        """Close what is open; a later question opens it again."""
        with self._lock:
            self._forget()
            self._identity = None

    def _tables_of(self, connection: sqlite3.Connection, satellite: str) -> Iterator[Table]:
        query = "SELECT id, name, digest FROM packets WHERE satellite=? AND NOT retired ORDER BY id"
        for id, name, digest in connection.execute(query, (satellite,)).fetchall():
            table = self._table(connection, satellite, id, name, digest)
            if table is not None and table.columns:
                yield table

    def _table(
        self, connection: sqlite3.Connection, satellite: str, id: int, name: str, digest: str
    ) -> Table | None:
        """A packet's table; read again when it got further columns or shapes."""
        definition = self._definitions.get(connection, satellite, digest)
        layout = definition.packet(name) if definition else None
        if layout is None:
            return None
        known = self._tables.get(id)
        size = connection.execute(
            "SELECT (SELECT count(*) FROM fields WHERE packet=?),"
            " (SELECT count(*) FROM shapes WHERE packet=?)",
            (id, id),
        ).fetchone()
        if known is None or known.layout is not layout or size != known.size():
            known = self._tables[id] = tables.load(connection, id, layout)
        return known

    def _packets_of(
        self, connection: sqlite3.Connection, satellite: str, seqs: Sequence[int]
    ) -> list[Table]:
        """The tables that hold values of these receptions: of their packets, and of joined ones."""
        listed = json.dumps(list(seqs))
        query = (
            "SELECT packet FROM frames WHERE satellite=? AND error IS NULL"
            " AND seq IN (SELECT value FROM json_each(?))"
            f" UNION SELECT t0.packet FROM further t0 WHERE {OF_SEQS.format(table='further')}"
        )
        ids = {id for (id,) in connection.execute(query, (satellite, listed, listed))}
        found = list(self._tables_of(connection, satellite))
        names = {table.layout.spans.packet for table in found if table.layout.spans}
        return [table for table in found if table.id in ids or table.layout.name in names]

    def _samples(
        self,
        connection: sqlite3.Connection,
        satellite: str,
        table: Table,
        where: str,
        numbers: Sequence[int],
    ) -> dict[int, list[Sample]]:
        """Samples of packets that ``table`` has, by their keys, in order; see :func:`readings`."""
        found = readings(connection, table, where, numbers)
        simulated = dict(
            connection.execute(
                "SELECT seq, simulated FROM frames WHERE seq IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted({seq_of(key) for key in found})),),
            )
        )
        made: dict[int, list[Sample]] = {}
        for key, (time_us, values) in found.items():
            seq, number = seq_of(key), number_of(key) - OWN
            about = (bool(simulated.get(seq)), number)
            made[key] = [sample_of(satellite, seq, time_us, value, *about) for value in values]
        return made


def _heard(
    connection: sqlite3.Connection,
    table: Table,
    shape: int,
    newest: int,
    heard: Callable[[int], int],
) -> int:
    """The newest packet of a shape that came by a reception that counts; ``newest`` where none
    did."""
    key = newest
    query = f"SELECT key FROM {table.name()} WHERE shape=? AND key < ? ORDER BY key DESC LIMIT 1"
    while (last := heard(seq_of(key))) and last != seq_of(key):
        row = connection.execute(query, (shape, first_key(last + 1))).fetchone()
        if row is None:
            return newest
        (key,) = row
    return key if last else newest


def _simulated(connection: sqlite3.Connection, low: int, high: int) -> frozenset[int]:
    query = "SELECT seq FROM frames WHERE seq > ? AND seq <= ? AND simulated"
    return frozenset(seq for (seq,) in connection.execute(query, (low, high)))
