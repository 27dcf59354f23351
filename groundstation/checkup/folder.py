"""The data folder: journal, values, definitions, rights, disk."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from decoders.words import Words
from groundstation.catalog import SatelliteCatalog
from groundstation.checkup.finding import Finding, well
from groundstation.errors import StoreError
from groundstation.storage.journal import FILE_NAME as JOURNAL
from groundstation.storage.journal import JournalReader
from groundstation.storage.journal.salvage import is_damaged
from groundstation.storage.telemetry.connection import FILE_NAME as TELEMETRY
from groundstation.storage.telemetry.connection import StoreCheck

#: Less room than this and frames may have to wait in memory.
LEAST_FREE_BYTES = 100_000_000
#: A commit that takes longer lets a fast pass wait, seconds.
SLOW_COMMIT_S = 0.1
_COMMITS = 20
_COMMIT_BYTES = 4096
_BULK_BYTES = 8 * 1024 * 1024


def folder_findings(data: Path, words: Words) -> Iterator[Finding]:
    """What there is to say of a data folder."""
    yield journal(data, words)
    yield values(data, words)
    yield definitions(data, words)
    yield rights(data, words)
    yield disk(data, words)
    yield write_speed(data, words)


def journal(data: Path, words: Words) -> Finding:
    """Whether every frame can be read."""
    name, path = words("journal"), data / JOURNAL
    try:
        with JournalReader(data) as reader:
            count = reader.count()
    except StoreError as error:
        if not path.exists():
            mend = words("is --data right? The station makes it when it starts")
            return Finding(name, "bad", words("there is no %(file)s", file=path), mend)
        return Finding(name, "bad", str(error))
    if damage := is_damaged(path):
        return Finding(
            name,
            "bad",
            words("%(file)s is damaged (%(damage)s)", file=path, damage=damage),
            words(
                "copy the data folder, then run: %(command)s",
                command=f"groundstation doctor --data {data} --recover",
            ),
        )
    return well(
        name,
        words.ngettext(
            "%(n)s frame, and each page of the file is whole",
            "%(n)s frames, and each page of the file is whole",
            count,
        ),
    )


def values(data: Path, words: Words) -> Finding:
    """Whether the values can be read."""
    name, path = words("values"), data / TELEMETRY
    if not path.exists():
        return well(name, words("none yet: the station makes them of the journal"))
    check = StoreCheck(path)
    check.start()
    check.wait()
    if check.found is None:
        return well(name, words("the file is whole"))
    mend = words("nothing is lost: the station makes it again when it starts")
    return Finding(name, "bad", str(check.found), mend)


def definitions(data: Path, words: Words) -> Finding:
    """Whether the definitions of the folder are understood."""
    name, catalog = words("definitions"), SatelliteCatalog(data)
    if catalog.problems:
        mend = words("correct the file, or try it with: groundstation satellites check FILE")
        return Finding(name, "bad", "; ".join(catalog.problems), mend)
    return well(
        name, words.ngettext("%(n)s satellite", "%(n)s satellites", len(catalog.satellites))
    )


def rights(data: Path, words: Words) -> Finding:
    """Whether others may change what was received. Windows has no such bits."""
    name = words("rights")
    if not os.access(data, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        said = words("this user may not write to %(path)s", path=data)
        return Finding(name, "bad", said, f"sudo chown -R $USER {data}")
    for path in () if sys.platform == "win32" else (data, *sorted(data.rglob("*"))):
        if not path.is_symlink() and path.stat().st_mode & stat.S_IWOTH:
            said = words("everybody on this computer may change %(path)s", path=path)
            return Finding(name, "bad", said, f"chmod -R o-w {data}")
    return well(name, words("only this user may change the folder"))


def disk(data: Path, words: Words) -> Finding:
    """Whether there is room."""
    name, free = words("disk"), shutil.disk_usage(data).free
    said = words("%(n)s MB are free", n=free // 1_000_000)
    if free < LEAST_FREE_BYTES:
        mend = words("make space, or frames will have to wait in memory: groundstation compact")
        return Finding(name, "bad", said, mend)
    return well(name, said)


def write_speed(data: Path, words: Words) -> Finding:
    """How soon a frame is safe, and how fast the disk writes. Leaves nothing behind."""
    name = words("write speed")
    try:
        with tempfile.TemporaryFile(dir=data) as file:
            commit_s = max(_written_s(file.fileno(), _COMMIT_BYTES) for _ in range(_COMMITS))
            rate = _BULK_BYTES / _written_s(file.fileno(), _BULK_BYTES) / 1e6
    except OSError as error:
        said = words("%(path)s cannot be written: %(reason)s", path=data, reason=error.strerror)
        return Finding(name, "bad", said, words("name another folder with --data"))
    said = words(
        "%(rate)s MB/s; a frame is safe after %(ms)s ms at most",
        rate=f"{rate:.0f}",
        ms=f"{commit_s * 1000:.1f}",
    )
    if commit_s > SLOW_COMMIT_S:
        mend = words("slow for a fast downlink: use a better SD card, or a USB disk")
        return Finding(name, "doubtful", said, mend)
    return well(name, said)


def _written_s(file: int, size: int) -> float:
    begun = time.perf_counter()
    os.write(file, os.urandom(size))
    os.fsync(file)
    return time.perf_counter() - begun
