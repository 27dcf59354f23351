"""A sound card's input by the library sounddevice, which the extra ``audio`` brings."""

from __future__ import annotations

import contextlib
from typing import Any

from groundstation.errors import LinkError
from groundstation.links.link import READ_WAIT_S
from groundstation.sound.addresses import SoundCardAddress
from groundstation.sound.compressed import MEND


class SoundCardOpener:
    """Opens one input again and again."""

    def __init__(self, address: SoundCardAddress):
        self._address = address

    def __call__(self) -> SoundCardPort:
        """Open the input; raises LinkError when it is not there or the library is missing."""
        try:
            import sounddevice
        except ImportError as error:
            raise LinkError(f"a sound card needs the library sounddevice: {MEND}") from error
        except OSError as error:
            raise LinkError(
                "a sound card needs the library PortAudio: sudo apt install libportaudio2"
            ) from error
        address = self._address
        try:
            stream = sounddevice.RawInputStream(
                samplerate=address.sound.rate_hz,
                channels=address.sound.channels,
                dtype="int16",
                device=_device(address.device),
                latency="high",
            )
            stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise LinkError(_why_not(address, error, _inputs(sounddevice))) from error
        return SoundCardPort(stream, address, sounddevice.PortAudioError)


class SoundCardPort:
    """An open input as a :class:`groundstation.links.link.Port`."""

    def __init__(self, stream: Any, address: SoundCardAddress, wrong: type[Exception]):
        self.sound = address.sound
        self.centre_hz: float | None = None
        self._stream, self._wrong = stream, wrong
        self._piece = int(address.sound.rate_hz * READ_WAIT_S / 2)

    def read(self) -> bytes:
        """A tenth of a second of sound."""
        try:
            data, _ = self._stream.read(self._piece)
        except self._wrong as error:
            raise LinkError(f"the sound card was unplugged or stopped: {error}") from error
        return bytes(data)

    def close(self) -> None:
        """Let go of the card."""
        with contextlib.suppress(Exception):
            self._stream.close()


def _device(name: str) -> int | str | None:
    """As the library takes it: a number, a part of a name, or None for the usual one."""
    if not name:
        return None
    return int(name) if name.isdecimal() else name


def _inputs(library: Any) -> list[str]:
    """The names of the inputs that there are."""
    try:
        found = library.query_devices()
    except library.PortAudioError:
        return []
    return [item["name"] for item in found if item["max_input_channels"] > 0]


def _why_not(address: SoundCardAddress, error: Exception, inputs: list[str]) -> str:
    name = f"audio://{address.device}"
    if not inputs:
        return f"{name}: this computer has no sound input; plug one in"
    return f"{name} cannot be opened ({error}); inputs: {', '.join(inputs)}"
