"""A damaged journal: what can be read of it, into a new one. The damaged file is kept."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from groundstation.errors import StoreError
from groundstation.model import Reception
from groundstation.storage.journal.blocks import unpack
from groundstation.storage.journal.pages import Cell, DamagedFile, Row
from groundstation.storage.journal.schema import COLUMNS, FILE_NAME, receptions, stored_row
from groundstation.storage.journal.writer import JournalWriter

#: Columns of ``receptions`` of schema 1 and 2, and what schemas 3 and 5 add behind them. SQLite
#: leaves the new ones out of a row that is older than they are.
_COLUMNS = 9
_ADDED: tuple[Cell, ...] = (0, 0, None, None, None, None, None, None)
_LENGTHS = (_COLUMNS, _COLUMNS + 4, _COLUMNS + len(_ADDED))
#: Since this schema each row of ``receptions`` has a check value.
_CHECKED_SINCE = 5
#: Columns of ``blocks``.
_BLOCK = ("last_seq", "first_seq", "first_us", "last_us", "receptions", "data")
_INSERT = f"INSERT INTO receptions (seq, {COLUMNS}, raw_crc) VALUES ({','.join('?' * 17)})"


@dataclass(frozen=True, slots=True)
class Salvaged:
    """``kept_as``: where the damaged file lies now. ``missing``: numbers of receptions between
    those that were found, which are lost."""

    receptions: int
    passes: int
    missing: int
    kept_as: Path


def is_damaged(path: Path) -> str:
    """What is wrong with a journal, or empty. Looks at all of it."""
    if path.is_dir():
        return "it is a folder"
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            changed = _changed(connection) if said == "ok" else None
    except sqlite3.Error as error:
        return str(error)
    if changed is not None:
        return f"frame {changed} is not as it was written"
    return "" if said == "ok" else str(said)


def _changed(connection: sqlite3.Connection) -> int | None:
    """A reception whose bytes are not those of its check value."""
    connection.create_function("crc32", 1, zlib.crc32, deterministic=True)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version < _CHECKED_SINCE:
        connection.execute("SELECT count(*) FROM receptions").fetchone()
        return None
    query = "SELECT seq FROM receptions WHERE raw_crc IS NOT NULL AND raw_crc != crc32(raw) LIMIT 1"
    found = connection.execute(query).fetchone()
    return int(found[0]) if found else None


def salvage(folder: Path) -> Salvaged:
    """Replace the damaged journal in ``folder`` by one of all that can be read.

    No station may run on the folder. Raises StoreError, and leaves everything as it was, where
    there is nothing to read or no space.
    """
    path = folder / FILE_NAME
    work = folder / "recovered"
    if (work / FILE_NAME).exists():
        raise StoreError(
            f"{work} is left over from a recovery that was broken off: move it away and try again"
        )
    try:
        damaged = DamagedFile(path)
        JournalWriter(work).close()
        receptions, passes, missing = _fill(work / FILE_NAME, damaged)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path} cannot be recovered: {error}") from error
    if not receptions:
        _remove(work)
        raise StoreError(f"no frame can be read in {path}: it stays as it is")
    kept = _set_aside(path)
    (work / FILE_NAME).replace(path)
    _remove(work)
    return Salvaged(receptions, passes, missing, kept)


def _fill(new: Path, damaged: DamagedFile) -> tuple[int, int, int]:
    """Every row of ours into ``new``; returns receptions, passes, and how many are missing."""
    found: dict[int, Reception] = {}
    newer: set[int] = set()
    with closing(sqlite3.connect(new)) as connection, connection:
        for row in damaged.rows():
            if (reception := _reception(row)) is not None:
                # Of a row that lies there twice, the newer form wins.
                if row.number not in newer:
                    found[row.number] = reception
                if _is_new(row):
                    newer.add(row.number)
            elif _is_pass(row):
                connection.execute("INSERT OR REPLACE INTO passes VALUES (?,?,?,?,?)", row.columns)
            elif _is_fault(row):
                told = (row.number, *row.columns[1:])
                connection.execute("INSERT OR REPLACE INTO faults VALUES (?,?,?,?,?,?,?)", told)
            else:
                for reception in _block(row):
                    found.setdefault(reception.seq, reception)
        for seq, reception in sorted(found.items()):
            connection.execute(_INSERT, (seq, *stored_row(reception)))
        (passes,) = connection.execute("SELECT count(*) FROM passes").fetchone()
    span = max(found) - min(found) + 1 if found else 0
    return len(found), passes, span - len(found)


def _reception(row: Row) -> Reception | None:
    """A row of ``receptions``; None: it is of another table, or damaged."""
    if len(row.columns) not in _LENGTHS or row.number < 1:
        return None
    _, received_us, link, raw, *others = row.columns[:_COLUMNS]
    added = (*row.columns, *_ADDED[len(row.columns) - _COLUMNS :])[_COLUMNS:]
    imported, unsynchronised, *clock, eb_n0_db, offset_hz, repaired, raw_crc = added
    if not (isinstance(received_us, int) and isinstance(link, str) and isinstance(raw, bytes)):
        return None
    if raw_crc not in (None, zlib.crc32(raw)):
        return None  # a part of it lay on a page that was overwritten
    if _is_new(row):
        satellite, error, damaged, simulated, supposed = others
    else:
        supposed, _, error, damaged, simulated = others
        satellite, error = None, error if damaged else None
    texts = (satellite, supposed, error)
    marks = (damaged, simulated, imported, unsynchronised)
    if not all(text is None or isinstance(text, str) for text in texts):
        return None
    if not all(mark in (0, 1) for mark in marks) or not all(
        isinstance(number, int | None) for number in (*clock, repaired)
    ):
        return None
    if not all(isinstance(cell, int | float | None) for cell in (eb_n0_db, offset_hz)):
        return None
    # SQLite writes a floating point number without a fraction as a whole one.
    signal = [None if cell is None else float(cell) for cell in (eb_n0_db, offset_hz)]
    told = (*texts, *marks, *clock, *signal, repaired)
    return next(receptions([(row.number, received_us, link, raw, *told)]))


def _is_new(row: Row) -> bool:
    """Whether a row of ``receptions`` is of schema 2 or 3."""
    return isinstance(row.columns[6], int)


def _is_pass(row: Row) -> bool:
    if tuple(map(type, row.columns)) != (int, int, int, str, str):
        return False
    try:
        return isinstance(json.loads(str(row.columns[4])), dict)
    except ValueError:  # a part of the report lay on a page that was overwritten
        return False


def _is_fault(row: Row) -> bool:
    """Whether it is of ``faults``, what went wrong with the station."""
    kinds = tuple(map(type, row.columns[1:]))
    return len(row.columns) == 7 and kinds == (int, str, str, str, str, int)


def _block(row: Row) -> list[Reception]:
    """The receptions in a row of ``blocks``; none: it is of another table, or damaged."""
    if len(row.columns) != len(_BLOCK) or not isinstance(row.columns[-1], bytes):
        return []
    try:
        return unpack(row.columns[-1])
    except StoreError:
        return []


def _set_aside(path: Path) -> Path:
    """Move the damaged journal, with what SQLite keeps beside it, to a name of its own."""
    names = (path.with_name(f"{path.name}.damaged-{number}") for number in range(1, 10_000))
    kept = next(name for name in names if not name.exists())
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(kept.with_name(kept.name + suffix))
    return kept


def _remove(work: Path) -> None:
    for left in _files(work):
        left.unlink()
    work.rmdir()


def _files(work: Path) -> Iterator[Path]:
    return iter(
        [
            work / f"{FILE_NAME}{suffix}"
            for suffix in ("", "-wal", "-shm")
            if (work / f"{FILE_NAME}{suffix}").exists()
        ]
    )
