"""What may be wrong with a journal's file, in a sentence that names the file and the mend."""

from __future__ import annotations

import shutil
from pathlib import Path

from groundstation.errors import SchemaError, StoreError

#: With less than this nothing can be opened for writing: SQLite makes two files beside each.
_FULL_BYTES = 128 * 1024
_SQLITE = b"SQLite format 3\0"
_MEND = (
    "copy the data folder first; then 'groundstation doctor --data {folder} --recover' saves every "
    "frame that can still be read"
)


def unreadable(path: Path, error: Exception) -> StoreError:
    """Why the journal ``path`` could not be opened for reading."""
    if not path.exists():
        return StoreError(
            f"there is no journal {path}: nothing was received there; is --data right?"
        )
    return StoreError(f"cannot read the journal {path}: {_reason(path, error)}")


def unwritable(path: Path, error: Exception) -> StoreError:
    """Why the journal ``path`` could not be opened for writing."""
    return StoreError(f"cannot write the journal {path}: {_reason(path, error)}")


def _reason(path: Path, error: Exception) -> str:
    mend = _MEND.format(folder=path.parent)
    if isinstance(error, SchemaError):
        if error.newer:
            return f"it {error}: a newer version wrote it; update the program (nothing is changed)"
        return f"it {error}: start the station or 'groundstation redecode', which bring it forward"
    if path.is_dir():
        return "it is a folder; move that folder away, or choose another --data"
    if _is_full(path.parent):
        return f"the disk is full ({error}); free some space, then try again"
    start = _start(path)
    if start is None:
        return f"{error}; choose a folder with --data that this user may write"
    if not start:
        return f"the file is empty (0 bytes): its content was lost; {mend}"
    if start != _SQLITE:
        return f"the file is not a database any more: something overwrote it; {mend}"
    return f"the file is damaged ({error}); {mend}"


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _FULL_BYTES
    except OSError:
        return False


def _start(path: Path) -> bytes | None:
    """The first bytes of the file; None when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE))
    except OSError:
        return None
