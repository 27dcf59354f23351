"""Server-sent events, each encoded once for all browsers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard.data import condition, present
from dashboard.data.records import EventRecord
from dashboard.data.station_data import StationData
from dashboard.data.status_record import status_record
from groundstation.errors import StoreError
from groundstation.model import FrameRow, Reception, Sample
from groundstation.storage.frames import frame_rows


def to_json(data: object) -> str:
    """Compact JSON without NaN."""
    return json.dumps(data, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def encode(name: str, data: object, seq: int | None = None) -> bytes:
    """One event; ``seq`` becomes the ``id:`` after which a browser resumes."""
    number = "" if seq is None else f"id: {seq}\n"
    return f"{number}event: {name}\ndata: {to_json(data)}\n\n".encode()


@dataclass(frozen=True, slots=True)
class FrameEvent:
    """A reception as browsers hear of it: encoded, as a record, and its samples."""

    row: FrameRow
    data: bytes
    record: EventRecord
    samples: Sequence[Sample]


def frames(data: StationData, receptions: Sequence[Reception]) -> list[FrameEvent]:
    """Receptions with their interpretation and values, encoded. Raises StoreError."""
    verdicts = data.telemetry.verdicts([item.seq for item in receptions])
    rows = frame_rows(receptions, verdicts)
    values = _samples(data, rows)
    return [_frame_or_fault(row, values.get(row.seq, ())) for row in rows]


def _samples(data: StationData, rows: Sequence[FrameRow]) -> Mapping[int, Sequence[Sample]]:
    """Values by ``seq``; one frame whose values cannot be made has none, the others theirs."""
    try:
        return data.telemetry.samples_of(rows)
    except StoreError:
        raise
    except Exception:
        if len(rows) == 1:
            return {}
        return {seq: found for row in rows for seq, found in _samples(data, [row]).items()}


def _frame_or_fault(row: FrameRow, samples: Sequence[Sample]) -> FrameEvent:
    """The event; of a frame that cannot be told of, why. The others must not wait behind it."""
    try:
        return _frame(row, samples)
    except Exception as error:
        return _frame(replace(row, error=f"mistake in the program: {error!r}"), ())


def _frame(row: FrameRow, samples: Sequence[Sample]) -> FrameEvent:
    record = present.event(row, samples)
    return FrameEvent(row, encode("frame", record, row.seq), record, samples)


def status(data: StationData, problem: str | None, last_us: int | None) -> bytes:
    """The station's state as an event."""
    return encode("status", status_record(data, problem, last_us))


def status_essence(data: StationData, problem: str | None, last_us: int | None) -> str:
    """What of the state is worth telling at once when it changes: not the running numbers."""
    state = condition.condition(data, last_us)
    notices = [[notice.code, notice.detail] for notice in state.notices]
    status = data.status()
    antenna = status.schedule.antenna if status.schedule else None
    told = [status.clock.as_json(), state.line, notices, problem, antenna and antenna.name]
    return to_json([*told, data.counting.counts(), data.spotlight.record()])
