"""``groundstation icd``: the interface document of a satellite."""

from __future__ import annotations

from pathlib import Path

import click

from decoders.words import LANGUAGES
from groundstation.cli.definitions import OWN_DEFINITIONS, known_satellite, write_text


@click.command()
@click.argument("satellite")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option(
    "--format", "form", type=click.Choice(("html", "md")), help="Default: by the ending of -o."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Default: standard output.")
@OWN_DEFINITIONS
def icd(
    satellite: str, lang: str, form: str | None, output: Path | None, data: Path | None
) -> None:
    """Write the interface document of SATELLITE: one page that needs no network and prints well.

    Downlinks, bit maps, parameters, calibrations, limits, words, and the example frames decoded
    step by step.
    """
    from decoders.document.icd import interface_document
    from groundstation.catalog import SatelliteCatalog
    from groundstation.words.language import in_language

    known = known_satellite(satellite, SatelliteCatalog(data).satellites)
    if form is None:
        form = "md" if output is not None and output.suffix.lower() == ".md" else "html"
    write_text(interface_document(known, in_language(lang), form), output)
