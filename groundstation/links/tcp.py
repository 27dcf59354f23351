"""KISS and other byte streams over TCP: ``tcp://host:8001`` (``socket://`` means the same)."""

from __future__ import annotations

import contextlib
import errno
import socket

from groundstation.errors import LinkError
from groundstation.link_url import TcpAddress
from groundstation.links.link import READ_WAIT_S

_CONNECT_WAIT_S = 10.0
_CHUNK = 65536


class TcpOpener:
    """Connects to a server again and again."""

    def __init__(self, address: TcpAddress):
        self._host, self._port = address.host, address.port

    def __call__(self) -> TcpPort:
        """Connect; raises LinkError when nobody answers."""
        place = f"{self._host}:{self._port}"
        try:
            connection = socket.create_connection((self._host, self._port), _CONNECT_WAIT_S)
        except OSError as error:
            raise LinkError(_why_not(self._host, place, error)) from error
        _keep_alive(connection)
        connection.settimeout(READ_WAIT_S)
        return TcpPort(connection, place)


class TcpPort:
    """A connected socket as a :class:`groundstation.links.link.Port`."""

    def __init__(self, connection: socket.socket, place: str):
        self._connection = connection
        self._place = place

    def read(self) -> bytes:
        """What has come, or nothing after READ_WAIT_S."""
        try:
            data = self._connection.recv(_CHUNK)
        except TimeoutError as timeout:
            # READ_WAIT_S passed (no errno), or keepalive found the other side gone (ETIMEDOUT).
            if timeout.errno is None:
                return b""
            raise LinkError(f"{self._place} does not answer any more") from timeout
        except OSError as error:
            raise LinkError(f"the connection to {self._place} broke: {error.strerror}") from error
        if not data:
            raise LinkError(f"{self._place} closed the connection; is the TNC program running?")
        return data

    def send(self, data: bytes) -> None:
        """Send all of ``data``; raises LinkError when the connection broke."""
        try:
            self._connection.sendall(data)
        except OSError as error:
            raise LinkError(f"the connection to {self._place} broke: {error.strerror}") from error

    def close(self) -> None:
        """Close the socket."""
        with contextlib.suppress(OSError):
            self._connection.close()


def _keep_alive(connection: socket.socket) -> None:
    """Notice within half a minute that the other computer lost its power or its cable."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 10), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, option):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def _why_not(host: str, place: str, error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return f"there is no computer of the name {host}; correct the link's url"
    if error.errno == errno.ECONNREFUSED:
        return f"nothing listens on {place}; start the TNC program there, or correct the port"
    if isinstance(error, TimeoutError):
        return f"{place} does not answer; is that computer on and in the same network?"
    return f"{place} cannot be reached: {error.strerror or error}"
