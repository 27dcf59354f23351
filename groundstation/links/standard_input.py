"""Raw samples on standard input: ``rtl_fm ... | groundstation run`` with ``stdin://?rate=48000``."""

from __future__ import annotations

import os
import select
import sys

from groundstation.errors import LinkError
from groundstation.links.link import READ_WAIT_S, LinkEnded
from groundstation.sound.addresses import StdinAddress

_CHUNK = 1 << 16


class StdinOpener:
    """Takes standard input."""

    def __init__(self, address: StdinAddress):
        self._address = address

    def __call__(self) -> StdinPort:
        """Standard input; raises LinkError where a person types there."""
        if sys.stdin is None or sys.stdin.closed:
            raise LinkError("there is no standard input; start the station from a pipe")
        if sys.stdin.isatty():
            raise LinkError(
                "nothing is piped into the station; start it so: rtl_fm ... | groundstation run"
            )
        return StdinPort(self._address)


class StdinPort:
    """Standard input as a :class:`groundstation.links.link.Port`."""

    def __init__(self, address: StdinAddress):
        self.sound = address.sound
        self.centre_hz: float | None = None
        self._number = sys.stdin.fileno()

    def read(self) -> bytes:
        """What has come, or nothing after READ_WAIT_S."""
        # Windows cannot wait for a pipe: there a program that is silent keeps the link waiting.
        if sys.platform != "win32" and not select.select([self._number], [], [], READ_WAIT_S)[0]:
            return b""
        try:
            data = os.read(self._number, _CHUNK)
        except OSError as error:
            raise LinkError(f"standard input cannot be read: {error.strerror}") from error
        if not data:
            raise LinkEnded("standard input ended: the program before the pipe stopped")
        return data

    def close(self) -> None:
        """Standard input stays."""
