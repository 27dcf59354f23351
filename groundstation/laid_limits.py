"""Limits that this station lays over definitions: ``DATA/satellites/ID.limits.toml``.

They change no value, only states: nothing needs to be decoded again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decoders.definition.model import Satellite

ENDING = ".limits.toml"
_Stamp = tuple[int, int, int]


def laid_over(satellite: Satellite, path: Path) -> tuple[Satellite, list[str]]:
    """``satellite`` with the limits in ``path``, and what is wrong there, one sentence each."""
    from decoders.definition.overlay import lay_over

    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return satellite, [f"{path}: cannot be read: {error}"]
    laid, mistakes = lay_over(satellite, text, str(path))
    return laid, [str(mistake) for mistake in mistakes]


def no_satellite(path: Path, known: Collection[str]) -> str:
    """What is wrong with limits of a satellite that nobody knows."""
    from groundstation.naming import near_ids

    id = path.name.removesuffix(ENDING)
    return f"{path}: there is no satellite {id!r}{near_ids(id, known)}"


@dataclass(slots=True)
class LaidLimits:
    """The files with limits in a folder, read when their satellite is asked for."""

    folder: Path | None
    _stamps: dict[str, _Stamp] = field(default_factory=dict)

    def look(self) -> set[str]:
        """Ids of satellites whose limits were added, changed or removed since the last look."""
        before, self._stamps = self._stamps, dict(self._found())
        return {id for id, _ in before.items() ^ self._stamps.items()}

    def over(self, satellite: Satellite) -> Satellite:
        """``satellite`` with its limits, where there are any."""
        if satellite.id not in self._stamps:
            return satellite
        return laid_over(satellite, self._path(satellite.id))[0]

    def problems(self, known: Collection[str], bare: Callable[[str], Satellite]) -> list[str]:
        """What is wrong in all files; ``bare`` gives a definition without limits of the station."""
        found = []
        for id in self._stamps:
            path = self._path(id)
            found += laid_over(bare(id), path)[1] if id in known else [no_satellite(path, known)]
        return found

    def _path(self, id: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{id}{ENDING}"

    def _found(self) -> list[tuple[str, _Stamp]]:
        paths = sorted(self.folder.glob(f"*{ENDING}")) if self.folder is not None else []
        found = []
        for path in paths:
            try:
                stat = path.stat()
            except OSError:
                continue
            stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            found.append((path.name.removesuffix(ENDING), stamp))
        return found
