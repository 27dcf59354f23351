"""``status.json``: what the station does now, for the dashboard. Losing it loses nothing."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

from groundstation.model.status import FILE_NAME, StationStatus
from groundstation.unbroken import Mistakes

#: Without any change it is written this often, so that a reader knows that the station lives.
EVERY_S = 1.0
#: Changes that come faster than this share one writing.
_SHORTEST_S = 0.05


class StatusWriter:
    """Writes what ``snapshot`` returns, each second and soon after each :meth:`changed`.

    ``say`` tells the operator why it cannot. ``make_room``: gives space to a full disk, where there
    is some; without the file the pages would say that the station does not run.
    """

    def __init__(
        self,
        folder: Path,
        snapshot: Callable[[], StationStatus],
        say: Callable[[str], None] = lambda text: None,
        make_room: Callable[[], object] = lambda: None,
    ):
        self._make_room = make_room
        self._path = folder / FILE_NAME
        self._mistakes = Mistakes(FILE_NAME, say)
        self._snapshot = snapshot
        self._change = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="status", daemon=True)

    def start(self) -> None:
        """Write the first status, and go on."""
        self._mistakes.attempt(self._write)
        self._thread.start()

    def changed(self) -> None:
        """Something changed that somebody may wait to see."""
        self._change.set()

    def stop(self) -> None:
        """Stop, and remove the file: no file, no station."""
        self._stopping.set()
        self._change.set()
        if self._thread.ident is not None:
            self._thread.join()
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _run(self) -> None:
        while not self._stopping.wait(_SHORTEST_S):
            self._change.wait(EVERY_S)
            self._change.clear()
            if not self._stopping.is_set():
                self._mistakes.attempt(self._write)

    def _write(self) -> None:
        text = json.dumps(self._snapshot().to_json(), ensure_ascii=False, allow_nan=False)
        data = text.encode()
        new = self._path.with_suffix(".json.new")
        try:
            new.write_bytes(data)
            new.replace(self._path)
        except OSError:
            # No space for a second file, and that is what the reader should learn: the space
            # that the old one has is ours.
            with contextlib.suppress(OSError):
                new.unlink(missing_ok=True)
            if not self._overwritten(data):
                self._make_room()  # for the next time

    def _overwritten(self, data: bytes) -> bool:
        """Whether all of ``data`` has place where the old file is."""
        try:
            file = os.open(self._path, os.O_WRONLY)
        except OSError:
            return False
        try:
            return os.write(file, data.ljust(os.fstat(file).st_size)) >= len(data)
        except OSError:
            return False
        finally:
            os.ftruncate(file, len(data))
            os.close(file)
