"""``status.json``: what the station says of itself, read whenever it changed."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

from groundstation.model.status import FILE_NAME, StationStatus


class StatusFile:
    """The newest readable state of ``status.json``; safe to ask from several threads."""

    def __init__(self, folder: Path):
        self.path = folder / FILE_NAME
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._status = StationStatus()

    def read(self) -> StationStatus:
        """The state now; from a file that is not readable, the last good one."""
        with self._lock:
            try:
                found = self.path.stat()
                stamp = (found.st_mtime_ns, found.st_ino)
                if stamp != self._stamp:
                    self._status = StationStatus.from_json(json.loads(self.path.read_text("utf-8")))
                    self._stamp = stamp
            except FileNotFoundError:
                # The station removes it when it ends; where it was and its clock stay known.
                self._status = replace(self._status, written_us=0)
                self._stamp = None
            except (OSError, KeyError, TypeError, ValueError):
                pass  # cut short by a full disk: the last good state stays
            return self._status
