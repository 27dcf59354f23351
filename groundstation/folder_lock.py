"""One station on one data folder: two writers would take the serial port from each other."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from groundstation.errors import FolderInUseError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

FILE_NAME = "station.lock"


class FolderLock:
    """Holds ``folder`` for this process; the system lets go of it whatever way the process ends.

    Makes the folder when it is not there. Raises FolderInUseError.
    """

    def __init__(self, folder: Path):
        self._path = folder / FILE_NAME
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise FolderInUseError(
                f"cannot write to the data folder {folder}: {error.strerror}; "
                "choose another one with --data"
            ) from error
        try:
            self._take()
        except OSError:
            owner = self._owner()
            os.close(self._file)
            raise FolderInUseError(
                f"another station{owner} already uses the data folder {folder}; "
                "stop it, or choose another folder with --data"
            ) from None
        self._sign()

    def _take(self) -> None:
        if sys.platform == "win32":
            # A byte far beyond the text, so that others can read the owner's number.
            os.lseek(self._file, 1000, os.SEEK_SET)
            msvcrt.locking(self._file, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _sign(self) -> None:
        with contextlib.suppress(OSError):  # a full disk: the lock holds without the number
            os.lseek(self._file, 0, os.SEEK_SET)
            os.write(self._file, f"{os.getpid():<10d}\n".encode())

    def _owner(self) -> str:
        number = os.read(self._file, 10).decode("ascii", "replace").strip()
        return f" (process {number})" if number.isdecimal() else ""

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
