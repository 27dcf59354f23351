"""What a batch of frames is found to be: a verdict on each, and groups with values in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from decoders.columns import Column, decode_columns
from decoders.frame_columns import FrameColumns, Numbers, Rows, distinct
from decoders.identify import Decision
from decoders.plan import Plan
from decoders.shape import Shape
from decoders.sound import Sound


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a frame is, without its values; as in :class:`decoders.value.Decoded`."""

    satellite: str | None
    packet: str | None
    error: str | None
    candidates: tuple[str, ...]
    evidence_bits: int
    simulated: bool
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Frames of one packet layout and one shape, all sound, decoded as columns.

    ``indexes``: their places in the batch, ascending. ``columns``: every parameter and derived
    value, in the order of the shape. ``start`` and ``end``: where the packet lies in each frame, in
    bytes.
    """

    satellite: str
    plan: Plan
    shape: Shape
    indexes: Rows
    columns: dict[str, Column]
    start: Numbers
    end: Numbers

    def rows(self, some: Rows) -> Group:
        """Only those of its frames, by their places in the group."""
        return replace(
            self,
            indexes=self.indexes[some],
            columns={name: column.rows(some) for name, column in self.columns.items()},
            start=self.start[some],
            end=self.end[some],
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """``verdicts``: one a frame. ``groups``: the frames whose verdict has no error."""

    verdicts: list[Verdict]
    groups: list[Group]


@dataclass(slots=True)
class Work:
    """A batch on its way: ``verdicts`` None where nothing has been decided yet."""

    frames: Sequence[bytes]
    satellites: Sequence[str | None] | None
    received_us: Sequence[int | None] | None
    supposed: Sequence[str | None] | None
    columns: FrameColumns
    verdicts: list[Verdict | None]
    sound: list[Sound] = field(default_factory=list)

    def accept(self, sound: Sound, places: Rows | None = None) -> None:
        """These frames (``places`` of ``sound``, None: all) are what ``sound`` says."""
        if places is not None:
            sound = sound.those(places)
        self.sound.append(sound)
        satellite, packet = sound.known.sketch, sound.packet.name
        made = {
            bits: Verdict(satellite.id, packet, None, (), bits, satellite.simulated)
            for bits in distinct(sound.bits)
        }
        for row, bits in zip(sound.rows.tolist(), sound.bits.tolist(), strict=True):
            self.verdicts[row] = made[bits]

    def refuse(self, rows: Rows | list[int], decision: Decision) -> None:
        """These frames are nobody's."""
        candidates, bits = decision.candidates, decision.bits
        verdict = Verdict(None, None, decision.error, candidates, bits, simulated=False)
        for row in rows:
            self.verdicts[row] = verdict

    def supposed_of(self, row: int) -> str | None:
        """The hint for a frame."""
        return None if self.supposed is None else self.supposed[row]


def groups(found: list[Sound]) -> list[Group]:
    """Frames of one shape together, whatever led to them."""
    alike: dict[tuple[str, int, int], list[Sound]] = {}
    for sound in found:
        key = (sound.known.sketch.id, id(sound.packet), id(sound.shape))
        alike.setdefault(key, []).append(sound)
    made = [_group(those) for those in alike.values()]
    return sorted(made, key=lambda group: int(group.indexes[0]))


def _group(those: list[Sound]) -> Group:
    first = those[0]
    rows = np.concatenate([sound.rows for sound in those])
    data = np.concatenate([sound.data for sound in those])
    start = np.concatenate([sound.start for sound in those])
    end = np.concatenate([sound.end for sound in those])
    if not np.all(rows[1:] > rows[:-1]):
        order = np.argsort(rows)
        rows, data, start, end = rows[order], data[order], start[order], end[order]
    columns = decode_columns(first.shape, data)
    about = first.known.sketch.id, first.packet.plan, first.shape
    return Group(*about, rows, columns, start, end)
