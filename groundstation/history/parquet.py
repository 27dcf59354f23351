"""Values as Parquet, by pyarrow: the table of :mod:`.table` with types.

Each parameter's column has its unit in the field's metadata. Words and flags are texts, whole
numbers without calibration integers, all others floats; null where there is no valid value.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from decoders.columns import Column
from decoders.definition.limits import INVALID, STATE_NUMBERS
from decoders.definition.model import Derived, Parameter
from groundstation.errors import StoreError
from groundstation.history.stored_values import HEAD, MARKS, StoredValues
from groundstation.history.value_text import value_text
from groundstation.storage.journal import JournalReader
from groundstation.storage.telemetry.keys import seqs_of
from groundstation.storage.telemetry.reader import PacketRows, TelemetryReader

if TYPE_CHECKING:
    import pyarrow as pa

_COMPRESSION = "zstd"
#: Bits of whole numbers that a signed column has no place for.
_WIDE = 64


def parquet(
    journal: JournalReader, telemetry: TelemetryReader, values: StoredValues
) -> Iterator[bytes]:
    """The bytes of a file, a row group a few thousand receptions. Raises StoreError, also where
    pyarrow is not installed."""
    try:
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter
    except ImportError:
        raise StoreError(
            'Parquet needs pyarrow, which is not installed: pip install "nanosat-groundstation'
            '[parquet]", or take --format csv'
        ) from None
    schema = _schema(values)
    sink = _Sink()
    with ParquetWriter(sink, schema, compression=_COMPRESSION) as writer:
        for low, high, packets in values.chunks(telemetry):
            marks = journal.marked(low, high)
            tables = [_table(each, values, schema, marks) for each in packets]
            if tables:
                writer.write_table(pa.concat_tables(tables).sort_by("seq"))
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """A file that is handed on as it grows."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting.append(bytes(data))
        self._size += len(data)
        return len(data)

    def tell(self) -> int:
        return self._size

    def taken(self) -> bytes:
        """What was written since the last time."""
        found = b"".join(self._waiting)
        self._waiting.clear()
        return found


def _schema(values: StoredValues) -> pa.Schema:
    import pyarrow as pa

    parameters = [
        pa.field(name, _type(row), metadata={"unit": row.unit})
        for name, row in zip(values.headings, values.rows, strict=True)
    ]
    kinds = (pa.timestamp("us", tz="UTC"), pa.int64(), pa.string())
    head = [pa.field(name, kind) for name, kind in zip(HEAD, kinds, strict=True)]
    return pa.schema(
        [*head, *parameters, *(pa.field(mark, pa.bool_()) for mark in MARKS)],
        metadata={"satellite": values.satellite},
    )


def _type(row: Parameter | Derived) -> pa.DataType:
    import pyarrow as pa

    if isinstance(row, Derived):
        return pa.float64()
    calibration = row.calibration
    if calibration is not None:
        return pa.float64() if calibration.numeric else pa.string()
    if row.kind == "bool":
        return pa.bool_()
    if row.kind in ("u", "i", "bcd"):
        return pa.uint64() if row.kind != "i" and row.bits >= _WIDE else pa.int64()
    return pa.float64() if row.kind == "f" else pa.string()


def _table(
    packets: PacketRows,
    values: StoredValues,
    schema: pa.Schema,
    marks: tuple[frozenset[int], ...],
) -> pa.Table:
    """The packets of one shape. ``marks``: receptions with each mark but the first."""
    import pyarrow as pa

    rows = packets.rows
    seqs = seqs_of(rows.keys).tolist()
    head = (rows.times_us, seqs, [packets.packet] * len(seqs))
    kinds = schema.types[len(HEAD) :]
    arrays = [
        *(pa.array(each, kind) for each, kind in zip(head, schema.types, strict=False)),
        *(
            _array(rows.columns.get(name), kind, len(seqs))
            for name, kind in zip(values.names, kinds, strict=False)
        ),
        *(pa.array([seq in those for seq in seqs]) for those in (packets.simulated, *marks)),
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(column: Column | None, kind: pa.DataType, length: int) -> pa.Array:
    import pyarrow as pa

    if column is None:
        return pa.nulls(length, kind)
    value = column.value
    invalid = column.state == STATE_NUMBERS[INVALID]
    if value.dtype.kind == "f":
        invalid = invalid | ~np.isfinite(value)
    if pa.types.is_string(kind):
        return pa.array([value_text(each) or None for each in value.tolist()], kind)
    return pa.array(value.astype(_NUMPY[str(kind)]), kind, mask=invalid)


_NUMPY = {"double": "f8", "int64": "i8", "uint64": "u8", "bool": "?"}
