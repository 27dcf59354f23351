"""Recordings as links: ``file://pass.kss`` (raw bytes), ``file://pass.hex`` (one frame a line).

``?speed=1`` plays at the recording's own pace, ``?speed=10`` ten times faster; without, at once.
The pace is that of its time stamps (KISS command 0x09, ``time|hex``), else of a 9600 baud line.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from decoders.frame import BadFrame
from decoders.framing.kiss import kiss_encode, kiss_exact_stamp, stamp_us, unescape
from decoders.hex_text import HexLines
from groundstation.errors import LinkError
from groundstation.link_url import RecordingAddress
from groundstation.links.link import READ_WAIT_S, LinkEnded

_CHUNK = 65536
_BYTES_PER_S = 960  # 9600 baud, ten bits a byte
#: How a KISS stamp begins: in what is escaped, FEND stands nowhere else.
_STAMP = b"\xc0\x09"
_STAMPED = re.compile(rb"\xc0\x09([^\xc0]*)\xc0")
#: Bytes without a stamp that are kept waiting for one.
_MOST_WAITING = 1 << 20


class _Piece(NamedTuple):
    """Some bytes; ``time_us``: the stamp in front of them, or None."""

    data: bytes
    time_us: int | None = None


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
        self._pieces = self._hex_lines() if path.suffix.lower() == ".hex" else self._raw()
        self._next: _Piece | None = None
        self._begun_s = self._due_s = time.monotonic()
        self._first_us: int | None = None

    def read(self) -> bytes:
        """The next bytes when they are due."""
        try:
            piece = self._next = self._next or self._due(next(self._pieces, _Piece(b"")))
        except OSError as error:
            raise LinkError(f"{self._path} cannot be read: {error.strerror}") from error
        wait_s = self._due_s - time.monotonic()
        if wait_s > 0:
            time.sleep(min(wait_s, READ_WAIT_S))
            return b""
        if not piece.data:
            raise LinkEnded(self._end())
        self._next = None
        if self._speed is not None and piece.time_us is None:
            self._due_s += len(piece.data) / (_BYTES_PER_S * self._speed)
        return piece.data

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _due(self, piece: _Piece) -> _Piece:
        """Work out when it is due, where a stamp tells it."""
        if self._speed is not None and piece.time_us is not None:
            self._first_us = piece.time_us if self._first_us is None else self._first_us
            self._due_s = self._begun_s + (piece.time_us - self._first_us) / 1e6 / self._speed
        return piece

    def _raw(self) -> Iterator[_Piece]:
        if self._speed is None:
            while chunk := self._file.read(_CHUNK):
                yield _Piece(chunk)
            return
        stamped = self._file.read(len(_STAMP)) == _STAMP
        self._file.seek(0)
        yield from self._stamped() if stamped else self._by_baud(self._speed)

    def _by_baud(self, speed: float) -> Iterator[_Piece]:
        size = max(1, min(_CHUNK, round(_BYTES_PER_S * speed * READ_WAIT_S)))
        while chunk := self._file.read(size):
            yield _Piece(chunk)

    def _stamped(self) -> Iterator[_Piece]:
        """From each stamp up to the next one."""
        waiting = b""
        while chunk := self._file.read(_CHUNK):
            waiting += chunk
            while (at := waiting.find(_STAMP, 1)) > 0:
                yield _Piece(waiting[:at], _time_of(waiting[:at]))
                waiting = waiting[at:]
            if len(waiting) > _MOST_WAITING:
                yield _Piece(waiting, _time_of(waiting))
                waiting = b""
        if waiting:
            yield _Piece(waiting, _time_of(waiting))

    def _hex_lines(self) -> Iterator[_Piece]:
        """Lines as KISS frames: one at a time in their pace, else as many as make a chunk."""
        waiting, size = [], 0
        for piece in self._hex_frames():
            if self._speed is not None:
                yield piece
                continue
            waiting.append(piece.data)
            size += len(piece.data)
            if size >= _CHUNK:
                yield _Piece(b"".join(waiting))
                waiting, size = [], 0
        if waiting:
            yield _Piece(b"".join(waiting))

    def _hex_frames(self) -> Iterator[_Piece]:
        """Each line as a KISS frame with its time; empty lines and lines after ``#`` are
        remarks."""
        lines = HexLines()
        for number, line in enumerate(self._file, 1):
            for frame in lines.line(line.decode("utf-8", "replace")):
                if isinstance(frame, BadFrame):
                    self._bad_lines.append(number)
                elif frame.time_us is None:
                    yield _Piece(kiss_encode(frame.data))
                else:
                    stamp = kiss_exact_stamp(frame.time_us)
                    yield _Piece(stamp + kiss_encode(frame.data), frame.time_us)
        yield from (_Piece(kiss_encode(frame.data)) for frame in lines.end())

    def _end(self) -> str:
        if not self._bad_lines:
            return f"{self._path} was read to its end"
        return (
            f"{self._path}:{self._bad_lines[0]}: not hexadecimal bytes "
            f"(lines like this: {len(self._bad_lines)}); the others were read"
        )


def _time_of(data: bytes) -> int | None:
    """The stamp that bytes begin with."""
    found = _STAMPED.match(data)
    stamp = unescape(found[1]) if found else None
    return None if stamp is None else stamp_us(stamp)
