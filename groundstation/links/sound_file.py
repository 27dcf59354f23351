"""Recordings of sound as links: ``wav://FILE``, WAV, OGG or FLAC.

``?speed=1`` plays at the recording's own pace; without, at once.
"""

from __future__ import annotations

import time

from groundstation.errors import LinkError, SoundError
from groundstation.links.link import READ_WAIT_S, LinkEnded
from groundstation.sound.addresses import SoundFileAddress
from groundstation.sound.recording import Recording, open_recording

_CHUNK = 1 << 14
#: At a pace of its own it comes in pieces of so many seconds.
_PIECE_S = 0.1


class SoundFileOpener:
    """Opens a recording."""

    def __init__(self, address: SoundFileAddress):
        self._address = address

    def __call__(self) -> SoundFilePort:
        """Open the file from its start; raises LinkError when it cannot be read."""
        path = self._address.path
        try:
            return SoundFilePort(open_recording(path, self._address.told), self._address)
        except OSError as error:
            raise LinkError(f"{path} cannot be read: {error.strerror}") from error
        except SoundError as error:
            raise LinkError(str(error)) from error


class SoundFilePort:
    """A recording as a :class:`groundstation.links.link.Port`; ends with LinkEnded."""

    def __init__(self, recording: Recording, address: SoundFileAddress):
        self.sound = recording.sound
        self.centre_hz: float | None = None
        self._recording, self._path, self._speed = recording, address.path, address.speed
        self._due_s = time.monotonic()

    def read(self) -> bytes:
        """The next samples when they are due."""
        wait_s = self._due_s - time.monotonic()
        if wait_s > 0:
            time.sleep(min(wait_s, READ_WAIT_S))
            return b""
        try:
            data = self._recording.read(self._piece())
        except OSError as error:
            raise LinkError(f"{self._path} cannot be read: {error.strerror}") from error
        except SoundError as error:
            raise LinkEnded(str(error)) from error
        if not data:
            raise LinkEnded(f"{self._path} was read to its end")
        if self._speed is not None:
            seconds = len(data) / self.sound.moment_bytes / self.sound.rate_hz
            self._due_s += seconds / self._speed
        return data

    def close(self) -> None:
        """Close the file."""
        self._recording.close()

    def _piece(self) -> int:
        """How many bytes are read at once: whole moments."""
        size = self.sound.moment_bytes
        if self._speed is None:
            return max(1, _CHUNK // size) * size
        return max(1, round(self.sound.rate_hz * _PIECE_S * min(self._speed, 100.0))) * size
