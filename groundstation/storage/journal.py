"""The journal: every reception as raw bytes, on disk before anybody hears of it.

It keeps what happened, never what was made of it. One process writes (the station), any number
read. Readers notice news by ``PRAGMA data_version``.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from groundstation.errors import SchemaError, StoreError
from groundstation.model import FlownPass, Reception
from groundstation.storage.journal_faults import unreadable, unwritable
from groundstation.storage.migrations.steps import (
    JOURNAL_STEPS,
    bring_forward,
    schema_of,
)

FILE_NAME = "journal.db"
SCHEMA_VERSION = 2

_SCHEMA = """
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
    supposed TEXT
) STRICT;
CREATE INDEX receptions_by_time ON receptions (received_us);
CREATE TABLE passes (
    norad INTEGER NOT NULL,
    aos_us INTEGER NOT NULL,
    los_us INTEGER NOT NULL,
    satellite TEXT NOT NULL,
    report TEXT NOT NULL,
    PRIMARY KEY (norad, aos_us)
) STRICT;
"""
#: Above every number that SQLite gives a row.
_END = 1 << 62
_COLUMNS = "seq, received_us, link, raw, satellite, supposed, error, damaged, simulated"


class JournalWriter:
    """The station's side of ``journal.db``; safe to call from several threads.

    ``append`` returns after the commit reached the disk (WAL, ``synchronous=FULL``). Opening it
    brings
    a journal of an older version forward. Raises StoreError that names the file and the mend.
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
                cursor = run(
                    "INSERT INTO receptions (received_us, link, raw, satellite, supposed, error,"
                    " damaged, simulated) VALUES (?,?,?,?,?,?,?,?)",
                    (
                        *(item.received_us, item.link, item.raw, item.satellite),
                        *(item.supposed, item.error, item.damaged, item.simulated),
                    ),
                )
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

    def close(self) -> None:
        """Close the file; later calls fail."""
        with self._lock:
            self._connection.close()


def _create(path: Path) -> None:
    """Make an empty journal under another name first: nobody sees a half-made one."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with closing(sqlite3.connect(new)) as connection:
        connection.executescript(f"BEGIN;{_SCHEMA}PRAGMA user_version={SCHEMA_VERSION};COMMIT;")
        with connection:
            connection.execute("INSERT INTO about VALUES ('journal', ?)", (uuid.uuid4().hex,))
    new.replace(path)


class JournalReader:
    """A read-only view of ``journal.db`` for one thread; sees all that is committed."""

    def __init__(self, folder: Path):
        self.path = folder / FILE_NAME
        try:
            self._connection = sqlite3.connect(
                f"{self.path.resolve().as_uri()}?mode=ro",
                uri=True,
                isolation_level=None,
                timeout=10,
                check_same_thread=False,
            )
            self._check()
        except (SchemaError, sqlite3.Error) as error:
            raise unreadable(self.path, error) from error

    def _check(self) -> None:
        found = schema_of(self._connection)
        if found == 0:
            raise sqlite3.DatabaseError("there is no table in it")
        if found != SCHEMA_VERSION:
            raise SchemaError(found, SCHEMA_VERSION)

    @property
    def id(self) -> str:
        """What tells this journal from every other one."""
        row = self._connection.execute("SELECT value FROM about WHERE name='journal'").fetchone()
        return str(row[0])

    def version(self) -> int:
        """A number that changes whenever another connection committed something."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def last_seq(self) -> int:
        """``seq`` of the newest reception, 0 when there is none."""
        row = self._connection.execute("SELECT max(seq) FROM receptions").fetchone()
        return int(row[0] or 0)

    def after(self, seq: int, limit: int = 1000, until: int | None = None) -> list[Reception]:
        """Up to ``limit`` receptions with a higher ``seq`` (and at most ``until``), oldest
        first."""
        bound = _END if until is None else until
        return self._select("seq > ? AND seq <= ? ORDER BY seq LIMIT ?", (seq, bound, limit))

    def before(self, seq: int | None = None, limit: int = 50) -> list[Reception]:
        """Up to ``limit`` receptions with a lower ``seq`` (None: the newest), newest first."""
        bound = _END if seq is None else seq
        return self._select("seq < ? ORDER BY seq DESC LIMIT ?", (bound, limit))

    def get(self, seq: int) -> Reception | None:
        """The reception ``seq``, or None."""
        found = self._select("seq = ?", (seq,))
        return found[0] if found else None

    def those(self, seqs: Sequence[int]) -> dict[int, Reception]:
        """The receptions with these numbers, by number."""
        numbers = json.dumps(list(seqs))
        found = self._select("seq IN (SELECT value FROM json_each(?))", (numbers,))
        return {item.seq: item for item in found}

    def between(self, start_us: int, end_us: int) -> Iterator[Reception]:
        """Receptions from ``start_us`` to before ``end_us``, by ``seq``."""
        # The plus sign keeps SQLite on the index by time.
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM receptions WHERE received_us >= ? AND received_us < ?"
            " ORDER BY +seq",
            (start_us, end_us),
        )
        return _receptions(rows)

    def passes(
        self, limit: int = 100, satellite: str | None = None, before_us: int | None = None
    ) -> list[FlownPass]:
        """Up to ``limit`` passes that were flown, newest first; with AOS before ``before_us``."""
        where, values = "aos_us < ?", [1 << 62 if before_us is None else before_us]
        mine: list[str] = []
        if satellite is not None:
            where, mine = f"{where} AND satellite = ?", [satellite]
        return self._passes(f"{where} ORDER BY aos_us DESC LIMIT ?", [*values, *mine, limit])

    def flown(self, norad: int, start_us: int, end_us: int) -> list[FlownPass]:
        """Passes of ``norad`` that overlap this time, oldest first."""
        return self._passes(
            "norad = ? AND aos_us < ? AND los_us > ? ORDER BY aos_us", [norad, end_us, start_us]
        )

    def _passes(self, where: str, values: Sequence[int | str]) -> list[FlownPass]:
        rows = self._connection.execute(
            f"SELECT norad, aos_us, los_us, satellite, report FROM passes WHERE {where}", values
        )
        return [
            FlownPass(norad, aos_us, los_us, satellite, json.loads(report))
            for norad, aos_us, los_us, satellite, report in rows
        ]

    def count(self) -> int:
        """How many receptions there are."""
        return int(self._connection.execute("SELECT count(*) FROM receptions").fetchone()[0])

    def _select(self, where: str, values: Sequence[int | str]) -> list[Reception]:
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM receptions WHERE {where}", values)
        return list(_receptions(rows))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _receptions(rows: sqlite3.Cursor) -> Iterator[Reception]:
    for seq, received_us, link, raw, satellite, supposed, error, damaged, simulated in rows:
        yield Reception(
            *(seq, received_us, link, raw, satellite, supposed, error),
            damaged=bool(damaged),
            simulated=bool(simulated),
        )
