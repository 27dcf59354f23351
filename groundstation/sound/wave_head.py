"""The head of a WAV file: what its samples are and where they lie.

RIFF/WAVE as in "Multimedia Programming Interface and Data Specifications 1.0" (IBM and Microsoft,
1991), WAVE_FORMAT_EXTENSIBLE, and RF64 (EBU Tech 3306) for what is longer than 4 GB. Python's own
``wave`` refuses floating point numbers, and lengths that a program could not yet know when it wrote
them to a pipe.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from groundstation.errors import SoundError

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
#: By what the head says: the format's tag and the bits of a number.
_FORMATS: Mapping[tuple[int, int], str] = {
    (_PCM, 8): "u8",
    (_PCM, 16): "s16le",
    (_PCM, 24): "s24le",
    (_PCM, 32): "s32le",
    (_FLOAT, 32): "f32le",
    (_FLOAT, 64): "f64le",
}
_TAGS = {2: "ADPCM", 6: "A-law", 7: "mu-law", 0x55: "MP3"}
#: Lengths that mean 'to the end': what a pipe's writer puts there, and one that was killed.
_UNKNOWN = (0, 0xFFFFFFFF)
#: The samples begin within the first chunks; more is no WAV file.
_MOST_CHUNKS = 1000


@dataclass(frozen=True, slots=True)
class WaveHead:
    """``format``: a key of :data:`groundstation.sound.samples.FORMATS`.

    ``size``: bytes of the samples, None: to the end of the file. The file stands at the first.
    """

    rate_hz: int
    channels: int
    format: str
    size: int | None


def read_wave_head(file: BinaryIO, name: str) -> WaveHead:
    """Read ``file`` up to its samples; raises SoundError that names ``name``."""
    start = file.read(12)
    if len(start) < 12 or start[:4] not in (b"RIFF", b"RF64") or start[8:] != b"WAVE":
        raise SoundError(f"{name} is not a WAV file (it begins with {start[:4]!r})")
    form: tuple[str, int, int] | None = None
    long_size: int | None = None
    for _ in range(_MOST_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            break
        kind, size = struct.unpack("<4sI", head)
        if kind == b"data":
            if form is None:
                raise SoundError(f"{name} does not say what its samples are (no chunk 'fmt ')")
            name_of_format, channels, rate_hz = form
            known = None if size in _UNKNOWN else size
            return WaveHead(rate_hz, channels, name_of_format, long_size or known)
        content = file.read(size + size % 2)
        if kind == b"fmt ":
            form = _form(content, name)
        elif kind == b"ds64" and len(content) >= 16:
            long_size = struct.unpack_from("<Q", content, 8)[0]
    raise SoundError(f"{name} ends before its samples; copy or download it again")


def _form(content: bytes, name: str) -> tuple[str, int, int]:
    if len(content) < 16:
        raise SoundError(f"{name}: its head is cut off; copy or download it again")
    tag, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", content)
    if tag == _EXTENSIBLE and len(content) >= 26:
        (tag,) = struct.unpack_from("<H", content, 24)
    form = _FORMATS.get((tag, bits))
    if form is None:
        what = _TAGS.get(tag, f"format {tag}")
        raise SoundError(
            f"{name} holds {what} of {bits} bits; make it 16-bit PCM: sox {name} -b 16 new.wav"
        )
    return form, channels, rate_hz
