"""The frames of a pass as a report lists them: where the satellite stood, and what they said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from decoders.decode import Decoder
from decoders.definition.model import Derived, Parameter, Satellite
from decoders.value import Value, plain
from groundstation.model import Reception, Site, from_us
from groundstation.model.pass_report import PassReport
from groundstation.orbit.elements import parse_elements
from groundstation.orbit.pointing import doppler_hz, pointings
from groundstation.passes.words import Words

#: Values of a frame that a report shows when the definition marks none as the main ones.
_FIRST = 6


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
    """One frame. ``status`` is decoded, damaged, unknown or undecoded; ``error`` says why."""

    seq: int
    when: datetime
    azimuth_deg: float
    elevation_deg: float
    doppler_hz: float | None
    status: str
    packet: str
    link: str
    length: int
    error: str
    simulated: bool
    values: tuple[Reading, ...] = ()


def heard(
    report: PassReport,
    receptions: Sequence[Reception],
    satellite: Satellite | None,
    decoder: Decoder,
    words: Words,
) -> list[Heard]:
    """``receptions`` of the pass of ``report``, in order of time. Raises ElementsError."""
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
            status=_status(item),
            packet=_packet(satellite, item.packet, words),
            link=item.link,
            length=len(item.raw),
            error=item.error or "",
            simulated=item.simulated,
            values=tuple(_readings(item, satellite, decoder, main, words)),
        )
        for item, place in zip(ordered, places, strict=True)
    ]


def _status(item: Reception) -> str:
    if item.damaged:
        return "damaged"
    if item.satellite is None:
        return "unknown"
    return "undecoded" if item.error or item.packet is None else "decoded"


def _packet(satellite: Satellite | None, name: str | None, words: Words) -> str:
    found = [p for p in satellite.packets if p.name == name] if satellite and name else []
    return (found[0].label(words.language) or found[0].name) if found else name or ""


def _main_values(satellite: Satellite | None) -> set[str]:
    """Names of the rows to show: those marked ``main``; empty: the first with a unit."""
    rows: Iterable[Parameter | Derived] = satellite.rows().values() if satellite else ()
    return {row.name for row in rows if row.display == "main"}


def _readings(
    item: Reception,
    satellite: Satellite | None,
    decoder: Decoder,
    main: set[str],
    words: Words,
) -> Iterable[Reading]:
    if satellite is None or item.damaged or item.satellite != satellite.id:
        return
    values = decoder.decode(item.raw, satellite.id).values
    chosen = [v for v in values if v.row.name in main] or [v for v in values if v.unit][:_FIRST]
    for value in chosen:
        label = value.row.label(words.language) or value.name.replace("_", " ")
        yield Reading(value.name, label, _text(value, words), value.unit, value.state)


def _text(value: Value, words: Words) -> str:
    found = plain(value.value)
    if isinstance(found, float):
        text = f"{found:.4g}" if abs(found) < 1000 else f"{found:.0f}"
        return text if words.language == "en" else text.replace(".", ",")
    if isinstance(found, list):
        return ", ".join(found)
    return "\N{EM DASH}" if found is None else str(found)
