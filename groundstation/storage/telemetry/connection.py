"""Opening ``telemetry.db``, and what may be wrong with it."""

from __future__ import annotations

import contextlib
import sqlite3
import struct
import threading
from contextlib import closing
from pathlib import Path

from groundstation.errors import DamagedError, SchemaError, StoreError
from groundstation.storage.migrations.steps import (
    TELEMETRY_STEPS,
    bring_forward,
    schema_of,
)
from groundstation.storage.migrations.telemetry_2 import make

FILE_NAME = "telemetry.db"
SCHEMA_VERSION = 4
_HEADER = struct.Struct(">16s2B10xI")  # https://www.sqlite.org/fileformat.html, section 1.3


def connect_writer(path: Path) -> sqlite3.Connection:
    """The interpreter's connection; the file is made, or brought forward, where it must be.

    WAL with ``synchronous=NORMAL``: a power cut may lose the last transactions, and the
    interpreter, whose place lies in them, makes them again. Raises DamagedError, StoreError.
    """
    if is_cut_short(path):
        raise DamagedError(f"the telemetry store {path} lost its end")
    unclean = has_log(path)
    try:
        connection = sqlite3.connect(
            path, check_same_thread=False, isolation_level=None, timeout=10
        )
    except sqlite3.Error as error:
        raise failure(path, error) from error
    try:
        _prepare(connection)
        if unclean:
            _check(path, connection)
    except DamagedError:
        connection.close()
        raise
    except SchemaError as error:
        connection.close()
        raise StoreError(
            f"the telemetry store {path} {error}: update the program, or delete that file (it is "
            "made again from the journal)"
        ) from error
    except sqlite3.Error as error:
        connection.close()
        raise failure(path, error) from error
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    if schema_of(connection) == 0:
        connection.execute("BEGIN IMMEDIATE")
        make(connection)
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        connection.execute("COMMIT")
    bring_forward(connection, TELEMETRY_STEPS, SCHEMA_VERSION)


def _check(path: Path, connection: sqlite3.Connection) -> None:
    """After a crash: a log that belongs to another file would have been mixed into this one."""
    try:
        (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise failure(path, error) from error
    if said != "ok":
        raise DamagedError(f"the telemetry store {path} is damaged ({said})")


class StoreCheck:
    """Looks through a whole store once, beside everything else; ``found``: what is wrong with
    it."""

    def __init__(self, path: Path):
        self.found: DamagedError | None = None
        self._path = path
        self._thread = threading.Thread(target=self._run, name="store check", daemon=True)
        self._connection: sqlite3.Connection | None = None
        self._ending = threading.Event()

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def wait(self) -> None:
        """Until all was looked at."""
        self._thread.join()

    def end(self) -> None:
        """Look no further: nobody has the file open then, and the last one who closes it finds its
        log empty."""
        self._ending.set()
        while self._thread.is_alive():
            if connection := self._connection:
                with contextlib.suppress(sqlite3.ProgrammingError):  # closed by now
                    connection.interrupt()
            self._thread.join(0.02)

    def _run(self) -> None:
        try:
            with closing(connect_reader(self._path)) as connection:
                self._connection = connection
                if not self._ending.is_set():
                    _check(self._path, connection)
        except DamagedError as error:
            self.found = error
        except Exception as error:
            found = failure(self._path, error)
            self.found = found if isinstance(found, DamagedError) else None


def connect_reader(path: Path) -> sqlite3.Connection:
    """A read-only connection for any thread, one at a time. Raises StoreError."""
    try:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro",
            uri=True,
            check_same_thread=False,
            isolation_level=None,
            timeout=10,
        )
        found = schema_of(connection)
    except sqlite3.Error as error:
        raise failure(path, error) from error
    if found != SCHEMA_VERSION:
        connection.close()
        raise StoreError(f"{path} is not ready: the interpreter has not made or renewed it yet")
    return connection


def data_version(connection: sqlite3.Connection) -> int:
    """A number that changes whenever another connection committed something."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def failure(path: Path, error: Exception) -> StoreError:
    """What an error of SQLite's means for whoever waits for the store."""
    # "malformed" and "not a database" are plain DatabaseErrors; a file that was cut while it was
    # open, or whose tables are missing, shows as an OperationalError.
    broken = type(error) is sqlite3.DatabaseError or "no such table" in str(error)
    if broken or ("disk I/O" in str(error) and is_cut_short(path)):
        return DamagedError(f"the telemetry store {path} is damaged ({error})")
    return StoreError(
        f"the telemetry store {path} cannot be used: {error}; check the disk and the folder's "
        "rights "
        "(the journal keeps every frame; values follow by themselves)"
    )


def is_cut_short(path: Path) -> bool:
    """Whether the file is shorter than its header says, which SQLite notices late or never.

    While there is a write-ahead log the file may well be shorter: then it is not judged.
    """
    try:
        if has_log(path):
            return False
        with path.open("rb") as file:
            head = file.read(_HEADER.size)
        if len(head) < _HEADER.size:
            return bool(head)
        _, high, low, pages = _HEADER.unpack(head)
        page_size = (high << 8 | low) if (high, low) != (0, 1) else 65536
        return bool(path.stat().st_size < page_size * pages)
    except OSError:
        return False


def has_log(path: Path) -> bool:
    """Whether a write-ahead log lies beside the file: it is open, or was not closed in order."""
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def remove(path: Path) -> None:
    """Take the store away, with what SQLite keeps beside it, so that it is made again."""
    for suffix in ("-wal", "-shm", ""):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def stamp(path: Path) -> tuple[int, int, int, int] | None:
    """Changes when the file is replaced or written; None: there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def identity(path: Path) -> tuple[int, int] | None:
    """Changes when another file takes the place of this one; None: there is none."""
    found = stamp(path)
    return found[:2] if found else None
