"""The interpreter's side of ``telemetry.db``: interpretations in, each with the place it leads to.

Every write is one transaction of values, identification, statistics and the interpreter's place, so
that after any crash they agree.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from decoders.definition.model import PacketLayout, Satellite
from groundstation.storage.telemetry import insertion, removal, sinks, tables, verdicts
from groundstation.storage.telemetry import place as places
from groundstation.storage.telemetry.comparison import Changes, compare
from groundstation.storage.telemetry.connection import FILE_NAME, connect_writer, failure, stamp
from groundstation.storage.telemetry.definitions import KeptDefinitions
from groundstation.storage.telemetry.interpretation import (
    FrameVerdict,
    Interpretation,
    PacketColumns,
    Place,
    Waiting,
)
from groundstation.storage.telemetry.keys import OF_SEQS, OWN, key_of, number_of
from groundstation.storage.telemetry.tables import Table
from groundstation.storage.telemetry.thinning import read_thinned, write_thinned

#: The share of a store that may lie empty after history was made anew.
_MOST_FREE = 0.2
#: In ``Place.again``: every satellite.
ALL = "*"


class Definitions(Protocol):
    """The definitions in force: :class:`groundstation.catalog.SatelliteCatalog`."""

    def digests(self) -> Mapping[str, str]:
        """A digest of each definition's text by satellite."""
        ...

    def sources(self, id: str) -> Mapping[str, str]:
        """The text of a definition and of what it extends, by id."""
        ...

    def satellite(self, id: str) -> Satellite | None:
        """A definition, or None."""
        ...


class TelemetryWriter:
    """One connection, used under a lock; raises DamagedError for a file that must be made again."""

    def __init__(self, folder: Path, definitions: Definitions):
        self.path = folder / FILE_NAME
        self._definitions = definitions
        self._lock = threading.RLock()
        self._tables: dict[tuple[str, str], Table] = {}
        self._connection = connect_writer(self.path)
        with self._reading() as connection:
            self._place = places.read_place(connection)
        self._stamp = stamp(self.path)

    @property
    def place(self) -> Place:
        """How far the interpreter is."""
        return self._place

    def is_gone(self) -> bool:
        """Whether somebody else removed, replaced or wrote the file since the last commit."""
        with self._lock:  # only a checkpoint of ours writes it, within a commit of any thread
            return stamp(self.path) != self._stamp

    def origin(self) -> tuple[str, int]:
        """The journal's id and the interpreter's version that this was made with."""
        with self._reading() as connection:
            return places.read_origin(connection)

    def digests(self) -> dict[str, str]:
        """The definitions that were in force."""
        with self._reading() as connection:
            return places.read_definitions(connection)

    def satellites(self) -> set[str]:
        """Satellites of which something is kept."""
        query = (
            "SELECT satellite FROM packets UNION SELECT DISTINCT satellite FROM frames"
            " WHERE satellite IS NOT NULL"
        )
        with self._reading() as connection:
            return {name for (name,) in connection.execute(query)}

    @contextmanager
    def table(
        self, satellite: str, layout: PacketLayout
    ) -> Iterator[tuple[sqlite3.Connection, Table | None]]:
        """A packet's table to read from; None where it has no values."""
        with self._reading() as connection:
            ids = _ids(connection, satellite, layout.name)
            table = tables.load(connection, ids[0], layout) if ids else None
            yield connection, table if table and table.columns else None

    def waiting(self) -> Waiting:
        """What waits for the rest of it."""
        with self._reading() as connection:
            return places.read_waiting(connection)

    def frames_of(self, satellite: str, after: int, limit: int) -> list[int]:
        """Receptions of a satellite above ``after``, oldest first."""
        query = "SELECT seq FROM frames WHERE satellite=? AND seq>? ORDER BY seq LIMIT ?"
        with self._reading() as connection:
            return [seq for (seq,) in connection.execute(query, (satellite, after, limit))]

    def senders(self, seqs: Sequence[int]) -> dict[int, str]:
        """Whose these receptions are, in order, but for those of nobody."""
        query = (
            "SELECT seq, satellite FROM frames WHERE satellite IS NOT NULL"
            " AND seq IN (SELECT value FROM json_each(?)) ORDER BY seq"
        )
        with self._reading() as connection:
            return dict(connection.execute(query, (json.dumps(list(seqs)),)).fetchall())

    def begin(self, journal: str, interpreter: int, place: Place, retired: Collection[str]) -> None:
        """Begin to interpret with the definitions in force; values of ``retired`` satellites hide.

        With ALL among them: of every satellite, and what was summed up is there again.
        """
        digests = dict(self._definitions.digests())
        with self.transaction() as connection:
            places.write_origin(connection, journal, interpreter)
            if ALL in retired:
                write_thinned(connection, 0)
            places.write_definitions(connection, digests)
            connection.execute(
                "UPDATE packets SET retired=1 WHERE ? OR satellite IN (SELECT value FROM "
                "json_each(?))",
                (ALL in retired, json.dumps(sorted(retired))),
            )
            places.write_place(connection, place)
        self._tables.clear()
        self._place = place

    def write(self, found: Interpretation, place: Place) -> None:
        """Keep an interpretation of receptions that have none yet; all of it or nothing."""
        with self.transaction() as connection:
            for packets in found.packets:
                self._write_packets(connection, packets)
            self._write_verdicts(connection, found.verdicts)
            if found.waiting is not None:
                places.write_waiting(connection, found.waiting)
            places.write_place(connection, place)
        self._place = place

    def replace(self, found: Interpretation, place: Place) -> None:
        """Keep an interpretation in place of the one that these receptions have."""
        seqs = [verdict.seq for verdict in found.verdicts]
        with self.transaction() as connection:
            self._remove(connection, seqs)
            for packets in found.packets:
                self._write_packets(connection, packets)
            self._write_verdicts(connection, found.verdicts)
            places.write_place(connection, place)
        self._place = place

    def is_thinned(self) -> bool:
        """Whether old values were summed up: what changes history then has all of it made anew."""
        with self._reading() as connection:
            return read_thinned(connection) > 0

    def corrections(self) -> int:
        """The last correction of times that was taken; see the journal."""
        with self._reading() as connection:
            return places.read_corrections(connection)

    def retake(self, spans: Sequence[tuple[int, int]], corrections: int) -> None:
        """Have receptions interpreted again, whatever is known of them: first and last of each
        span. ``corrections``: the last correction of times that is taken so."""
        with self.transaction() as connection:
            place = self._place
            for first, last in spans:
                query = "SELECT seq, satellite FROM frames WHERE seq BETWEEN ? AND ?"
                rows = connection.execute(query, (first, last)).fetchall()
                self._remove(connection, [seq for seq, _ in rows])
                connection.execute("DELETE FROM frames WHERE seq BETWEEN ? AND ?", (first, last))
                place = place.back_to(first, last, {id for _, id in rows if id})
            places.write_corrections(connection, corrections)
            places.write_place(connection, place)
        self._place = place

    def replace_joined(
        self,
        satellite: str,
        names: Collection[str],
        packets: Iterable[PacketColumns],
        waiting: Callable[[], Waiting],
    ) -> None:
        """Make what is joined over a satellite's frames anew: the packets ``names``, which nothing
        else is, and those of others that span frames or came in segments.

        ``waiting``: asked when all ``packets`` were taken.
        """
        with self.transaction() as connection:
            for name in names:
                for id in _ids(connection, satellite, name):
                    tables.drop(connection, id)
                self._tables.pop((satellite, name), None)
            self._take_away(connection, *_joined(connection, satellite))
            for each in packets:
                self._write_packets(connection, each)
            places.write_waiting(connection, waiting())

    def compare(self, changes: Changes) -> None:
        """Count how values that are hidden differ from those in force."""
        with self._reading() as connection:
            compare(connection, KeptDefinitions(self._definitions), changes)

    def finish(self, place: Place, again: Collection[str]) -> None:
        """The backlog is done: drop what was hidden, and have the sinks take the history of these
        satellites again."""
        with self.transaction() as connection:
            for (id,) in connection.execute("SELECT id FROM packets WHERE retired").fetchall():
                tables.drop(connection, id)
            connection.execute(
                "DELETE FROM sources WHERE digest NOT IN (SELECT digest FROM packets)"
            )
            sinks.ask_again(connection, again, place.seq)
            places.write_place(connection, place)
        self._place = place

    def verdicts(self, low: int, high: int) -> dict[int, tuple[FrameVerdict, bool]]:
        """Kept verdicts of receptions ``low < seq <= high``, and whether their values are
        hidden."""
        with self._reading() as connection:
            return verdicts.between(connection, low, high)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """What is done with the connection is committed together, or not at all.

        Raises StoreError; DamagedError where the file is damaged.
        """
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
                self._stamp = stamp(self.path)
            except sqlite3.Error as error:
                raise failure(self.path, error) from error
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                    self._tables.clear()  # what was learned in the transaction is gone with it

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise failure(self.path, error) from error

    def _write_verdicts(
        self, connection: sqlite3.Connection, verdicts: Sequence[FrameVerdict]
    ) -> None:
        rows = [
            (
                *(item.seq, item.satellite),
                self._table_id(connection, item.satellite, item.packet),
                *(item.error, json.dumps(item.candidates) if item.candidates else None),
                *(item.evidence_bits, int(item.simulated), item.note),
            )
            for item in verdicts
        ]
        connection.executemany("INSERT OR REPLACE INTO frames VALUES (?,?,?,?,?,?,?,?)", rows)

    def _table_id(
        self, connection: sqlite3.Connection, satellite: str | None, packet: str | None
    ) -> int | None:
        if satellite is None or packet is None:
            return None
        known = self._tables.get((satellite, packet))
        return known.id if known else self._packet(connection, satellite, packet)

    def _packet(self, connection: sqlite3.Connection, satellite: str, packet: str) -> int:
        """The number of a packet by the definition in force."""
        for id in _ids(connection, satellite, packet):
            return id
        digest = self._definitions.digests().get(satellite, "")
        texts = json.dumps(dict(self._definitions.sources(satellite)))
        connection.execute(
            "INSERT OR IGNORE INTO sources VALUES (?,?,?)", (digest, satellite, texts)
        )
        row = connection.execute(
            "INSERT INTO packets (satellite, name, digest) VALUES (?,?,?) RETURNING id",
            (satellite, packet, digest),
        ).fetchone()
        return int(row[0])

    def _table(self, connection: sqlite3.Connection, satellite: str, layout: PacketLayout) -> Table:
        key = (satellite, layout.name)
        known = self._tables.get(key)
        if known is None or known.layout is not layout:
            id = self._packet(connection, satellite, layout.name)
            known = self._tables[key] = tables.load(connection, id, layout)
        return known

    def _write_packets(self, connection: sqlite3.Connection, found: PacketColumns) -> None:
        table = self._table(connection, found.satellite, found.layout)
        insertion.put(connection, table, found)

    def _remove(self, connection: sqlite3.Connection, seqs: Sequence[int]) -> None:
        """Take the values of receptions away, but for those of hidden packets, which go as a
        whole, and for what is joined over frames."""
        listed = json.dumps(seqs)
        own = connection.execute(
            "SELECT f.packet, f.seq FROM frames f JOIN packets p ON p.id=f.packet"
            " WHERE NOT p.retired AND f.error IS NULL"
            " AND f.seq IN (SELECT value FROM json_each(?))",
            (listed,),
        ).fetchall()
        further = connection.execute(
            "SELECT t0.packet, t0.key FROM further t0 JOIN packets p ON p.id=t0.packet"
            f" WHERE NOT p.retired AND {OF_SEQS.format(table='further')}",
            (listed,),
        ).fetchall()
        self._take_away(
            connection,
            *((id, key_of(seq)) for id, seq in own),
            *((id, key) for id, key in further if number_of(key) > OWN),
        )

    def _take_away(self, connection: sqlite3.Connection, *packets: tuple[int, int]) -> None:
        """Remove packets: number of their table, and key."""
        by_table: dict[int, list[int]] = {}
        for id, key in packets:
            by_table.setdefault(id, []).append(key)
        for id, keys in by_table.items():
            satellite, name = connection.execute(
                "SELECT satellite, name FROM packets WHERE id=?", (id,)
            ).fetchone()
            table = self._tables.get((satellite, name)) or self._loaded(
                connection, id, satellite, name
            )
            removal.take_away(connection, table, keys)

    def _loaded(self, connection: sqlite3.Connection, id: int, satellite: str, name: str) -> Table:
        """The table of a packet that was not written since the start."""
        layout = self.layout(satellite, name)
        found = self._tables[satellite, name] = tables.load(connection, id, layout)
        return found

    def layout(self, satellite: str, name: str) -> PacketLayout:
        """The definition in force of a packet that has a table."""
        known = self._definitions.satellite(satellite)
        layout = known.packet(name) if known else None
        assert layout is not None  # its table would have gone with its definition
        return layout

    def shrink(self) -> None:
        """Give the disk back what dropped values took, where it is a good part of the file.

        Without space for that the file stays as it is.
        """
        with self._lock, contextlib.suppress(sqlite3.Error):
            (free,) = self._connection.execute("PRAGMA freelist_count").fetchone()
            (pages,) = self._connection.execute("PRAGMA page_count").fetchone()
            if free > pages * _MOST_FREE:
                self._connection.execute("VACUUM")
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._stamp = stamp(self.path)

    def close(self) -> None:
        """Close the file; later calls fail."""
        with self._lock:
            self._connection.close()


def _ids(connection: sqlite3.Connection, satellite: str, packet: str) -> list[int]:
    query = "SELECT id FROM packets WHERE satellite=? AND name=? AND NOT retired"
    return [id for (id,) in connection.execute(query, (satellite, packet)).fetchall()]


def _joined(connection: sqlite3.Connection, satellite: str) -> list[tuple[int, int]]:
    """Packets of a satellite that span frames or came in segments: table and key."""
    query = (
        "SELECT f.packet, f.key FROM further f JOIN packets p ON p.id=f.packet"
        " WHERE p.satellite=? AND NOT p.retired"
    )
    found = connection.execute(query, (satellite,)).fetchall()
    return [(id, key) for id, key in found if number_of(key) < OWN]
