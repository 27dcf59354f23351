"""The formats by name: which can be read, which can be written, and how a file is recognised."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from decoders.definition.interchange import csv_table, foxtelem
from decoders.definition.interchange.c_header import to_c_header
from decoders.definition.interchange.ccsdspy_csv import COLUMNS as CCSDSPY_COLUMNS
from decoders.definition.interchange.ccsdspy_csv import from_ccsdspy, to_ccsdspy
from decoders.definition.interchange.conversion import Exported, Imported
from decoders.definition.interchange.ksy import to_ksy
from decoders.definition.interchange.names import BOM
from decoders.definition.interchange.toml_writer import to_toml
from decoders.definition.interchange.xtce_export import to_xtce
from decoders.definition.interchange.xtce_import import from_xtce
from decoders.definition.model import Satellite
from decoders.definition.node import toml_data
from decoders.errors import DefinitionError


@dataclass(frozen=True, slots=True)
class Source:
    """A definition to export: the data of its file, and what they mean.

    ``packet``: the only packet wanted, None: all of them. ``decimal_comma``: see ``csv_table``.
    """

    data: Mapping[str, Any]
    satellite: Satellite
    packet: str | None = None
    decimal_comma: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A text to import, with its ``name`` for messages."""

    name: str
    text: str


Exporter: TypeAlias = Callable[[Source], Exported]
Importer: TypeAlias = Callable[[Sequence[File]], Imported]


def _export_toml(source: Source) -> Exported:
    return Exported(to_toml(source.data))


def _export_csv(source: Source) -> Exported:
    return csv_table.to_csv(source.data, decimal_comma=source.decimal_comma)


def _import_toml(files: Sequence[File]) -> Imported:
    (file,) = files
    return Imported(toml_data(file.text.removeprefix(BOM), file.name))


def _import_csv(files: Sequence[File]) -> Imported:
    (file,) = files
    return csv_table.from_csv(file.text, source=file.name)


def _import_xtce(files: Sequence[File]) -> Imported:
    (file,) = files
    return from_xtce(file.text, source=file.name)


def _import_foxtelem(files: Sequence[File]) -> Imported:
    return foxtelem.from_foxtelem([(file.name, file.text) for file in files])


def _import_ccsdspy(files: Sequence[File]) -> Imported:
    (file,) = files
    stem = file.name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
    return from_ccsdspy(file.text, name=stem or file.name, source=file.name)


def import_files(kind: str, files: Sequence[File]) -> Imported:
    """The data in ``files`` of the format ``kind``. Raises DefinitionError for anything wrong."""
    try:
        return IMPORTS[kind](files)
    except csv.Error as error:
        raise DefinitionError(f"is no table: {error}", source=files[0].name) from error


EXPORTS: dict[str, Exporter] = {
    "toml": _export_toml,
    "csv": _export_csv,
    "xtce": lambda source: to_xtce(source.satellite),
    "ksy": lambda source: to_ksy(source.satellite),
    "ccsdspy": lambda source: to_ccsdspy(source.satellite, source.packet),
    "c": lambda source: to_c_header(source.satellite),
}
IMPORTS: dict[str, Importer] = {
    "toml": _import_toml,
    "csv": _import_csv,
    "xtce": _import_xtce,
    "foxtelem": _import_foxtelem,
    "ccsdspy": _import_ccsdspy,
}
#: Formats that are put together from several files.
OF_SEVERAL = ("foxtelem",)
_ENDINGS = {"toml": "toml", "xml": "xtce", "xtce": "xtce", "ksy": "ksy", "h": "c", "csv": "csv"}
_ENDINGS |= {foxtelem.MASTER.removeprefix("."): "foxtelem"}


def format_of(name: str, text: str = "") -> str | None:
    """The format of a file by its ending and, for tables, its first line; None when not known."""
    found = _ENDINGS.get(name.rpartition(".")[2].lower())
    if found != "csv" or not text:
        return found
    text = text.removeprefix(BOM)
    first = text.partition("\n")[0]
    if csv_table.is_definition_table(text):
        return "csv"
    if foxtelem.is_layout(text) or foxtelem.is_curves(text):
        return "foxtelem"
    columns = [column.strip() for column in first.split(",")]
    return "ccsdspy" if set(CCSDSPY_COLUMNS) <= set(columns) else None
