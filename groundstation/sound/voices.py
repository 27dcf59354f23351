"""What can be listened for: how satellites send, by their definitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from decoders.definition.model import Downlink, Satellite
from decoders.errors import DefinitionError
from decoders.framing.registry import BIT_FRAMINGS, bit_deframer
from decoders.modem import Mode, mode_of
from decoders.sketch import Sketch


@dataclass(frozen=True, slots=True)
class Voice:
    """One way of sending, and who does so: ids of definitions.

    ``frequency_hz``: where it is heard but for Doppler, None where nobody says.
    """

    mode: Mode
    framing: str
    options: Mapping[str, Any] = field(default_factory=dict)
    satellites: tuple[str, ...] = ()
    frequency_hz: float | None = None

    def __str__(self) -> str:
        return f"{self.mode.modulation.upper()} {self.mode.baud:g} baud, {self.framing}"


#: What satellites without a definition often do.
_USUAL = (
    *(("AFSK", 1200, "hdlc"), ("FSK", 1200, "hdlc-g3ruh"), ("FSK", 2400, "hdlc-g3ruh")),
    *(("FSK", 4800, "hdlc-g3ruh"), ("FSK", 9600, "hdlc-g3ruh"), ("FSK", 19200, "hdlc-g3ruh")),
    *(("BPSK", 1200, "hdlc"), ("BPSK", 1200, "hdlc-g3ruh"), ("BPSK", 2400, "hdlc-g3ruh")),
    *(("BPSK", 9600, "hdlc-g3ruh"), ("FSK", 4800, "ax100-golay"), ("FSK", 9600, "ax100-golay")),
)


def usual_voices() -> list[Voice]:
    """Usual ways of sending, of nobody."""
    links = (Downlink("", None, name, baud, framing) for name, baud, framing in _USUAL)
    return [replace(voice_of("", link), satellites=()) for link in links]


def voices(satellites: Iterable[Satellite | Sketch], others: Iterable[Voice] = ()) -> list[Voice]:
    """How these satellites send, as far as there is a demodulator for it, and ``others``; each way
    once."""
    found: list[Voice] = []
    for satellite in satellites:
        for downlink in satellite.downlinks:
            try:
                voice = voice_of(satellite.id, downlink)
            except DefinitionError:
                continue
            _add(found, voice)
    for voice in others:
        _add(found, voice)
    return found


def voice_of(satellite: str, downlink: Downlink) -> Voice:
    """How a downlink sends; raises DefinitionError for what cannot be demodulated."""
    mode = mode_of(downlink)
    if downlink.framing not in BIT_FRAMINGS:
        raise DefinitionError(
            f"downlink {downlink.name!r}: {downlink.framing or 'an unknown framing'!r} is no "
            "framing of bits"
        )
    bit_deframer(downlink.framing, downlink.options)
    return Voice(mode, downlink.framing, downlink.options, (satellite,), downlink.frequency_hz)


def why_none(satellite: Satellite | Sketch) -> str:
    """Why nothing of a satellite can be listened for, a sentence."""
    problems = []
    for downlink in satellite.downlinks:
        try:
            voice_of(satellite.id, downlink)
        except DefinitionError as error:
            problems.append(str(error))
    said = "; ".join(problems) or "its definition has no downlink"
    return f"{satellite.id} cannot be demodulated: {said}"


def _add(found: list[Voice], voice: Voice) -> None:
    """Put it to what is there; who sends alike on one frequency, or on unknown ones, is one."""
    for place, other in enumerate(found):
        if replace(voice, satellites=other.satellites, frequency_hz=other.frequency_hz) == other:
            who = tuple(dict.fromkeys((*other.satellites, *voice.satellites)))
            alike = voice.frequency_hz == other.frequency_hz
            frequency_hz = other.frequency_hz if alike else None
            found[place] = replace(other, satellites=who, frequency_hz=frequency_hz)
            return
    found.append(voice)
