"""``groundstation passes``: when satellites can be heard."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from groundstation.cli.sky import Sky, read_sky, sky_options, without_collections, write_lines

if TYPE_CHECKING:
    from groundstation.model.pass_report import DetailRecord
    from groundstation.orbit.passes import Pass, PassTable


@click.command()
@sky_options
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "json", "csv", "ics"]),
    default="table",
    show_default=True,
)
@click.option(
    "--detail",
    is_flag=True,
    help="With json and table: light, Sun, Moon, orbit number, range, Doppler.",
)
@click.option(
    "--frequency",
    "frequency_hz",
    type=click.FloatRange(0, min_open=True),
    metavar="HZ",
    help="Downlink, for the Doppler of --detail.",
)
@click.pass_context
@without_collections()
def passes(
    context: click.Context,
    /,
    style: str,
    detail: bool,
    frequency_hz: float | None,
    **options: Any,
) -> None:
    """List passes of satellites over the site, in order of time.

    SATELLITE is a NORAD number, the id of a definition, or a name or part of it; without any,
    the satellites of station.toml, or all that there are elements of.
    """
    sky = read_sky(**options)
    if sky.problems and not sky.elements:
        context.exit(1)
    found, failed = sky.passes()
    if failed == len(sky.elements) > 0 and style == "table":
        context.exit(1)  # it was told why; "no passes" would say something else
    details = _Details(sky, frequency_hz) if detail else None
    write_lines(_lines(found, sky, style, details), end="" if style == "ics" else "\n")
    if sky.problems or failed:
        context.exit(1)


class _Details:
    """What ``--detail`` adds to a pass."""

    def __init__(self, sky: Sky, frequency_hz: float | None) -> None:
        self.sky = sky
        self.frequency_hz = frequency_hz
        self._elements = {(item.norad, item.name): item for item in sky.elements}

    def of(self, one: Pass) -> DetailRecord:
        from groundstation.orbit.detail import describe

        sky = self.sky
        item = self._elements[one.norad, one.satellite]
        return describe(one, item, sky.site, (sky.start, sky.end)).as_json(self.frequency_hz)

    def sentences(self, one: Pass) -> str:
        """For the table: where to look, and what of the rest matters to people."""
        from zoneinfo import ZoneInfo

        from groundstation.orbit.where_to_look import look_there
        from groundstation.words.language import in_language

        more = self.of(one)
        language = self.sky.config.dashboard.language if self.sky.config is not None else "en"
        parts = [look_there(one, ZoneInfo(self.sky.timezone), in_language(language))]
        parts.append(f"[orbit {more['orbit']}, {more['range_km'][1]:.0f} km")
        if more["doppler_hz"] is not None:
            parts[-1] += (
                f", Doppler {more['doppler_hz'][0]:+.0f} to {more['doppler_hz'][2]:+.0f} Hz"
            )
        parts[-1] += ", to be seen by eye]" if more["visible"] else "]"
        return " ".join(parts)


def _lines(found: PassTable, sky: Sky, style: str, details: _Details | None) -> Iterator[str]:
    from groundstation.orbit.pass_text import csv_lines, json_lines

    if style == "csv":
        return csv_lines(found)
    if style == "json":
        return json_lines(found) if details is None else _detailed(found, details)
    standing = sky.standing(found)
    moving = [one for one in found if one.norad not in standing] if standing else found
    if style == "ics":
        for item in standing.values():
            click.echo(item.sentence, err=True)
        return _calendar(moving, sky)
    return _table(moving, sky, details, [item.sentence for item in standing.values()])


def _calendar(found: Sequence[Pass], sky: Sky) -> Iterator[str]:
    from groundstation.cli.pass_calendar import pass_calendar

    yield pass_calendar(found, sky)


def _detailed(found: Sequence[Pass], details: _Details) -> Iterator[str]:
    for one in found:
        yield json.dumps({**one.as_json(), **details.of(one)}, allow_nan=False, ensure_ascii=False)


def _table(
    found: Sequence[Pass], sky: Sky, details: _Details | None, standing: Sequence[str]
) -> Iterator[str]:
    from groundstation.cli.pass_table import pass_table

    more = details.sentences if details is not None else None
    yield from standing
    if found or not standing:
        yield from pass_table(found, sky.start, sky.end, sky.timezone, more)
