"""What a chart holds in JSON: parameters over one time, with the passes and shadows of it."""

from __future__ import annotations

from typing import TypedDict

from dashboard.data.records import SeriesRecord
from groundstation.storage.notes import NoteRecord


class ChartPass(TypedDict):
    """From when to when a satellite stood over the station."""

    aos: str
    los: str


class ShadowRecord(TypedDict):
    """From when to when it was in the Earth's shadow."""

    start: str
    end: str


class ChartRecord(TypedDict):
    """Parameters over one time. ``shadows_known``: the elements tell of all of it."""

    satellite: str
    start: str
    end: str
    series: list[SeriesRecord]
    notes: list[NoteRecord]
    passes: list[ChartPass]
    shadows: list[ShadowRecord]
    shadows_known: bool
