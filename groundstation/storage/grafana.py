"""A Grafana board of one satellite over the InfluxDB schema of docs/storage.md. Pure.

The board is the JSON that Grafana 9 and later import ("Dashboard JSON model",
https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/),
with InfluxQL queries, which InfluxDB 1.x takes, and 2.x through its 1.x interface.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TypeAlias

from decoders.definition.calibration import Enumeration
from decoders.definition.limits import Limits
from decoders.definition.model import Derived, Item, Parameter, Satellite
from decoders.words import Words
from groundstation.storage.line_protocol import field_keys

#: What JSON holds.
Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None

#: The schema of the boards of Grafana 9.0.
_SCHEMA_VERSION = 36
#: Curves in one panel: more cannot be told apart.
_MOST_CURVES = 8
_WIDTH, _HEIGHT, _COLUMNS = 12, 8, 24
_SOURCE = {"type": "influxdb", "uid": "${datasource}"}
_RED, _ORANGE, _GREEN = "red", "orange", "green"


@dataclass(frozen=True, slots=True)
class _Curve:
    """``pattern``: a regular expression of a repeated row's names, or None."""

    name: str
    row: Parameter | Derived
    pattern: str | None = None

    @property
    def is_words(self) -> bool:
        """Whether its values are texts."""
        row = self.row
        if isinstance(row, Derived):
            return False
        if row.calibration is not None:
            return not row.calibration.numeric
        return row.kind in ("ascii", "bytes")

    def field(self) -> str:
        """The field, or all fields, as InfluxQL names them."""
        if self.pattern is not None:
            ending = r"\.text" if self.is_words else ""
            return f"/^{self.pattern}{ending}$/"
        keys = field_keys(self.name)
        return f'"{keys.text if self.is_words else keys.number}"'


def board(satellite: Satellite, words: Words) -> dict[str, Json]:
    """The board: a row of panels for each group, curves of one unit together, words as bands."""
    language, numbers = words.language, count(1)
    panels: list[Json] = []
    top = 0
    for group, curves in _groups(satellite).items():
        title = satellite.group_label(group, language) if group else words("values")
        panels.append(_heading(next(numbers), title, top))
        top += 1
        place = 0
        for unit, few in _panels(curves):
            where = (place % _COLUMNS, top + place // _COLUMNS * _HEIGHT)
            panels.append(_panel(next(numbers), satellite, few, unit, words, where))
            place += _WIDTH
        top += -(-place // _COLUMNS) * _HEIGHT
    return {
        "uid": f"gs-{satellite.id}"[:40],
        "title": satellite.name,
        "tags": ["groundstation"],
        "timezone": "browser",
        "schemaVersion": _SCHEMA_VERSION,
        "refresh": "10s",
        "time": {"from": "now-24h", "to": "now"},
        "templating": {"list": [_source_choice(), _simulated_choice(satellite, words)]},
        "panels": panels,
    }


def _groups(satellite: Satellite) -> dict[str, list[_Curve]]:
    """Curves by group, in the order of the definition; one name is one curve."""
    found: dict[str, list[_Curve]] = {}
    seen: set[str] = set()
    for packet in satellite.packets:
        derived = [_Curve(row.name, row) for row in packet.derived]
        for curve in (*_curves("", "", packet.items, repeated=False), *derived):
            drawn = isinstance(curve.row, Derived) or curve.row.kind not in ("bytes", "time")
            if curve.name not in seen and drawn:
                seen.add(curve.name)
                found.setdefault(curve.row.group, []).append(curve)
    return found


def _curves(name: str, pattern: str, items: Sequence[Item], *, repeated: bool) -> Iterator[_Curve]:
    """Rows of a packet; those of repeated groups by the pattern of their names."""
    for item in items:
        own = re.escape(item.name)
        if isinstance(item, Parameter):
            if item.kind != "skip":
                whole = (pattern + own).rstrip("_") if repeated else None
                yield _Curve((name + item.name).rstrip("_"), item, whole)
            continue
        repeats = item.count is not None or item.count_from is not None or item.to_end
        inner = f"{own}_" if item.name else ""
        yield from _curves(
            f"{name}{item.name}_" if item.name else name,
            f"{pattern}{inner}[0-9]+_" if repeats else f"{pattern}{inner}",
            item.items,
            repeated=repeated or repeats,
        )


def _panels(curves: Sequence[_Curve]) -> Iterator[tuple[str | None, Sequence[_Curve]]]:
    """(unit, curves) of each panel; unit None: words."""
    units: dict[str | None, list[_Curve]] = {}
    for curve in curves:
        units.setdefault(None if curve.is_words else curve.row.unit, []).append(curve)
    for unit, mine in units.items():
        for start in range(0, len(mine), _MOST_CURVES):
            yield unit, mine[start : start + _MOST_CURVES]


def _panel(
    number: int,
    satellite: Satellite,
    curves: Sequence[_Curve],
    unit: str | None,
    words: Words,
    where: tuple[int, int],
) -> Json:
    labels = [curve.row.label(words.language) for curve in curves]
    title = labels[0] if len(labels) == 1 else f"{labels[0]} … {labels[-1]}"
    return {
        "id": number,
        "type": "timeseries" if unit is not None else "state-timeline",
        "title": title,
        "datasource": _SOURCE,
        "gridPos": {"x": where[0], "y": where[1], "w": _WIDTH, "h": _HEIGHT},
        "fieldConfig": {
            "defaults": {"unit": f"suffix:{words.unit(unit)}"} if unit else _said(curves, words),
            "overrides": [
                _thresholds(label, curve.row.limits)
                for label, curve in zip(labels, curves, strict=True)
                if curve.row.limits and (curve.row.limits.warning or curve.row.limits.critical)
            ],
        },
        "targets": [
            _target(satellite.id, curve, label, place)
            for place, (label, curve) in enumerate(zip(labels, curves, strict=True))
        ],
    }


def _said(curves: Sequence[_Curve], words: Words) -> Json:
    """What is shown for words of enums: a value mapping of Grafana's, where any differs."""
    rows = [curve.row for curve in curves if isinstance(curve.row, Parameter)]
    texts = {
        word: row.word(word, words.language)
        for row in rows
        if isinstance(row.calibration, Enumeration)
        for word in row.calibration.words.values()
    }
    shown = {word: {"text": text} for word, text in texts.items() if text != word}
    return {"mappings": [{"type": "value", "options": shown}]} if shown else {}


def _target(id: str, curve: _Curve, label: str, place: int) -> Json:
    how = "last" if curve.is_words else "mean"
    return {
        "refId": chr(ord("A") + place),
        "datasource": _SOURCE,
        "rawQuery": True,
        "resultFormat": "time_series",
        "alias": label if curve.pattern is None else "$col",
        "query": (
            f'SELECT {how}({curve.field()}) FROM "{id}" WHERE "simulated" = \'$simulated\' AND '
            "$timeFilter GROUP BY time($__interval) fill(none)"
        ),
    }


def _thresholds(label: str, limits: Limits) -> Json:
    """Colours by the limits, from the lowest value on."""
    bounds = [
        (limits.critical and limits.critical[0], _RED),
        (limits.warning and limits.warning[0], _ORANGE),
    ]
    below = [(low, color) for low, color in bounds if low not in (None, -math.inf)]
    above = [
        (high, color)
        for high, color in (
            (limits.warning and limits.warning[1], _ORANGE),
            (limits.critical and limits.critical[1], _RED),
        )
        if high not in (None, math.inf)
    ]
    # Each step holds from its value on: below the first bound its own colour, then the next one's.
    colors = [*(color for _, color in below), _GREEN]
    steps: list[tuple[float | None, str]] = [(None, colors[0])]
    steps += [(low, color) for (low, _), color in zip(below, colors[1:], strict=True)]
    steps += above
    return {
        "matcher": {"id": "byName", "options": label},
        "properties": [
            {
                "id": "thresholds",
                "value": {
                    "mode": "absolute",
                    "steps": [{"value": value, "color": color} for value, color in steps],
                },
            },
            {"id": "custom.thresholdsStyle", "value": {"mode": "dashed"}},
        ],
    }


def _heading(number: int, title: str, top: int) -> Json:
    place = {"x": 0, "y": top, "w": _COLUMNS, "h": 1}
    return {"id": number, "type": "row", "title": title, "gridPos": place, "panels": []}


def _source_choice() -> Json:
    return {"name": "datasource", "type": "datasource", "query": "influxdb", "label": "InfluxDB"}


def _simulated_choice(satellite: Satellite, words: Words) -> Json:
    chosen = str(satellite.simulated).lower()
    return {
        "name": "simulated",
        "type": "custom",
        "label": words("simulated"),
        "query": "false,true",
        "current": {"text": chosen, "value": chosen},
    }
