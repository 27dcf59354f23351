"""Samples as InfluxDB line protocol. Pure; the layout is told in docs/storage.md.

One point a reception, measurement = satellite, whose fields are all its parameters. Field types
never clash, whatever a corrected definition makes of a parameter: numbers are floats in ``name``
and ``name.raw``, texts are in ``name.text`` and ``name.raw.text``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from groundstation.model import Sample

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
        points.setdefault(key, {}).update(_history_fields(item))
    for (satellite, simulated, time_ns), fields in points.items():
        tags = {"satellite": satellite, "simulated": str(simulated).lower()}
        yield _line(satellite, tags, fields, time_ns)


def _history_fields(item: Sample) -> _Fields:
    name = item.parameter
    fields: _Fields = {f"{name}.state": item.state}
    number = f"{name}.value" if name in _TAKEN else name
    raw = f"{name}.raw"
    for key, text, value in ((number, name, item.value), (raw, raw, item.raw)):
        if isinstance(value, str):
            fields[f"{text}.text"] = value
        elif value is not None:
            fields[key] = float(value)
    return fields


def _line(measurement: str, tags: Mapping[str, str], fields: _Fields, time_ns: int) -> str:
    tag_text = "".join(f",{key}={_escape(value)}" for key, value in tags.items())
    field_text = ",".join(f"{_escape(key)}={_field(value)}" for key, value in fields.items())
    return f"{_escape(measurement)}{tag_text} {field_text} {time_ns}"


def _escape(name: str) -> str:
    return name.replace(",", "\\,").replace("=", "\\=").replace(" ", "\\ ")


def _field(value: float | int | str) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{value}i" if isinstance(value, int) else repr(value)
