"""Recordings of sound and IQ: WAV by ourselves; OGG and FLAC by the optional library soundfile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Protocol

from groundstation.link_slips import SOUND_FILES
from groundstation.sound.start_time import start_us
from groundstation.sound.stream import Sound
from groundstation.sound.wave_head import read_wave_head

_COMPRESSED = {b"OggS": "OGG", b"fLaC": "FLAC"}
_IQ = re.compile(r"(?:^|[_.-])iq(?:[_.-]|$)", re.IGNORECASE)
#: Gqrx's recordings of IQ without a head: ``gqrx_DAY_TIME_FREQUENCY_RATE_fc.raw``.
_GQRX_IQ = re.compile(r"gqrx_\d{8}_\d{6}_\d+_(\d+)_fc\.raw$", re.IGNORECASE)
_CHUNK = 1 << 16


class Recording(Protocol):
    """A recording that is open. ``sound``: what its bytes are. ``size``: how many, or None."""

    sound: Sound
    size: int | None

    def read(self, size: int) -> bytes:
        """The next bytes, at most ``size``; empty at the end. Raises SoundError or OSError."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says of a recording. ``raw``: it has no head, and this is what it holds.

    ``iq`` and ``start_us`` None: what its head and its name say.
    """

    raw: Sound | None = None
    iq: bool | None = None
    start_us: int | None = None


def is_sound(path: Path) -> bool:
    """Whether a file is sound by its name."""
    return path.suffix.lower() in SOUND_FILES or bool(_GQRX_IQ.search(path.name))


def open_recording(path: Path, told: Told | None = None) -> Recording:
    """Open a file of sound. Raises SoundError for what is none, OSError as opening does."""
    told = told or Told()
    file = path.open("rb")
    try:
        recording = _opened(file, path, told)
        recording.sound = _as_told(recording.sound, path, told)
    except BaseException:
        file.close()
        raise
    return recording


def chunks(recording: Recording) -> Iterator[bytes]:
    """All its bytes, a piece at a time."""
    while data := recording.read(_CHUNK):
        yield data


def _opened(file: BinaryIO, path: Path, told: Told) -> Recording:
    if told.raw is not None:
        return RawRecording(file, told.raw, path.stat().st_size)
    if found := _GQRX_IQ.search(path.name):
        sound = Sound(float(found[1]), "f32le", 2, iq=True)
        return RawRecording(file, sound, path.stat().st_size)
    start = file.read(4)
    file.seek(0)
    if start in _COMPRESSED:
        from groundstation.sound.compressed import CompressedRecording

        file.close()
        return CompressedRecording(path, _COMPRESSED[start])
    head = read_wave_head(file, str(path))
    return RawRecording(file, Sound(head.rate_hz, head.format, head.channels), head.size)


def _as_told(sound: Sound, path: Path, told: Told) -> Sound:
    by_name = sound.iq or (sound.channels == 2 and bool(_IQ.search(path.stem)))
    iq = by_name if told.iq is None else told.iq
    begun = start_us(path.name) if told.start_us is None else told.start_us
    return replace(sound, iq=iq, start_us=begun)


class RawRecording:
    """Samples as they are in the file."""

    def __init__(self, file: BinaryIO, sound: Sound, size: int | None):
        self.sound, self.size = sound, size
        self._file = file
        self._left = size

    def read(self, size: int) -> bytes:
        """See Recording. A file that is shorter than its head says ends where it ends."""
        data = self._file.read(size if self._left is None else min(size, self._left))
        if self._left is not None:
            self._left -= len(data)
        return data

    def close(self) -> None:
        """See Recording."""
        self._file.close()
