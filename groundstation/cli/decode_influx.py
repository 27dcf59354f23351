"""``groundstation decode`` to InfluxDB line protocol: the texts of fields from columns."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from operator import add

import click
import numpy as np

from decoders.bits import Array
from decoders.columns import Column
from decoders.definition.limits import INVALID, STATE_NUMBERS, STATES
from decoders.frame import Deframed
from decoders.value import Decoded, Engineering, Raw
from decoders.verdicts import Group
from groundstation.cli.decoded_batches import Decodes, Frames
from groundstation.history.column_text import STATE_NAMES, by_raw, taken
from groundstation.storage.line_protocol import (
    field_keys,
    frame_line,
    line_begin,
    line_end,
    point_ns,
    reading_text,
)
from groundstation.storage.samples import reading, reading_of


def write_influx(decoder: Decodes, frames: Iterable[Deframed]) -> bool:
    """Write a line a packet, with its time where the modem stamped one; whether any was bad."""
    bad = False
    for some in decoder.of(frames):
        lines: dict[int, str] = {}
        for group in some.batch.groups:
            lines.update(_lines(some, group))
        for place in range(len(some.frames)):
            if place in lines and place not in some.odd:
                sys.stdout.write(lines[place])
                continue
            alike: Counter[str | None] = Counter()
            for decoded in some.odd.get(place) or [decoder.plain(some, place)]:
                bad = bad or decoded.error is not None
                time_ns = _time_ns(some, place, alike[decoded.packet])
                _write_one(decoded, some.first + place, time_ns)
                alike[decoded.packet] += 1
    return bad


def _lines(some: Frames, group: Group) -> Iterator[tuple[int, str]]:
    """The line of each frame of a group, by its place."""
    places = group.indexes.tolist()
    simulated = some.batch.verdicts[places[0]].simulated
    begin = line_begin(group.satellite, simulated)
    texts = [line_texts(column, name) for name, column in group.columns.items()]
    for place, fields in zip(places, zip(*texts, strict=True), strict=bool(texts)):
        yield place, f"{begin}{','.join(fields)}{line_end(_time_ns(some, place))}\n"


def _time_ns(some: Frames, place: int, number: int = 0) -> int | None:
    """``number``: how many packets of the frame like this one came before it."""
    time_us = some.frames[place].time_us
    return None if time_us is None else point_ns(time_us, some.first + place, number)


def _write_one(decoded: Decoded, number: int, time_ns: int | None) -> None:
    if decoded.error or decoded.satellite is None:
        click.echo(f"frame {number}: {decoded.error}", err=True)
    elif decoded.values:  # a line without fields is none
        readings = map(reading_of, decoded.values)
        line = frame_line(decoded.satellite, decoded.simulated, readings, time_ns)
        sys.stdout.write(line + "\n")


def line_texts(column: Column, name: str) -> list[str]:
    """The values as fields of line protocol; as :func:`reading_text` of each reading."""

    def made(some: Array | None) -> list[str]:
        value, state = taken(column.value, some), taken(column.state, some)
        raw = None if column.raw is None else taken(column.raw, some)
        if _plain(value, state) and (raw is None or _plain(raw, state)):
            return _number_fields(name, state, value, raw)
        raws = [None] * len(value) if raw is None else raw.tolist()
        states = STATE_NAMES[state].tolist()
        texts: dict[tuple[str, Engineering, Raw | None], str] = {}
        return [
            texts.get(each) or texts.setdefault(each, reading_text(*reading(name, *each)))
            for each in zip(states, value.tolist(), raws, strict=True)
        ]

    return by_raw(column, made)


def _plain(array: Array, state: Array) -> bool:
    """Numbers all of which a store keeps."""
    if array.dtype.kind not in "iuf" or STATE_NUMBERS[INVALID] in state:
        return False
    return bool(np.isfinite(array).all())


def _number_fields(name: str, state: Array, value: Array, raw: Array | None) -> list[str]:
    """A parameter's name has no letter that must be escaped."""
    keys = field_keys(name)
    begins = np.array([f'{keys.state}="{each}",{keys.number}=' for each in STATES], object)
    texts = map(add, begins[state].tolist(), _float_texts(value))
    if raw is None:
        return list(texts)
    begin = f",{keys.raw}="
    return [f"{text}{begin}{raw}" for text, raw in zip(texts, _float_texts(raw), strict=True)]


def _float_texts(array: Array) -> Iterator[str]:
    return map(float.__repr__, (array.astype(float) + 0.0).tolist())  # no -0
