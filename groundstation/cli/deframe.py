"""``groundstation deframe``: a coded stream to frames."""

from __future__ import annotations

import json
import sys

import click

from decoders.errors import DefinitionError
from decoders.frame import Frame
from groundstation.cli.frames_input import read_input


@click.command()
@click.argument("framing")
@click.argument("files", nargs=-1)
@click.option("--hex", "hexes", multiple=True, help="Coded bytes as hex.")
@click.option("--format", "form", type=click.Choice(("json",)), default="json")
def deframe(framing: str, files: tuple[str, ...], hexes: tuple[str, ...], form: str) -> None:
    """Take the frames out of FILES (standard input when none is given) coded with FRAMING.

    One JSON line a frame: frame (hex) or null, ok, corrected, reason.
    """
    from decoders.framing.registry import deframer

    try:
        machine = deframer(framing)
        data = [bytes.fromhex(text) for text in hexes]
    except DefinitionError as error:
        raise click.UsageError(str(error)) from error
    except ValueError as error:
        raise click.UsageError(f"--hex is not hex bytes: {error}") from error
    data += [read_input(name) for name in files or (() if hexes else ("-",))]
    found = [frame for part in data for frame in machine.feed(part)] + machine.flush()
    for frame in found:
        ok = isinstance(frame, Frame)
        row = {
            "frame": frame.data.hex() if ok else None,
            "ok": ok,
            "corrected": dict(frame.corrected),
            "reason": None if isinstance(frame, Frame) else frame.reason,
        }
        click.echo(json.dumps(row))
    if not all(isinstance(frame, Frame) for frame in found):
        sys.exit(1)
