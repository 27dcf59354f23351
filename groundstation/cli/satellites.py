"""``groundstation satellites``: list, show, check, compare and begin definitions."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundstation.cli.compare import compare
from groundstation.cli.definitions import OWN_DEFINITIONS, known_satellite, write_text
from groundstation.cli.untranslated import words

if TYPE_CHECKING:
    from decoders.definition.model import Satellite
    from groundstation.catalog import SatelliteCatalog


def _catalog(data: Path | None) -> SatelliteCatalog:
    from groundstation.catalog import SatelliteCatalog

    return SatelliteCatalog(data)


@click.group()
def satellites() -> None:
    """Satellite definitions."""


satellites.add_command(compare)
satellites.add_command(words)


@satellites.command("list")
@OWN_DEFINITIONS
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table")
def list_satellites(data: Path | None, form: str) -> None:
    """All known satellites."""
    from groundstation.satnogs import satnogs_names

    catalog = _catalog(data)
    for problem in catalog.problems:
        click.echo(f"warning: {problem}", err=True)
    rows = [
        {
            "id": satellite.id,
            "name": satellite.name,
            "norad": satellite.norad,
            "packets": len(satellite.packets),
            "parameters": satellite.parameters,
            "downlinks": [
                f"{link.frequency_hz / 1e6:g} MHz {link.framing}"
                if link.frequency_hz
                else link.name
                for link in satellite.downlinks
            ],
            "simulated": satellite.simulated,
        }
        for satellite in catalog.index.values()
    ]
    if theirs := satnogs_names():
        told = f"and {len(theirs)} of satnogs-decoders, such as satnogs:{theirs[0]}"
        click.echo(told, err=True)
    if form == "json":
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    from rich.console import Console

    from groundstation.cli.tables import whole_table

    table = whole_table("id", "name", "NORAD", "packets / parameters", "downlinks")
    for row in rows:
        links = row["downlinks"] if isinstance(row["downlinks"], list) else []
        counts = f"{row['packets']} / {row['parameters']}"
        cells = (
            row["id"],
            row["name"],
            row["norad"] or "",
            counts,
            "\n".join(dict.fromkeys(links)),
        )
        table.add_row(*map(str, cells))
    Console().print(table)


@satellites.command()
@click.argument("id")
@OWN_DEFINITIONS
def show(id: str, data: Path | None) -> None:
    """The definition of satellite ID as it is written, and what its rules are worth as evidence."""
    from decoders.evidence_rules import packet_evidence

    catalog = _catalog(data)
    satellite = known_satellite(id, catalog.satellites)
    click.echo(catalog.text(satellite.id).rstrip("\n"))
    click.echo("\n# Evidence of who sent it, in bits:")
    for each in packet_evidence(satellite):
        click.echo(f"# {each}")


@satellites.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--watch", "watching", is_flag=True, help="Stay, and decode the examples of FILE at each save."
)
@OWN_DEFINITIONS
def check(files: tuple[Path, ...], watching: bool, data: Path | None) -> None:
    """Check definition FILES (default: all): mistakes, and whether the example frames decode.

    A FILE is a definition (.toml) or a spreadsheet of one (.csv).
    """
    from groundstation.cli.definition_check import check_file, definition_files

    paths = definition_files(files)
    if watching:
        _watch(paths, data)
        return
    if not paths and data:
        paths = definition_files([data / "satellites"])
    catalog = _catalog(data)
    bad = False
    sound: list[Satellite] = []
    for path in paths:
        checked = check_file(path, catalog)
        bad = _report(str(path), checked.problems, checked.satellite) or bad
        sound += [checked.satellite] if checked.satellite else []
    if not paths:
        bad = _check_all(catalog)
        sound = list(catalog.satellites.values())
        click.echo(f"{len(sound)} definitions{_unproved(*sound)}", err=True)
    _report_evidence(sound)
    _report_unrecognized(sound)
    if bad:
        sys.exit(1)


def _watch(paths: list[Path], data: Path | None) -> None:
    from groundstation.cli.definition_watch import Screen, watch
    from groundstation.cli.until_stopped import stop_on_signals

    if len(paths) != 1:
        raise click.UsageError("--watch needs one FILE")
    screen = Screen(_catalog(data), lambda: time.strftime("%H:%M:%S"))
    watch(paths[0], screen.show, stop_on_signals().wait)


def _check_all(catalog: SatelliteCatalog) -> bool:
    from decoders.check import check_examples

    bad = False
    for problem in catalog.problems:
        bad = _report(problem.partition(":")[0], [problem]) or bad
    for satellite in catalog.satellites.values():
        problems = [f"{satellite.id}.toml: {text}" for text in check_examples(satellite)]
        bad = _report(satellite.id, problems, satellite) or bad
    return bad


def _report_evidence(satellites: Sequence[Satellite]) -> None:
    """What the rules of each packet are worth, and how many are not worth enough."""
    from decoders.evidence_rules import packet_evidence

    weak, total = 0, 0
    for satellite in satellites:
        for each in packet_evidence(satellite):
            click.echo(f"{satellite.id}: {each}", err=True)
            weak += not each.enough
            total += 1
    click.echo(f"{weak} of {total} packets have too little evidence to name their sender", err=True)


def _report_unrecognized(satellites: Sequence[Satellite]) -> None:
    """Packets that ``groundstation encode`` makes and nobody would know again."""
    from decoders.check import unrecognized

    for satellite in satellites:
        for problem in unrecognized(satellite):
            click.echo(f"{satellite.id}: {problem}", err=True)


def _report(name: str, problems: Sequence[str], satellite: Satellite | None = None) -> bool:
    for problem in problems:
        click.echo(problem)
    if not problems:
        told = _unproved(satellite) if satellite is not None else ""
        click.echo(f"{name}: ok{told}", err=True)
    return bool(problems)


def _unproved(*satellites: Satellite) -> str:
    """How many rows no independent truth says are right; empty: none."""
    packets = [packet for satellite in satellites for packet in satellite.packets]
    rows = sum(len(packet.rows()) for packet in packets)
    unproved = sum(len(packet.unproved_rows()) for packet in packets)
    return f", {unproved} of {rows} rows unproved" if unproved else ""


@satellites.command()
@click.argument("id")
@click.option("--name", help="As people call it. Default: the id.")
@click.option("--callsign", default="N0CALL", show_default=True, help="Who sends.")
@click.option("--packet", "packets", multiple=True, help="A packet that it sends; may be repeated.")
@click.option("--csv", "table", is_flag=True, help="As a spreadsheet instead of a text file.")
@click.option("--decimal-comma", is_flag=True, help="With --csv: semicolons and decimal commas.")
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
def new(
    id: str,
    name: str | None,
    callsign: str,
    packets: tuple[str, ...],
    table: bool,
    decimal_comma: bool,
    data: Path,
) -> None:
    """Begin a definition: DATA/satellites/ID.toml with packets to change."""
    from groundstation.cli.new_definition import as_table, new_definition

    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", id):
        raise click.UsageError(f"{id!r} is not an id: lower-case letters, digits and -")
    packets = tuple(dict.fromkeys(packets)) or ("beacon",)
    for packet in packets:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", packet):
            raise click.UsageError(f"{packet!r} is not a name: lower-case letters, digits and _")
    path = data / "satellites" / f"{id}.{'csv' if table else 'toml'}"
    if path.exists():
        raise click.UsageError(f"{path} exists already")
    text = new_definition(id, name or id, callsign, packets)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.UsageError(f"cannot make {path.parent}: {error.strerror}") from None
    write_text(as_table(text, decimal_comma=decimal_comma) if table else text, path)
    told = (
        f"{path} is yours to change; watch it with: groundstation satellites check --watch {path}"
    )
    click.echo(told)
