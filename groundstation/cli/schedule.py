"""``groundstation schedule``: which passes to take when they overlap."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from groundstation.cli.sky import Sky, norad_of_definition, read_sky, sky_options

if TYPE_CHECKING:
    from groundstation.orbit.passes import Pass

#: Keys of ``--format json`` and columns of ``csv``; the pass's own keys follow.
PLAN_KEYS = ("chosen", "antenna", "begin", "end", "priority", "weight", "reason")


@click.command()
@sky_options
@click.option(
    "--priority",
    "priorities",
    multiple=True,
    metavar="SATELLITE=N",
    help="A higher number wins; default what station.toml says, else 1. May be repeated.",
)
@click.option("--antennas", type=click.IntRange(1, 64), default=1, show_default=True)
@click.option(
    "--gap",
    "gap_s",
    type=click.FloatRange(0, 86400),
    default=60.0,
    show_default=True,
    help="Seconds an antenna needs from one pass to the next.",
)
@click.option("--partial", is_flag=True, help="Use parts of passes that do not fit whole.")
@click.option("--all", "with_rejected", is_flag=True, help="List the rejected passes too, and why.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
)
@click.pass_context
def schedule(
    context: click.Context,
    /,
    priorities: tuple[str, ...],
    antennas: int,
    gap_s: float,
    partial: bool,
    with_rejected: bool,
    style: str,
    **options: Any,
) -> None:
    """Choose among overlapping passes: the greatest total worth for the antennas there are.

    A pass is worth 1000 for each step of its satellite's priority and 10 for each degree of its
    highest elevation. SATELLITE is a NORAD number, the id of a definition, or a name.
    """
    sky = read_sky(**options)
    if sky.problems and not sky.elements:
        context.exit(1)
    steps = _priorities(sky, priorities, options["data"])
    found, failed = sky.passes()
    rows = _planned(found, sky, steps, antennas, gap_s, partial)
    if not with_rejected:
        rows = [row for row in rows if row["chosen"]]
    for line in _lines(rows, style):
        click.echo(line)
    if sky.problems or failed:
        context.exit(1)


def _priorities(sky: Sky, given: tuple[str, ...], data: Path) -> dict[int, float]:
    """Priority by NORAD number: the station's, and over it what the command line says."""
    from groundstation.elements import named

    steps: dict[int, float] = {}
    for satellite in sky.config.satellites if sky.config is not None else ():
        norad = norad_of_definition(satellite.id, data)
        if norad is not None:
            steps[norad] = satellite.priority
    for text in given:
        word, equals, number = text.rpartition("=")
        try:
            step = float(number)
        except ValueError:
            step = -1.0
        if not equals or not 0 <= step < 1e6:
            raise click.BadParameter(
                f"{text!r} is not SATELLITE=N with N of 0 or more", param_hint="--priority"
            )
        numeric = int(word) if word.isascii() and word.isdigit() else None
        norad = numeric if numeric is not None else norad_of_definition(word, data)
        matches = [norad] if norad is not None else [i.norad for i in named(word, sky.elements)]
        if not any(item.norad in matches for item in sky.elements):
            raise click.BadParameter(
                f"{word!r} is not among the satellites of this schedule", param_hint="--priority"
            )
        steps.update((match, step) for match in matches)
    return steps


def _planned(
    found: list[Pass],
    sky: Sky,
    steps: dict[int, float],
    antennas: int,
    gap_s: float,
    partial: bool,
) -> list[dict[str, Any]]:
    """One row a pass, chosen or not, in order of time."""
    from groundstation.model import iso, to_us
    from groundstation.orbit.schedule import Candidate, pass_weight, plan

    source: dict[int, Pass] = {}
    candidates = []
    for one in found:
        candidate = Candidate(
            one.satellite,
            one.aos or sky.start,
            one.los or sky.end,
            pass_weight(steps.get(one.norad, 1.0), one.max_elevation_deg),
        )
        candidates.append(candidate)
        source[id(candidate)] = one
    chosen = plan(candidates, antennas=antennas, gap_s=gap_s, partial=partial)
    rows = []
    for use in chosen.uses:
        one = source[id(use.candidate)]
        own: tuple[Any, ...] = (True, use.antenna, iso(to_us(use.begin)), iso(to_us(use.end)))
        own += (steps.get(one.norad, 1.0), use.candidate.weight, None)
        rows.append(dict(zip(PLAN_KEYS, own, strict=True)) | one.as_json())
    for rejected in chosen.rejected:
        one = source[id(rejected.candidate)]
        own = (False, None, None, None)
        own += (steps.get(one.norad, 1.0), rejected.candidate.weight, rejected.reason)
        rows.append(dict(zip(PLAN_KEYS, own, strict=True)) | one.as_json())
    return sorted(rows, key=lambda row: str(row["aos"] or row["tca"]))


def _lines(rows: list[dict[str, Any]], style: str) -> Iterator[str]:
    if style == "json":
        return (json.dumps(row, allow_nan=False, ensure_ascii=False) for row in rows)
    return _csv(rows) if style == "csv" else _table(rows)


def _csv(rows: list[dict[str, Any]]) -> Iterator[str]:
    import csv
    import io

    from groundstation.cli.passes import CSV_COLUMNS

    columns = (*PLAN_KEYS, *CSV_COLUMNS)
    yield ",".join(columns)
    for row in rows:
        out = io.StringIO()
        cells = (str(v).lower() if isinstance(v := row[name], bool) else v for name in columns)
        csv.writer(out, lineterminator="").writerow(cells)
        yield out.getvalue()


def _table(rows: list[dict[str, Any]]) -> Iterator[str]:
    if not rows:
        yield "No passes."
        return
    yield f"{'Begin (UTC)':19}  {'End':8}  {'max':>5}  Priority  Antenna  Satellite"
    for row in rows:
        if row["chosen"]:
            begin, end, antenna = row["begin"], row["end"], str(row["antenna"] + 1)
        else:
            begin, end, antenna = row["aos"] or row["tca"], row["los"] or row["tca"], "-"
        yield (
            f"{begin[:10]} {begin[11:19]}  {end[11:19]}  {row['max_elevation_deg']:4.1f}°  "
            f"{row['priority']:8g}  {antenna:>7}  {row['satellite']}"
        )
        if row["reason"]:
            yield f"{'':19}  not taken: {row['reason']}"
