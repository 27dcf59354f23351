"""A data folder as one file, and back: a zip archive with a list of what must be in it.

The archive holds the journal and everything else in the folder that nobody could make again, but
not ``telemetry.db``: the station makes it from the journal.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, TypedDict

from groundstation.errors import StoreError
from groundstation.model import iso, to_us
from groundstation.storage.journal import FILE_NAME, JournalReader
from groundstation.storage.journal.salvage import is_damaged

LIST = "backup.json"
_FORMAT = 1
#: Databases, which are copied as of one moment while their programs write.
_DATABASES = (FILE_NAME, "desk.db")
#: What is made again by itself, or holds for the running station only.
_LEFT_OUT = ("telemetry.db", "status.json", "station.lock", "space-for-frames", "recovered")
_CHUNK = 1 << 20
#: An archive with more or larger files than these is none of ours.
MAX_FILES = 100_000
MAX_LIST_BYTES = 64 * 1024 * 1024


class Listed(TypedDict):
    """A file in the archive."""

    bytes: int
    sha256: str


class Contents(TypedDict):
    """What :data:`LIST` says."""

    format: int
    made: str
    receptions: int
    last_seq: int
    passes: int
    files: dict[str, Listed]


@dataclass(frozen=True, slots=True)
class Backup:
    """An archive that was read back: where, its size, and what it holds."""

    path: Path
    size: int
    contents: Contents


def backup(folder: Path, path: Path, now: datetime) -> Backup:
    """Write the data folder to ``path``, as of one moment and while a station runs, and check it.

    The file appears when it is whole and on the disk; none is written over. Raises StoreError.
    """
    if path.exists():
        raise StoreError(f"{path} is there already: name another file, or move it away")
    draft = path.with_name(path.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as work:
            _write(folder, draft, Path(work), now)
        found = verify(draft)
        draft.rename(path)
    except (OSError, sqlite3.Error, zipfile.BadZipFile) as error:
        raise StoreError(f"no backup {path} was made: {error}") from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
    return Backup(path, found.size, found.contents)


def verify(path: Path) -> Backup:
    """Read an archive to its end and compare it with its list. Raises StoreError."""
    with _opened(path) as archive:
        contents = _contents(archive, path)
        for name, listed in contents["files"].items():
            with archive.open(name) as file:
                _compare(path, name, listed, file)
    return Backup(path, path.stat().st_size, contents)


def restore(path: Path, folder: Path) -> Backup:
    """Unpack an archive into ``folder``, which is new or empty, and check the journal in it.

    The folder appears when all of it is there and right. Raises StoreError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreError(f"{folder} is not empty: name a new folder with --data")
    draft = folder.with_name(folder.name + ".restoring")
    if draft.exists():
        raise StoreError(
            f"{draft} is left over from a restore that was broken off: move it away and try again"
        )
    try:
        found = _unpack(path, draft)
        _check(draft, found)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except (OSError, sqlite3.Error, zipfile.BadZipFile) as error:
        raise StoreError(f"{path} was not restored: {error}") from error
    finally:
        if draft.exists():
            shutil.rmtree(draft)
    return found


def _write(folder: Path, draft: Path, work: Path, now: datetime) -> None:
    files: dict[str, Listed] = {}
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in _DATABASES:
            if (folder / name).exists():
                _copy_database(folder / name, work / name)
                files[name] = _add(archive, work / name, name)
        for name in _others(folder):
            files[name] = _add(archive, folder / name, name)
        with JournalReader(work) as journal:
            contents = Contents(
                format=_FORMAT,
                made=iso(to_us(now)),
                receptions=journal.count(),
                last_seq=journal.last_seq(),
                passes=sum(1 for _ in journal.each_pass(1 << 62)),
                files=files,
            )
        archive.writestr(LIST, json.dumps(contents, ensure_ascii=False, indent=1))
    with draft.open("rb") as file:
        os.fsync(file.fileno())


def _copy_database(source: Path, target: Path) -> None:
    """A database as of one moment; its writer goes on meanwhile."""
    uri = f"{source.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(uri, uri=True, timeout=10)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode=DELETE")  # one file, without one beside it
    if damage := is_damaged(target) if source.name == FILE_NAME else "":
        raise StoreError(
            f"{source} is damaged ({damage}), and so would be its backup; first: "
            f"groundstation doctor --data {source.parent} --recover"
        )


def _others(folder: Path) -> Iterator[str]:
    """Every other file; nothing is followed out of the folder."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not path.is_symlink() and not _is_left_out(name):
            yield name


def _is_left_out(name: str) -> bool:
    """Whether it is nothing to keep; what SQLite has beside a database goes with it."""
    first = PurePosixPath(name).parts[0]
    return first.startswith((*_LEFT_OUT, *_DATABASES)) or first.endswith((".part", ".new"))


def _add(archive: zipfile.ZipFile, source: Path, name: str) -> Listed:
    digest, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo.from_file(source, name, strict_timestamps=False)
    info.compress_type = zipfile.ZIP_DEFLATED
    with source.open("rb") as file, archive.open(info, "w", force_zip64=True) as out:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
    return Listed(bytes=size, sha256=digest.hexdigest())


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise StoreError(f"{path} is damaged, or no backup of this program: {error}") from error
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror or error}") from error


def _contents(archive: zipfile.ZipFile, path: Path) -> Contents:
    """The list, which names every file of the archive and nothing beside the folder."""
    names = [info.filename for info in archive.infolist()]
    if LIST not in names or archive.getinfo(LIST).file_size > MAX_LIST_BYTES:
        raise StoreError(f"{path} is no backup of this program: it has no list {LIST}")
    try:
        contents: Contents = json.loads(archive.read(LIST))
        files = contents["files"]
        listed = all(isinstance(contents[name], int) for name in ("receptions", "last_seq"))
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path}: its list {LIST} is damaged: {error!r}") from error
    if contents["format"] != _FORMAT or not listed:
        raise StoreError(f"{path} was made by a newer version: update the program")
    if len(names) > MAX_FILES or sorted(names) != sorted([LIST, *files]):
        raise StoreError(f"{path} does not hold what its list says: it is damaged")
    for name in files:
        if not _is_ours(name):
            raise StoreError(f"{path} holds {name!r}, which is nothing of a data folder")
    return contents


def _is_ours(name: str) -> bool:
    """Whether it lies within a folder, on any system."""
    parts = PurePosixPath(name).parts
    return bool(parts) and not any(
        part in ("..", "/") or "\\" in part or ":" in part or "\0" in part for part in parts
    )


def _compare(path: Path, name: str, listed: Listed, file: IO[bytes]) -> None:
    """Read ``file`` to its end; raises StoreError where it is not what the list says."""
    digest, left = hashlib.sha256(), listed["bytes"]
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        left -= len(chunk)
        if left < 0:
            break  # whatever it unpacks to, it is not ours
    if left or digest.hexdigest() != listed["sha256"]:
        raise StoreError(f"{path}: {name} in it is damaged; use another backup")


def _unpack(path: Path, folder: Path) -> Backup:
    found = verify(path)
    folder.mkdir(parents=True)
    with _opened(path) as archive:
        for name in found.contents["files"]:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file, _CHUNK)
                file.flush()
                os.fsync(file.fileno())
    return found


def _check(folder: Path, found: Backup) -> None:
    if damage := is_damaged(folder / FILE_NAME):
        raise StoreError(f"the journal in {found.path} is damaged: {damage}")
    with JournalReader(folder) as journal:
        counted = journal.count(), journal.last_seq()
    listed = found.contents["receptions"], found.contents["last_seq"]
    if counted != listed:
        raise StoreError(
            f"the journal in {found.path} has {counted[0]} frames instead of {listed[0]}"
        )
