"""``groundstation satellites compare``: a definition and a decoder of satnogs-decoders."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundstation.cli.definitions import OWN_DEFINITIONS, known_satellite

if TYPE_CHECKING:
    from decoders.definition.model import Satellite
    from groundstation.catalog import SatelliteCatalog
    from groundstation.compared import Comparison

_STATES = ("different", "only ours", "only theirs", "equal")


@click.command()
@click.argument("id")
@click.argument("files", nargs=-1)
@click.option("--with", "name", help="Their decoder. Default: the one called as ID.")
@click.option("--hex", "hexes", multiple=True, help="A frame in hex; may be repeated.")
@OWN_DEFINITIONS
def compare(
    id: str, files: tuple[str, ...], name: str | None, hexes: tuple[str, ...], data: Path | None
) -> None:
    """Hold the definition of ID against satnogs-decoders, where that package is installed.

    Both decode the definition's examples, the frames of FILES (KISS or hex), and what the journal
    of the data folder has of ID. Rows of one name must say the same, raw or calibrated. Exit code
    1: something differs, or a frame is read by one of them only.
    """
    from groundstation import compared
    from groundstation.catalog import SatelliteCatalog
    from groundstation.errors import SatnogsError

    catalog = SatelliteCatalog(data)
    satellite = known_satellite(id, catalog.satellites)
    frames = _frames(satellite, files, hexes, data, catalog)
    try:
        name = name or compared.their_name(id)
        found = compared.compare(id, name, frames, catalog.decoder)
    except SatnogsError as error:
        raise click.UsageError(str(error)) from None
    _report(id, found)
    if found.differs:
        sys.exit(1)


def _frames(
    satellite: Satellite,
    files: tuple[str, ...],
    hexes: tuple[str, ...],
    data: Path | None,
    catalog: SatelliteCatalog,
) -> Iterator[bytes]:
    from decoders.frame import Frame
    from groundstation.cli.frames_input import FramesInput

    yield from (example.frame for example in satellite.examples)
    if files or hexes:
        with closing(FramesInput(files, hexes, None)) as given:
            for each in given.frames():
                if not isinstance(each, Frame):
                    raise click.UsageError(each.reason)
                yield each.data
    if data is not None:
        yield from _received(satellite.id, data, catalog)


def _received(id: str, data: Path, catalog: SatelliteCatalog) -> Iterator[bytes]:
    """Frames in the journal that are ``id``'s by today's definitions, or by the link's setting."""
    from groundstation.storage.journal import JournalReader

    if not (data / "journal.db").exists():
        return
    seq = 0
    with JournalReader(data) as journal:
        while some := journal.after(seq):
            seq = some[-1].seq
            for each in some:
                found = catalog.decoder.decode(each.raw, each.satellite)
                if found.satellite == id and found.packet is not None and each.error is None:
                    yield each.raw


def _report(id: str, found: Comparison) -> None:
    for problem in found.failed:
        click.echo(problem)
    counts = dict.fromkeys(_STATES, 0)
    for row in found.rows.values():
        counts[row.state] += 1
    for state in _STATES:
        for row in found.rows.values():
            if row.state == state:
                more = f"  {row.differing} of {row.both} frames, {row.example}" * bool(row.example)
                click.echo(f"{state:<12} {row.packet}: {row.name}{more}")
    told = ", ".join(f"{count} {state}" for state, count in counts.items())
    click.echo(f"{id} and satnogs:{found.theirs}, {found.frames} frames: {told}", err=True)
