"""A serial adapter that comes back under another name each time, behind one that stays."""

from __future__ import annotations

import os
import pty
from pathlib import Path

from tests.links.devices import PtyDevice


class WanderingDevice(PtyDevice):
    """``name`` is what udev keeps under ``/dev/serial/by-id``; the terminal behind it changes."""

    def __init__(self, name: Path):
        super().__init__(name)
        self._taken: tuple[int, ...] = ()

    def plug(self) -> None:
        """Under a number that the one before had not."""
        super().plug()
        self._free()

    def unplug(self) -> None:
        """Gone; somebody else takes its number."""
        super().unplug()
        self._free()
        self._taken = pty.openpty()

    def _free(self) -> None:
        for end in self._taken:
            os.close(end)
        self._taken = ()

    def close(self) -> None:
        """Take it away for good."""
        self.unplug()
        self._free()
