"""``groundstation satellites``: list, show, check and begin definitions."""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from decoders.suggest import nearest

if TYPE_CHECKING:
    from groundstation.catalog import SatelliteCatalog

_DATA = click.option(
    "--data", type=click.Path(path_type=Path), help="Data folder with own satellites/."
)


def _catalog(data: Path | None) -> SatelliteCatalog:
    from groundstation.catalog import SatelliteCatalog

    return SatelliteCatalog(data)


@click.group()
def satellites() -> None:
    """Satellite definitions."""


@satellites.command("list")
@_DATA
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table")
def list_satellites(data: Path | None, form: str) -> None:
    """All known satellites."""
    catalog = _catalog(data)
    for problem in catalog.problems:
        click.echo(f"warning: {problem}", err=True)
    rows = [
        {
            "id": satellite.id,
            "name": satellite.name,
            "norad": satellite.norad,
            "packets": len(satellite.packets),
            "parameters": len(satellite.rows()),
            "downlinks": [
                f"{link.frequency_hz / 1e6:g} MHz {link.framing}"
                if link.frequency_hz
                else link.name
                for link in satellite.downlinks
            ],
            "simulated": satellite.simulated,
        }
        for satellite in catalog.satellites.values()
    ]
    if form == "json":
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("id", "name", "NORAD", "packets", "parameters", "downlinks")
    for row in rows:
        links = ", ".join(row["downlinks"]) if isinstance(row["downlinks"], list) else ""
        cells = [row["id"], row["name"], row["norad"] or "", row["packets"], row["parameters"]]
        table.add_row(*map(str, cells), links)
    Console().print(table)


@satellites.command()
@click.argument("id")
@_DATA
def show(id: str, data: Path | None) -> None:
    """The definition of satellite ID as it is written."""
    catalog = _catalog(data)
    try:
        click.echo(catalog.text(id), nl=False)
    except KeyError:
        hint = nearest(id, catalog.satellites)
        raise click.UsageError(f"there is no satellite {id!r}; {hint}") from None


@satellites.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@_DATA
def check(files: tuple[Path, ...], data: Path | None) -> None:
    """Check definition FILES (default: all): mistakes, and whether the example frames decode."""
    paths = _own_files(files) or (sorted((data / "satellites").glob("*.toml")) if data else [])
    catalog = _catalog(data)
    bad = False
    if paths:
        for path in paths:
            bad = _report(str(path), _problems(path, catalog)) or bad
    else:
        from decoders.check import check_examples

        for problem in catalog.problems:
            bad = _report(problem.partition(":")[0], [problem]) or bad
        for satellite in catalog.satellites.values():
            problems = [f"{satellite.id}.toml: {text}" for text in check_examples(satellite)]
            bad = _report(satellite.id, problems) or bad
    if bad:
        sys.exit(1)


def _own_files(files: tuple[Path, ...]) -> list[Path]:
    """Files as given; a folder stands for the definitions in it."""
    found: list[Path] = []
    for path in files:
        found += sorted(path.glob("*.toml")) if path.is_dir() else [path]
    return found


def _problems(path: Path, catalog: SatelliteCatalog) -> list[str]:
    from decoders.check import check_examples
    from decoders.definition.locate import key_lines
    from decoders.definition.parse import mistakes, parse

    try:
        text = path.read_text("utf-8")
    except OSError as error:
        return [f"{path}: cannot be read: {error.strerror}"]
    except UnicodeDecodeError as error:
        return [f"{path}: is not UTF-8 text: byte {error.start}; save it as UTF-8"]
    errors = mistakes(text, id=path.stem, source=str(path), sister=catalog.text)
    if errors:
        return [str(error) for error in errors]
    satellite = parse(text, id=path.stem, source=str(path), sister=catalog.text)
    lines = key_lines(text)
    return [
        f"{path}:{lines['examples', problem.number - 1]}: {problem}"
        for problem in check_examples(satellite)
    ]


def _report(name: str, problems: list[str]) -> bool:
    for problem in problems:
        click.echo(problem)
    if not problems:
        click.echo(f"{name}: ok", err=True)
    return bool(problems)


@satellites.command()
@click.argument("id")
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
def new(id: str, data: Path) -> None:
    """Begin a definition: DATA/satellites/ID.toml with one packet to change."""
    path = data / "satellites" / f"{id}.toml"
    if not id.replace("-", "").replace("_", "").isalnum() or id != id.lower():
        raise click.UsageError(f"{id!r} is not an id: lower-case letters, digits and -")
    if path.exists():
        raise click.UsageError(f"{path} exists already")
    path.parent.mkdir(parents=True, exist_ok=True)
    template = files("groundstation.cli").joinpath("new_satellite.toml").read_text("utf-8")
    path.write_text(template.replace("ID", id), "utf-8")
    click.echo(f"{path} is yours to change; check it with: groundstation satellites check {path}")
