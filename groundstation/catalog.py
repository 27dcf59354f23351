"""All satellite definitions: those that come with the program, and the user's own, which win."""

from __future__ import annotations

from functools import cached_property
from importlib.resources import files
from pathlib import Path

from decoders.decode import Decoder
from decoders.definition.model import Satellite
from decoders.definition.parse import parse
from decoders.errors import DefinitionError

FOLDER_NAME = "satellites"


class SatelliteCatalog:
    """Definitions by id (the file name without ``.toml``), read when the catalog is made.

    A broken file of the user's is left out and named in ``problems``; the station goes on.
    """

    def __init__(self, data_folder: Path | None = None):
        self.satellites: dict[str, Satellite] = {}
        self.problems: list[str] = []
        self._texts = {
            item.name.removesuffix(".toml"): (item.name, item.read_text("utf-8"))
            for item in files("decoders").joinpath(FOLDER_NAME).iterdir()
            if item.name.endswith(".toml")
        }
        if data_folder is not None:
            self._read_folder(data_folder / FOLDER_NAME)
        for id in sorted(self._texts):
            self._add(id)

    def _read_folder(self, folder: Path) -> None:
        for path in sorted(folder.glob("*.toml")):
            try:
                self._texts[path.stem] = (str(path), path.read_text("utf-8"))
            except (OSError, UnicodeDecodeError) as error:
                self.problems.append(f"{path}: cannot be read: {error}")

    def _add(self, id: str) -> None:
        source, text = self._texts[id]
        try:
            self.satellites[id] = parse(text, id=id, source=source, sister=self.text)
        except DefinitionError as error:
            self.problems.append(str(error))

    def text(self, id: str) -> str:
        """The TOML text of a definition; raises KeyError for an unknown id."""
        return self._texts[id][1]

    @cached_property
    def decoder(self) -> Decoder:
        """One decoder for all definitions."""
        return Decoder(self.satellites.values())
