"""``groundstation decode`` to JSON Lines: the texts of values from columns, one line a frame."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from operator import add

from decoders.frame import Deframed
from decoders.value import Decoded
from decoders.verdicts import Group
from groundstation.cli.column_text import json_texts
from groundstation.cli.decoded_batches import Decodes, Frames

_encode = json.JSONEncoder(allow_nan=False, ensure_ascii=False).encode
_NO_VALUES = '"parameters": {}'


def write_json(decoder: Decodes, frames: Iterable[Deframed]) -> bool:
    """Write a line a packet; whether anything could not be decoded."""
    bad = False
    for some in decoder.of(frames):
        for _, line in lines_by_place(decoder, some):
            sys.stdout.write(line + "\n")
        bad = bad or any(verdict.error for verdict in some.batch.verdicts)
        bad = bad or any(each.error for several in some.odd.values() for each in several)
    return bad


def lines_by_place(decoder: Decodes, some: Frames) -> Iterator[tuple[int, str]]:
    """The lines of the frames in order, each with the place of its frame."""
    groups: dict[int, _Values] = {}
    for group in some.batch.groups:
        groups.update(dict.fromkeys(group.indexes.tolist(), _Values(group)))
    for place in range(len(some.frames)):
        if place in some.odd:
            yield from ((place, _encode(decoded.as_json())) for decoded in some.odd[place])
        elif place in groups:
            yield place, groups[place].next_line(decoder, some, place)
        else:
            yield place, _encode(decoder.plain(some, place).as_json())


class _Values:
    """The values of a group's frames, frame after frame."""

    def __init__(self, group: Group):
        texts = [json_texts(column, name) for name, column in group.columns.items()]
        self._rows = zip(*texts, strict=True)
        self._empty = not texts
        self._ends: dict[int, list[str]] = {}

    def next_line(self, decoder: Decodes, some: Frames, place: int) -> str:
        """The line of the group's next frame, which is at ``place``."""
        bare = decoder.plain(some, place, values=False)
        text = _encode(bare.as_json())
        if self._empty:
            return text
        begin, _, end = text.partition(_NO_VALUES)  # in a text it would have its quotes escaped
        values = ", ".join(map(add, next(self._rows), self._bits(decoder, some, place, bare)))
        return f'{begin}"parameters": {{{values}}}{end}'

    def _bits(self, decoder: Decodes, some: Frames, place: int, bare: Decoded) -> list[str]:
        """Where the values lie in the frame, which hangs on where its packet begins."""
        start = bare.payload[0] if bare.payload else 0
        found = self._ends.get(start)
        if found is None:
            values = decoder.plain(some, place).values
            bits = (list(value.bits) if value.bits else None for value in values)
            found = self._ends[start] = [f'"bits": {_encode(each)}}}' for each in bits]
        return found
