"""A virtual serial port: what is written here, the station reads like from any radio.

A pseudo-terminal where the system has them, else (Windows) a TCP server on the loopback address.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from typing import Protocol


class VirtualPort(Protocol):
    """``url`` is what the station's link opens."""

    url: str

    def write(self, data: bytes) -> None:
        """Send bytes; they are dropped while nobody has the other end open."""
        ...

    def close(self) -> None:
        """Unplug."""
        ...


def open_virtual_port() -> VirtualPort:
    """The best kind that this system has."""
    return TcpVirtualPort() if sys.platform == "win32" else PtyPort()


if sys.platform != "win32":
    import tty

    class PtyPort:
        """The master side of a pseudo-terminal; ``url`` is the path of its other side."""

        def __init__(self) -> None:
            self._master, self._slave = os.openpty()
            tty.setraw(self._slave)
            os.set_blocking(self._master, False)
            self.url = os.ttyname(self._slave)

        def write(self, data: bytes) -> None:
            """See the protocol; a full buffer (nobody reads) drops what does not fit."""
            with contextlib.suppress(BlockingIOError):
                os.write(self._master, data)

        def close(self) -> None:
            """See the protocol."""
            os.close(self._master)
            os.close(self._slave)


class TcpVirtualPort:
    """A TCP server for one listener at a time."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.setblocking(False)
        self._listener: socket.socket | None = None
        self.url = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"

    def write(self, data: bytes) -> None:
        """See the protocol."""
        with contextlib.suppress(BlockingIOError):
            listener, _ = self._server.accept()
            self._hang_up()
            self._listener = listener
        if self._listener is not None:
            try:
                self._listener.sendall(data)
            except OSError:
                self._hang_up()

    def _hang_up(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def close(self) -> None:
        """See the protocol."""
        self._hang_up()
        self._server.close()
