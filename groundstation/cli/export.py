"""``groundstation export``: what was received, for spreadsheets and other programs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

if TYPE_CHECKING:
    from groundstation.catalog import SatelliteCatalog
    from groundstation.history.selection import Selection
    from groundstation.storage.journal import JournalReader
    from groundstation.storage.telemetry.reader import TelemetryReader

FORMATS = ("csv", "json", "parquet", "influx", "kiss", "hex")
#: Those that hold bytes and times, and no values.
RAW = ("kiss", "hex")


@click.command(short_help="Frames and values of a data folder, for other programs.")
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--satellite", metavar="ID", help="Only of this one.")
@click.option("--packet", metavar="NAME", help="Only packets of this name.")
@click.option("--parameters", metavar="A,B", help="Only these.")
@click.option("--quantity", metavar="Q", help="Only parameters of this quantity.")
@click.option("--since", metavar="TIME", help="From then on: 7d, 12h, a day, or ISO 8601.")
@click.option("--until", metavar="TIME", help="Before then.")
@click.option(
    "--pass", "which", metavar="PASS", help="Only during a flown pass (see report --list)."
)
@click.option("--simulated", is_flag=True, help="Only what a simulator sent.")
@click.option("--repaired", is_flag=True, help="With kiss or hex: frames that were repaired, too.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("--units", is_flag=True, help="With csv: a second line with the units.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write here.")
def export(
    data: Path,
    satellite: str | None,
    packet: str | None,
    parameters: str | None,
    quantity: str | None,
    since: str | None,
    until: str | None,
    which: str | None,
    simulated: bool,
    repaired: bool,
    form: str,
    units: bool,
    output: Path | None,
) -> None:
    """Write what a data folder holds, in order of reception.

    csv, parquet: a row a packet, a column a parameter (engineering values), with marks: simulated,
    imported, unsynchronised. json: a line a packet, as decode prints it, with all that the journal
    keeps of its reception in front; damaged frames, too. influx: line protocol. hex: time|hex, a
    frame a line. kiss: frames with times, never simulated and real ones in one file.

    A frame that was demodulated here and repaired until its check passed may be another one: json
    alone has it, marked, and hex and kiss with --repaired; its values are in none of the others.
    """
    from datetime import UTC, datetime

    from groundstation.errors import SelectionError, StoreError
    from groundstation.history.selection import Selection, time_us

    if units and form != "csv":
        raise click.UsageError("--units is a line of --format csv")
    if form in RAW and (parameters is not None or quantity is not None):
        raise click.UsageError(f"--format {form} holds frames, no values: leave out --parameters "
                               "and --quantity")  # fmt: skip
    if repaired and form not in RAW:
        raise click.UsageError(f"--repaired is for --format {' and '.join(RAW)}")
    now = datetime.now(UTC)
    try:
        chosen = Selection(
            satellite,
            packet,
            tuple(name.strip() for name in (parameters or "").split(",") if name.strip()),
            quantity,
            since_us=None if since is None else time_us(since, now),
            until_us=None if until is None else time_us(until, now),
            simulated=simulated,
        )
        if which is not None:
            chosen = _during(data, which, chosen)
        with _written(output) as out:
            for piece in _pieces(data, chosen, form, units=units, repaired=repaired):
                out.write(piece)
    except SelectionError as error:
        raise click.UsageError(str(error)) from error
    except (StoreError, OSError) as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _written(output: Path | None) -> Iterator[IO[bytes]]:
    """Where it goes; a file is there when all of it is, and none is written over."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if output.exists():
        raise click.UsageError(f"{output} is there already: name another file, or move it away")
    draft = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            yield file
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)
    click.echo(f"written: {output}", err=True)


def _during(data: Path, which: str, chosen: Selection) -> Selection:
    """The time of a flown pass, and its satellite."""
    from groundstation.history.flown import during
    from groundstation.storage.journal import JournalReader

    with JournalReader(data) as journal:
        return during(journal, which, chosen)


def _pieces(
    data: Path, chosen: Selection, form: str, *, units: bool, repaired: bool
) -> Iterable[bytes]:
    from groundstation.catalog import SatelliteCatalog
    from groundstation.errors import StoreError
    from groundstation.storage.journal import JournalReader
    from groundstation.storage.telemetry.reader import TelemetryReader

    catalog = SatelliteCatalog(data)
    with closing(TelemetryReader(data, catalog)) as telemetry, JournalReader(data) as journal:
        try:
            behind = journal.last_seq() - telemetry.place().seq
        except StoreError:
            behind = journal.last_seq()
        if form in RAW:
            yield from _frames(journal, telemetry, chosen, form, repaired=repaired)
            return
        if behind:
            click.echo(
                f"{behind} receptions are not interpreted yet and left out: start the station, or "
                "run groundstation redecode",
                err=True,
            )
        if form == "json":
            yield from _json(journal, telemetry, catalog, chosen)
        else:
            yield from _values(journal, telemetry, chosen, form, units=units)


def _frames(
    journal: JournalReader,
    telemetry: TelemetryReader,
    chosen: Selection,
    form: str,
    *,
    repaired: bool,
) -> Iterator[bytes]:
    from groundstation.history import recordings
    from groundstation.history.stored_frames import stored_frames

    def left_out(count: int) -> None:
        click.echo(
            f"{count} simulated frames are left out: KISS has no place for that mark. "
            "With --simulated they come alone",
            err=True,
        )

    frames = stored_frames(journal, telemetry, chosen, repaired=repaired)
    if form == "hex":
        yield from recordings.hex_lines(frames)
    else:
        yield from recordings.kiss(frames, simulated=chosen.simulated, left_out=left_out)


def _json(
    journal: JournalReader, telemetry: TelemetryReader, catalog: SatelliteCatalog, chosen: Selection
) -> Iterator[bytes]:
    from groundstation.cli.export_text import json_lines
    from groundstation.history.stored_frames import stored_frames
    from groundstation.history.stored_values import wanted_names

    names = wanted_names(telemetry, chosen)
    whole = names is None
    frames = stored_frames(journal, telemetry, chosen, damaged=whole, repaired=True)
    yield from json_lines(frames, catalog, names)


def _values(
    journal: JournalReader, telemetry: TelemetryReader, chosen: Selection, form: str, *, units: bool
) -> Iterator[bytes]:
    from groundstation.history.stored_values import stored_values
    from groundstation.model import from_us

    thinned_us = telemetry.thinned_us()
    if (chosen.since_us or 0) < thinned_us:
        click.echo(
            f"values before {from_us(thinned_us):%Y-%m-%d} were summed up by days and are left "
            "out: groundstation redecode brings them back",
            err=True,
        )
    values = stored_values(telemetry, chosen)
    if form == "csv":
        from groundstation.history.table import csv

        yield from csv(journal, telemetry, values, units=units)
    elif form == "parquet":
        from groundstation.history.parquet import parquet

        yield from parquet(journal, telemetry, values)
    else:
        from groundstation.cli.export_text import influx

        yield from influx(telemetry, values)
