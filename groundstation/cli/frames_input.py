"""Frames that a user gives on the command line: files, standard input, or hex."""

from __future__ import annotations

import sys
from binascii import unhexlify
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

import click

from decoders.frame import BadFrame, Deframed, Deframer, Frame
from decoders.framing.kiss import FEND, KissDeframer
from decoders.framing.space_packets import SpacePacketDeframer
from decoders.hex_text import HexLines, one_frame
from groundstation.sound.recording import is_sound

INPUTS = ("kiss", "hex", "frames", "space-packets")
_STREAMS: dict[str, Callable[[], Deframer]] = {
    "kiss": KissDeframer,
    "space-packets": SpacePacketDeframer,
}
_CHUNK = 1 << 16
#: Standard input that is read twice goes to a temporary file from this size on.
_IN_MEMORY = 1 << 26
#: A line of hex that is longer holds no frame.
_LONGEST_LINE = 1 << 20


class FramesInput:
    """Every frame of ``--hex`` and of the files ("-": standard input), in order.

    ``kind``: kiss or space-packets (streams of bytes), hex (see :mod:`decoders.hex_text`) or frames
    (each file is one frame); None: by the first byte, kiss or hex. ``again``: the frames are asked
    for more than once. ``advance``: is told how many bytes more have been read. ``hear``: the
    frames in a file of sound; ``sound``: all files are, whatever their names.
    """

    def __init__(
        self,
        files: tuple[str, ...],
        hexes: tuple[str, ...],
        kind: str | None,
        *,
        again: bool = False,
        advance: Callable[[float], None] | None = None,
        hear: Callable[[Path], Iterator[Deframed]] | None = None,
        sound: bool = False,
    ):
        self._files = files or (() if hexes else ("-",))
        self._hexes, self._kind, self._again = hexes, kind, again
        self._advance = advance or (lambda count: None)
        self._hear, self._sound = hear, sound
        self._kept: BinaryIO | None = None

    @property
    def size(self) -> int | None:
        """Bytes of all files, None where one is a stream."""
        total = 0
        for name in self._files:
            try:
                path = Path(name)
                if name == "-" or not path.is_file():
                    return None
                total += path.stat().st_size
            except OSError:
                return None
        return total

    def is_sound(self, name: str) -> bool:
        """Whether a file is demodulated first."""
        if name == "-" or self._kind is not None:
            return False
        return self._sound or is_sound(Path(name))

    def frames(self) -> Iterator[Deframed]:
        """The frames; unreadable hex comes as a BadFrame that names its place.

        Raises UsageError for a file that cannot be read.
        """
        for text in self._hexes:
            yield from _placed([one_frame(text)], "--hex")
        for name in self._files:
            try:
                yield from self._file(name)
            except OSError as error:
                raise click.UsageError(f"cannot read {name}: {error.strerror}") from error

    def close(self) -> None:
        """Let go of what was kept to be read again."""
        if self._kept is not None:
            self._kept.close()

    def _file(self, name: str) -> Iterator[Deframed]:
        if name == "-":
            yield from self._stream(self._standard_input(), name)
            return
        if self._hear is not None and self.is_sound(name):
            yield from self._hear(Path(name))
            return
        with Path(name).open("rb") as stream:
            yield from self._stream(stream, name)

    def _standard_input(self) -> BinaryIO:
        if not self._again:
            return sys.stdin.buffer
        if self._kept is None:
            import tempfile

            self._kept = cast(BinaryIO, tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115  # as long as the command
            while data := sys.stdin.buffer.read(_CHUNK):
                self._kept.write(data)
        self._kept.seek(0)
        return self._kept

    def _stream(self, stream: BinaryIO, name: str) -> Iterator[Deframed]:
        first = stream.read(1)
        kind = self._kind or ("kiss" if first == bytes([FEND]) else "hex")
        if kind == "frames":
            yield Frame(first + stream.read())
        elif kind in _STREAMS:
            deframer = _STREAMS[kind]()
            yield from deframer.feed(first)
            while data := stream.read(_CHUNK):
                self._advance(len(data))
                yield from deframer.feed(data)
            yield from deframer.flush()
        else:
            yield from self._hex_lines(first, stream, name)

    def _hex_lines(self, first: bytes, stream: BinaryIO, name: str) -> Iterator[Deframed]:
        lines, number = HexLines(), 0
        while line := first + stream.readline(_LONGEST_LINE):
            first = b""
            self._advance(len(line))
            if not lines.open and (data := _hex_alone(line)):
                number += 1
                yield Frame(data)
                continue
            for text in line.decode("utf-8", "replace").splitlines():
                number += 1
                yield from _placed(lines.line(text), f"{name}, line {number}")
        yield from lines.end()


def read_input(name: str) -> bytes:
    """The bytes of a file, or of standard input for "-"; a usage error when it cannot be read."""
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise click.UsageError(f"cannot read {name}: {error.strerror}") from error


def _hex_alone(line: bytes) -> bytes:
    """The bytes of a line that is hex and nothing else, as nearly all are; else none."""
    try:
        return unhexlify(line.removesuffix(b"\n").removesuffix(b"\r"))
    except ValueError:
        return b""


def _placed(frames: Iterable[Deframed], place: str) -> Iterator[Deframed]:
    """The frames, and where those stand that are none."""
    for frame in frames:
        if isinstance(frame, BadFrame):
            yield replace(frame, reason=f"{place}: {frame.reason}")
        else:
            yield frame
