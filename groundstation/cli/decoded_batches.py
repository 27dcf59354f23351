"""Frames that a user gives, decoded in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Protocol

import click
import numpy as np

from decoders.frame import BadFrame, Deframed
from decoders.joining import PacketJoiner
from decoders.reassembly import Reassembler
from decoders.value import Decoded
from decoders.verdicts import Batch, Verdict

if TYPE_CHECKING:
    from groundstation.catalog import SatelliteCatalog

#: Frames that are decoded at once.
BATCH = 8192


@dataclass(frozen=True, slots=True)
class Frames:
    """Some frames in order, ``first`` the number of the first, and what they are.

    ``odd``: by place, frames that were decoded one by one: those with something wrong, and those
    that may complete something, with what they complete.
    """

    first: int
    frames: list[Deframed]
    batch: Batch
    odd: dict[int, list[Decoded]]


class Decodes(Protocol):
    """Decodes frames in order."""

    def of(self, frames: Iterable[Deframed]) -> Iterator[Frames]:
        """The frames in batches, their values in columns."""
        ...

    def one_by_one(self, frames: Iterable[Deframed]) -> Iterator[tuple[int, Deframed, Decoded]]:
        """Each frame with its number and all its values, and what it completes."""
        ...

    def plain(self, some: Frames, place: int, *, values: bool = True) -> Decoded:
        """A frame that is not odd, by itself; with or without its values."""
        ...


class Batches:
    """Decodes frames of ``satellite`` (None: the sender is identified) by the definitions."""

    def __init__(self, catalog: SatelliteCatalog, satellite: str | None):
        self._catalog, self._decoder, self._satellite = catalog, catalog.decoder, satellite
        self._many = {
            id for id, sketch in catalog.index.items() if sketch.spans or self._decoder.carries(id)
        }

    def of(self, frames: Iterable[Deframed]) -> Iterator[Frames]:
        """See Decodes."""
        source, first = iter(frames), 0
        reassembler, joiner = Reassembler(self._catalog.satellite), self._decoder.joiner()
        while some := list(islice(source, BATCH)):
            yield self._decoded(first, some, reassembler, joiner)
            first += len(some)
        if lost := joiner.cut_off + joiner.unfinished:
            click.echo(
                f"{lost} packets that span frames are not whole: frames are missing",
                err=True,
            )

    def one_by_one(self, frames: Iterable[Deframed]) -> Iterator[tuple[int, Deframed, Decoded]]:
        """See Decodes."""
        for some in self.of(frames):
            for place, frame in enumerate(some.frames):
                for decoded in some.odd.get(place) or [self.plain(some, place)]:
                    yield some.first + place, frame, decoded

    def senders(
        self, frames: list[Deframed]
    ) -> tuple[list[str | None] | None, list[str | None] | None]:
        """Whose the frames are said to be, and whose they may well be; None: not said of any."""
        return None if self._satellite is None else [self._satellite] * len(frames), None

    def plain(self, some: Frames, place: int, *, values: bool = True) -> Decoded:
        """See Decodes."""
        frame, verdict = some.frames[place], some.batch.verdicts[place]
        if verdict.satellite is not None:
            return self._decoder.decode(frame.data, verdict.satellite, frame.time_us, values=values)
        return Decoded(
            *(frame.data, None, None),
            layers=() if isinstance(frame, BadFrame) else self._decoder.headers(frame.data),
            error=verdict.error,
            candidates=verdict.candidates,
            evidence_bits=verdict.evidence_bits,
            note=verdict.note,
        )

    def _decoded(
        self, first: int, frames: list[Deframed], reassembler: Reassembler, joiner: PacketJoiner
    ) -> Frames:
        good = [place for place, frame in enumerate(frames) if not isinstance(frame, BadFrame)]
        sound = [frames[place] for place in good]
        named, supposed = self.senders(sound)
        times = [frame.time_us for frame in sound]
        batch = self._decoder.batch([frame.data for frame in sound], named, times, supposed)
        verdicts, groups = batch.verdicts, batch.groups
        if len(good) < len(frames):
            verdicts = [_bad(frame) for frame in frames]
            for place, verdict in zip(good, batch.verdicts, strict=True):
                verdicts[place] = verdict
            at = np.array(good, np.intp)
            groups = [replace(group, indexes=at[group.indexes]) for group in groups]
        odd = {
            place: self.looked_at(frames[place], verdict.satellite, reassembler, joiner)
            for place, verdict in enumerate(verdicts)
            if verdict.satellite and (verdict.error or verdict.satellite in self._many)
        }
        return Frames(first, frames, Batch(verdicts, groups), odd)

    def looked_at(
        self, frame: Deframed, satellite: str, reassembler: Reassembler, joiner: PacketJoiner
    ) -> list[Decoded]:
        """A frame's packets in the order in which they were sent, and what they complete."""
        own = self._decoder.decode(frame.data, satellite, frame.time_us)
        packets = joiner.feed(frame.data, satellite, frame.time_us)
        joined = [each.decoded() for each in packets.joined]
        further = [each.decoded() for each in packets.further]
        if own.note and (joined or further):
            found = [*joined, *further]
        else:
            found = [*joined, own, *further]
        wholes = [whole for each in found if (whole := reassembler.feed(each))]
        return [*found, *wholes]


class Foreign:
    """Decodes frames by the decoder NAME of satnogs-decoders; raises UsageError without it."""

    def __init__(self, name: str):
        from groundstation.errors import SatnogsError
        from groundstation.satnogs import SatnogsDecoder

        try:
            self._decode = SatnogsDecoder(name).decode
        except SatnogsError as error:
            raise click.UsageError(str(error)) from error

    def of(self, frames: Iterable[Deframed]) -> Iterator[Frames]:
        """See Decodes; all are odd."""
        for number, frame, decoded in self.one_by_one(frames):
            yield Frames(number, [frame], Batch([_bad(frame)], []), {0: [decoded]})

    def plain(self, some: Frames, place: int, *, values: bool = True) -> Decoded:
        """See Decodes; there are none."""
        return some.odd[place][0]

    def one_by_one(self, frames: Iterable[Deframed]) -> Iterator[tuple[int, Deframed, Decoded]]:
        """See Decodes."""
        for number, frame in enumerate(frames):
            if isinstance(frame, BadFrame):
                yield number, frame, Decoded(frame.data, None, None, error=frame.reason)
            else:
                yield number, frame, self._decode(frame.data)


def _bad(frame: Deframed) -> Verdict:
    reason = frame.reason if isinstance(frame, BadFrame) else None
    return Verdict(None, None, reason, (), 0, simulated=False)
