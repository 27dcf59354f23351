"""Definitions by the digest of their text: those in force, and older ones that made kept values."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Protocol

from decoders.definition.model import Satellite
from decoders.definition.parse import parse
from decoders.errors import DefinitionError
from groundstation.words.vocabulary import vocabulary


class InForce(Protocol):
    """The definitions of today: :class:`groundstation.catalog.SatelliteCatalog`."""

    def digests(self) -> Mapping[str, str]:
        """A digest of each definition's text by satellite."""
        ...

    def satellite(self, id: str) -> Satellite | None:
        """A definition, or None."""
        ...


class KeptDefinitions:
    """Gives the definition behind a digest, from today's where it is one of them."""

    def __init__(self, in_force: InForce | None = None):
        self._in_force = in_force
        self._parsed: dict[tuple[str, str], Satellite | None] = {}

    def get(self, connection: sqlite3.Connection, satellite: str, digest: str) -> Satellite | None:
        """The definition; None for one that cannot be read any more."""
        if self._in_force and self._in_force.digests().get(satellite) == digest:
            return self._in_force.satellite(satellite)
        key = (satellite, digest)
        if key not in self._parsed:
            row = connection.execute(
                "SELECT texts FROM sources WHERE digest=?", (digest,)
            ).fetchone()
            self._parsed[key] = _parse(satellite, json.loads(row[0])) if row else None
        return self._parsed[key]


def _parse(satellite: str, texts: Mapping[str, str]) -> Satellite | None:
    try:
        return parse(
            texts[satellite],
            id=satellite,
            source=f"{satellite}.toml",
            sister=texts.__getitem__,
            vocabulary=vocabulary(),
        )
    except (DefinitionError, KeyError):
        return None
