"""What a power cut may leave of SQLite files in WAL mode, and nothing that fsync forbids.

The writer stands still while its files are copied as the system sees them. What the disk had
for sure is read from the wal-index (https://www.sqlite.org/walformat.html, section 2): with
``synchronous=FULL`` every frame up to ``mxFrame`` (it is moved on after the sync), with NORMAL
those that a checkpoint was begun for (``nBackfillAttempted``). All sectors of the log behind are
old, new, zero or garbage, or the log is shorter. Pages of the database that a checkpoint was still
writing are torn between sectors. The wal-index itself does not outlive the cut, or as garbage.
"""

from __future__ import annotations

import random
import shutil
import struct
from dataclasses import dataclass
from pathlib import Path

_SECTOR = 512
_LOG_HEADER, _FRAME_HEADER = 32, 24
#: Where the wal-index keeps these numbers (native byte order; little here).
_MX_FRAME, _BACKFILL, _ATTEMPTED = 16, 96, 128
#: The first bytes of a database, which lie in one sector and are not written in parts.
_FILE_HEADER = 100


@dataclass(frozen=True)
class _Index:
    """Frames of the log: all, in the database for sure, and those a checkpoint was begun for."""

    frames: int
    backfilled: int
    attempted: int


def cut(source: Path, target: Path, chance: random.Random) -> None:
    """Copy the data folder ``source``, whose writer stands still, as a power cut may leave it."""
    target.mkdir()
    for path in source.iterdir():
        if path.is_dir():
            shutil.copytree(path, target / path.name)
        elif not path.name.endswith("-shm"):
            shutil.copy(path, target / path.name)
    _tear(source / "journal.db", target / "journal.db", chance, full=True)
    _tear(source / "telemetry.db", target / "telemetry.db", chance, full=False)


def _tear(source: Path, target: Path, chance: random.Random, *, full: bool) -> None:
    shm, log = _beside(source, "-shm"), _beside(target, "-wal")
    if not (shm.exists() and log.exists() and target.exists()):
        return
    data = shm.read_bytes()
    if len(data) < _ATTEMPTED + 4:
        return
    index = _Index(
        *(struct.unpack_from("<I", data, at)[0] for at in (_MX_FRAME, _BACKFILL, _ATTEMPTED))
    )
    page = _page_size(target)
    synced = index.frames if full else index.attempted
    _tear_tail(log, _LOG_HEADER + synced * (_FRAME_HEADER + page), chance)
    _tear_pages(target, log, index, page, chance)
    if chance.random() < 0.3:
        _beside(target, "-shm").write_bytes(chance.randbytes(len(data)))


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _page_size(path: Path) -> int:
    with path.open("rb") as file:
        head = file.read(_FILE_HEADER)
    size = int.from_bytes(head[16:18]) if len(head) == _FILE_HEADER else 4096
    return 65536 if size == 1 else size


def _tear_tail(log: Path, synced: int, chance: random.Random) -> None:
    """What lies behind the byte ``synced`` was perhaps not written yet."""
    content = bytearray(log.read_bytes())
    synced = max(synced, _LOG_HEADER)
    if len(content) <= synced:
        return
    if chance.random() < 0.5:
        del content[chance.randrange(synced, len(content)) :]
    for start in range(synced, len(content), _SECTOR):
        end = min(start + _SECTOR, len(content))
        content[start:end] = chance.choice(
            (bytes(content[start:end]), bytes(end - start), chance.randbytes(end - start))
        )
    log.write_bytes(content)


def _tear_pages(path: Path, log: Path, index: _Index, page: int, chance: random.Random) -> None:
    """Pages that a checkpoint was writing: the log has them, the database may have a part."""
    if index.attempted <= index.backfilled or chance.random() < 0.3:
        return
    size = path.stat().st_size
    with log.open("rb") as frames, path.open("r+b") as file:
        for number in range(index.backfilled, index.attempted):
            frames.seek(_LOG_HEADER + number * (_FRAME_HEADER + page))
            place = (int.from_bytes(frames.read(4)) - 1) * page
            if 0 <= place <= size - page:
                _tear_page(file, place, page, chance)


def _tear_page(file: object, place: int, page: int, chance: random.Random) -> None:
    for start in range(place, place + page, _SECTOR):
        if start > 0 and chance.random() < 0.5:
            file.seek(start)  # type: ignore[attr-defined]
            file.write(chance.randbytes(_SECTOR))  # type: ignore[attr-defined]
