"""What reads files of others, for :mod:`tests.fuzz`: importers of definitions, elements, layers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from decoders.definition.interchange.formats import (
    EXPORTS,
    File,
    Source,
    import_files,
)
from decoders.definition.interchange.toml_writer import to_toml
from decoders.definition.node import toml_data
from decoders.definition.parse import parse
from decoders.errors import DecodeError, DefinitionError
from decoders.layers.registry import LAYERS
from groundstation.catalog import SatelliteCatalog
from groundstation.orbit.elements import read_elements, text_of
from groundstation.orbit.tle import to_tle_lines
from tests.mutated import Stateless
from tests.orbit.test_omm import FIELDS, NOTATIONS
from tests.orbit.truth import cases, elements_of

DATA = Path(__file__).parent / "data" / "interchange"
#: Files of definitions are longer than frames, bytes.
LONGEST = 8000
#: Lines of Python that the longest of them may need: a hundred a byte.
MOST_WORK = 800_000


class Definition(Stateless):
    """A definition in a format of others: what is wrong with it is told, nothing else raised."""

    def __init__(self, kind: str):
        self._kind = kind

    def take(self, data: bytes) -> None:
        """As ``groundstation convert`` does."""
        try:
            imported = import_files(self._kind, [File("fuzz", data.decode("utf-8", "replace"))])
            parse(to_toml(imported.data), id="fuzz", source="fuzz")
        except DefinitionError as error:
            assert str(error)


class Notation(Stateless):
    """Elements: what cannot be used is listed, and never raised."""

    def take(self, data: bytes) -> None:
        """As ``groundstation elements import`` does."""
        found = read_elements(text_of(data), source="fuzz")
        for error in found.errors:
            assert str(error)


class Header(Stateless):
    """A layer: a header is peeled off, or it is said why not."""

    def __init__(self, name: str):
        self._peel = LAYERS[name].peel

    def take(self, data: bytes) -> None:
        """One frame."""
        try:
            found = self._peel(data)
            assert 0 <= found.start <= found.end <= len(data)
        except DecodeError as error:
            assert str(error)


@cache
def definition_seeds() -> Mapping[str, list[bytes]]:
    """Whole files by format."""
    catalog = SatelliteCatalog()
    found: dict[str, list[bytes]] = {
        "xtce": [(DATA / "xtce_fleet.xml").read_bytes()[:LONGEST]],
        "foxtelem": [(DATA / "cubesatsim_rttelemetry.csv").read_bytes()[:LONGEST]],
    }
    text = catalog.text("classroom-1")
    data = toml_data(text, "classroom-1")
    source = Source(data, catalog.satellites["classroom-1"])
    for kind in ("toml", "csv", "xtce", "ccsdspy"):
        found.setdefault(kind, []).append(EXPORTS[kind](source).text.encode()[:LONGEST])
    return found


@cache
def notation_seeds() -> Mapping[str, list[bytes]]:
    """Elements by notation."""
    iss = elements_of(cases("passes_consensus.json")[0])
    tle = "\n".join(("ISS (ZARYA)", *to_tle_lines(iss))).encode()
    messages = {kind: [write(FIELDS).encode()] for kind, write in NOTATIONS.items()}
    return {"tle": [tle], **messages}


@cache
def header_seeds() -> Mapping[str, list[bytes]]:
    """Golden frames of satellites that carry each layer, and noise."""
    found: dict[str, list[bytes]] = {name: [bytes(range(64))] for name in LAYERS}
    for known in SatelliteCatalog().satellites.values():
        for link in known.downlinks:
            for name in link.layers[:1]:
                found[name] += [example.frame for example in known.examples[:2]]
    return found
