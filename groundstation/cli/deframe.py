"""``groundstation deframe``: a coded stream to frames."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TypeAlias, TypedDict

import click

from decoders.errors import DefinitionError
from decoders.frame import BadFrame, Deframed, Frame
from decoders.hex_text import one_frame
from groundstation.cli.frames_input import read_input

#: The value of a framing's option.
Option: TypeAlias = int | float | bool | str


class _Row(TypedDict):
    """One line of the output: a frame, or why it is none."""

    frame: str | None
    ok: bool
    bit_index: int | None
    sync_errors: int | None
    corrected: dict[str, int]
    reason: str | None


@click.command()
@click.argument("framing")
@click.argument("files", nargs=-1)
@click.option("--hex", "hexes", multiple=True, help="Input as hex instead of FILES.")
@click.option("--bits", is_flag=True, help="Input is a stream of packed hard bits, not one block.")
@click.option("--soft", is_flag=True, help="Input is a stream of soft symbols, a signed byte each.")
@click.option("--option", "options", multiple=True, metavar="NAME=VALUE", help="Of the framing.")
@click.option("--format", "form", type=click.Choice(("json",)), default="json")
def deframe(
    framing: str,
    files: tuple[str, ...],
    hexes: tuple[str, ...],
    bits: bool,
    soft: bool,
    options: tuple[str, ...],
    form: str,
) -> None:
    """Take the frames out of FILES (standard input when none is given) coded with FRAMING.

    Each input is one coded block, from the first byte after its sync word on; a block of bytes 00
    and 01 is taken as one bit a byte. With --bits or --soft all input is one stream in which sync
    words are searched. Framings of bytes (kiss, slip, lines ...) always take a stream.

    One JSON line a frame: frame (hex) or null, ok, bit_index, sync_errors, corrected, reason.
    """
    data = [_bytes(text) for text in hexes]
    data += [read_input(name) for name in files or (() if hexes else ("-",))]
    try:
        found = _frames(framing, dict(map(_option, options)), data, bits, soft)
    except DefinitionError as error:
        raise click.UsageError(str(error)) from error
    for frame in found:
        click.echo(json.dumps(_row(frame)))
    good = [isinstance(frame, Frame) for frame in found]
    # In a stream noise looks like a sync word now and then; a block that fails is bad data.
    if not (any(good) if bits or soft else all(good)):
        sys.exit(1)


def _frames(
    framing: str, options: Mapping[str, Option], data: list[bytes], bits: bool, soft: bool
) -> list[Deframed]:
    from decoders.framing.registry import (
        BIT_FRAMINGS,
        BYTE_FRAMINGS,
        bit_deframer,
        deframer,
    )

    if framing not in BIT_FRAMINGS and not (framing in BYTE_FRAMINGS and (bits or soft)):
        machine = deframer(framing, options)
        return [frame for part in data for frame in machine.feed(part)] + machine.flush()
    if bits or soft:
        return _stream(framing, options, b"".join(data), soft)
    block = bit_deframer(framing, options)
    return [frame for part in data for frame in block.decode_block(_packed(part))]


def _stream(framing: str, options: Mapping[str, Option], data: bytes, soft: bool) -> list[Deframed]:
    import numpy as np

    from decoders.framing.registry import bit_deframer

    machine = bit_deframer(framing, options)
    stream = np.frombuffer(data, np.int8) if soft else data
    return [*machine.feed(stream), *machine.flush()]


def _packed(data: bytes) -> bytes:
    """One bit a byte becomes packed bits; anything else is left as it is."""
    if len(data) < 8 or set(data) - {0, 1}:
        return data
    import numpy as np

    return np.packbits(np.frombuffer(data, np.uint8)).tobytes()


def _bytes(text: str) -> bytes:
    found = one_frame(text)
    if isinstance(found, BadFrame):
        raise click.UsageError(f"--hex is {found.reason}")
    return found.data


def _option(text: str) -> tuple[str, Option]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"--option {text!r} is not NAME=VALUE")
    if name in ("sync", "convolutional"):
        return name, value
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            continue
    return name, {"true": True, "false": False}.get(value, value)


def _row(frame: Deframed) -> _Row:
    ok = isinstance(frame, Frame)
    return {
        "frame": frame.data.hex() if ok else None,
        "ok": ok,
        "bit_index": frame.bit_index,
        "sync_errors": frame.sync_errors,
        "corrected": dict(frame.corrected),
        "reason": None if isinstance(frame, Frame) else frame.reason,
    }
