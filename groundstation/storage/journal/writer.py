"""The station's side of ``journal.db``."""

from __future__ import annotations

import json
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from groundstation.errors import SchemaError, StoreError
from groundstation.model import FlownPass, Reception
from groundstation.model.alarms import Fault
from groundstation.storage.journal.faults import unwritable
from groundstation.storage.journal.schema import (
    FILE_NAME,
    INSERT,
    SCHEMA,
    SCHEMA_VERSION,
    stored_row,
)
from groundstation.storage.migrations.steps import (
    JOURNAL_STEPS,
    bring_forward,
    schema_of,
)


class JournalWriter:
    """The station's side of ``journal.db``; safe to call from several threads.

    ``append`` returns after the commit reached the disk (WAL, ``synchronous=FULL``). Opening it
    brings a journal of an older version forward. Raises StoreError that names the file and the
    mend.
    """

    def __init__(self, folder: Path):
        self.path = folder / FILE_NAME
        self._lock = threading.Lock()
        #: Set whenever something was appended: the interpreter in this process waits for it.
        self.news = threading.Condition()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not self.path.exists():
                _create(self.path)
            self._connection = sqlite3.connect(
                self.path, check_same_thread=False, isolation_level=None, timeout=10
            )
        except (OSError, sqlite3.Error) as error:
            raise unwritable(self.path, error) from error
        try:
            self._prepare()
        except (SchemaError, sqlite3.Error) as error:
            self._connection.close()
            raise unwritable(self.path, error) from error

    def _prepare(self) -> None:
        run = self._connection.execute
        if schema_of(self._connection) == 0:
            raise sqlite3.DatabaseError("there is no table in it")
        run("PRAGMA journal_mode=WAL")
        run("PRAGMA synchronous=FULL")
        bring_forward(self._connection, JOURNAL_STEPS, SCHEMA_VERSION)

    @classmethod
    def bring_forward(cls, folder: Path) -> None:
        """Bring the journal in ``folder`` to this version where there is one; raises StoreError."""
        if (folder / FILE_NAME).exists():
            cls(folder).close()

    def append(self, receptions: Sequence[Reception]) -> list[Reception]:
        """Commit ``receptions`` in order and return them with their ``seq``.

        Raises StoreError when the disk is full or fails; then none of them is kept.
        """
        with self._lock:
            numbered = self._insert(receptions)
        with self.news:
            self.news.notify_all()
        return numbered

    def _insert(self, receptions: Sequence[Reception]) -> list[Reception]:
        numbered = []
        with self._transaction() as run:
            for item in receptions:
                cursor = run(INSERT, stored_row(item))
                numbered.append(item.numbered(cursor.lastrowid or 0))
        return numbered

    @contextmanager
    def _transaction(self) -> Iterator[Callable[..., sqlite3.Cursor]]:
        """``execute`` for statements that are committed together, or not at all.

        Raises StoreError. The caller holds the lock.
        """
        run = self._connection.execute
        try:
            run("BEGIN IMMEDIATE")
            yield run
            run("COMMIT")
        except sqlite3.Error as error:
            raise StoreError(f"the journal {self.path} cannot be written: {error}") from error
        finally:
            if self._connection.in_transaction:
                run("ROLLBACK")

    def save_pass(self, flown: FlownPass) -> None:
        """Keep a pass. An earlier account of the same passage, whose times differ a little, goes.

        Raises StoreError.
        """
        report = json.dumps(flown.report, ensure_ascii=False, allow_nan=False)
        with self._lock, self._transaction() as run:
            run(
                "DELETE FROM passes WHERE norad=? AND aos_us < ? AND los_us > ?",
                (flown.norad, flown.los_us, flown.aos_us),
            )
            run(
                "INSERT OR REPLACE INTO passes (norad, aos_us, los_us, satellite, report)"
                " VALUES (?,?,?,?,?)",
                (flown.norad, flown.aos_us, flown.los_us, flown.satellite, report),
            )

    def begin_boot(self, boot: str, from_seq: int) -> None:
        """From ``from_seq`` on, the station runs on a computer that was started as ``boot``.

        Raises StoreError.
        """
        with self._lock, self._transaction() as run:
            last = run("SELECT boot FROM boots ORDER BY rowid DESC LIMIT 1").fetchone()
            if last != (boot,):
                run("INSERT INTO boots VALUES (?,?)", (from_seq, boot))

    def note_step(self, at_us: int, step_us: int) -> None:
        """Keep that the clock, which said ``at_us``, jumped by ``step_us``. Raises StoreError."""
        with self._lock, self._transaction() as run:
            run("INSERT INTO clock_steps VALUES (?,?,?)", (_last_seq(run), at_us, step_us))

    def correct_times(self, uptime_us: int, offset_us: int, drift: float) -> int:
        """Correct the times of this boot's receptions that nobody vouched for, now that a clock is
        right: they were received at their uptime plus ``offset_us``.

        ``uptime_us``: now. What lies no further off than a second and the ``drift`` of a clock
        since then keeps its time and its mark: it may have been right. Returns how many were
        corrected. Raises StoreError.
        """
        with self._lock, self._transaction() as run:
            (first,) = run("SELECT coalesce(max(from_seq), 0) FROM boots").fetchone()
            mine = "uptime_us IS NOT NULL AND seq >= ?"
            far = f"{mine} AND abs(uptime_us + ? - received_us) > 1000000 + (? - uptime_us) * ?"
            values = (first, offset_us, uptime_us, drift)
            low, high, count = run(
                f"SELECT min(seq), max(seq), count(*) FROM receptions WHERE {far}", values
            ).fetchone()
            run(
                "UPDATE receptions SET clock_us = received_us, received_us = uptime_us + ?,"
                f" unsynchronised = 0 WHERE {far}",
                (offset_us, *values),
            )
            run(f"UPDATE receptions SET uptime_us = NULL WHERE {mine}", (first,))
            if count:
                query = "INSERT INTO corrections (first_seq, last_seq) VALUES (?,?)"
                run(query, (low, high))
        if count:
            with self.news:
                self.news.notify_all()
        return int(count)

    def add_fault(self, fault: Fault) -> None:
        """Keep that something went wrong, or is right again; raises StoreError."""
        with self._lock, self._transaction() as run:
            run(
                "INSERT INTO faults (at_us, rule, subject, severity, detail, wrong)"
                " VALUES (?,?,?,?,?,?)",
                (
                    *(fault.at_us, fault.rule, fault.subject, fault.severity, fault.detail),
                    fault.wrong,
                ),
            )
        with self.news:
            self.news.notify_all()

    def put_block(self, receptions: Sequence[Reception], block: bytes) -> None:
        """Put ``block`` in the place of the ``receptions`` that it holds, in one transaction.

        They are the oldest that lie there uncompressed, in order. Raises StoreError.
        """
        first, last = receptions[0].seq, receptions[-1].seq
        times = [item.received_us for item in receptions]
        with self._lock, self._transaction() as run:
            run(
                "INSERT INTO blocks VALUES (?,?,?,?,?,?)",
                (last, first, min(times), max(times), len(receptions), block),
            )
            run("DELETE FROM receptions WHERE seq <= ?", (last,))

    def shrink(self) -> None:
        """Give the disk back what is not used in the file; raises StoreError."""
        with self._lock:
            try:
                self._connection.execute("VACUUM")
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error as error:
                raise StoreError(
                    f"the journal {self.path} could not be made smaller: {error}; it is whole"
                ) from error

    def close(self) -> None:
        """Close the file; later calls fail."""
        with self._lock:
            self._connection.close()


def _create(path: Path) -> None:
    """Make an empty journal under another name first: nobody sees a half-made one."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with closing(sqlite3.connect(new)) as connection:
        connection.executescript(f"BEGIN;{SCHEMA}PRAGMA user_version={SCHEMA_VERSION};COMMIT;")
        with connection:
            connection.execute("INSERT INTO about VALUES ('journal', ?)", (uuid.uuid4().hex,))
    new.replace(path)


def _last_seq(run: Callable[..., sqlite3.Cursor]) -> int:
    """The highest number that was ever given to a reception."""
    found = run("SELECT seq FROM sqlite_sequence WHERE name='receptions'").fetchone()
    return int(found[0]) if found else 0
