"""Recordings as links: ``file://pass.kss`` (raw bytes), ``file://pass.hex`` (one frame a line).

``?speed=1`` plays as over a 9600 baud line, ``?speed=10`` ten times faster; without, at once.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from decoders.frame import BadFrame
from decoders.framing.kiss import kiss_encode
from decoders.hex_text import HexLines
from groundstation.errors import LinkError
from groundstation.link_url import RecordingAddress
from groundstation.links.link import READ_WAIT_S, LinkEnded

_CHUNK = 65536
_BYTES_PER_S = 960  # 9600 baud, ten bits a byte


class ReplayOpener:
    """Opens a recording."""

    def __init__(self, address: RecordingAddress):
        self._path, self._speed = address.path, address.speed

    def __call__(self) -> ReplayPort:
        """Open the file from its start; raises LinkError when it cannot be read."""
        try:
            return ReplayPort(self._path.open("rb"), self._path, self._speed)
        except OSError as error:
            raise LinkError(f"{self._path} cannot be read: {error.strerror}") from error


class ReplayPort:
    """A recording as a :class:`groundstation.links.link.Port`; ends with LinkEnded."""

    def __init__(self, file: BinaryIO, path: Path, speed: float | None):
        self._file = file
        self._path = path
        self._speed = speed
        self._bad_lines: list[int] = []
        self._chunks = self._hex_lines() if path.suffix.lower() == ".hex" else self._raw()
        self._due_s = time.monotonic()

    def read(self) -> bytes:
        """The next bytes when they are due."""
        wait_s = self._due_s - time.monotonic()
        if wait_s > 0:
            time.sleep(min(wait_s, READ_WAIT_S))
            return b""
        try:
            data = next(self._chunks, b"")
        except OSError as error:
            raise LinkError(f"{self._path} cannot be read: {error.strerror}") from error
        if not data:
            raise LinkEnded(self._end())
        if self._speed is not None:
            self._due_s += len(data) / (_BYTES_PER_S * self._speed)
        return data

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _raw(self) -> Iterator[bytes]:
        size = _CHUNK
        if self._speed is not None:
            size = max(1, min(_CHUNK, round(_BYTES_PER_S * self._speed * READ_WAIT_S)))
        while chunk := self._file.read(size):
            yield chunk

    def _hex_lines(self) -> Iterator[bytes]:
        """Lines as KISS frames: one at a time in their pace, else as many as make a chunk."""
        waiting, size = [], 0
        for frame in self._hex_frames():
            waiting.append(frame)
            size += len(frame)
            if self._speed is not None or size >= _CHUNK:
                yield b"".join(waiting)
                waiting, size = [], 0
        if waiting:
            yield b"".join(waiting)

    def _hex_frames(self) -> Iterator[bytes]:
        """Each line as a KISS frame; empty lines and lines after ``#`` are remarks."""
        lines = HexLines()
        for number, line in enumerate(self._file, 1):
            for frame in lines.line(line.decode("utf-8", "replace")):
                if isinstance(frame, BadFrame):
                    self._bad_lines.append(number)
                else:
                    yield kiss_encode(frame.data)
        yield from (kiss_encode(frame.data) for frame in lines.end())

    def _end(self) -> str:
        if not self._bad_lines:
            return f"{self._path} was read to its end"
        return (
            f"{self._path}:{self._bad_lines[0]}: not hexadecimal bytes "
            f"(lines like this: {len(self._bad_lines)}); the others were read"
        )
