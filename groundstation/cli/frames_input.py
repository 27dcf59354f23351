"""Frames that a user gives on the command line: files, standard input, or hex."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from decoders.frame import BadFrame, Deframed, Frame
from decoders.framing.kiss import FEND, KissDeframer

INPUTS = ("kiss", "hex", "frames")
_CHUNK = 1 << 16


def frames_from(
    files: tuple[str, ...], hexes: tuple[str, ...], kind: str | None
) -> Iterator[Deframed]:
    """Every frame of ``--hex`` and of the files ("-": standard input), in order.

    ``kind``: kiss (a byte stream), hex (a frame a line) or frames (each file is one frame); None:
    by the first bytes. Unreadable hex comes as a BadFrame that names its place.
    """
    for text in hexes:
        yield _hex_frame(text, "--hex")
    for name in files or (() if hexes else ("-",)):
        yield from _file(name, kind)


def _file(name: str, kind: str | None) -> Iterator[Deframed]:
    data = read_input(name)
    if kind is None:
        kind = "kiss" if data[:1] == bytes([FEND]) else "hex"
    if kind == "frames":
        yield Frame(data)
    elif kind == "kiss":
        deframer = KissDeframer()
        for start in range(0, len(data), _CHUNK):
            yield from deframer.feed(data[start : start + _CHUNK])
        yield from deframer.flush()
    else:
        yield from _hex_lines(data, name)


def read_input(name: str) -> bytes:
    """The bytes of a file, or of standard input for "-"; a usage error when it cannot be read."""
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise click.UsageError(f"cannot read {name}: {error.strerror}") from error


def _hex_lines(data: bytes, name: str) -> Iterator[Deframed]:
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        content = line.partition("#")[0].strip()
        if content:
            yield _hex_frame(content, f"{name}, line {number}")


def _hex_frame(text: str, place: str) -> Deframed:
    try:
        return Frame(bytes.fromhex(text))
    except ValueError:
        return BadFrame(text.encode(), f"{place}: not hex bytes: {text[:40]!r}")
