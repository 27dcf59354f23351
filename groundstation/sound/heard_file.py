"""A recording of sound from its start to its end: samples to frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from decoders.errors import DefinitionError
from decoders.frame import Frame
from decoders.modem import Demodulator, Heard, Mode, SharedReceiver
from decoders.modem.deviation import USUAL_INDEXES
from decoders.symbols import Symbols
from groundstation.receive.arrival import Arrival
from groundstation.sound.ear import Ear
from groundstation.sound.recording import Recording, Told, chunks, open_recording
from groundstation.sound.samples import SampleReader, Samples
from groundstation.sound.tuner import Tuner, tuner_for
from groundstation.sound.voices import Voice

#: Is told how many bytes more were listened to.
Advance = Callable[[float], None]


class _Played:
    """A recording as a source of samples."""

    def __init__(self, recording: Recording):
        self.sound = recording.sound
        self.centre_hz: float | None = None


def frames_of(
    path: Path,
    told: Told,
    voices: Sequence[Voice],
    advance: Advance = lambda count: None,
    say: Callable[[str], None] = lambda text: None,
) -> Iterator[Arrival]:
    """What is heard of ``voices``, in order. Raises SoundError, OSError."""
    ear = Ear(lambda: voices, say=say)
    with closing(open_recording(path, told)) as recording:
        ear.begin(_Played(recording))
        for data in chunks(recording):
            yield from ear.feed(data)
            advance(len(data))
        yield from ear.flush()


def symbols_of(
    path: Path, told: Told, mode: Mode, advance: Advance = lambda count: None
) -> Iterator[Symbols]:
    """Soft symbols, those of a stretch together. Raises SoundError, OSError, DefinitionError."""
    with closing(open_recording(path, told)) as recording:
        sound = recording.sound
        tuner = tuner_for(sound, mode.baud)
        modem = Demodulator(
            mode,
            rate_hz=tuner.rate_hz if tuner else sound.rate_hz,
            iq=sound.iq,
            scale=sound.scale,
            highpass_hz=sound.highpass_hz,
        )
        for samples in _samples(recording, tuner, advance):
            yield from (symbols for symbols, _ in modem.feed(samples))
        yield from (symbols for symbols, _ in modem.finish())


def fitting(
    path: Path, told: Told, candidates: Sequence[Voice], advance: Advance = lambda count: None
) -> list[Voice]:
    """Those of ``candidates`` of which something seems to be in a recording.

    Each of :func:`trials` is demodulated once, by the best detectors only. Raises SoundError,
    OSError.
    """
    found: list[Voice] = []
    for mode, mine in trials(candidates):
        try:
            heard = _heard_of(path, told, mode, mine, advance)
        except DefinitionError:
            continue  # not enough samples a second for this mode, or another kind of input
        found += [each for place, each in enumerate(mine) if place in heard]
    return found


def trials(candidates: Sequence[Voice]) -> list[tuple[Mode, list[Voice]]]:
    """What is demodulated to try ``candidates``, and which of them it tries.

    Without a deviation the usual ones are tried, so FSK of a usual one needs no trial of its own.
    """
    found: dict[Mode, list[Voice]] = {}
    for voice in candidates:
        mode = voice.mode
        if mode.modulation == "fsk" and mode.index in USUAL_INDEXES:
            mode = replace(mode, deviation_hz=None)
        found.setdefault(mode, []).append(voice)
    return list(found.items())


def _heard_of(
    path: Path, told: Told, mode: Mode, voices: Sequence[Voice], advance: Advance
) -> set[int]:
    """The places of those voices of which a frame is heard."""
    heard: set[int] = set()
    with closing(open_recording(path, told)) as recording:
        sound = recording.sound
        tuner = tuner_for(sound, mode.baud)
        receiver = SharedReceiver(
            mode,
            [(each.framing, each.options) for each in voices],
            rate_hz=tuner.rate_hz if tuner else sound.rate_hz,
            iq=sound.iq,
            scale=sound.scale,
            highpass_hz=sound.highpass_hz,
            repair=False,
            hasty=True,
        )
        for samples in _samples(recording, tuner, advance):
            heard |= _places(receiver.feed(samples))
        return heard | _places(receiver.finish())


def _samples(recording: Recording, tuner: Tuner | None, advance: Advance) -> Iterator[Samples]:
    """All of them, in audio as they are, in IQ what is around zero."""
    reader = SampleReader(recording.sound)
    for data in chunks(recording):
        samples = reader.feed(data)
        yield samples if tuner is None else tuner.feed(samples, 0.0)
        advance(len(data))


def _places(found: Sequence[tuple[int, Heard]]) -> set[int]:
    return {place for place, each in found if isinstance(each.item, Frame)}


def size_of(path: Path, told: Told) -> int | None:
    """Bytes of samples of a recording, if that is known. Raises SoundError, OSError."""
    with closing(open_recording(path, told)) as recording:
        return recording.size
