"""``groundstation icd``: the interface document of a satellite."""

from __future__ import annotations

from pathlib import Path

import click

from decoders.suggest import nearest


@click.command()
@click.argument("satellite")
@click.option("--lang", type=click.Choice(("en", "ru", "ky")), default="en", show_default=True)
@click.option(
    "--format", "form", type=click.Choice(("html", "md")), help="Default: by the ending of -o."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Default: standard output.")
@click.option("--data", type=click.Path(path_type=Path), help="Data folder with own satellites/.")
def icd(
    satellite: str, lang: str, form: str | None, output: Path | None, data: Path | None
) -> None:
    """Write the interface document of SATELLITE: one page that needs no network and prints well.

    Downlinks, bit maps, parameters, calibrations, limits, words, and the example frames decoded
    step by step.
    """
    from decoders.document.icd import interface_document
    from groundstation.catalog import SatelliteCatalog

    satellites = SatelliteCatalog(data).satellites
    if satellite not in satellites:
        hint = nearest(satellite, satellites)
        raise click.UsageError(f"there is no satellite {satellite!r}; {hint}")
    if form is None:
        form = "md" if output is not None and output.suffix.lower() == ".md" else "html"
    text = interface_document(satellites[satellite], lang, form)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise click.UsageError(f"cannot write {output}: {error.strerror}") from None
