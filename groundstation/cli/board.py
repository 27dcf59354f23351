"""``groundstation board``: a Grafana board of a satellite."""

from __future__ import annotations

from pathlib import Path

import click

from decoders.words import LANGUAGES
from groundstation.cli.definitions import OWN_DEFINITIONS, known_satellite, write_text


@click.command()
@click.argument("satellite")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Default: standard output.")
@OWN_DEFINITIONS
def board(satellite: str, lang: str, output: Path | None, data: Path | None) -> None:
    """Write a board of SATELLITE that Grafana imports: its values in InfluxDB, with their limits.

    In Grafana: Dashboards, New, Import, and choose the InfluxDB that the station writes to.
    """
    import json

    from groundstation.catalog import SatelliteCatalog
    from groundstation.storage.grafana import board as board_of
    from groundstation.words.language import in_language

    known = known_satellite(satellite, SatelliteCatalog(data).satellites)
    found = board_of(known, in_language(lang))
    write_text(json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n", output)
