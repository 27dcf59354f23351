"""Samples as InfluxDB line protocol. Pure; the layout is told in docs/storage.md.

One point a packet, measurement = satellite, whose fields are all its parameters. Field types
never clash, whatever a corrected definition makes of a parameter: numbers are floats in ``name``
and ``name.raw``, texts are in ``name.text`` and ``name.raw.text``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from groundstation.model import Sample, Scalar

#: Names that points have already: InfluxDB drops a field ``time`` without a word, and a field of a
#: tag's name cannot be asked for. Such a parameter's number is the field ``NAME.value``.
_TAKEN = ("time", "satellite", "simulated")
_Fields: TypeAlias = dict[str, float | str]


def point_ns(time_us: int, seq: int, number: int = 0) -> int:
    """The time of a packet's history point: frames of one microsecond keep their own points.

    Packets of one reception (``number``) lie a microsecond apart.
    """
    return (time_us + number) * 1000 + seq % 1000


def history(samples: Iterable[Sample]) -> Iterator[str]:
    """One line a packet."""
    points: dict[tuple[str, bool, int], _Fields] = {}
    for item in samples:
        key = (item.satellite, item.simulated, point_ns(item.time_us, item.seq, item.number))
        points.setdefault(key, {}).update(
            _history_fields(item.parameter, item.state, item.value, item.raw)
        )
    for (satellite, simulated, time_ns), fields in points.items():
        yield f"{line_begin(satellite, simulated)}{_text(fields)}{line_end(time_ns)}"


def frame_line(
    satellite: str,
    simulated: bool,
    readings: Iterable[tuple[str, str, Scalar, Scalar]],
    time_ns: int | None,
) -> str:
    """The line of one frame: ``readings`` are name, state, engineering and raw value of each.

    ``time_ns`` None: the database gives it the time at which it is written.
    """
    fields: _Fields = {}
    for reading in readings:
        fields.update(_history_fields(*reading))
    return f"{line_begin(satellite, simulated)}{_text(fields)}{line_end(time_ns)}"


@lru_cache(256)
def line_begin(satellite: str, simulated: bool) -> str:
    """What stands in a line before the fields."""
    name = _escape(satellite)
    return f"{name},satellite={name},simulated={str(simulated).lower()} "


def line_end(time_ns: int | None) -> str:
    """What stands in a line after the fields."""
    return "" if time_ns is None else f" {time_ns}"


def reading_text(name: str, state: str, engineering: Scalar, raw_value: Scalar) -> str:
    """The fields of one reading, as they stand in a line."""
    return _text(_history_fields(name, state, engineering, raw_value))


class FieldKeys(NamedTuple):
    """The names of the fields that a parameter may have in a point."""

    state: str
    number: str
    text: str
    raw: str
    raw_text: str


@lru_cache(8192)
def field_keys(name: str) -> FieldKeys:
    """The names of the fields of parameter ``name``."""
    number = f"{name}.value" if name in _TAKEN else name
    return FieldKeys(f"{name}.state", number, f"{name}.text", f"{name}.raw", f"{name}.raw.text")


def _history_fields(name: str, state: str, engineering: Scalar, raw_value: Scalar) -> _Fields:
    keys = field_keys(name)
    fields: _Fields = {keys.state: state}
    for key, text, value in (
        (keys.number, keys.text, engineering),
        (keys.raw, keys.raw_text, raw_value),
    ):
        if isinstance(value, str):
            fields[text] = value
        elif value is not None:
            fields[key] = float(value) + 0.0  # no -0
    return fields


def _text(fields: _Fields) -> str:
    return ",".join(f"{_escape(key)}={_field(value)}" for key, value in fields.items())


@lru_cache(8192)
def _escape(name: str) -> str:
    """Names are the same in every line."""
    return name.replace(",", "\\,").replace("=", "\\=").replace(" ", "\\ ")


def _field(value: float | str) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(value)
