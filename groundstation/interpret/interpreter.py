"""The one way from receptions to what they mean: identify, decode, reassemble.

The same class serves frames as they come, a recording, history that is made anew, and (for the one
frame that is looked at) the X-ray.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from decoders.definition.model import Satellite
from decoders.errors import DecodeError
from decoders.plan import Plan
from decoders.reassembly import Joined, Reassembler
from decoders.shape import Shape
from decoders.value import Raw
from decoders.verdicts import Batch, Group, Verdict
from groundstation.model import Reception
from groundstation.storage.telemetry.interpretation import (
    FrameVerdict,
    Interpretation,
    PacketColumns,
)

#: Grows with any change to this program that makes other values of the same definitions and frames:
#: then history is made anew.
VERSION = 2


class FrameDecoder(Protocol):
    """What the interpreter needs of :class:`decoders.decode.Decoder`."""

    def batch(
        self,
        frames: Sequence[bytes],
        satellites: Sequence[str | None] | None = None,
        received_us: Sequence[int | None] | None = None,
        supposed: Sequence[str | None] | None = None,
    ) -> Batch:
        """Identify and decode many frames, values in columns."""
        ...


class _Part(NamedTuple):
    """A packet that is a part of a longer one: the reception it came by, and its raw values."""

    seq: int
    time_us: int
    packets: PacketColumns
    raws: Mapping[str, Raw | None]


class Interpreter:
    """Interprets runs of receptions, in order; keeps only the parts that wait for others.

    ``definition``: a satellite's by its id, None where there is none.
    """

    def __init__(self, decoder: FrameDecoder, definition: Callable[[str], Satellite | None]):
        self._decoder = decoder
        self._reassembler = Reassembler(definition)

    def interpret(
        self, receptions: Sequence[Reception], joins: Callable[[str], bool] = lambda satellite: True
    ) -> Interpretation:
        """What ``receptions`` mean. ``joins``: of which satellites parts are joined now.

        A frame at which the decoder fails against all rules has that as its error: the others are
        interpreted.
        """
        good = [item for item in receptions if not item.damaged]
        batch = self._batch(good)
        seqs = np.array([item.seq for item in good], np.int64)
        times = np.array([item.received_us for item in good], np.int64)
        verdicts = [_verdict(item, found) for item, found in zip(good, batch.verdicts, strict=True)]
        packets = [_packets(group, seqs, times) for group in batch.groups]
        parts = [each for each in packets if each.layout.spans and joins(each.satellite)]
        if not parts:
            return Interpretation(verdicts, packets)
        packets += self.join(parts)
        return Interpretation(verdicts, packets, self._reassembler.held())

    def join(self, parts: Iterable[PacketColumns]) -> list[PacketColumns]:
        """Take parts, in the order of their receptions, and give the packets that they complete."""
        ordered = sorted(
            (part for packets in parts for part in _parts(packets)), key=lambda part: part.seq
        )
        found: list[tuple[_Part, Joined]] = []
        for part in ordered:
            packets = part.packets
            joined = self._reassembler.feed_part(
                packets.satellite, packets.layout, part.raws, part.seq
            )
            if joined is not None:
                found.append((part, joined))
        return _joined_columns(found)

    def held(self) -> list[int]:
        """Receptions whose parts are kept."""
        return self._reassembler.held()

    def forget(self, satellite: str) -> None:
        """Drop the parts of a satellite."""
        self._reassembler.forget(satellite)

    def _batch(self, receptions: Sequence[Reception]) -> Batch:
        try:
            return self._decoder.batch(
                [item.raw for item in receptions],
                [item.satellite for item in receptions],
                [item.received_us for item in receptions],
                [item.supposed for item in receptions],
            )
        except Exception as error:
            # A decoder should not raise; if it does, one of them is at fault: the halves find it.
            if len(receptions) == 1:
                told = f"mistake in the decoder: {error!r}"
                return Batch([Verdict(receptions[0].satellite, None, told, (), 0, False)], [])
            middle = len(receptions) // 2
            return _concatenated(self._batch(receptions[:middle]), self._batch(receptions[middle:]))


def _concatenated(first: Batch, second: Batch) -> Batch:
    offset = len(first.verdicts)
    moved = [
        Group(each.satellite, each.plan, each.shape, each.indexes + offset, each.columns)
        for each in second.groups
    ]
    return Batch([*first.verdicts, *second.verdicts], [*first.groups, *moved])


def _verdict(item: Reception, found: Verdict) -> FrameVerdict:
    return FrameVerdict(
        *(item.seq, found.satellite, found.packet, found.error, found.candidates),
        *(found.evidence_bits, found.simulated or item.simulated),
    )


def _packets(group: Group, seqs: NDArray[np.int64], times_us: NDArray[np.int64]) -> PacketColumns:
    return PacketColumns(
        *(group.satellite, group.plan.layout, group.shape.fields),
        *(seqs[group.indexes], times_us[group.indexes], group.columns),
    )


def _parts(packets: PacketColumns) -> Iterable[_Part]:
    spans = packets.layout.spans
    if spans is None:
        return
    names = {spans.index, spans.count, spans.data, spans.set} & set(packets.columns)
    columns = {name: packets.columns[name].raw for name in names if isinstance(name, str)}
    lists = {name: raw.tolist() for name, raw in columns.items() if raw is not None}
    for index, (seq, time_us) in enumerate(
        zip(packets.seqs.tolist(), packets.times_us.tolist(), strict=True)
    ):
        raws = {name: values[index] for name, values in lists.items()}
        yield _Part(seq, time_us, packets, raws)


def _joined_columns(found: Sequence[tuple[_Part, Joined]]) -> list[PacketColumns]:
    """Joined packets in columns, those of one shape and length together."""
    alike: dict[tuple[int, int], list[tuple[_Part, Joined, Shape]]] = {}
    for part, joined in found:
        shape = _shape(joined.plan, joined.data)
        if shape is not None:
            key = (id(shape), len(joined.data))
            alike.setdefault(key, []).append((part, joined, shape))
    return [_one_shape(group) for group in alike.values()]


def _one_shape(group: Sequence[tuple[_Part, Joined, Shape]]) -> PacketColumns:
    _, first, shape = group[0]
    return PacketColumns(
        *(first.satellite, first.plan.layout, shape.fields),
        np.array([part.seq for part, _, _ in group], np.int64),
        np.array([part.time_us for part, _, _ in group], np.int64),
        first.plan.columns([joined.data for _, joined, _ in group]),
    )


def _shape(plan: Plan, data: bytes) -> Shape | None:
    """The shape of a joined packet; None for one that does not fit or whose check value is
    wrong."""
    try:
        shape = plan.shape(data)
        return shape if plan.decode(data)[1] is None else None
    except DecodeError:
        return None
