"""``groundstation passes``: when satellites can be heard."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from groundstation.cli.sky import Sky, read_sky, sky_options

if TYPE_CHECKING:
    from groundstation.orbit.passes import Pass

#: Column order of ``--format csv``, which is also the order of the JSON keys.
CSV_COLUMNS = (
    "norad",
    "satellite",
    "aos",
    "tca",
    "los",
    "max_elevation_deg",
    "aos_azimuth_deg",
    "tca_azimuth_deg",
    "los_azimuth_deg",
    "duration_s",
    "sunlit",
    "elements_age_days",
    "timing_error_s",
)


@click.command()
@sky_options
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "json", "csv", "ics"]),
    default="table",
    show_default=True,
)
@click.pass_context
def passes(context: click.Context, /, style: str, **options: Any) -> None:
    """List passes of satellites over the site, in order of time.

    SATELLITE is a NORAD number, the id of a definition, or a name or part of it; without any,
    the satellites of station.toml, or all that there are elements of.
    """
    sky = read_sky(**options)
    if sky.problems and not sky.elements:
        context.exit(1)
    found, failed = sky.passes()
    for line in _lines(found, sky, style):
        click.echo(line, nl=style != "ics")
    if sky.problems or failed:
        context.exit(1)


def _lines(found: Sequence[Pass], sky: Sky, style: str) -> Iterator[str]:
    if style == "json":
        return (json.dumps(one.as_json(), allow_nan=False, ensure_ascii=False) for one in found)
    if style == "csv":
        return _csv(found)
    if style == "ics":
        return _ics(found, sky)
    return _table(found, sky)


def _csv(found: Sequence[Pass]) -> Iterator[str]:
    import csv
    import io

    yield ",".join(CSV_COLUMNS)
    for one in found:
        row = one.as_json()
        row["sunlit"] = str(row["sunlit"]).lower()
        out = io.StringIO()
        csv.writer(out, lineterminator="").writerow(row[name] for name in CSV_COLUMNS)
        yield out.getvalue()


def _table(found: Sequence[Pass], sky: Sky) -> Iterator[str]:
    from groundstation.cli.pass_table import pass_table

    return pass_table(found, sky.start, sky.end, sky.timezone)


def _ics(found: Sequence[Pass], sky: Sky) -> Iterator[str]:
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from groundstation.orbit.calendar import to_ical
    from groundstation.orbit.revolution import orbit_number

    by_norad = {item.norad: item for item in sky.elements}
    now = datetime.now(UTC)
    yield to_ical(
        found,
        sky.site,
        made=now,
        window=(sky.start, sky.end),
        orbits={
            position: orbit_number(by_norad[one.norad], one.tca)
            for position, one in enumerate(found)
        },
        # Grows from one export to the next: calendars take the later one.
        sequence=int(now.timestamp()) // 60 - 29_000_000,
        language=sky.config.dashboard.language if sky.config is not None else "en",
        zone=ZoneInfo(sky.timezone),
    )
