"""Frames of others into the journal: all of a file or nothing, none twice, in order of time.

They are marked as imported, so that nothing counts them as heard here. Files are read into a
temporary database first, which sorts them and finds what is there already: memory is bounded.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from groundstation.errors import ForeignFileError, StoreError
from groundstation.history.foreign.formats import FRAMES, IN_ORDER
from groundstation.history.foreign.source import Source
from groundstation.model import Reception
from groundstation.storage.journal import FILE_NAME, JournalReader, JournalWriter
from groundstation.storage.journal.schema import COLUMNS, receptions, row

#: Receptions handled at once.
CHUNK = 5000
_SCHEMA = f"""
CREATE TABLE staged (
    n INTEGER PRIMARY KEY, file INTEGER NOT NULL, sort_us INTEGER NOT NULL,
    {COLUMNS}, nth INTEGER, known INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX staged_by_time ON staged (received_us, n);
"""
_MARKS = ",".join("?" * (2 + len(COLUMNS.split(","))))
_INSERT = f"INSERT INTO staged (file, sort_us, {COLUMNS}) VALUES ({_MARKS})"
#: The first, second, ... of frames that are the same in all of this, in each file.
_COUNT = """
UPDATE staged SET nth = counted.nth FROM (
    SELECT n, row_number() OVER (PARTITION BY file, received_us, link, raw ORDER BY n) AS nth
    FROM staged
) counted WHERE staged.n = counted.n
"""
#: Of those that several files have only one is taken.
_SEVERAL = """
UPDATE staged SET known = 1 WHERE n NOT IN (
    SELECT min(n) FROM staged GROUP BY received_us, link, raw, nth
)
"""


@dataclass(slots=True)
class FileReport:
    """What became of a file. ``refused``: why nothing of it was taken, or None. ``known``: frames
    that are there already. ``first_us`` and ``last_us``: the times of its frames."""

    path: Path
    form: str
    refused: str | None = None
    frames: int = 0
    damaged: int = 0
    known: int = 0
    first_us: int = 0
    last_us: int = 0

    def count(self, item: Reception) -> None:
        """One more."""
        self.first_us = min(self.first_us, item.received_us) if self.frames else item.received_us
        self.last_us = max(self.last_us, item.received_us) if self.frames else item.received_us
        self.frames += 1
        self.damaged += item.damaged


class TakeIn:
    """One import. ``satellite``: the definition whose frames they are, or None: each is identified.

    Call :meth:`read` for each file, then :meth:`compare`, then :meth:`write`, then :meth:`close`.
    """

    def __init__(self, satellite: str | None = None):
        self._satellite = satellite
        self._staged = sqlite3.connect("", isolation_level=None)  # a temporary file
        self._staged.executescript(_SCHEMA)
        self.files: list[FileReport] = []

    def read(self, source: Source, form: str) -> FileReport:
        """Take a file: all of it, or nothing where something in it is wrong."""
        report = FileReport(source.path, form)
        number = len(self.files)
        self.files.append(report)
        run = self._staged.execute
        run("BEGIN")
        try:
            self._staged.executemany(_INSERT, self._rows(source, form, number, report))
            if not report.frames:
                raise source.wrong("there is no frame in it")
            run("COMMIT")
        except (ForeignFileError, OSError) as error:
            run("ROLLBACK")
            self.files[number] = report = FileReport(source.path, form, refused=str(error))
        return report

    def _rows(
        self, source: Source, form: str, number: int, report: FileReport
    ) -> Iterator[tuple[object, ...]]:
        newest_us = 0
        for item in FRAMES[form](source):
            report.count(item)
            # The order of a file that has one is kept, though its clock jumped.
            newest_us = max(newest_us, item.received_us)
            sort_us = newest_us if form in IN_ORDER else item.received_us
            about = row(item)
            if self._satellite is not None and not item.damaged:
                about = (*about[:3], self._satellite, *about[4:])
            yield (number, sort_us, *about)

    def compare(self, folder: Path) -> None:
        """Find what is in the journal of ``folder`` already. Raises StoreError."""
        self._staged.execute(_COUNT)
        self._staged.execute(_SEVERAL)
        if (folder / FILE_NAME).exists():
            with JournalReader(folder) as journal:
                for some in self._keys():
                    self._mark(some, journal)
        for number, count in self._staged.execute(
            "SELECT file, count(*) FROM staged WHERE known GROUP BY file"
        ):
            self.files[number].known = count

    def _keys(self) -> Iterator[list[tuple[int, int, str, bytes, int]]]:
        """What is not known yet, some at a time, in order of time."""
        query = (
            "SELECT n, received_us, link, raw, nth FROM staged WHERE NOT known"
            " AND (received_us, n) > (?, ?) ORDER BY received_us, n LIMIT ?"
        )
        last = (-1, -1)
        while some := self._staged.execute(query, (*last, CHUNK)).fetchall():
            yield some
            last = (some[-1][1], some[-1][0])

    def _mark(self, some: list[tuple[int, int, str, bytes, int]], journal: JournalReader) -> None:
        wanted = {(time_us, link, raw) for _, time_us, link, raw, _ in some}
        there = Counter(
            key
            for item in journal.between(some[0][1], some[-1][1] + 1)
            if (key := (item.received_us, item.link, item.raw)) in wanted
        )
        known = [(n,) for n, time_us, link, raw, nth in some if nth <= there[time_us, link, raw]]
        self._staged.executemany("UPDATE staged SET known = 1 WHERE n = ?", known)

    def write(self, journal: JournalWriter) -> int:
        """Append what is new; how many that were. Raises StoreError, which says how far it came:
        what was written is known when the import is tried again."""
        written = 0
        for some in self._new():
            try:
                journal.append(some)
            except StoreError as error:
                raise StoreError(
                    f"{error}; {written} frames were written before: import again when that is "
                    "mended, and the others follow"
                ) from error
            written += len(some)
        return written

    def _new(self) -> Iterator[list[Reception]]:
        rows = self._staged.execute(
            f"SELECT n, {COLUMNS} FROM staged WHERE NOT known ORDER BY sort_us, n"
        )
        found = receptions(rows)
        while some := list(islice(found, CHUNK)):
            yield some

    def close(self) -> None:
        """Let go of the temporary database."""
        self._staged.close()
