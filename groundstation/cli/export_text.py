"""JSON Lines and line protocol of ``groundstation export``, in the words of ``decode``."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from decoders.frame import BadFrame, Deframed, Frame
from decoders.joining import PacketJoiner
from decoders.reassembly import Reassembler
from decoders.value import Decoded
from decoders.verdicts import Batch
from groundstation.catalog import SatelliteCatalog
from groundstation.cli.decode_influx import line_texts
from groundstation.cli.decode_json import lines_by_place
from groundstation.cli.decoded_batches import Batches, Frames
from groundstation.history.stored_frames import Stored
from groundstation.history.stored_values import StoredValues
from groundstation.history.table import in_pieces
from groundstation.model import Signal, iso_exact
from groundstation.storage.line_protocol import line_begin, line_end, point_ns
from groundstation.storage.telemetry.keys import OWN, number_of, seq_of
from groundstation.storage.telemetry.reader import PacketRows, TelemetryReader


def influx(telemetry: TelemetryReader, values: StoredValues) -> Iterator[bytes]:
    """Line protocol, as the station's InfluxDB has it. Raises StoreError."""
    for _, _, packets in values.chunks(telemetry):
        keyed = [pair for each in packets for pair in _points(each, values)]
        keyed.sort()
        yield from in_pieces(line for _, line in keyed)


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


@dataclass(frozen=True, slots=True)
class _Whole(Frame):
    """A frame that was received: ``stored`` says how."""

    stored: Stored | None = None


@dataclass(frozen=True, slots=True)
class _Damaged(BadFrame):
    """Bytes whose check failed."""

    stored: Stored | None = None


class _StoredBatches(Batches):
    """Decodes receptions as the interpreter does: with what was set and expected of each.

    ``names``: the parameters that are wanted of each satellite, None: all. What marks a frame as
    simulated stands in front of its line.
    """

    def __init__(
        self, catalog: SatelliteCatalog, names: Mapping[str, Collection[str]] | None
    ) -> None:
        super().__init__(catalog, None)
        self._names = names

    def senders(
        self, frames: list[Deframed]
    ) -> tuple[list[str | None] | None, list[str | None] | None]:
        """See the base class."""
        items = [_stored(frame).reception for frame in frames]
        return [item.satellite for item in items], [item.supposed for item in items]

    def plain(self, some: Frames, place: int, *, values: bool = True) -> Decoded:
        """See the base class."""
        return self._wanted(super().plain(some, place, values=values))

    def looked_at(
        self, frame: Deframed, satellite: str, reassembler: Reassembler, joiner: PacketJoiner
    ) -> list[Decoded]:
        """See the base class."""
        found = super().looked_at(frame, satellite, reassembler, joiner)
        return [self._wanted(each) for each in found]

    def of(self, frames: Iterable[Deframed]) -> Iterator[Frames]:
        """See Decodes."""
        for some in super().of(frames):
            groups = [
                replace(group, columns={n: c for n, c in group.columns.items() if n in names})
                if (names := self._names_of(group.satellite)) is not None
                else group
                for group in some.batch.groups
            ]
            yield replace(some, batch=Batch(some.batch.verdicts, groups))

    def _names_of(self, satellite: str | None) -> Collection[str] | None:
        return None if self._names is None else self._names.get(satellite or "", ())

    def _wanted(self, decoded: Decoded) -> Decoded:
        names = self._names_of(decoded.satellite)
        values = decoded.values
        if names is not None:
            values = tuple(value for value in values if value.name in names)
        return replace(decoded, values=values, simulated=False)


def json_lines(
    frames: Iterable[list[Stored]],
    catalog: SatelliteCatalog,
    names: Mapping[str, Collection[str]] | None = None,
) -> Iterator[bytes]:
    """As ``groundstation decode`` prints frames, with how they came in front. Raises StoreError.

    All that the journal keeps of a reception is in its first line; see :func:`_head`.
    """
    decoder = _StoredBatches(catalog, names)
    for some in decoder.of(_frame(stored) for found in frames for stored in found):
        heads = [
            _head(_stored(frame), others=_shows_another(some.odd.get(place, ()), frame.data))
            for place, frame in enumerate(some.frames)
        ]
        lines = lines_by_place(decoder, some, heads.__getitem__)
        yield from in_pieces(f"{line}\n" for _, line in lines)


def _frame(stored: Stored) -> Deframed:
    item = stored.reception
    if item.damaged:
        return _Damaged(item.raw, item.error or "", time_us=item.received_us, stored=stored)
    return _Whole(item.raw, time_us=item.received_us, stored=stored)


def _stored(frame: Deframed) -> Stored:
    assert isinstance(frame, _Whole | _Damaged)
    assert frame.stored is not None
    return frame.stored


def _shows_another(packets: Sequence[Decoded], frame: bytes) -> bool:
    """Whether the first of a frame's packets was joined from others, and has their bytes."""
    return bool(packets) and packets[0].frame != frame


def _head(stored: Stored, *, others: bool) -> str:
    """``{`` and the keys in front: those behind ``simulated`` only where they say something.

    ``others``: the line's ``frame`` is not what was received; ``raw`` is.
    """
    item = stored.reception
    head: dict[str, object] = {
        "seq": item.seq,
        "received": iso_exact(item.received_us),
        "link": item.link,
        "simulated": stored.simulated,
    }
    further: dict[str, object] = {
        "link_simulated": None if item.simulated == stored.simulated else item.simulated,
        "link_satellite": item.satellite,
        "supposed": item.supposed,
        "damaged": item.damaged or None,
        "reason": item.error,
        "imported": item.imported or None,
        "unsynchronised": item.unsynchronised or None,
        "clock": None if item.clock_us is None else iso_exact(item.clock_us),
        **_signal_keys(item.signal),
        "raw": item.raw.hex() if others else None,
    }
    head.update((key, value) for key, value in further.items() if value is not None)
    return _encode(head)[:-1] + ", "


def _signal_keys(signal: Signal | None) -> dict[str, object]:
    if signal is None:
        return {}
    return {
        "eb_n0_db": signal.eb_n0_db,
        "offset_hz": signal.offset_hz,
        "repaired": signal.repaired,
    }


_encode = json.JSONEncoder(allow_nan=False, ensure_ascii=False).encode
