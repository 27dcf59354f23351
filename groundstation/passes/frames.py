"""The frames of a pass as a report lists them: where the satellite stood, and what they said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from decoders.definition.model import Derived, Parameter, Satellite
from decoders.value import Engineering
from decoders.value_text import number_text
from groundstation.model import FrameRow, FrameStatus, Sample, Site, from_us
from groundstation.model.pass_report import PassReport
from groundstation.orbit.elements import parse_elements
from groundstation.orbit.pointing import doppler_hz, pointings
from groundstation.storage.samples import engineering
from groundstation.words.language import Language
from groundstation.words.values import worded

#: Values of a frame that a report shows when the definition marks none as the main ones.
_FIRST = 6
#: Significant digits of a value in a report.
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """One value as text, with its label and unit."""

    name: str
    label: str
    text: str
    unit: str
    state: str


@dataclass(frozen=True, slots=True)
class Heard:
    """One frame; ``error`` says why its ``status`` is not ``decoded``."""

    seq: int
    when: datetime
    azimuth_deg: float
    elevation_deg: float
    doppler_hz: float | None
    status: FrameStatus
    packet: str
    link: str
    length: int
    error: str
    simulated: bool
    values: tuple[Reading, ...] = ()


def heard(
    report: PassReport,
    receptions: Sequence[FrameRow],
    satellite: Satellite | None,
    samples: Mapping[int, Sequence[Sample]],
    words: Language,
) -> list[Heard]:
    """``receptions`` of the pass of ``report``, in order of time. Raises ElementsError.

    ``samples``: the values that came with them, by reception.
    """
    elements = parse_elements(report["elements"]["omm"])[0]
    site = Site(**report["site"])
    ordered = sorted(receptions, key=lambda item: (item.received_us, item.seq))
    places = pointings(elements, site, [from_us(item.received_us) for item in ordered])
    frequency_hz = report["frequency_hz"]
    main = _main_values(satellite)
    return [
        Heard(
            seq=item.seq,
            when=place.when,
            azimuth_deg=place.azimuth_deg,
            elevation_deg=place.elevation_deg,
            doppler_hz=None
            if frequency_hz is None
            else doppler_hz(place.range_rate_km_s, frequency_hz),
            status=item.status,
            packet=_packet(satellite, item.packet, words),
            link=item.link,
            length=len(item.raw),
            error=item.error or "",
            simulated=item.simulated,
            values=tuple(_readings(samples.get(item.seq, ()), satellite, main, words)),
        )
        for item, place in zip(ordered, places, strict=True)
    ]


def _packet(satellite: Satellite | None, name: str | None, words: Language) -> str:
    found = satellite.packet(name) if satellite else None
    return (found.label(words.language) or found.name) if found else name or ""


def _main_values(satellite: Satellite | None) -> set[str]:
    """Names of the rows to show: those marked ``main``; empty: the first with a unit."""
    rows: Iterable[Parameter | Derived] = satellite.rows().values() if satellite else ()
    return {row.name for row in rows if row.display == "main"}


def _readings(
    samples: Sequence[Sample], satellite: Satellite | None, main: set[str], words: Language
) -> Iterable[Reading]:
    if satellite is None:
        return
    rows = {sample.parameter: satellite.row(sample.parameter) for sample in samples}
    chosen = [s for s in samples if (row := rows[s.parameter]) is not None and row.name in main]
    for sample in chosen or [s for s in samples if s.unit][:_FIRST]:
        row = rows[sample.parameter]
        label = row.label(words.language) if row else ""
        label = label or sample.parameter.replace("_", " ")
        text = _text(engineering(sample.value, row), row, words)
        yield Reading(sample.parameter, label, text, words.unit(sample.unit), sample.state)


def _text(value: Engineering, row: Parameter | Derived | None, words: Language) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return words.exact(value)
    if not isinstance(value, float):
        return worded(value, row, words)
    whole = abs(value) >= 10 ** (_DIGITS - 1)
    return words.marked(f"{value:.0f}" if whole else number_text(value, _DIGITS))
