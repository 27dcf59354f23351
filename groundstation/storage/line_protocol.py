"""Samples as InfluxDB line protocol. Pure; the layout is told in docs/storage.md.

One point a reception, measurement = satellite, whose fields are all its parameters. Field types
never clash, whatever a corrected definition makes of a parameter: numbers are floats in ``name``
and ``name.raw``, texts are in ``name.text`` and ``name.raw.text``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

from groundstation.model import Sample, Scalar

#: Names that points have already: InfluxDB drops a field ``time`` without a word, and a field of a
#: tag's name cannot be asked for. Such a parameter's number is the field ``NAME.value``.
_TAKEN = ("time", "satellite", "simulated")
_Fields: TypeAlias = dict[str, float | int | str]


def point_ns(time_us: int, seq: int) -> int:
    """The time of a reception's history point: frames of one microsecond keep their own points."""
    return time_us * 1000 + seq % 1000


def history(samples: Iterable[Sample]) -> Iterator[str]:
    """One line a reception."""
    points: dict[tuple[str, bool, int], _Fields] = {}
    for item in samples:
        key = (item.satellite, item.simulated, point_ns(item.time_us, item.seq))
        points.setdefault(key, {}).update(
            _history_fields(item.parameter, item.state, item.value, item.raw)
        )
    for (satellite, simulated, time_ns), fields in points.items():
        yield _history_line(satellite, simulated, fields, time_ns)


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
    return _history_line(satellite, simulated, fields, time_ns)


def _history_line(satellite: str, simulated: bool, fields: _Fields, time_ns: int | None) -> str:
    tags = {"satellite": satellite, "simulated": str(simulated).lower()}
    return _line(satellite, tags, fields, time_ns)


def _history_fields(name: str, state: str, engineering: Scalar, raw_value: Scalar) -> _Fields:
    fields: _Fields = {f"{name}.state": state}
    number = f"{name}.value" if name in _TAKEN else name
    raw = f"{name}.raw"
    for key, text, value in ((number, name, engineering), (raw, raw, raw_value)):
        if isinstance(value, str):
            fields[f"{text}.text"] = value
        elif value is not None:
            fields[key] = float(value)
    return fields


def _line(measurement: str, tags: Mapping[str, str], fields: _Fields, time_ns: int | None) -> str:
    tag_text = "".join(f",{key}={_escape(value)}" for key, value in tags.items())
    field_text = ",".join(f"{_escape(key)}={_field(value)}" for key, value in fields.items())
    stamp = "" if time_ns is None else f" {time_ns}"
    return f"{_escape(measurement)}{tag_text} {field_text}{stamp}"


@lru_cache(8192)
def _escape(name: str) -> str:
    """Names are the same in every line."""
    return name.replace(",", "\\,").replace("=", "\\=").replace(" ", "\\ ")


def _field(value: float | int | str) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{value}i" if isinstance(value, int) else repr(value)
