"""A small disk that can be filled: a tmpfs, which only root may mount."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class CannotMountError(Exception):
    """This machine does not let this user mount a file system."""


class SmallDisk:
    """A file system of its own at ``folder``; :meth:`fill` takes its space, :meth:`free` gives it
    back."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self, leave: int) -> None:
        """Leave only ``leave`` bytes free, while others write too."""
        with self._filler.open("ab", buffering=0) as file, suppress(OSError):
            while (most := self._bytes_free() - leave) > 0:
                file.write(bytes(min(most, 1 << 20)))

    def free(self) -> None:
        """Somebody made space."""
        self._filler.unlink()

    def _bytes_free(self) -> int:
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize


@contextmanager
def small_disk(folder: Path, megabytes: int = 48) -> Iterator[SmallDisk]:
    """Raises CannotMountError."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotMountError(done.stderr.strip())
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
