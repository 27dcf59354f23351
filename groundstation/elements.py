"""The catalogue of elements in the data folder: newest for tomorrow, old ones for old passes.

``DATA/elements/current.csv`` holds the newest set of each object, ``history/2026-08.csv`` the sets
that newer ones replaced, by the month of their epoch: both as OMM CSV, which other programs read.
Any other file of elements that somebody puts into the folder (from a USB stick) is read too.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from groundstation.element_merge import merge, one_a_number
from groundstation.errors import ElementsFolderError
from groundstation.orbit.elements import (
    Elements,
    apart,
    newest,
    read_elements,
    text_of,
    to_omm_csv,
    told,
)

#: Names of files that are read as elements; a README beside them is left alone.
SUFFIXES = (".csv", ".json", ".kvn", ".omm", ".3le", ".tle", ".txt", ".xml")
CURRENT = "current.csv"
HISTORY = "history"
#: Larger files are not elements: the whole public catalogue is 3 MB.
MAX_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought. ``added`` and ``updated`` are objects with a newer set than before,
    ``corrected`` ones with another set of the same epoch, which replaces the one before.

    ``older`` sets went into the history, ``unchanged`` ones were there already; ``problems`` are
    sentences about what could not be used, ``warnings`` about what was accepted with a doubt,
    ``notes`` about what changed in other ways than to be newer.
    """

    added: int
    updated: int
    corrected: int
    older: int
    unchanged: int
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The numbers in words."""
        corrected = f"{self.corrected} corrected, " if self.corrected else ""
        return (
            f"{self.added} new, {self.updated} newer, {corrected}{self.older} older (kept as "
            f"history), {self.unchanged} unchanged"
        )


@dataclass(frozen=True, slots=True)
class _Loaded:
    signature: tuple[tuple[str, int, int], ...]
    newest: dict[int, Elements]
    problems: tuple[str, ...]


class ElementsCatalog:
    """The elements in ``folder`` (it need not exist). Files changed by others are noticed.

    Threads may share it; one process writes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._loaded = _Loaded((), {}, ())

    def all(self) -> list[Elements]:
        """The newest set of each object, by catalogue number."""
        return [item for _, item in sorted(self._fresh().newest.items())]

    def of(self, norads: Iterable[int]) -> list[Elements]:
        """The newest sets of these objects, in this order; those without one are left out."""
        known = self._fresh().newest
        return [known[norad] for norad in dict.fromkeys(norads) if norad in known]

    def count(self) -> int:
        """How many objects there are elements of."""
        return len(self._fresh().newest)

    def for_norad(self, norad: int, at: datetime | None = None) -> Elements | None:
        """The newest set of one object, or with ``at`` (aware) the one whose epoch is nearest."""
        current = self._fresh().newest.get(norad)
        if at is None or current is None:
            return current
        return min(self.history_of(norad), key=lambda item: abs(item.epoch - at))

    def history_of(self, norad: int) -> list[Elements]:
        """Every set of one object that is kept, in any order. Reads the whole history."""
        current = self._fresh().newest.get(norad)
        return [*([current] if current else ()), *(i for i in self._history() if i.norad == norad)]

    def stamp(self) -> object:
        """Changes when a file in the folder does; cheap, nothing is read."""
        return self._signature()

    @property
    def problems(self) -> tuple[str, ...]:
        """What in the folder cannot be used: sentences that name file and line."""
        return self._fresh().problems

    def import_text(self, text: str, source: str) -> Imported:
        """Keep the elements of ``text`` (any format); ``source`` says where they come from.

        What is wrong in it is reported and the rest kept. Raises ElementsFolderError.
        """
        found = read_elements(text, source=source)
        with self._lock:
            before = self._load().newest
            kept, lost = one_a_number(found.elements, before)
            merged = merge(before, kept)
            if merged.best != before:
                best = merged.best
                self._write(self.folder / CURRENT, [best[norad] for norad in sorted(best)])
            if merged.history:
                self._keep_history(merged.history)
            self._loaded = self._load()
        return Imported(
            **merged.counts,
            problems=(*told(found.errors), *lost),
            warnings=tuple(found.warnings),
            notes=tuple(merged.notes),
        )

    def import_bytes(self, data: bytes, source: str) -> Imported:
        """As :meth:`import_text`, of a file in any of the usual encodings."""
        return self.import_text(text_of(data), source)

    def _fresh(self) -> _Loaded:
        """What the folder holds now."""
        if self._loaded.signature != self._signature():
            with self._lock:
                self._loaded = self._load()
        return self._loaded

    def _signature(self) -> tuple[tuple[str, int, int], ...]:
        return tuple((path.name, *_stamp(path)) for path in self._files())

    def _files(self) -> list[Path]:
        try:
            entries = sorted(self.folder.iterdir())
        except OSError:
            return []
        return [path for path in entries if path.suffix.lower() in SUFFIXES and path.is_file()]

    def _load(self) -> _Loaded:
        """Read all files; the caller holds the lock."""
        signature = self._signature()
        if signature == self._loaded.signature:
            return self._loaded
        everything: list[Elements] = []
        problems: list[str] = []
        for path in self._files():
            elements, wrong = _read_file(path)
            everything += elements
            problems += wrong
        return _Loaded(signature, newest(everything), tuple(problems))

    def _history(self) -> list[Elements]:
        found: list[Elements] = []
        for path in sorted((self.folder / HISTORY).glob("*.csv")):
            found += _read_file(path)[0]
        for path in self._files():
            if path.name != CURRENT:
                found += _read_file(path)[0]
        return found

    def _keep_history(self, replaced: list[Elements]) -> None:
        months: dict[str, list[Elements]] = {}
        for item in replaced:
            months.setdefault(f"{item.epoch:%Y-%m}", []).append(item)
        for month, items in months.items():
            path = self.folder / HISTORY / f"{month}.csv"
            known = _read_file(path)[0] if path.exists() else []
            unique = {(item.norad, item.epoch): item for item in (*items, *known)}
            self._write(path, [unique[key] for key in sorted(unique)])

    def _write(self, path: Path, elements: list[Elements]) -> None:
        """Replace a file as a whole, so that a power cut leaves the old or the new one."""
        draft = path.with_suffix(".new")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("w", encoding="utf-8", newline="") as out:
                out.write(to_omm_csv(elements))
                out.flush()
                os.fsync(out.fileno())
            draft.replace(path)
        except OSError as error:
            raise ElementsFolderError(
                f"{path}: cannot write the elements ({error.strerror}); "
                "free some space or choose another data folder with --data"
            ) from None


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


def _read_file(path: Path) -> tuple[list[Elements], list[str]]:
    """Elements of one file, and sentences about what in it cannot be used."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return [], [f"{path}: too large for a file of elements, it is left out"]
        text = text_of(path.read_bytes())
    except OSError as error:
        return [], [f"{path}: cannot be read ({error.strerror})"]
    found = read_elements(text, source=str(path))
    return found.elements, told(found.errors)


def load_elements_file(path: Path) -> tuple[list[Elements], list[str]]:
    """The newest set of each object in one file, in the file's order, and what was wrong in it."""
    elements, problems = _read_file(path)
    return apart(elements), problems
