"""``groundstation export``: what was received, for spreadsheets and other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

if TYPE_CHECKING:
    from groundstation.history.selection import Selection

FORMATS = ("csv", "json", "influx", "kiss", "hex")


@click.command(short_help="Frames and values of a data folder, for other programs.")
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--satellite", metavar="ID", help="Only of this one.")
@click.option("--packet", metavar="NAME", help="Only packets of this name.")
@click.option("--parameters", metavar="A,B", help="Only these, with csv and influx.")
@click.option("--quantity", metavar="Q", help="Only parameters of this quantity, likewise.")
@click.option("--since", metavar="TIME", help="From then on: 7d, 12h, a day, or ISO 8601.")
@click.option("--until", metavar="TIME", help="Before then.")
@click.option(
    "--pass", "which", metavar="PASS", help="Only during a flown pass (see report --list)."
)
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
    form: str,
    units: bool,
    output: Path | None,
) -> None:
    """Write what a data folder holds, in order of reception.

    csv: a row a packet, a column a parameter (engineering values; simulated: 1). json: a line a
    packet, as decode prints it, with seq, received, link and simulated in front. influx: line
    protocol. kiss: frames with times of reception. hex: time|hex, a frame a line.
    """
    from datetime import UTC, datetime

    from groundstation.errors import SelectionError, StoreError
    from groundstation.history.selection import Selection, time_us

    if units and form != "csv":
        raise click.UsageError("--units is a line of --format csv")
    now = datetime.now(UTC)
    try:
        chosen = Selection(
            satellite,
            packet,
            tuple(name.strip() for name in (parameters or "").split(",") if name.strip()),
            quantity,
            since_us=None if since is None else time_us(since, now),
            until_us=None if until is None else time_us(until, now),
        )
        if which is not None:
            chosen = _during(data, which, chosen)
        with _written(output) as out:
            for piece in _pieces(data, chosen, form, units=units):
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
    draft = output.with_name(output.name + ".part")
    try:
        with draft.open("wb") as file:
            yield file
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)
    click.echo(f"written: {output}", err=True)


def _during(data: Path, which: str, chosen: Selection) -> Selection:
    """The time of a flown pass, and its satellite."""
    from dataclasses import replace

    from groundstation.errors import SelectionError
    from groundstation.storage.journal import JournalReader

    with JournalReader(data) as journal:
        flown = next((one for one in journal.passes(limit=100_000) if one.key == which), None)
    if flown is None:
        raise SelectionError(f"there is no pass {which!r}; groundstation report --list names them")
    span = flown.report["span"]
    since_us, until_us = span["from_us"], span["to_us"]
    return replace(
        chosen,
        satellite=chosen.satellite or flown.satellite,
        since_us=since_us,
        until_us=until_us,
    )


def _pieces(data: Path, chosen: Selection, form: str, *, units: bool) -> Iterable[bytes]:
    from groundstation.catalog import SatelliteCatalog
    from groundstation.cli import export_text as text
    from groundstation.errors import StoreError
    from groundstation.storage.journal import JournalReader
    from groundstation.storage.telemetry.reader import TelemetryReader

    catalog = SatelliteCatalog(data)
    with closing(TelemetryReader(data, catalog)) as telemetry, JournalReader(data) as journal:
        try:
            behind = journal.last_seq() - telemetry.place().seq
        except StoreError:
            behind = journal.last_seq()
        if behind and form not in ("kiss", "hex"):
            click.echo(
                f"{behind} receptions are not interpreted yet and left out: start the station, or "
                "run groundstation redecode",
                err=True,
            )
        if form == "csv":
            yield from text.csv(telemetry, chosen, units=units)
        elif form == "influx":
            yield from text.influx(telemetry, chosen)
        elif form == "json":
            yield from text.json_lines(journal, telemetry, catalog, chosen)
        else:
            yield from text.frames(journal, telemetry, chosen, form)
