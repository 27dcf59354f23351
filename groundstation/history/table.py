"""Values as CSV: a row a packet, a column a parameter, as spreadsheets and pandas want it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import add

import numpy as np

from groundstation.history.column_text import quoted, value_texts
from groundstation.history.stored_values import HEAD, MARKS, StoredValues
from groundstation.storage.journal import JournalReader
from groundstation.storage.telemetry.keys import seqs_of
from groundstation.storage.telemetry.reader import PacketRows, TelemetryReader

#: Lines written at once.
_LINES = 256


def csv(
    journal: JournalReader, telemetry: TelemetryReader, values: StoredValues, *, units: bool
) -> Iterator[bytes]:
    """A heading, a line with the units if they are wanted, and the rows. Raises StoreError."""
    yield _row(*HEAD, *values.headings, *MARKS)
    if units:
        yield _row(*[""] * len(HEAD), *values.units, *[""] * len(MARKS))
    for low, high, packets in values.chunks(telemetry):
        imported, unsynchronised = journal.marked(low, high)
        keyed = [
            pair
            for each in packets
            for pair in _rows(each, values, (each.simulated, imported, unsynchronised))
        ]
        keyed.sort()
        yield from in_pieces(row for _, row in keyed)


def in_pieces(lines: Iterable[str]) -> Iterator[bytes]:
    """Some lines at a time, as UTF-8."""
    source = iter(lines)
    while some := list(islice(source, _LINES)):
        yield "".join(some).encode()


def _row(*cells: str) -> bytes:
    return (",".join(map(quoted, cells)) + "\n").encode()


def _rows(
    packets: PacketRows, values: StoredValues, marked: tuple[frozenset[int], ...]
) -> Iterator[tuple[int, str]]:
    """The rows of packets of one shape, with their keys. ``marked``: receptions with each mark."""
    rows, nothing = packets.rows, [""] * len(packets.rows.keys)
    columns = [
        value_texts(rows.columns[name]) if name in rows.columns else nothing
        for name in values.names
    ]
    seqs = seqs_of(rows.keys).tolist()
    begins = [
        f"{time},{seq},{quoted(packets.packet)},"
        for time, seq in zip(_times(rows.times_us), seqs, strict=True)
    ]
    ends = [",".join("1" if seq in those else "0" for those in marked) + "\n" for seq in seqs]
    first, *others = (*columns, ends)
    made = map(",".join, zip(map(add, begins, first), *others, strict=True))
    return zip(rows.keys.tolist(), made, strict=True)


def _times(times_us: np.ndarray) -> list[str]:
    """As :func:`groundstation.model.iso_exact` of each."""
    stamps = np.datetime_as_string(times_us.astype("datetime64[us]"), unit="us").tolist()
    return [f"{stamp.removesuffix('000')}Z" for stamp in stamps]
