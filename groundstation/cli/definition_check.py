"""A definition file checked: its mistakes with their lines, and what its example frames say.

A spreadsheet (``.csv``) is checked as the file that ``groundstation convert`` makes of it; its
mistakes name the lines of the table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from decoders.check import check_examples
from decoders.definition.interchange.csv_table import read_table
from decoders.definition.interchange.toml_writer import to_toml
from decoders.definition.locate import Path as KeyPath
from decoders.definition.locate import key_lines, line_of
from decoders.definition.parse import mistakes, parse
from decoders.errors import DefinitionError
from groundstation.laid_limits import ENDING, laid_over, no_satellite
from groundstation.words.vocabulary import vocabulary

if TYPE_CHECKING:
    from decoders.definition.model import Satellite
    from groundstation.catalog import SatelliteCatalog

TABLE = ".csv"


@dataclass(frozen=True, slots=True)
class Checked:
    """``satellite`` None: it could not be understood. ``problems``: one sentence each."""

    path: Path
    satellite: Satellite | None
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """A definition as TOML, and the lines of the file it was written in."""

    toml: str
    lines: dict[KeyPath, int]
    toml_lines: dict[KeyPath, int]

    def line(self, toml_line: int | None) -> int | None:
        """The line of the file for a line of the TOML text."""
        if self.lines is self.toml_lines:
            return toml_line
        paths = [path for path, line in self.toml_lines.items() if line == toml_line]
        return line_of(self.lines, max(paths, key=len)) if paths else None


def check_file(path: Path, catalog: SatelliteCatalog) -> Checked:
    """Read and check one definition, or what is laid over one; never raises for what it can be."""
    if path.name.endswith(ENDING):
        return _check_limits(path, catalog)
    try:
        text = _read(path)
    except OSError as error:
        return Checked(path, None, (f"{path}: cannot be read: {error.strerror}",))
    except UnicodeDecodeError as error:
        told = f"{path}: is not UTF-8 text: byte {error.start}; save it as UTF-8"
        return Checked(path, None, (told,))
    except DefinitionError as error:
        return Checked(path, None, (str(error),))
    options = {"id": path.stem, "source": str(path)}
    errors = mistakes(text.toml, sister=catalog.text, **options)
    if errors:
        return Checked(path, None, tuple(_placed(error, text) for error in errors))
    satellite = parse(text.toml, sister=catalog.text, vocabulary=vocabulary(), **options)
    found = check_examples(satellite)
    places = (line_of(text.lines, ("examples", problem.number - 1)) for problem in found)
    problems = tuple(f"{path}:{line}: {p}" for line, p in zip(places, found, strict=True))
    return Checked(path, satellite, problems)


def _check_limits(path: Path, catalog: SatelliteCatalog) -> Checked:
    """Limits that are laid over the definition beside them, else over one of the catalog's."""
    id = path.name.removesuffix(ENDING)
    beside = path.with_name(f"{id}.toml")
    satellite = check_file(beside, catalog).satellite if beside.exists() else None
    satellite = satellite or catalog.satellites.get(id)
    if satellite is None:
        return Checked(path, None, (no_satellite(path, catalog.ids()),))
    laid, problems = laid_over(satellite, path)
    return Checked(path, laid, tuple(problems))


def _read(path: Path) -> _Text:
    content = path.read_text("utf-8")
    if path.suffix.lower() != TABLE:
        try:
            lines = key_lines(content)
        except (IndexError, ValueError):
            lines = {}  # not well-formed; the parser will say where
        return _Text(content, lines, lines)
    table = read_table(content, source=str(path))
    toml = to_toml(table.data)
    return _Text(toml, table.lines, key_lines(toml))


def _placed(error: DefinitionError, text: _Text) -> str:
    line = text.line(error.line)
    return str(DefinitionError(error.problem, source=error.source, line=line, key=error.key))


def definition_files(paths: Iterable[Path]) -> list[Path]:
    """Files as given; a folder stands for the definitions and limits in it."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob("*.toml")) if path.is_dir() else [path]
    return found
