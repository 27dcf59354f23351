"""``groundstation decode``: frames to values."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from decoders.frame import Deframed
from decoders.value import Decoded
from groundstation.cli.decoded_batches import Batches, Decodes, Foreign
from groundstation.cli.definitions import OWN_DEFINITIONS, known_satellite
from groundstation.cli.frames_input import INPUTS, FramesInput
from groundstation.cli.progress import Progress
from groundstation.cli.sound_input import sound_options
from groundstation.history.value_text import state_text, value_text
from groundstation.sound.recording import Told

if TYPE_CHECKING:
    from groundstation.catalog import SatelliteCatalog


@click.command()
@click.argument("files", nargs=-1)
@click.option("--hex", "hexes", multiple=True, help="A frame as hex bytes.")
@click.option("--satellite", help="Whose frames these are; without it the sender is identified.")
@click.option("--input", "kind", type=click.Choice(INPUTS), help="What the files hold.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json", "csv", "influx")),
    default="table",
    show_default=True,
)
@click.option(
    "--wide", is_flag=True, help="With --format csv: a row a frame, a column a parameter."
)
@click.option(
    "--explain",
    "names",
    multiple=True,
    metavar="NAME",
    help="How this value came about, bit by bit and step by step ('all': every value).",
)
@sound_options
@OWN_DEFINITIONS
def decode(
    files: tuple[str, ...],
    hexes: tuple[str, ...],
    satellite: str | None,
    kind: str | None,
    form: str,
    wide: bool,
    names: tuple[str, ...],
    told: Told,
    repaired: bool,
    data: Path | None,
) -> None:
    """Decode the frames of FILES (standard input when none is given).

    Recordings of sound or IQ (WAV, OGG, FLAC, or samples without a head with --rate) are
    demodulated first; without --satellite what fits is found out, which takes its time.

    --satellite satnogs:NAME uses a decoder of the package satnogs-decoders, if you installed it.
    """
    from groundstation.catalog import SatelliteCatalog
    from groundstation.satnogs import PREFIX

    if wide and form != "csv":
        raise click.UsageError("--wide is a form of --format csv")
    catalog = SatelliteCatalog(data)
    for problem in catalog.problems:
        click.echo(f"warning: {problem}", err=True)
    with Progress("Decoding") as progress:
        hear = _hear(catalog, satellite, told, progress, repaired=repaired)
        given = FramesInput(
            *(files, hexes, kind),
            again=wide,
            advance=progress.advance,
            hear=hear,
            sound=told.raw is not None,
        )
        progress.total = given.size
        if satellite is not None and satellite.startswith(PREFIX):
            decoder: Decodes = Foreign(satellite.removeprefix(PREFIX))
        else:
            if satellite is not None:
                known_satellite(satellite, catalog.satellites)
            decoder = Batches(catalog, satellite)
        with closing(given):
            bad = _write(given, decoder, form, wide, names, catalog)
    if bad:
        sys.exit(1)


def _hear(
    catalog: SatelliteCatalog,
    satellite: str | None,
    told: Told,
    progress: Progress,
    *,
    repaired: bool,
) -> Callable[[Path], Iterator[Deframed]]:
    """What gives the frames in a file of sound."""

    def hear(path: Path) -> Iterator[Deframed]:
        from groundstation.cli.sound_input import Listener, listened_bytes, voices_for

        voices = None if satellite is None else voices_for(catalog, satellite)
        progress.total = listened_bytes(path, told, catalog, voices)
        listener = Listener(catalog, voices, told, progress.advance, repaired=repaired)
        yield from (arrival.item for arrival in listener.frames(path))

    return hear


def _write(
    given: FramesInput,
    decoder: Decodes,
    form: str,
    wide: bool,
    names: tuple[str, ...],
    catalog: SatelliteCatalog,
) -> bool:
    """Print what was asked for; whether anything could not be decoded."""
    if form == "csv" and not names:
        from groundstation.cli.decode_columns import LongForm, write_csv, write_wide

        if wide:
            return write_wide(lambda: decoder.of(given.frames()))
        return write_csv(LongForm(), decoder.of(given.frames()))
    if form == "json" and not names:
        from groundstation.cli.decode_json import write_json

        return write_json(decoder, given.frames())
    if form == "influx" and not names:
        from groundstation.cli.decode_influx import write_influx

        return write_influx(decoder, given.frames())
    printer = _Explained(catalog, names) if names else _Table()
    bad = False
    for number, frame, decoded in decoder.one_by_one(given.frames()):
        bad = bad or decoded.error is not None
        printer.show(number, decoded, frame.time_us)
    return bad


class _Printer(Protocol):
    def show(self, number: int, decoded: Decoded, time_us: int | None) -> None: ...


class _Table:
    def show(self, number: int, decoded: Decoded, time_us: int | None) -> None:
        from rich.console import Console
        from rich.markup import escape

        from decoders.value_text import visible
        from groundstation.cli.tables import whole_table

        console = Console(soft_wrap=False)
        mark = " SIMULATED" if decoded.simulated else ""
        title = f"Frame {number}: {decoded.satellite or 'unknown'} {decoded.packet or ''}{mark}"
        if decoded.values:
            table = whole_table(
                *("parameter", "raw", "value", "unit", "state"), title=escape(title)
            )
            for value in decoded.values:
                cells = (
                    value.name,
                    value_text(value.raw),
                    value_text(value.value),
                    value.unit,
                    state_text(value.state),
                )
                table.add_row(*(escape(visible(cell)) for cell in cells))
            console.print(table)
        else:
            console.print(escape(f"{title}, {len(decoded.frame)} bytes: {decoded.frame.hex()}"))
        if decoded.error:
            click.echo(f"frame {number}: {decoded.error}", err=True)


class _Explained:
    """The values asked for, step by step."""

    def __init__(self, catalog: SatelliteCatalog, names: tuple[str, ...]):
        self._satellites, self._names = catalog.satellites, names

    def show(self, number: int, decoded: Decoded, time_us: int | None) -> None:
        from groundstation.cli.explained import explained

        satellite = self._satellites.get(decoded.satellite or "")
        click.echo(explained(satellite, decoded, self._names))
        if decoded.error:
            click.echo(f"frame {number}: {decoded.error}", err=True)
