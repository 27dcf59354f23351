"""What others see of ``journal.db``: read only, rows and compressed blocks alike."""

from __future__ import annotations

import json
import sqlite3
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Self

from groundstation.errors import SchemaError
from groundstation.model import FlownPass, Reception
from groundstation.model.alarms import Fault
from groundstation.storage.journal.blocks import unpack
from groundstation.storage.journal.faults import unreadable
from groundstation.storage.journal.schema import COLUMNS, FILE_NAME, SCHEMA_VERSION, receptions
from groundstation.storage.migrations.steps import schema_of

#: Above every number that SQLite gives a row.
_END = 1 << 62
#: Blocks that are kept unpacked: who asks for one reception asks for its neighbours.
_BLOCKS_KEPT = 4


class JournalReader:
    """A read-only view of ``journal.db`` for one thread; sees all that is committed.

    Receptions that were compacted are read like all others. A damaged block raises StoreError.
    """

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
        self._unpacked: OrderedDict[int, list[Reception]] = OrderedDict()

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
        run = self._connection.execute
        newest = run("SELECT max(seq) FROM receptions").fetchone()[0]
        return int(newest or run("SELECT max(last_seq) FROM blocks").fetchone()[0] or 0)

    def after(self, seq: int, limit: int = 1000, until: int | None = None) -> list[Reception]:
        """Up to ``limit`` receptions with a higher ``seq`` (and at most ``until``), oldest
        first."""
        bound = _END if until is None else until
        rows = self._rows("seq > ? AND seq <= ? ORDER BY seq LIMIT ?", (seq, bound, limit))
        blocks = self._blocks("last_seq > ? AND first_seq <= ? ORDER BY last_seq", (seq, bound))
        old = (item for block in blocks for item in block if seq < item.seq <= bound)
        return list(islice(chain(old, rows), limit))

    def before(self, seq: int | None = None, limit: int = 50) -> list[Reception]:
        """Up to ``limit`` receptions with a lower ``seq`` (None: the newest), newest first."""
        bound = _END if seq is None else seq
        rows = self._rows("seq < ? ORDER BY seq DESC LIMIT ?", (bound, limit))
        blocks = self._blocks("first_seq < ? ORDER BY last_seq DESC", (bound,))
        old = (item for block in blocks for item in reversed(block) if item.seq < bound)
        return list(islice(chain(rows, old), limit))

    def newest_heard(self, until: int | None = None) -> Reception | None:
        """The newest reception (up to number ``until``) that was not imported, or None."""
        bound = _END if until is None else until
        for item in self._rows("seq <= ? AND NOT imported ORDER BY seq DESC LIMIT 1", (bound,)):
            return item
        for block in self._blocks("first_seq <= ? ORDER BY last_seq DESC", (bound,)):
            for item in reversed(block):
                if item.seq <= bound and not item.imported:
                    return item
        return None

    def first_since(self, time_us: int) -> int:
        """The lowest ``seq`` of a reception of ``time_us`` or later, or a little below it; above
        all of them where there is none."""
        run = self._connection.execute
        (old,) = run("SELECT min(first_seq) FROM blocks WHERE last_us >= ?", (time_us,)).fetchone()
        query = "SELECT min(seq) FROM receptions WHERE received_us >= ?"
        (new,) = run(query, (time_us,)).fetchone()
        return min((int(each) for each in (old, new) if each is not None), default=_END)

    def last_before(self, time_us: int) -> int:
        """The highest ``seq`` of a reception before ``time_us``, or a little above it; 0: there is
        none."""
        run = self._connection.execute
        (old,) = run("SELECT max(last_seq) FROM blocks WHERE first_us < ?", (time_us,)).fetchone()
        query = "SELECT max(seq) FROM receptions WHERE received_us < ?"
        (new,) = run(query, (time_us,)).fetchone()
        return max(int(old or 0), int(new or 0))

    def get(self, seq: int) -> Reception | None:
        """The reception ``seq``, or None."""
        return self.those([seq]).get(seq)

    def those(self, seqs: Sequence[int]) -> dict[int, Reception]:
        """The receptions with these numbers, by number."""
        rows = self._rows("seq IN (SELECT value FROM json_each(?))", (json.dumps(list(seqs)),))
        found = {item.seq: item for item in rows}
        if missing := {seq for seq in seqs if seq not in found}:
            range_ = (min(missing), max(missing))
            for block in self._blocks("last_seq >= ? AND first_seq <= ? ORDER BY last_seq", range_):
                found.update((item.seq, item) for item in block if item.seq in missing)
        return found

    def between(self, start_us: int, end_us: int) -> Iterator[Reception]:
        """Receptions from ``start_us`` to before ``end_us``, by ``seq``."""
        # The plus sign keeps SQLite on the index by time.
        rows = self._rows("received_us >= ? AND received_us < ? ORDER BY +seq", (start_us, end_us))
        blocks = self._blocks("last_us >= ? AND first_us < ? ORDER BY last_seq", (start_us, end_us))
        old = (item for block in blocks for item in block if start_us <= item.received_us < end_us)
        return chain(old, rows)

    def corrections(self, after: int) -> list[tuple[int, int, int]]:
        """Spans of receptions whose times were corrected since the one numbered ``after``: its
        number, first and last."""
        query = "SELECT number, first_seq, last_seq FROM corrections WHERE number > ? ORDER BY 1"
        return self._connection.execute(query, (after,)).fetchall()

    def clock_steps(self, limit: int = 20) -> list[tuple[int, int, int]]:
        """The last jumps of the clock, newest first: behind which reception, what it said then,
        and by how many microseconds it went."""
        query = "SELECT after_seq, at_us, step_us FROM clock_steps ORDER BY rowid DESC LIMIT ?"
        return self._connection.execute(query, (limit,)).fetchall()

    def compactable(self, before_us: int) -> int:
        """The last reception before the first one of ``before_us`` or later; 0: there is none.

        Times that nobody vouches for do not count; those that may still be corrected stay.
        """
        (newer,) = self._connection.execute(
            "SELECT min(seq) FROM receptions WHERE received_us >= ? AND NOT unsynchronised"
            " OR uptime_us IS NOT NULL AND seq >= (SELECT max(from_seq) FROM boots)",
            (before_us,),
        ).fetchone()
        return self.last_seq() if newer is None else int(newer) - 1

    def uncompacted(self, until: int) -> tuple[int, int, int]:
        """Of the receptions up to ``until`` that lie there uncompressed: the first, how many, and
        their raw bytes."""
        query = (
            "SELECT coalesce(min(seq), 0), count(*), coalesce(sum(length(raw)), 0)"
            " FROM receptions WHERE seq <= ?"
        )
        first, count, raw_bytes = self._connection.execute(query, (until,)).fetchone()
        return int(first), int(count), int(raw_bytes)

    def marked(self, low: int, high: int) -> tuple[frozenset[int], frozenset[int]]:
        """Of the receptions ``low < seq <= high`` the imported and the unsynchronised ones."""
        rows = self._connection.execute(
            "SELECT seq, imported, unsynchronised FROM receptions WHERE seq > ? AND seq <= ?"
            " AND (imported OR unsynchronised)",
            (low, high),
        )
        blocks = self._blocks("last_seq > ? AND first_seq <= ? ORDER BY last_seq", (low, high))
        old = (
            (item.seq, item.imported, item.unsynchronised)
            for block in blocks
            for item in block
            if low < item.seq <= high
        )
        found = list(chain(old, rows))
        return (
            frozenset(seq for seq, imported, _ in found if imported),
            frozenset(seq for seq, _, unsynchronised in found if unsynchronised),
        )

    def passes(
        self, limit: int = 100, satellite: str | None = None, before_us: int | None = None
    ) -> list[FlownPass]:
        """Up to ``limit`` passes that were flown, newest first; with AOS before ``before_us``."""
        return list(self.each_pass(limit, satellite, before_us))

    def each_pass(
        self, limit: int, satellite: str | None = None, before_us: int | None = None
    ) -> Iterator[FlownPass]:
        """The same one after the other: thousands of accounts are more than memory should hold."""
        where, values = "aos_us < ?", [1 << 62 if before_us is None else before_us]
        mine: list[str] = []
        if satellite is not None:
            where, mine = f"{where} AND satellite = ?", [satellite]
        return self._passes(f"{where} ORDER BY aos_us DESC LIMIT ?", [*values, *mine, limit])

    def flown(self, norad: int, start_us: int, end_us: int) -> list[FlownPass]:
        """Passes of ``norad`` that overlap this time, oldest first."""
        where = "norad = ? AND aos_us < ? AND los_us > ? ORDER BY aos_us"
        return list(self._passes(where, [norad, end_us, start_us]))

    def _passes(self, where: str, values: Sequence[int | str]) -> Iterator[FlownPass]:
        rows = self._connection.execute(
            f"SELECT norad, aos_us, los_us, satellite, report FROM passes WHERE {where}", values
        )
        for norad, aos_us, los_us, satellite, report in rows:
            yield FlownPass(norad, aos_us, los_us, satellite, json.loads(report))

    def faults(self, after: int = 0, limit: int = 10_000) -> list[Fault]:
        """What went wrong with the station and when it was right again, behind the number
        ``after``, oldest first."""
        return self._faults("id", "WHERE id > ? ORDER BY id LIMIT ?", (after, limit))

    def last_faults(self) -> list[Fault]:
        """The last of each rule and subject, oldest first."""
        # With max() SQLite takes the other columns from the row that has it.
        return self._faults("max(id)", "GROUP BY rule, subject ORDER BY max(id)", ())

    def _faults(self, number: str, where: str, values: Sequence[int]) -> list[Fault]:
        rows = self._connection.execute(
            f"SELECT {number}, at_us, rule, subject, severity, detail, wrong FROM faults {where}",
            values,
        )
        return [
            Fault(id, at_us, rule, subject, severity, detail, bool(wrong))
            for id, at_us, rule, subject, severity, detail, wrong in rows
        ]

    def count(self) -> int:
        """How many receptions there are."""
        run = self._connection.execute
        (rows,) = run("SELECT count(*) FROM receptions").fetchone()
        (old,) = run("SELECT coalesce(sum(receptions), 0) FROM blocks").fetchone()
        return int(rows) + int(old)

    def _rows(self, where: str, values: Sequence[int | str]) -> Iterator[Reception]:
        """What was not compacted.

        As long as it is not read to its end, blocks are read as of the same moment.
        """
        query = f"SELECT seq, {COLUMNS} FROM receptions WHERE {where}"
        return receptions(self._connection.execute(query, values))

    def _blocks(self, where: str, values: Sequence[int]) -> Iterator[list[Reception]]:
        """What was compacted, a block at a time, each oldest first."""
        for (last_seq,) in self._connection.execute(
            f"SELECT last_seq FROM blocks WHERE {where}", values
        ):
            yield self._block(last_seq)

    def _block(self, last_seq: int) -> list[Reception]:
        kept = self._unpacked
        if last_seq not in kept:
            (data,) = self._connection.execute(
                "SELECT data FROM blocks WHERE last_seq = ?", (last_seq,)
            ).fetchone()
            kept[last_seq] = unpack(data)
        kept.move_to_end(last_seq)
        while len(kept) > _BLOCKS_KEPT:
            kept.popitem(last=False)
        return kept[last_seq]

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
