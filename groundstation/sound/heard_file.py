"""A recording of sound from its start to its end: samples to frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from decoders.errors import DefinitionError
from decoders.frame import Frame
from decoders.framing.registry import bit_deframer
from decoders.modem import Demodulator, Mode
from decoders.symbols import Symbols
from groundstation.receive.arrival import Arrival
from groundstation.sound.ear import Ear
from groundstation.sound.recording import Recording, Told, chunks, open_recording
from groundstation.sound.samples import SampleReader
from groundstation.sound.tuner import tuner_for
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
        reader = SampleReader(sound)
        tuner = tuner_for(sound, mode.baud)
        modem = Demodulator(
            mode,
            rate_hz=tuner.rate_hz if tuner else sound.rate_hz,
            iq=sound.iq,
            scale=sound.scale,
            highpass_hz=sound.highpass_hz,
        )
        for data in chunks(recording):
            samples = reader.feed(data)
            if tuner is not None:
                samples = tuner.feed(samples, 0.0)
            yield from (symbols for symbols, _ in modem.feed(samples))
            advance(len(data))
        yield from (symbols for symbols, _ in modem.finish())


def fitting(
    path: Path, told: Told, candidates: Sequence[Voice], advance: Advance = lambda count: None
) -> list[Voice]:
    """Those of ``candidates`` of which something seems to be in a recording.

    Each mode is demodulated once, by its one best detector. Raises SoundError, OSError.
    """
    found: list[Voice] = []
    for mode in dict.fromkeys(each.mode for each in candidates):
        mine = [each for each in candidates if each.mode == mode]
        deframers = [bit_deframer(each.framing, each.options) for each in mine]
        heard = [False] * len(mine)
        try:
            for symbols in symbols_of(path, told, mode, advance):
                for place, deframer in enumerate(deframers):
                    frames = deframer.feed(symbols)
                    heard[place] = heard[place] or any(isinstance(f, Frame) for f in frames)
        except DefinitionError:
            continue  # not enough samples a second for this mode, or another kind of input
        found += [each for each, one in zip(mine, heard, strict=True) if one]
    return found


def size_of(path: Path, told: Told) -> int | None:
    """Bytes of samples of a recording, if that is known. Raises SoundError, OSError."""
    with closing(open_recording(path, told)) as recording:
        return recording.size
