"""The formats by name: which can be read, which can be written, and how a file is recognised."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from decoders.definition.interchange import csv_table
from decoders.definition.interchange.conversion import Exported, Imported
from decoders.definition.interchange.toml_writer import to_toml
from decoders.definition.model import Satellite
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
    try:
        return Imported(tomllib.loads(file.text))
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(f"not valid TOML: {error}", source=file.name) from error


def _import_csv(files: Sequence[File]) -> Imported:
    (file,) = files
    return csv_table.from_csv(file.text, source=file.name)


EXPORTS: dict[str, Exporter] = {"toml": _export_toml, "csv": _export_csv}
IMPORTS: dict[str, Importer] = {"toml": _import_toml, "csv": _import_csv}
