"""OGG (Vorbis, Opus) and FLAC by the library soundfile, which the extra ``audio`` brings."""

from __future__ import annotations

from pathlib import Path

from groundstation.errors import SoundError
from groundstation.sound.stream import Sound

#: What to do where the library is missing.
MEND = "pip install 'nanosat-groundstation[audio]'"


class CompressedRecording:
    """A :class:`groundstation.sound.recording.Recording` that is unpacked as it is read."""

    def __init__(self, path: Path, kind: str):
        try:
            import soundfile
        except (ImportError, OSError) as error:  # OSError: the package is there, libsndfile is not
            raise SoundError(
                f"{path} is {kind}, which needs the library soundfile ({MEND}); or make it a WAV "
                f"file: ffmpeg -i {path} new.wav"
            ) from error
        self._wrong = soundfile.SoundFileError
        self._path = path
        try:
            self._file = soundfile.SoundFile(str(path))
        except self._wrong as error:
            raise SoundError(f"{path} cannot be read: {error}") from error
        rate_hz, channels = self._file.samplerate, self._file.channels
        self.sound = Sound(rate_hz, "f32le", channels)
        frames = self._file.frames
        self.size = frames * self.sound.moment_bytes if 0 < frames < 1 << 40 else None

    def read(self, size: int) -> bytes:
        """See Recording."""
        try:
            found = self._file.read(max(1, size // self.sound.moment_bytes), dtype="float32")
        except self._wrong as error:
            raise SoundError(f"{self._path} is damaged from here on: {error}") from error
        data: bytes = found.tobytes()
        return data

    def close(self) -> None:
        """See Recording."""
        self._file.close()
