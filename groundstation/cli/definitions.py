"""What the commands share that take a definition and write a text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundstation.cli.terminal import write_document
from groundstation.naming import near_ids

if TYPE_CHECKING:
    from decoders.definition.model import Satellite

#: ``--data`` of commands that need the folder only for the user's own definitions.
OWN_DEFINITIONS = click.option(
    "--data", type=click.Path(path_type=Path), help="Data folder with own satellites/."
)


def known_satellite(id: str, satellites: Mapping[str, Satellite]) -> Satellite:
    """The satellite ``id``. Raises UsageError with the nearest known id."""
    if id not in satellites:
        raise click.UsageError(f"there is no satellite {id!r}{near_ids(id, satellites)}")
    return satellites[id]


def refuse_to_overwrite(output: Path) -> None:
    """Raise UsageError where something lies in that file: nobody's file is written over."""
    if output.is_file() and output.stat().st_size:
        raise click.UsageError(f"{output} is there already: name another file, or move it away")


def write_text(text: str, output: Path | None) -> None:
    """Write to a new file, or print. Raises UsageError where the file cannot be written."""
    if output is None:
        write_document(text)
        return
    try:
        refuse_to_overwrite(output)
        output.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise click.UsageError(f"cannot write {output}: {error.strerror}") from None
