"""Records as JSON, without NaN: the same for pages and API."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from dashboard.data.records import (
    EventRecord,
    FrameRecord,
    LimitsRecord,
    ParameterRecord,
    ReadingRecord,
    SatelliteRecord,
    ValueRecord,
)
from decoders.definition.limits import Limits
from decoders.definition.model import Derived, Parameter, Satellite
from decoders.sketch import Sketch
from groundstation.model import FrameRow, Sample, iso


def reception(item: FrameRow) -> FrameRecord:
    """A reception without its bytes."""
    signal = item.signal
    return {
        "seq": item.seq,
        "received": iso(item.received_us),
        "link": item.link,
        "satellite": item.satellite,
        "packet": item.packet,
        "status": item.status,
        "error": item.error,
        "note": item.note,
        "damaged": item.damaged,
        "simulated": item.simulated,
        "imported": item.imported,
        "unsynchronised": item.unsynchronised,
        "eb_n0_db": signal.eb_n0_db if signal else None,
        "offset_hz": signal.offset_hz if signal else None,
        "repaired": signal.repaired if signal else None,
        "length": len(item.raw),
    }


def reading(sample: Sample) -> ReadingRecord:
    """One sample; its name is the key it is put under."""
    return {
        "raw": sample.raw,
        "value": sample.value,
        "unit": sample.unit,
        "state": sample.state,
        "time": iso(sample.time_us),
        "seq": sample.seq,
        "simulated": sample.simulated,
    }


def readings(found: Mapping[str, Sample]) -> dict[str, ReadingRecord]:
    """Readings by parameter name."""
    return {name: reading(sample) for name, sample in found.items()}


def event(item: FrameRow, found: Sequence[Sample]) -> EventRecord:
    """What a live page hears of one reception: the reception and its values."""
    values: dict[str, ValueRecord] = {
        sample.parameter: {
            "raw": sample.raw,
            "value": sample.value,
            "unit": sample.unit,
            "state": sample.state,
        }
        for sample in found
    }
    return {**reception(item), "values": values}


def satellite(item: Satellite | Sketch) -> SatelliteRecord:
    """A definition in short."""
    return {
        "id": item.id,
        "name": item.name,
        "norad": item.norad,
        "callsigns": list(item.callsigns),
        "simulated": item.simulated,
        "source": item.source,
        "version": item.version,
        "downlinks": [
            {
                "name": downlink.name,
                "frequency_hz": downlink.frequency_hz,
                "modulation": downlink.modulation,
                "baud": downlink.baud,
                "framing": downlink.framing,
            }
            for downlink in item.downlinks
        ],
    }


def parameter(name: str, row: Parameter | Derived, of: Satellite, language: str) -> ParameterRecord:
    """A definition's row: what a reading of it means."""
    return {
        "name": name,
        "label": row.label(language),
        "doc": row.doc(language),
        "unit": row.unit,
        "quantity": row.quantity,
        "group": row.group,
        "group_label": of.group_label(row.group, language) if row.group else "",
        "derived": isinstance(row, Derived),
        "limits": limits(row.limits),
    }


def limits(found: Limits | None) -> LimitsRecord | None:
    """Limits with None for open ends."""
    if found is None:
        return None
    return {
        "warning": _range(found.warning),
        "critical": _range(found.critical),
        "warning_words": sorted(found.warning_words),
        "critical_words": sorted(found.critical_words),
    }


def _range(span: tuple[float, float] | None) -> list[float | None] | None:
    if span is None:
        return None
    return [end if math.isfinite(end) else None for end in span]
