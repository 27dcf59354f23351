"""The one way from receptions to what they mean: identify, decode, reassemble.

The same class serves frames as they come, a recording, history that is made anew, and (for the one
frame that is looked at) the X-ray.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from decoders.definition.model import Satellite
from decoders.errors import DecodeError
from decoders.joining import PacketJoiner
from decoders.packets import Content, Packet
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
    Waiting,
)
from groundstation.storage.telemetry.keys import (
    OWN,
    further_key,
    joined_key,
    number_of,
    own_keys,
)

#: Grows with any change to this program that makes other values of the same definitions and frames:
#: then history is made anew.
VERSION = 3


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

    def carries(self, satellite: str) -> bool:
        """Whether a frame of ``satellite`` may hold several packets, or parts of some."""
        ...

    def further(self, frame: bytes, satellite: str, received_us: int | None = None) -> list[Packet]:
        """The packets of a satellite's frame behind its own."""
        ...

    def joiner(self) -> PacketJoiner:
        """What joins the pieces of packets that frames bring in order."""
        ...


class _Found(NamedTuple):
    """A packet that a reception brought besides its own."""

    key: int
    time_us: int
    content: Content


class _Part(NamedTuple):
    """A packet that is a part of a longer one: its key, and its raw values."""

    key: int
    time_us: int
    packets: PacketColumns
    raws: Mapping[str, Raw | None]


class Interpreter:
    """Interprets runs of receptions, in order; keeps only the parts that wait for others.

    ``definition``: a satellite's by its id, None where there is none.
    """

    def __init__(self, decoder: FrameDecoder, definition: Callable[[str], Satellite | None]):
        self._decoder = decoder
        self._joiner = decoder.joiner()
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
        groups = _sound_ones(good, batch.groups)
        packets = [_packets(group, seqs, times) for group in groups]
        packets += _in_columns(self._further(good, verdicts, joins))
        parts = [each for each in packets if each.layout.spans and joins(each.satellite)]
        packets += self.join(parts)
        return Interpretation(verdicts, packets, self.waiting())

    def _further(
        self,
        receptions: Sequence[Reception],
        verdicts: list[FrameVerdict],
        joins: Callable[[str], bool],
    ) -> list[_Found]:
        """The packets that receptions bring besides their own. At a fault in the decoder the
        reception's verdict says so."""
        found: list[_Found] = []
        for place, (item, verdict) in enumerate(zip(receptions, verdicts, strict=True)):
            satellite = verdict.satellite
            if satellite is None or item.repaired or not self._decoder.carries(satellite):
                continue
            try:
                found += self._brought(item, satellite, joins=joins(satellite))
            except Exception as error:
                verdicts[place] = verdict._replace(error=f"mistake in the decoder: {error!r}")
        return found

    def _brought(self, item: Reception, satellite: str, *, joins: bool) -> list[_Found]:
        if joins:
            return [*self.completed(item, satellite)]
        further = self._decoder.further(item.raw, satellite, item.received_us)
        return list(_behind(item, further))

    def completed(self, item: Reception, satellite: str) -> Iterator[_Found]:
        """What a reception brings besides its own packet, with what it completes; it must follow
        the satellite's reception before it."""
        packets = self._joiner.feed(item.raw, satellite, item.received_us, item.seq)
        for place, packet in enumerate(packets.joined):
            if content := packet.content:
                yield _Found(joined_key(item.seq, place), item.received_us, content)
        yield from _behind(item, packets.further)

    def joined(self, receptions: Iterable[Reception], satellite: str) -> list[PacketColumns]:
        """The packets that some receptions of a satellite complete; see :meth:`completed`."""
        sound = (item for item in receptions if not item.repaired)
        found = [each for item in sound for each in self.completed(item, satellite)]
        return _in_columns([each for each in found if number_of(each.key) < OWN])

    def join(self, parts: Iterable[PacketColumns]) -> list[PacketColumns]:
        """Take parts, in the order of their receptions, and give the packets that they complete."""
        ordered = sorted(
            (part for packets in parts for part in _parts(packets)), key=lambda part: part.key
        )
        found: list[tuple[_Part, Joined]] = []
        for part in ordered:
            packets = part.packets
            try:
                joined = self._reassembler.feed_part(
                    packets.satellite, packets.layout, part.raws, part.key
                )
            except Exception:
                # Against all rules: what is kept of this satellite is not to be trusted.
                self._reassembler.forget(packets.satellite)
                continue
            if joined is not None:
                found.append((part, joined))
        return _joined_columns(found)

    def carries(self, satellite: str) -> bool:
        """Whether a frame of ``satellite`` may hold several packets, or parts of some."""
        return self._decoder.carries(satellite)

    def waiting(self) -> Waiting:
        """What is kept until the rest of it comes."""
        return Waiting(self._reassembler.held(), self._joiner.held())

    def forget(self, satellite: str) -> None:
        """Drop what is kept of a satellite."""
        self._reassembler.forget(satellite)
        self._joiner.forget(satellite)

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


def _sound_ones(receptions: Sequence[Reception], groups: Sequence[Group]) -> list[Group]:
    """Groups without frames that were repaired: they are shown, and their values are kept apart
    from all that is drawn, watched and handed on, since such a frame may be another one."""
    if not any(item.repaired for item in receptions):
        return list(groups)
    sound = np.array([not item.repaired for item in receptions])
    found = []
    for group in groups:
        some = np.flatnonzero(sound[group.indexes])
        if len(some) == len(group.indexes):
            found.append(group)
        elif len(some):
            found.append(group.rows(some))
    return found


def _concatenated(first: Batch, second: Batch) -> Batch:
    offset = len(first.verdicts)
    moved = [replace(each, indexes=each.indexes + offset) for each in second.groups]
    return Batch([*first.verdicts, *second.verdicts], [*first.groups, *moved])


def _verdict(item: Reception, found: Verdict) -> FrameVerdict:
    return FrameVerdict(
        *(item.seq, found.satellite, found.packet, found.error, found.candidates),
        *(found.evidence_bits, found.simulated or item.simulated, found.note),
    )


def _packets(group: Group, seqs: NDArray[np.int64], times_us: NDArray[np.int64]) -> PacketColumns:
    return PacketColumns(
        *(group.satellite, group.plan.layout, group.shape.fields),
        *(own_keys(seqs[group.indexes]), times_us[group.indexes], group.columns),
    )


def _behind(item: Reception, further: Iterable[Packet]) -> Iterator[_Found]:
    """The packets behind a reception's own."""
    for place, packet in enumerate(further):
        if content := packet.content:
            yield _Found(further_key(item.seq, place), item.received_us, content)


def _in_columns(found: Iterable[_Found]) -> list[PacketColumns]:
    """Packets in columns, those of one shape and length together."""
    alike: dict[tuple[int, int], list[_Found]] = {}
    for each in found:
        key = (id(each.content.shape), len(each.content.data))
        alike.setdefault(key, []).append(each)
    return [columns for group in alike.values() for columns in _whole_or_single(group)]


def _whole_or_single(group: Sequence[_Found]) -> list[PacketColumns]:
    """Packets of one shape in columns; where the decoder fails at one, the others without it."""
    try:
        return [_of_one_shape(group)]
    except Exception:
        if len(group) == 1:
            return []
        return [columns for each in group for columns in _whole_or_single([each])]


def _of_one_shape(group: Sequence[_Found]) -> PacketColumns:
    first = group[0].content
    return PacketColumns(
        *(first.satellite, first.plan.layout, first.shape.fields),
        np.array([each.key for each in group], np.int64),
        np.array([each.time_us for each in group], np.int64),
        first.plan.columns([each.content.data for each in group]),
    )


def _parts(packets: PacketColumns) -> Iterable[_Part]:
    spans = packets.layout.spans
    if spans is None:
        return
    names = {spans.index, spans.count, spans.data, spans.set} & set(packets.columns)
    columns = {name: packets.columns[name].raw for name in names if isinstance(name, str)}
    lists = {name: raw.tolist() for name, raw in columns.items() if raw is not None}
    for index, (key, time_us) in enumerate(
        zip(packets.keys.tolist(), packets.times_us.tolist(), strict=True)
    ):
        raws = {name: values[index] for name, values in lists.items()}
        yield _Part(key, time_us, packets, raws)


def _joined_columns(found: Sequence[tuple[_Part, Joined]]) -> list[PacketColumns]:
    """Joined packets in columns; those that do not fit their definition are none."""
    wholes = [
        _Found(part.key, part.time_us, Content(joined.satellite, joined.plan, shape, joined.data))
        for part, joined in found
        if (shape := _shape(joined.plan, joined.data)) is not None
    ]
    return _in_columns(wholes)


def _shape(plan: Plan, data: bytes) -> Shape | None:
    """The shape of a joined packet; None for one that does not fit or whose check value is
    wrong."""
    try:
        shape = plan.shape(data)
        return shape if plan.decode(data)[1] is None else None
    except DecodeError:
        return None
