"""Space on the disk that is kept for frames alone, and given up when there is no other."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

FILE_NAME = "space-for-frames"
#: A pass brings some hundred kilobytes; opening the journal takes some tens of them.
RESERVE_BYTES = 4 * 1024 * 1024
#: It is kept only where so much is free: a full disk is not to be made fuller.
_WHERE_FREE_BYTES = 4 * RESERVE_BYTES
#: With less free than this a station is given the space before it opens anything.
_TO_START_BYTES = 512 * 1024


class Reserve:
    """A file of RESERVE_BYTES in ``folder``; without it everything works, on a disk with space."""

    def __init__(self, folder: Path):
        self._path = folder / FILE_NAME

    def keep(self) -> None:
        """Take the space, where there is enough and it is not taken."""
        with contextlib.suppress(OSError):  # no space for it after all
            if not self._path.exists() and self._free() > _WHERE_FREE_BYTES:
                _allocate(self._path)

    def make_room(self) -> None:
        """Where a station could not even start, give the space up: it needs some small files."""
        if self._is_kept() and self._free() < _TO_START_BYTES:
            self.give_up()

    def give_up(self) -> bool:
        """Where the disk is full, give the space to the journal; whether there is more now."""
        try:
            if not self._is_kept() or self._free() > RESERVE_BYTES:
                return False
            self._path.unlink()
        except OSError:
            return False
        return True

    def _is_kept(self) -> bool:
        """A file of that name and another size is somebody's."""
        return self._path.is_file() and self._path.stat().st_size == RESERVE_BYTES

    def _free(self) -> int:
        return shutil.disk_usage(self._path.parent).free


def _allocate(path: Path) -> None:
    new = path.with_suffix(".new")
    try:
        with new.open("wb") as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
            else:
                file.write(bytes(RESERVE_BYTES))
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
