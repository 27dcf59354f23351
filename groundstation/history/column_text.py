"""Columns of values as texts, each different value made into a text once where that pays."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np

from decoders.bits import Array
from decoders.columns import Column
from decoders.definition.limits import STATES
from decoders.spreadsheet import cell
from decoders.value import plain
from decoders.value_text import number_texts
from groundstation.history.value_text import value_text

_encode = json.JSONEncoder(allow_nan=False, ensure_ascii=False).encode
#: Numbers of so many bytes are looked up in a table of all of them.
_TABLE_BYTES = 2
STATE_NAMES = np.array(STATES, object)


def value_texts(column: Column) -> list[str]:
    """The engineering values as CSV cells; equal to :func:`value_text` of each, quoted."""
    return by_raw(column, lambda some: _texts(taken(column.value, some)))


def long_texts(column: Column, name: str) -> list[str]:
    """The cells of the long form, joined: name, raw and engineering value, unit, state."""
    begin, unit = f"{quoted(name)},", f",{quoted(column.unit)},"

    def made(some: Array | None) -> list[str]:
        raw = column.raw
        values = _texts(taken(column.value, some))
        raws = [""] * len(values) if raw is None else _texts(taken(raw, some))
        states = STATE_NAMES[taken(column.state, some)].tolist()
        cells = zip(raws, values, states, strict=True)
        return [f"{begin}{raw},{value}{unit}{state}" for raw, value, state in cells]

    return by_raw(column, made)


def json_texts(column: Column, name: str, end: str) -> list[str]:
    """The values as JSON objects, with ``end`` behind the state; as in ``Decoded.as_json``."""
    begin, unit = f"{_encode(name)}: {{", f', "unit": {_encode(column.unit)}, "state": "'

    def made(some: Array | None) -> list[str]:
        values = _json_texts(taken(column.value, some))
        raw = column.raw
        raws = ["null"] * len(values) if raw is None else _json_texts(taken(raw, some))
        states = STATE_NAMES[taken(column.state, some)].tolist()
        return [
            f'{begin}"raw": {raw}, "value": {value}{unit}{state}", {end}'
            for raw, value, state in zip(raws, values, states, strict=True)
        ]

    return by_raw(column, made)


def _json_texts(array: Array) -> list[str]:
    kind = array.dtype.kind
    if kind in "iu":
        return list(map(str, array.tolist()))
    if kind == "f":
        texts = list(map(float.__repr__, array.tolist()))
        for place in np.flatnonzero(~np.isfinite(array)).tolist():
            texts[place] = "null"
        return texts
    return [_encode(plain(value)) for value in array.tolist()]


def quoted(text: str) -> str:
    """A text as a CSV cell, in quotes only where it must be."""
    text = cell(text)
    if any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def by_raw(column: Column, made: Callable[[Array | None], list[str]]) -> list[str]:
    """What ``made`` makes of places of the column (None: all), once for each different raw value
    where these are small numbers or all the same."""
    raw = column.raw
    if raw is None or raw.dtype.kind not in "iu" or not len(raw):
        return made(None)
    if is_constant(column):
        return made(np.zeros(1, np.intp)) * len(raw)
    if raw.dtype.itemsize > _TABLE_BYTES:
        return made(None)
    keys = raw.view(f"u{raw.dtype.itemsize}")
    table = np.full(int(keys.max()) + 1, -1, np.intp)
    table[keys] = np.arange(len(keys))
    different = np.flatnonzero(table >= 0)
    if 2 * len(different) > len(keys):
        return made(None)
    texts = np.array(made(table[different]), object)
    table[different] = np.arange(len(different))
    found: list[str] = texts[table[keys]].tolist()
    return found


def is_constant(column: Column) -> bool:
    """Whether all values are surely the same: whole numbers that are."""
    raw = column.raw
    return raw is not None and raw.dtype.kind in "iu" and len(raw) > 0 and raw.min() == raw.max()


def taken(array: Array, some: Array | None) -> Array:
    """``some`` places of a column, None: all."""
    return array if some is None else array[some]


def _texts(array: Array) -> list[str]:
    kind = array.dtype.kind
    if kind in "iu":
        return list(map(str, array.tolist()))
    if kind == "f":
        texts = number_texts(array)
        for place in np.flatnonzero(~np.isfinite(array)).tolist():
            texts[place] = ""
        return texts
    values = array.tolist()
    if len(set(map(type, values))) > 1:  # True is not 1
        return [quoted(value_text(value)) for value in values]
    known = {value: quoted(value_text(value)) for value in set(values)}
    return list(map(known.__getitem__, values))
