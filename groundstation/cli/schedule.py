"""``groundstation schedule``: which passes to take when they overlap."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from groundstation.cli.sky import (
    Sky,
    read_sky,
    sky_options,
    without_collections,
    write_lines,
)

if TYPE_CHECKING:
    from groundstation.model.schedule import PlannedRow
    from groundstation.orbit.passes import Pass, PassTable
    from groundstation.orbit.schedule import Candidate, Plan, Use


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
    type=click.Choice(["table", "json", "csv", "ics"]),
    default="table",
    show_default=True,
)
@click.pass_context
@without_collections()
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
    from groundstation.orbit.schedule import plan

    sky = read_sky(**options)
    if sky.problems and not sky.elements:
        context.exit(1)
    steps = _priorities(sky, priorities)
    found, failed = sky.passes()
    if failed == len(sky.elements) > 0 and style == "table":
        context.exit(1)  # it was told why; "no passes" would say something else
    standing = sky.standing(found)
    for item in standing.values():
        click.echo(item.sentence, err=True)
    candidates = _candidates(found, sky, steps, standing)
    chosen = plan(list(candidates.values()), antennas=antennas, gap_s=gap_s, partial=partial)
    if style == "ics":
        click.echo(_calendar(found, candidates, chosen, sky), nl=False)
    else:
        rows = _rows(found, candidates, chosen, steps, with_rejected)
        write_lines(_lines(rows, style, sky.timezone))
    if sky.problems or failed:
        context.exit(1)


def _priorities(sky: Sky, given: tuple[str, ...]) -> dict[int, float]:
    """Priority by NORAD number: the station's, and over it what the command line says."""
    from groundstation.naming import elements_named

    steps: dict[int, float] = {}
    for satellite in sky.config.satellites if sky.config is not None else ():
        found = sky.numbers.followed(satellite.id, sky.elements)
        if found is not None and found.norad is not None:
            steps[found.norad] = satellite.priority
    for text in given:
        word, step = _given_priority(text)
        matches = elements_named(word, sky.elements, sky.numbers.norad)
        if not matches:
            raise click.BadParameter(
                f"{word!r} is not among the satellites of this schedule", param_hint="--priority"
            )
        steps.update((item.norad, step) for item in matches)
    return steps


def _given_priority(text: str) -> tuple[str, float]:
    word, equals, number = text.rpartition("=")
    try:
        step = float(number)
    except ValueError:
        step = -1.0
    if not equals or not 0 <= step < 1e6:
        raise click.BadParameter(
            f"{text!r} is not SATELLITE=N with N of 0 or more", param_hint="--priority"
        )
    return word, step


def _candidates(
    found: PassTable, sky: Sky, steps: dict[int, float], left_out: Collection[int]
) -> dict[int, Candidate]:
    """What an antenna could do, by the position of the pass; without satellites ``left_out``."""
    from groundstation.model import from_us
    from groundstation.orbit.passes import NEVER_US
    from groundstation.orbit.schedule import Candidate, pass_weight

    times = [found.times_us[name].tolist() for name in ("aos", "los")]
    heights = found.found.peak_elevation_deg.tolist()
    owners = [found.elements[index] for index in found.found.satellite.tolist()]
    rows = enumerate(zip(owners, *times, heights, strict=True))
    return {
        position: Candidate(
            item.name,
            sky.start if aos == NEVER_US else from_us(aos),
            sky.end if los == NEVER_US else from_us(los),
            pass_weight(steps.get(item.norad, 1.0), height),
        )
        for position, (item, aos, los, height) in rows
        if item.norad not in left_out
    }


def _rows(
    found: PassTable,
    candidates: dict[int, Candidate],
    chosen: Plan,
    steps: dict[int, float],
    with_rejected: bool,
) -> list[PlannedRow]:
    """One row a pass that is listed, in order of time."""
    source = {id(candidate): position for position, candidate in candidates.items()}

    def row(candidate: Candidate, use: Use | None, reason: str | None) -> PlannedRow:
        one = found[source[id(candidate)]]
        return _row(one, use, float(steps.get(one.norad, 1.0)), candidate.weight, reason)

    rows = [row(use.candidate, use, None) for use in chosen.uses]
    if with_rejected:
        rows += [row(one.candidate, None, one.reason) for one in chosen.rejected]
    return sorted(rows, key=lambda row: row["begin"] or row["aos"] or row["tca"])


def _calendar(found: PassTable, candidates: dict[int, Candidate], chosen: Plan, sky: Sky) -> str:
    """What is taken: each event lasts as long as its antenna is used, and names it."""
    from groundstation.cli.pass_calendar import pass_calendar

    source = {id(candidate): position for position, candidate in candidates.items()}
    uses = sorted(chosen.uses, key=lambda use: use.begin)
    taken = [_used(found[source[id(use.candidate)]], use) for use in uses]
    antennas = {position: use.antenna + 1 for position, use in enumerate(uses)}
    return pass_calendar(taken, sky, antennas)


def _used(one: Pass, use: Use) -> Pass:
    """The part of ``one`` that its antenna is on; where it is then is known of the whole only."""
    return replace(
        one,
        aos=use.begin,
        los=use.end,
        aos_azimuth_deg=one.aos_azimuth_deg if use.begin == one.aos else None,
        los_azimuth_deg=one.los_azimuth_deg if use.end == one.los else None,
    )


def _row(
    one: Pass, use: Use | None, priority: float, weight: float, reason: str | None
) -> PlannedRow:
    from groundstation.model import iso, to_us

    return {
        "chosen": use is not None,
        "antenna": None if use is None else use.antenna + 1,
        "begin": None if use is None else iso(to_us(use.begin)),
        "end": None if use is None else iso(to_us(use.end)),
        "priority": priority,
        "weight": weight,
        "reason": reason,
        **one.as_json(),
    }


def _lines(rows: list[PlannedRow], style: str, timezone: str) -> Iterator[str]:
    if style == "json":
        return (json.dumps(row, allow_nan=False, ensure_ascii=False) for row in rows)
    return _csv(rows) if style == "csv" else _table(rows, timezone)


def _csv(rows: list[PlannedRow]) -> Iterator[str]:
    import csv
    import io

    from decoders.spreadsheet import cell
    from groundstation.model.schedule import PLANNED_COLUMNS

    yield ",".join(PLANNED_COLUMNS)
    for row in rows:
        out = io.StringIO()
        shown = {**row, "chosen": _word(row["chosen"]), "sunlit": _word(row["sunlit"])}
        safe = {key: cell(x) if isinstance(x, str) else x for key, x in shown.items()}
        csv.DictWriter(out, PLANNED_COLUMNS, lineterminator="").writerow(safe)
        yield out.getvalue()


def _word(true: bool) -> str:
    return "true" if true else "false"


def _table(rows: list[PlannedRow], timezone: str) -> Iterator[str]:
    """Times are local in ``timezone``, with the UTC time of the begin beside them."""
    from zoneinfo import ZoneInfo

    if not rows:
        yield "No passes."
        return
    zone = ZoneInfo(timezone)
    utc = "" if timezone == "UTC" else f"  {'Begin UTC':14}"
    title = f"Begin ({timezone})"
    width = max(len(title), 19)
    yield f"{title:{width}}  {'End':14}{utc}  {'max':>5}  Priority  Antenna  Satellite"
    for row in rows:
        begin = datetime.fromisoformat(row["begin"] or row["aos"] or row["tca"])
        end = datetime.fromisoformat(row["end"] or row["los"] or row["tca"])
        local = begin.astimezone(zone)
        antenna = "-" if row["antenna"] is None else str(row["antenna"])
        times = [
            f"{f'{local:%Y-%m-%d %H:%M:%S}':{width}}",
            f"{_other(end.astimezone(zone), local):14}",
        ]
        times += [f"{_other(begin.astimezone(UTC), local):14}"] if utc else []
        yield (
            f"{'  '.join(times)}  "
            f"{row['max_elevation_deg']:4.1f}°  {row['priority']:8g}  {antenna:>7}  "
            f"{row['satellite']}"
        )
        if row["reason"]:
            yield f"{'':{width}}  not taken: {row['reason']}"


def _other(when: datetime, beside: datetime) -> str:
    """The time, with its date where that is another one than that of ``beside``."""
    return f"{when:%H:%M:%S}" if when.date() == beside.date() else f"{when:%m-%d %H:%M:%S}"
