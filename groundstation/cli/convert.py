"""``groundstation convert``: definitions to and from other formats."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundstation.cli.definitions import OWN_DEFINITIONS, write_text
from groundstation.naming import near_ids

if TYPE_CHECKING:
    from decoders.definition.interchange.conversion import Imported
    from decoders.definition.interchange.formats import File
    from groundstation.catalog import SatelliteCatalog

_EXPORTS = ("toml", "csv", "xtce", "ksy", "ccsdspy", "c")
_IMPORTS = ("toml", "csv", "xtce", "foxtelem", "ccsdspy")


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "--from", "source", type=click.Choice(_IMPORTS), help="Default: by the file's ending."
)
@click.option("--to", "target", type=click.Choice(_EXPORTS), help="Default: by the ending of -o.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Default: standard output.")
@click.option("--packet", help="Only this packet (for ccsdspy, which has one a file).")
@click.option(
    "--decimal-comma",
    is_flag=True,
    help="CSV with semicolons and decimal commas, as spreadsheets in Russian and Kyrgyz want it.",
)
@OWN_DEFINITIONS
def convert(
    inputs: tuple[str, ...],
    source: str | None,
    target: str | None,
    output: Path | None,
    packet: str | None,
    decimal_comma: bool,
    data: Path | None,
) -> None:
    """Convert INPUT, a file or the id of a known satellite, to another format.

    FoxTelem: give its layouts and its table of conversion curves together. What the other format
    cannot express is said on standard error, one sentence each.
    """
    from decoders.definition.interchange.formats import EXPORTS, Source, format_of
    from decoders.definition.interchange.toml_writer import to_toml
    from decoders.definition.parse import parse
    from decoders.errors import DefinitionError
    from groundstation.catalog import SatelliteCatalog

    target = target or format_of(str(output or ""))
    if target not in EXPORTS:
        raise click.UsageError(f"say which format you want: --to {'|'.join(EXPORTS)}")
    catalog = SatelliteCatalog(data)
    files = [_file(name, catalog) for name in inputs]
    id = Path(files[0].name).stem.lower()
    try:
        imported = _import(files, source)
        text = to_toml(imported.data)
        satellite = parse(text, id=id, source=files[0].name, sister=catalog.text)
        exported = EXPORTS[target](Source(imported.data, satellite, packet, decimal_comma))
    except DefinitionError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    for warning in (*imported.warnings, *exported.warnings):
        click.echo(f"warning: {warning}", err=True)
    write_text(exported.text, output)


def _import(files: list[File], source: str | None) -> Imported:
    from decoders.definition.interchange.formats import (
        IMPORTS,
        OF_SEVERAL,
        format_of,
        import_files,
    )

    kinds = {source or format_of(file.name, file.text) for file in files}
    kind = kinds.pop()
    if kinds or kind not in IMPORTS:
        raise click.UsageError(f"say which format {files[0].name} is: --from {'|'.join(IMPORTS)}")
    if len(files) > 1 and kind not in OF_SEVERAL:
        raise click.UsageError(f"{kind} is converted one file at a time")
    return import_files(kind, files)


def _file(name: str, catalog: SatelliteCatalog) -> File:
    from decoders.definition.interchange.formats import File

    path = Path(name)
    if name in catalog.satellites and not path.exists():
        return File(f"{name}.toml", catalog.text(name))
    try:
        return File(name, path.read_text("utf-8"))
    except UnicodeDecodeError:
        raise click.UsageError(f"{name} is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        hint = (
            "" if path.suffix else f"; no satellite has this id{near_ids(name, catalog.satellites)}"
        )
        raise click.UsageError(f"cannot read {name}: {error.strerror}{hint}") from None
