"""All satellite definitions: those that come with the program, and the user's own, which win.

Nearly every command needs to know which satellites there are and what their frames look like;
few need the rows of more than one or two. So a sketch of each definition is kept in a cache, by the
digest of its text, and a definition is read when it is first asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

import decoders
from decoders.errors import DefinitionError
from groundstation.laid_limits import LaidLimits
from groundstation.sketch_cache import SketchCache

if TYPE_CHECKING:
    from decoders.decode import Decoder
    from decoders.definition.model import Satellite
    from decoders.sketch import Sketch

FOLDER_NAME = "satellites"
_EXTENDS = re.compile(r'^\s*extends\s*=\s*["\']([^"\']+)["\']', re.MULTILINE)


@dataclass(slots=True)
class _Text:
    """A definition as it is written. ``source``: its file, for messages."""

    source: str
    text: str
    #: The definition that it extends: id and text, as it was when this was read.
    sister: tuple[str, str] | None = None

    @property
    def digest(self) -> str:
        joined = "\0".join((self.text, *self.sister)) if self.sister else self.text
        return sha256(joined.encode()).hexdigest()

    def sister_text(self, id: str) -> str:
        """The text of the definition that it extends; raises KeyError for another id."""
        if self.sister is None or self.sister[0] != id:
            raise KeyError(id)
        return self.sister[1]


@dataclass(slots=True)
class _Entry:
    """A definition that can be used."""

    text: _Text
    digest: str
    sketch: Sketch
    satellite: Satellite | None = None


@dataclass(slots=True)
class _Folder:
    """The user's definitions, and by what to see that they have changed without reading them."""

    path: Path | None
    seen: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def look(self) -> bool:
        """Whether a file was added, changed or removed since the last look."""
        before, self.seen = self.seen, self._stamps()
        return self.seen != before

    def _stamps(self) -> dict[str, tuple[int, int, int]]:
        found = {}
        for path in self.paths():
            try:
                stat = path.stat()
            except OSError:
                continue
            found[path.name] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        return found

    def paths(self) -> list[Path]:
        """Definitions, not what is laid over them (``ID.limits.toml``)."""
        found = sorted(self.path.glob("*.toml")) if self.path is not None else []
        return [path for path in found if "." not in path.stem]


class SatelliteCatalog:
    """Definitions by id (the file name without ``.toml``).

    A broken file of the user's is left out and named in ``problems``, one sentence each; where it
    was sound when the program read it before, that version stays. Safe to use from several threads.
    """

    def __init__(self, data_folder: Path | None = None, cache: SketchCache | None = None):
        self.problems: list[str] = []
        self.satellites: Mapping[str, Satellite] = _Satellites(self)
        self._cache = cache or SketchCache()
        self._lock = RLock()
        folder = None if data_folder is None else data_folder / FOLDER_NAME
        self._folder, self._limits = _Folder(folder), LaidLimits(folder)
        self._built_in = dict(_built_in())
        self._entries: dict[str, _Entry] = {}
        self._decoder: Decoder | None = None
        self._folder.look()
        self._limits.look()
        self._read()

    def ids(self) -> list[str]:
        """The ids of all definitions, sorted."""
        return list(self._entries)

    def digests(self) -> dict[str, str]:
        """SHA-256 of each definition's text, with that of the one it extends."""
        return {id: entry.digest for id, entry in self._entries.items()}

    @property
    def index(self) -> Mapping[str, Sketch]:
        """What is known of all satellites without reading their rows, by id."""
        return {id: entry.sketch for id, entry in self._entries.items()}

    def satellite(self, id: str) -> Satellite | None:
        """A definition, or None where there is none of this id."""
        entry = self._entries.get(id)
        return None if entry is None else self._satellite_of(id, entry)

    def _satellite_of(self, id: str, entry: _Entry) -> Satellite:
        with self._lock:
            if entry.satellite is None:
                entry.satellite = self._limits.over(_parse(id, entry.text))
            return entry.satellite

    def text(self, id: str) -> str:
        """The TOML text of a definition; raises KeyError for an unknown id."""
        return self._entries[id].text.text

    def sources(self, id: str) -> dict[str, str]:
        """The text of a definition and of what it extends, by id; empty for an unknown one."""
        entry = self._entries.get(id)
        if entry is None:
            return {}
        return {id: entry.text.text, **dict([entry.text.sister] if entry.text.sister else [])}

    @property
    def decoder(self) -> Decoder:
        """One decoder for all definitions, as they were when it was made."""
        with self._lock:
            if self._decoder is None:
                from decoders.decode import Decoder

                entries = dict(self._entries)
                self._decoder = Decoder.lazily(
                    [entry.sketch for entry in entries.values()],
                    lambda id: self._satellite_of(id, entries[id]),
                )
            return self._decoder

    def refresh(self) -> bool:
        """Take in what has changed in the user's folder; whether a definition has changed.

        Changed limits are taken in, too, but change no definition: only states.
        """
        with self._lock:
            limited = self._limits.look()
            if not self._folder.look() and not limited:
                return False
            before = self.digests()
            for id in limited & self._entries.keys():
                self._entries[id] = replace(self._entries[id], satellite=None)
            self._read()
            changed = self.digests() != before
            if changed or limited:
                self._decoder = None
            return changed

    def _read(self) -> None:
        self.problems = []
        texts = {**self._built_in, **self._own()}
        entries, made = {}, False
        for id in sorted(texts):
            entry, new = self._entry(id, _with_sister(texts[id], texts))
            if entry is not None:
                entries[id] = entry
            made |= new
        self._entries = entries
        self.problems += self._limits.problems(entries, lambda id: _parse(id, entries[id].text))
        if made:
            self._cache.keep({entry.digest: entry.sketch for entry in entries.values()})

    def _own(self) -> dict[str, _Text]:
        found = {}
        for path in self._folder.paths():
            try:
                found[path.stem] = _Text(str(path), path.read_text("utf-8"))
            except (OSError, UnicodeDecodeError) as error:
                self.problems.append(f"{path}: cannot be read: {error}")
                if path.stem in self._entries:
                    found[path.stem] = self._entries[path.stem].text
        return found

    def _entry(self, id: str, text: _Text) -> tuple[_Entry | None, bool]:
        """The definition in ``text``, and whether it had to be read."""
        digest = text.digest
        before = self._entries.get(id)
        if before is not None and before.digest == digest:
            return before, False
        sketch = self._cache.sketch(id, digest)
        if sketch is not None:
            return _Entry(text, digest, sketch), False
        from decoders.sketch import sketch as sketch_of

        try:
            satellite = _parse(id, text)
            entry = _Entry(text, digest, sketch_of(satellite), self._limits.over(satellite))
        except DefinitionError as error:
            self.problems.append(str(error))
            return before, False
        except Exception as error:
            # One file, against which the parser has no rule, must not cost all the others.
            self.problems.append(f"{text.source}: a mistake in the program: {error!r}")
            return before, False
        return entry, True


def _with_sister(text: _Text, texts: Mapping[str, _Text]) -> _Text:
    found = _EXTENDS.search(text.text) if "extends" in text.text else None  # few have it
    sister = texts.get(found[1]) if found else None
    return replace(text, sister=(found[1], sister.text) if found and sister else None)


def _built_in() -> Iterator[tuple[str, _Text]]:
    for path in (Path(decoders.__file__).parent / FOLDER_NAME).glob("*.toml"):
        yield path.stem, _Text(path.name, path.read_text("utf-8"))


def _parse(id: str, text: _Text) -> Satellite:
    from decoders.definition.parse import parse
    from groundstation.words.vocabulary import vocabulary

    return parse(
        text.text,
        id=id,
        source=text.source,
        sister=text.sister_text,
        vocabulary=vocabulary(),
    )


class _Satellites(Mapping[str, "Satellite"]):
    """The definitions by id, each read when it is taken out."""

    def __init__(self, catalog: SatelliteCatalog):
        self._catalog = catalog

    def __getitem__(self, id: str) -> Satellite:
        found = self._catalog.satellite(id)
        if found is None:
            raise KeyError(id)
        return found

    def __contains__(self, id: object) -> bool:
        return id in self._catalog._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._catalog.ids())

    def __len__(self) -> int:
        return len(self._catalog.ids())
