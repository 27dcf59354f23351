"""The journal: every reception as raw bytes, on disk before anybody hears of it.

One process writes (the station), any number read. Readers notice news by ``PRAGMA data_version``.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from groundstation.errors import StoreError
from groundstation.model import FlownPass, Reception

FILE_NAME = "journal.db"
SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE receptions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    received_us INTEGER NOT NULL,
    link TEXT NOT NULL,
    raw BLOB NOT NULL,
    satellite TEXT,
    packet TEXT,
    error TEXT,
    damaged INTEGER NOT NULL DEFAULT 0,
    simulated INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX receptions_by_satellite ON receptions (satellite, seq);
CREATE INDEX receptions_by_time ON receptions (received_us);
CREATE TABLE followers (
    name TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    error TEXT
) STRICT;
CREATE TABLE passes (
    norad INTEGER NOT NULL,
    aos_us INTEGER NOT NULL,
    los_us INTEGER NOT NULL,
    satellite TEXT NOT NULL,
    report TEXT NOT NULL,
    PRIMARY KEY (norad, aos_us)
) STRICT;
"""
_COLUMNS = "seq, received_us, link, raw, satellite, packet, error, damaged, simulated"


class JournalWriter:
    """The station's side of ``journal.db``; safe to call from several threads.

    ``append`` returns after the commit reached the disk (WAL, ``synchronous=FULL``).
    """

    def __init__(self, folder: Path):
        self.path = folder / FILE_NAME
        self._lock = threading.Lock()
        #: Set whenever something was appended: followers in this process wait for it.
        self.news = threading.Condition()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not self.path.exists():
                _create(self.path)
            self._connection = sqlite3.connect(
                self.path, check_same_thread=False, isolation_level=None, timeout=10
            )
            self._prepare()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"cannot write the journal {self.path}: {error}; "
                "choose a writable folder with --data"
            ) from error

    def _prepare(self) -> None:
        run = self._connection.execute
        run("PRAGMA journal_mode=WAL")
        run("PRAGMA synchronous=FULL")
        version = run("PRAGMA user_version").fetchone()[0]
        if version != SCHEMA_VERSION:
            raise StoreError(
                f"{self.path} was written by another version of this program "
                f"(schema {version}, this one has {SCHEMA_VERSION}); move it away or update"
            )

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
                    "INSERT INTO receptions (received_us, link, raw, satellite, packet, error,"
                    " damaged, simulated) VALUES (?,?,?,?,?,?,?,?)",
                    (
                        *(item.received_us, item.link, item.raw, item.satellite),
                        *(item.packet, item.error, item.damaged, item.simulated),
                    ),
                )
                numbered.append(replace(item, seq=cursor.lastrowid or 0))
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

    def place(self, follower: str) -> int:
        """The ``seq`` up to which ``follower`` has done its work; 0 at first."""
        with self._lock:
            row = self._connection.execute(
                "SELECT seq FROM followers WHERE name=?", (follower,)
            ).fetchone()
        return int(row[0]) if row else 0

    def save_place(self, follower: str, seq: int, error: str | None = None) -> None:
        """Remember that ``follower`` has done all up to ``seq``; ``error``: why it waits now."""
        with self._lock, self._transaction() as run:
            run(
                "INSERT INTO followers (name, seq, error) VALUES (?,?,?)"
                " ON CONFLICT (name) DO UPDATE SET seq=excluded.seq, error=excluded.error",
                (follower, seq, error),
            )

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
            self._connection.execute("SELECT 1 FROM receptions LIMIT 1")
        except sqlite3.Error as error:
            raise StoreError(
                f"cannot read the journal {self.path}: {error}; is the station's --data right?"
            ) from error

    def version(self) -> int:
        """A number that changes whenever another connection committed something."""
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def last_seq(self) -> int:
        """``seq`` of the newest reception, 0 when there is none."""
        row = self._connection.execute("SELECT max(seq) FROM receptions").fetchone()
        return int(row[0] or 0)

    def after(self, seq: int, limit: int = 1000, satellite: str | None = None) -> list[Reception]:
        """Up to ``limit`` receptions with a higher ``seq``, oldest first."""
        return self._select("seq > ?", (seq,), satellite, "seq", limit)

    def before(
        self, seq: int | None = None, limit: int = 50, satellite: str | None = None
    ) -> list[Reception]:
        """Up to ``limit`` receptions with a lower ``seq`` (None: the newest), newest first."""
        bound = 1 << 62 if seq is None else seq
        return self._select("seq < ?", (bound,), satellite, "seq DESC", limit)

    def get(self, seq: int) -> Reception | None:
        """The reception ``seq``, or None."""
        found = self._select("seq = ?", (seq,), None, "seq", 1)
        return found[0] if found else None

    def between(
        self, start_us: int, end_us: int, satellite: str | None = None
    ) -> Iterator[Reception]:
        """Receptions from ``start_us`` to before ``end_us``, by ``seq``.

        With ``satellite`` its own, and those of nobody: what is damaged has no sender.
        """
        where, values = "received_us >= ? AND received_us < ?", [start_us, end_us]
        mine: list[str] = []
        if satellite is not None:
            # The plus signs keep SQLite on the index by time.
            where, mine = f"{where} AND (+satellite = ? OR +satellite IS NULL)", [satellite]
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM receptions WHERE {where} ORDER BY +seq", [*values, *mine]
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

    def count(self, satellite: str | None = None) -> int:
        """How many receptions there are, of one satellite or at all."""
        where, values = ("WHERE satellite=?", (satellite,)) if satellite else ("", ())
        row = self._connection.execute(f"SELECT count(*) FROM receptions {where}", values)
        return int(row.fetchone()[0])

    def followers(self) -> dict[str, tuple[int, str | None]]:
        """Each follower's saved place and, when it waits, why: ``{name: (seq, error)}``."""
        rows = self._connection.execute("SELECT name, seq, error FROM followers")
        return {name: (seq, error) for name, seq, error in rows}

    def _select(
        self, where: str, values: tuple[int, ...], satellite: str | None, order: str, limit: int
    ) -> list[Reception]:
        arguments: list[int | str] = list(values)
        if satellite is not None:
            where += " AND satellite = ?"
            arguments.append(satellite)
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM receptions WHERE {where} ORDER BY {order} LIMIT ?",
            [*arguments, limit],
        )
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
    for seq, received_us, link, raw, satellite, packet, error, damaged, simulated in rows:
        yield Reception(
            *(seq, received_us, link, raw, satellite, packet, error),
            damaged=bool(damaged),
            simulated=bool(simulated),
        )
