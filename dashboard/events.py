"""Server-sent events, each encoded once for all browsers."""

from __future__ import annotations

import json
from typing import Any

from dashboard import condition, present
from dashboard.station_data import StationData
from groundstation.model import Reception, Sample
from groundstation.storage.samples import samples


def to_json(data: object) -> str:
    """Compact JSON without NaN."""
    return json.dumps(data, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def encode(name: str, data: object, seq: int | None = None) -> bytes:
    """One event; ``seq`` becomes the ``id:`` after which a browser resumes."""
    number = "" if seq is None else f"id: {seq}\n"
    return f"{number}event: {name}\ndata: {to_json(data)}\n\n".encode()


def frame(data: StationData, reception: Reception) -> tuple[bytes, dict[str, Any], list[Sample]]:
    """A reception decoded and encoded: the event, its record, and its samples."""
    found = list(samples(data.catalog.decoder, reception))
    record = present.event(reception, found)
    return encode("frame", record, reception.seq), record, found


def status(data: StationData, problem: str | None, last_us: int | None) -> bytes:
    """The station's state as an event."""
    return encode("status", condition.record(data, problem, last_us))


def status_essence(data: StationData, problem: str | None, last_us: int | None) -> str:
    """What of the state is worth telling at once when it changes: not the running numbers."""
    state = condition.condition(data, last_us)
    notices = [[notice.code, notice.detail] for notice in state.notices]
    status = data.status()
    antenna = status.schedule.antenna if status.schedule else None
    return to_json([status.clock.as_json(), state.line, notices, problem, antenna and antenna.name])
