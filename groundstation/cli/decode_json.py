"""``groundstation decode`` to JSON Lines: the texts of values from columns, one line a frame."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from typing import TypeAlias

import numpy as np

from decoders.bits import Array
from decoders.frame import Deframed
from decoders.frame_columns import distinct
from decoders.verdicts import Group
from groundstation.cli.decoded_batches import Decodes, Frames
from groundstation.history.column_text import is_constant, json_texts

_encode = json.JSONEncoder(allow_nan=False, ensure_ascii=False).encode
_NO_VALUES = '"parameters": {}'
#: What is written before, between and behind the bytes and the values of a frame.
_Around: TypeAlias = tuple[str, str, str]
#: Headers whose texts are kept.
_MOST_KEPT = 4096


def write_json(decoder: Decodes, frames: Iterable[Deframed]) -> bool:
    """Write a line a packet; whether anything could not be decoded."""
    bad = False
    for some in decoder.of(frames):
        for _, line in lines_by_place(decoder, some):
            sys.stdout.write(line + "\n")
        bad = bad or any(verdict.error for verdict in some.batch.verdicts)
        bad = bad or any(each.error for several in some.odd.values() for each in several)
    return bad


def lines_by_place(
    decoder: Decodes, some: Frames, head: Callable[[int], str] = lambda place: "{"
) -> Iterator[tuple[int, str]]:
    """The lines of the frames in order, each with the place of its frame.

    ``head``: how the line of the frame at a place begins.
    """
    groups: dict[int, _Values] = {}
    for group in some.batch.groups:
        for part in _by_start(group):
            groups.update(dict.fromkeys(part.indexes.tolist(), _Values(decoder, some, part)))
    for place in range(len(some.frames)):
        if place in some.odd:
            texts = (_encode(decoded.as_json()) for decoded in some.odd[place])
            yield from ((place, head(place) + text[1:]) for text in texts)
        elif place in groups:
            yield place, groups[place].next_line(place, head(place))
        else:
            yield place, head(place) + _encode(decoder.plain(some, place).as_json())[1:]


def _by_start(group: Group) -> Iterator[Group]:
    """The packets that begin at the same byte of their frames: their values lie at the same bits.

    All of a group, nearly always.
    """
    starts = distinct(group.start)
    if len(starts) < 2:
        yield group
        return
    for start in starts:
        yield group.rows(np.flatnonzero(group.start == start))


class _Values:
    """The values of a group's frames, frame after frame."""

    def __init__(self, decoder: Decodes, some: Frames, group: Group):
        self._decoder, self._some = decoder, some
        first, *_ = group.indexes.tolist()
        bits = {value.name: value.bits for value in decoder.plain(some, first).values}
        self._empty = not group.columns
        self._rows = zip(*_texts(group, bits), strict=False)
        self._ends = iter(group.end.tolist())
        self._start = int(group.start[0])
        self._around: dict[tuple[bytes, bytes, int], _Around] = {}

    def next_line(self, place: int, head: str) -> str:
        """The line of the group's next frame, which is at ``place``."""
        data = self._some.frames[place].data
        # Headers are what is around the packet: where that is the same, their texts are.
        end, bits = next(self._ends), self._some.batch.verdicts[place].evidence_bits
        key = data[: self._start], data[end:], bits
        around = self._around.get(key)
        if around is None:
            if len(self._around) == _MOST_KEPT:
                self._around.clear()
            around = self._around[key] = self._text_around(place, data)
        values = "" if self._empty else ", ".join(next(self._rows))
        return f"{head}{around[0]}{data.hex()}{around[1]}{values}{around[2]}"

    def _text_around(self, place: int, data: bytes) -> _Around:
        text = _encode(self._decoder.plain(self._some, place, values=False).as_json())
        # In a text both would have their quotes escaped.
        begin, _, rest = text[1:].partition(f'"frame": "{data.hex()}"')
        middle, _, end = rest.partition(_NO_VALUES)
        return f'{begin}"frame": "', f'"{middle}"parameters": {{', f"}}{end}"


def _texts(group: Group, bits: dict[str, tuple[int, int] | None]) -> list[Iterable[str]]:
    """The texts of the values in columns; those that are the same in all frames are one."""
    found: list[Iterable[str]] = []
    alike: list[str] = []
    for name, column in group.columns.items():
        end = f'"bits": {_bits_text(bits.get(name))}}}'
        if is_constant(column):
            alike += json_texts(column.rows(_FIRST), name, end)
            continue
        if alike:
            found.append(repeat(", ".join(alike)))
            alike = []
        found.append(json_texts(column, name, end))
    if alike:
        found.append(repeat(", ".join(alike)))
    return found


_FIRST: Array = np.zeros(1, np.intp)


def _bits_text(bits: tuple[int, int] | None) -> str:
    return _encode(list(bits) if bits else None)
