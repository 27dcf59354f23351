"""Kept packets that are parts of longer ones, for whoever joins them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from decoders.definition.model import PacketLayout, Satellite
from groundstation.storage.telemetry.interpretation import PacketColumns
from groundstation.storage.telemetry.keys import OF_KEYS
from groundstation.storage.telemetry.rows import rows_of
from groundstation.storage.telemetry.writer import TelemetryWriter


def kept_parts(
    writer: TelemetryWriter, definition: Callable[[str], Satellite | None]
) -> Iterator[PacketColumns]:
    """The parts that were waited with when the last interpretation was written."""
    keys = writer.waiting().parts
    if not keys:
        return
    for id in sorted(writer.satellites()):
        satellite = definition(id)
        if satellite is not None:
            yield from part_columns(writer, satellite, keys)


def part_columns(
    writer: TelemetryWriter, satellite: Satellite, keys: Sequence[int] | None = None
) -> Iterator[PacketColumns]:
    """A satellite's parts, those with these keys or all. In no order."""
    for layout in satellite.packets:
        if layout.spans is not None:
            yield from _of_layout(writer, satellite.id, layout, keys)


def _of_layout(
    writer: TelemetryWriter, satellite: str, layout: PacketLayout, keys: Sequence[int] | None
) -> Iterator[PacketColumns]:
    spans = layout.spans
    if spans is None:
        return
    names = [name for name in (spans.index, spans.count, spans.data, spans.set) if name]
    where, values = OF_KEYS, [json.dumps(keys)]
    if keys is None:
        where, values = "true", []
    with writer.table(satellite, layout) as (connection, table):
        if table is None:
            return
        found = list(
            rows_of(connection, table, where, values, [n for n in names if isinstance(n, str)])
        )
    for rows in found:
        yield PacketColumns(satellite, layout, (), rows.keys, rows.times_us, rows.columns)
