"""``groundstation elements``: get, import and list orbital elements."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

if TYPE_CHECKING:
    from groundstation.elements import ElementsCatalog, Imported
    from groundstation.orbit.mean_elements import Elements

_DATA = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    show_default=True,
    help="Data folder.",
)


class ListedElements(TypedDict):
    """What ``list`` prints of one object; ``epoch`` is ISO 8601 with ``Z``."""

    norad: int
    name: str
    object_id: str
    epoch: str
    age_days: float
    source: str


#: The columns of ``--format csv``.
LIST_COLUMNS = tuple(ListedElements.__annotations__)


@click.group()
def elements() -> None:
    """The local catalogue of orbital elements: TLE, 3LE and OMM."""


@elements.command()
@click.argument("sources", nargs=-1, metavar="[ADDRESS]...")
@_DATA
@click.pass_context
def update(context: click.Context, /, sources: tuple[str, ...], data: Path) -> None:
    """Fetch new elements from the network, each source at most every two hours.

    Without ADDRESS the CelesTrak groups amateur, cubesat, stations and weather. SatNOGS:
    https://db.satnogs.org/api/tle/?format=json
    """
    import time

    from groundstation.element_sources import DEFAULT_SOURCES, ElementSources
    from groundstation.errors import ElementsFolderError

    client = ElementSources(_catalog(data), time.time)
    failed = False
    for source in sources or DEFAULT_SOURCES:
        try:
            result = client.update(source)
        except ElementsFolderError as error:
            raise click.ClickException(str(error)) from None
        click.echo(f"{source}: {result.text}", err=result.failed)
        if result.imported is not None:
            _tell(result.imported)
        failed |= result.failed
    if failed:
        context.exit(1)


@elements.command("import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
)
@_DATA
@click.pass_context
def import_(context: click.Context, /, files: tuple[Path, ...], data: Path) -> None:
    """Take elements from FILES (- is standard input); what is newer wins, history is kept."""
    from groundstation.errors import ElementsFolderError

    catalog = _catalog(data)
    failed = False
    for path in files:
        try:
            data_read = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        except OSError as error:
            click.echo(f"{path}: cannot be read ({error.strerror})", err=True)
            failed = True
            continue
        name = "standard input" if str(path) == "-" else path.name
        try:
            done = catalog.import_bytes(data_read, name)
        except ElementsFolderError as error:
            raise click.ClickException(str(error)) from None
        click.echo(f"{path}: {done}")
        _tell(done)
        failed |= bool(done.problems)
    if failed:
        context.exit(1)


@elements.command("list")
@click.argument("satellites", nargs=-1, metavar="[SATELLITE]...")
@_DATA
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
)
@click.pass_context
def list_(context: click.Context, /, satellites: tuple[str, ...], data: Path, style: str) -> None:
    """What is known of which object, and how old it is. SATELLITE is a number or a name."""
    from groundstation.naming import elements_named, near_names

    catalog = _catalog(data)
    known = catalog.all()
    for problem in catalog.problems:
        click.echo(problem, err=True)
    missing = False
    if satellites:
        chosen: dict[int, Elements] = {}
        for word in satellites:
            found = elements_named(word, known, lambda id: None)
            if not found:
                near = near_names(word, (item.name for item in known))
                click.echo(
                    f"no elements of {word!r} among the {len(known)} objects known{near}", err=True
                )
                missing = True
            chosen.update((item.norad, item) for item in found)
        known = list(chosen.values())
    now = datetime.now(UTC)
    for line in _list_lines([_row(item, now) for item in known], style):
        click.echo(line)
    if catalog.problems or missing:
        context.exit(1)


def _catalog(data: Path) -> ElementsCatalog:
    from groundstation.elements import ElementsCatalog

    return ElementsCatalog(data / "elements")


def _tell(done: Imported) -> None:
    for sentence in (*done.problems, *done.warnings, *done.notes):
        click.echo(sentence, err=True)


def _row(item: Elements, now: datetime) -> ListedElements:
    age = (now - item.epoch).total_seconds() / 86400
    epoch = item.epoch.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "norad": item.norad,
        "name": item.name,
        "object_id": item.object_id,
        "epoch": epoch,
        "age_days": round(age, 3),
        "source": item.source,
    }


def _list_lines(rows: list[ListedElements], style: str) -> Iterator[str]:
    if style == "json":
        yield from (json.dumps(row, allow_nan=False, ensure_ascii=False) for row in rows)
    elif style == "csv":
        import csv
        import io

        from decoders.spreadsheet import cell

        out = io.StringIO()
        writer = csv.DictWriter(out, LIST_COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({k: cell(v) if isinstance(v, str) else v for k, v in row.items()})
        yield out.getvalue().removesuffix("\n")
    elif not rows:
        yield "No elements. Get them: groundstation elements update, or elements import FILE"
    else:
        yield f"{'NORAD':>9}  {'Name':24}  {'Epoch (UTC)':16}  {'Age':>9}  Source"
        for row in rows:
            yield (
                f"{row['norad']:9d}  {row['name'][:24]:24}  "
                f"{row['epoch'][:10]} {row['epoch'][11:16]}  {row['age_days']:7.1f} d  "
                f"{row['source']}"
            )
