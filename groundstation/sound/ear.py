"""The modem between the samples of a link and its frames."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from decoders.errors import DefinitionError
from decoders.frame import BadFrame, Frame
from decoders.modem import Heard, SharedReceiver
from groundstation.model import Signal
from groundstation.receive.arrival import Arrival
from groundstation.sound.samples import SampleReader, Samples
from groundstation.sound.stream import Sound
from groundstation.sound.tuner import tuner_for
from groundstation.sound.voices import Voice

#: The same bytes from two voices within this time are one frame.
_SAME_S = 1.0


class Source(Protocol):
    """Where samples come from: what they are, and the frequency that is 0 in IQ, if known."""

    sound: Sound
    centre_hz: float | None


@dataclass(frozen=True, slots=True)
class Caught:
    """What was heard, for whoever keeps it: the frame, and where its samples are.

    ``sample``: index of its first sample among ``samples``, of which there are ``rate_hz`` a
    second; ``iq`` as in :class:`groundstation.sound.stream.Sound`.
    """

    arrival: Arrival
    voice: Voice
    samples: Samples
    sample: int
    rate_hz: float
    iq: bool
    scale: float | None


class Ear:
    """Samples to frames: what a :class:`groundstation.receive.receiver.Receiver` asks for them.

    ``wanted``: what is listened for, asked at each piece. ``now_us``: the time of the station's
    clock. ``received_hz``: where a frequency of a voice is heard now, with Doppler. ``keep``: is
    given frames with their samples. A frame's time is that of its first sample: by the clock where
    samples come as they are taken, by the recording's start where that is known, else None.
    """

    def __init__(
        self,
        wanted: Callable[[], Sequence[Voice]],
        now_us: Callable[[], int] = lambda: 0,
        *,
        received_hz: Callable[[Voice, float], float] = lambda voice, frequency_hz: frequency_hz,
        keep: Callable[[Caught], None] | None = None,
        say: Callable[[str], None] = lambda text: None,
    ):
        self._wanted, self._now_us = wanted, now_us
        self._received_hz, self._keep, self._say = received_hz, keep, say
        self._source: Source | None = None
        self._reader: SampleReader | None = None
        self._channels: list[_Channel] = []
        self._for: tuple[Voice, ...] = ()
        self._count = 0
        self._recent: deque[tuple[bytes, float]] = deque(maxlen=64)

    def begin(self, source: Source) -> None:
        """A source was opened: its samples follow."""
        self._source, self._reader = source, SampleReader(source.sound)
        self._channels, self._for, self._count = [], (), 0
        self._recent.clear()

    def feed(self, data: bytes) -> list[Arrival]:
        """The next bytes of the source."""
        assert self._source is not None and self._reader is not None
        samples = self._reader.feed(data)
        found = self._listen_for(self._source)
        self._count += len(samples)
        for channel in self._channels:
            found += self._arrivals(channel, self._heard(channel, samples))
        return found

    def _heard(self, channel: _Channel, samples: Samples) -> list[tuple[Voice, Heard]]:
        """What a channel hears; where it fails against all rules, the others go on."""
        voice = channel.voices[0]
        try:
            return channel.feed(samples, self._shift_hz(voice))
        except Exception as error:
            self._say(f"{voice}: a mistake in the modem: {error!r}; please report it")
            return []

    def flush(self) -> list[Arrival]:
        """The stream broke or ended: what is complete of it."""
        return self._end()

    def _listen_for(self, source: Source) -> list[Arrival]:
        """Listen for what is wanted now; gives what was left of what is not any more."""
        wanted = tuple(self._wanted())
        if wanted == self._for:
            return []
        left = self._end()
        self._for = wanted
        for alike in _alike(wanted, source.sound):
            try:
                self._channels.append(_Channel(alike, source, self._count, self._keep is not None))
            except DefinitionError as error:
                self._say(f"{', '.join(id for voice in alike for id in voice.satellites)}: {error}")
        return left

    def _end(self) -> list[Arrival]:
        found: list[Arrival] = []
        for channel in self._channels:
            found += self._arrivals(channel, channel.finish())
        self._channels, self._for = [], ()
        return found

    def _shift_hz(self, voice: Voice) -> float:
        """Where in the IQ the voice is."""
        assert self._source is not None
        if voice.frequency_hz is None or self._source.centre_hz is None:
            return 0.0
        return self._received_hz(voice, voice.frequency_hz) - self._source.centre_hz

    def _arrivals(self, channel: _Channel, heard: Sequence[tuple[Voice, Heard]]) -> list[Arrival]:
        found = []
        for voice, each in heard:
            at = channel.input_sample(each.sample)
            if self._is_new(each.item, at):
                arrival = self._arrival(voice, each, at)
                found.append(arrival)
                if self._keep is not None and isinstance(each.item, Frame):
                    self._keep(channel.caught(voice, arrival, each.sample))
        return found

    def _is_new(self, item: Frame | BadFrame, at: float) -> bool:
        """Whether no other voice has brought the same at the same time."""
        assert self._source is not None
        near = _SAME_S * self._source.sound.rate_hz
        if len(self._for) > 1:
            if any(data == item.data and abs(at - other) < near for data, other in self._recent):
                return False
            self._recent.append((item.data, at))
        return True

    def _arrival(self, voice: Voice, heard: Heard, at: float) -> Arrival:
        quality = heard.quality
        signal = Signal(quality.eb_n0_db, quality.offset_hz, quality.repaired)
        item = replace(heard.item, time_us=self._time_us(at))
        supposed = voice.satellites[0] if len(voice.satellites) == 1 else None
        return Arrival(item, signal, supposed, str(voice))

    def _time_us(self, at: float) -> int | None:
        assert self._source is not None
        sound = self._source.sound
        if sound.live:
            return self._now_us() - round((self._count - at) / sound.rate_hz * 1e6)
        if sound.start_us is None:
            return None
        return sound.start_us + round(at / sound.rate_hz * 1e6)


def _alike(wanted: Sequence[Voice], sound: Sound) -> list[list[Voice]]:
    """Voices that can be demodulated together: of one mode, in IQ also on one frequency."""
    found: dict[object, list[Voice]] = {}
    for voice in wanted:
        place = (voice.frequency_hz, voice.satellites) if sound.iq else ()
        found.setdefault((voice.mode, *place), []).append(voice)
    return list(found.values())


class _Channel:
    """Voices of one mode in a stream of samples. ``first``: how many of the source were before."""

    def __init__(self, voices: Sequence[Voice], source: Source, first: int, remembers: bool):
        sound, mode = source.sound, voices[0].mode
        self.voices, self._first, self._iq = voices, first, sound.iq
        self._tuner = tuner_for(sound, mode.baud)
        self._rate_hz = self._tuner.rate_hz if self._tuner else sound.rate_hz
        self._scale = sound.scale
        self._receiver = SharedReceiver(
            mode,
            [(voice.framing, voice.options) for voice in voices],
            rate_hz=self._rate_hz,
            iq=sound.iq,
            scale=sound.scale,
            highpass_hz=sound.highpass_hz,
        )
        self._memory = _Memory(round(_MEMORY_S * self._rate_hz)) if remembers else None

    def feed(self, samples: Samples, shift_hz: float) -> list[tuple[Voice, Heard]]:
        if self._tuner is not None:
            samples = self._tuner.feed(samples, shift_hz)
        if self._memory is not None:
            self._memory.add(samples)
        return self._told(self._receiver.feed(samples))

    def finish(self) -> list[tuple[Voice, Heard]]:
        return self._told(self._receiver.finish())

    def _told(self, heard: list[tuple[int, Heard]]) -> list[tuple[Voice, Heard]]:
        return [(self.voices[place], each) for place, each in heard]

    def input_sample(self, sample: int) -> float:
        """The sample of the source that became the receiver's ``sample``."""
        if self._tuner is None:
            return self._first + sample
        return self._first + sample * self._tuner.step + self._tuner.delay

    def caught(self, voice: Voice, arrival: Arrival, sample: int) -> Caught:
        assert self._memory is not None
        samples, first = self._memory.around()
        return Caught(
            *(arrival, voice, samples, sample - first, self._rate_hz, self._iq, self._scale)
        )


#: The last seconds of samples are remembered: more than a frame and what it waits for.
_MEMORY_S = 6.0


class _Memory:
    """The last samples, and how many there were before them."""

    def __init__(self, most: int):
        self._most = most
        self._pieces: deque[NDArray[np.float32] | NDArray[np.complex64]] = deque()
        self._held = self._before = 0

    def add(self, samples: Samples) -> None:
        self._pieces.append(samples)
        self._held += len(samples)
        while self._held - len(self._pieces[0]) >= self._most:
            gone = len(self._pieces.popleft())
            self._held -= gone
            self._before += gone

    def around(self) -> tuple[Samples, int]:
        return np.concatenate(list(self._pieces)), self._before
