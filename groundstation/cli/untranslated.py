"""``groundstation satellites words``: what of definitions has no Russian and Kyrgyz yet."""

from __future__ import annotations

import json
from pathlib import Path

import click

from groundstation.cli.definitions import OWN_DEFINITIONS, known_satellite


def _unconfirmed(form: str) -> None:
    from groundstation.words.confirmed import spoken, unconfirmed

    found = unconfirmed()
    for each in found:
        flat = (part.replace("\n", " ").replace("\t", " ") for part in each)
        click.echo(json.dumps(each._asdict()) if form == "json" else "\t".join(flat))
    click.echo(f"{len(found)} of {len(set(spoken()))} not confirmed", err=True)


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@OWN_DEFINITIONS
@click.option(
    "--unconfirmed", is_flag=True, help="What is said that no native speaker has confirmed."
)
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table")
def words(ids: tuple[str, ...], data: Path | None, unconfirmed: bool, form: str) -> None:
    """Labels and words of satellites ID (default: all) that stay English in every language.

    Words are put together from groundstation/words/vocabulary.tsv: add what is missing there.
    With --unconfirmed: all phrases and words that groundstation/words/confirmed.tsv does not have.
    """
    if unconfirmed:
        _unconfirmed(form)
        return
    from groundstation.catalog import SatelliteCatalog
    from groundstation.words.left import KINDS, left, shares

    catalog = SatelliteCatalog(data)
    chosen = [known_satellite(id, catalog.satellites) for id in ids or catalog.ids()]
    for satellite in chosen:
        for each in left(satellite):
            click.echo(json.dumps(each._asdict()) if form == "json" else "\t".join(each))
    counted = [shares(satellite) for satellite in chosen]
    for kind in KINDS:
        total = sum(share[kind].total for share in counted)
        without = sum(share[kind].left for share in counted)
        if total:
            done = 100 * (total - without) / total
            click.echo(f"{kind}: {without} of {total} without ({done:.1f} % done)", err=True)
