"""The forms in which ``groundstation export`` writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from operator import add

import numpy as np

from decoders.frame import Deframed, Frame
from decoders.framing.kiss import kiss_encode, kiss_stamp
from groundstation.catalog import SatelliteCatalog
from groundstation.cli.column_text import quoted, value_texts
from groundstation.cli.decode_influx import line_texts
from groundstation.cli.decode_json import lines_by_place
from groundstation.cli.decoded_batches import Batches
from groundstation.history.selection import Selection
from groundstation.history.stored_frames import stored_frames
from groundstation.history.stored_values import StoredValues, stored_values
from groundstation.model import Reception, iso
from groundstation.storage.journal import JournalReader
from groundstation.storage.line_protocol import line_begin, line_end, point_ns
from groundstation.storage.telemetry.keys import OWN, number_of, seq_of, seqs_of
from groundstation.storage.telemetry.reader import PacketRows, TelemetryReader

#: Lines written at once.
_LINES = 256


def csv(telemetry: TelemetryReader, chosen: Selection, *, units: bool) -> Iterator[bytes]:
    """A row a packet, a column a parameter. Raises SelectionError, StoreError."""
    values = stored_values(telemetry, chosen)
    yield _row("time", "seq", "packet", *values.names, "simulated")
    if units:
        yield _row("", "", "", *values.units, "")
    for packets in values.chunks(telemetry):
        keyed = [pair for each in packets for pair in _rows(each, values)]
        keyed.sort()
        yield from _in_pieces(row for _, row in keyed)


def _row(*cells: str) -> bytes:
    return (",".join(map(quoted, cells)) + "\n").encode()


def _rows(packets: PacketRows, values: StoredValues) -> Iterator[tuple[int, str]]:
    """The rows of packets of one shape, with their keys."""
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
    ends = [f"{int(seq in packets.simulated)}\n" for seq in seqs]
    first, *others = (*columns, ends)
    made = map(",".join, zip(map(add, begins, first), *others, strict=True))
    return zip(rows.keys.tolist(), made, strict=True)


def _times(times_us: np.ndarray) -> list[str]:
    """As :func:`groundstation.model.iso` of each."""
    stamps = np.datetime_as_string(times_us.astype("datetime64[us]"), unit="ms")
    return [f"{stamp}Z" for stamp in stamps.tolist()]


def influx(telemetry: TelemetryReader, chosen: Selection) -> Iterator[bytes]:
    """Line protocol, as the station's InfluxDB has it. Raises SelectionError, StoreError."""
    values = stored_values(telemetry, chosen)
    for packets in values.chunks(telemetry):
        keyed = [pair for each in packets for pair in _points(each, values)]
        keyed.sort()
        yield from _in_pieces(line for _, line in keyed)


def _points(packets: PacketRows, values: StoredValues) -> Iterator[tuple[int, str]]:
    """The points of packets of one shape, with their keys."""
    rows = packets.rows
    fields = [line_texts(rows.columns[name], name) for name in values.names if name in rows.columns]
    begins = [line_begin(values.satellite, simulated) for simulated in (False, True)]
    for key, time_us, texts in zip(
        rows.keys.tolist(), rows.times_us.tolist(), zip(*fields, strict=True), strict=True
    ):
        seq, number = seq_of(key), number_of(key) - OWN
        end = line_end(point_ns(time_us, seq, number))
        yield key, f"{begins[seq in packets.simulated]}{','.join(texts)}{end}\n"


def frames(
    journal: JournalReader, telemetry: TelemetryReader, chosen: Selection, form: str
) -> Iterator[bytes]:
    """The bytes of frames as they came, with their times. Raises StoreError."""
    for found in stored_frames(journal, telemetry, chosen):
        make = _kiss if form == "kiss" else _time_and_hex
        yield b"".join(map(make, found))


def _kiss(item: Reception) -> bytes:
    return kiss_stamp(item.received_us) + kiss_encode(item.raw)


def _time_and_hex(item: Reception) -> bytes:
    return f"{iso(item.received_us)}|{item.raw.hex().upper()}\n".encode()


@dataclass(frozen=True, slots=True)
class _Stored(Frame):
    """A frame that was received: ``reception`` says how."""

    reception: Reception | None = None


class _StoredBatches(Batches):
    """Decodes receptions as the interpreter does: with what was set and expected of each."""

    def senders(
        self, frames: list[Deframed]
    ) -> tuple[list[str | None] | None, list[str | None] | None]:
        """See the base class."""
        items = [frame.reception for frame in frames if isinstance(frame, _Stored)]
        return (
            [item.satellite if item else None for item in items],
            [item.supposed if item else None for item in items],
        )


def json_lines(
    journal: JournalReader,
    telemetry: TelemetryReader,
    catalog: SatelliteCatalog,
    chosen: Selection,
) -> Iterator[bytes]:
    """As ``groundstation decode`` prints frames, with how they came in front. Raises StoreError."""

    def stored() -> Iterable[Deframed]:
        for found in stored_frames(journal, telemetry, chosen):
            for item in found:
                yield _Stored(item.raw, time_us=item.received_us, reception=item)

    decoder = _StoredBatches(catalog, None)
    for some in decoder.of(stored()):
        heads = [_head(frame) for frame in some.frames]
        lines = lines_by_place(decoder, some, heads.__getitem__)
        yield from _in_pieces(f"{line}\n" for _, line in lines)


def _in_pieces(lines: Iterable[str]) -> Iterator[bytes]:
    """Some lines at a time, as UTF-8."""
    source = iter(lines)
    while some := list(islice(source, _LINES)):
        yield "".join(some).encode()


def _head(frame: Deframed) -> str:
    assert isinstance(frame, _Stored)
    assert frame.reception is not None
    item = frame.reception
    head = {
        "seq": item.seq,
        "received": iso(item.received_us),
        "link": item.link,
        "simulated": item.simulated,
    }
    return json.dumps(head, ensure_ascii=False, allow_nan=False)[:-1] + ", "
