"""Samples as InfluxDB line protocol. Pure; the layout is told in docs/storage.md.

Two kinds of points. *History*: one a reception, measurement = satellite, whose fields are all its
parameters. *Newest*: one a parameter in the measurement NEWEST, always at the same time, so that
writing replaces it: what a parameter was last, by reception and not by clock.

Field types never clash, whatever a corrected definition makes of a parameter: numbers are floats
in ``name`` and ``name.raw``, texts are in ``name.text`` and ``name.raw.text``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from groundstation.model import Sample, Scalar

NEWEST = "groundstation.newest"
#: The year 2200: ahead of all history, so that no retention policy removes it.
NEWEST_NS = 7_258_118_400_000_000_000

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


def newest(samples: Iterable[Sample]) -> Iterator[str]:
    """One line a sample; give only the newest sample of each parameter."""
    for item in samples:
        fields: _Fields = {
            "seq": item.seq,
            "time_us": item.time_us,
            "unit": item.unit,
            "state": item.state,
            "simulated": int(item.simulated),
            **_typed("value", item.value),
            **_typed("raw", item.raw),
        }
        tags = {"satellite": item.satellite, "parameter": item.parameter}
        yield _line(NEWEST, tags, fields, NEWEST_NS)


def sample_of(row: Mapping[str, Any]) -> Sample:
    """The sample of one row of NEWEST, by column name."""
    return Sample(
        satellite=row["satellite"],
        parameter=row["parameter"],
        seq=row["seq"],
        time_us=row["time_us"],
        raw=_untyped("raw", row),
        value=_untyped("value", row),
        unit=row["unit"],
        state=row["state"],
        simulated=bool(row["simulated"]),
    )


def _history_fields(item: Sample) -> _Fields:
    name = item.parameter
    fields: _Fields = {f"{name}.state": item.state}
    for key, value in ((name, item.value), (f"{name}.raw", item.raw)):
        if isinstance(value, str):
            fields[f"{key}.text"] = value
        elif value is not None:
            fields[key] = float(value)
    return fields


def _typed(key: str, value: Scalar) -> _Fields:
    """``value`` with its kind: the point that this one replaces may have had another."""
    if value is None:
        return {f"{key}.kind": "none"}
    if isinstance(value, str):
        return {f"{key}.kind": "text", f"{key}.text": value}
    return {f"{key}.kind": "number", key: float(value)}


def _untyped(key: str, row: Mapping[str, Any]) -> Scalar:
    kind = row[f"{key}.kind"]
    if kind == "none":
        return None
    value: Scalar = row[f"{key}.text" if kind == "text" else key]
    return value


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
