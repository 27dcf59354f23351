"""Raw samples in UDP datagrams, as Gqrx sends its audio: ``udp://:7355``."""

from __future__ import annotations

import contextlib
import errno
import socket

from groundstation.errors import LinkError
from groundstation.links.link import READ_WAIT_S
from groundstation.sound.addresses import UdpAddress

_DATAGRAM = 1 << 16
#: Taken at once, of what has come meanwhile.
_CHUNK = 1 << 16
#: Seconds of sound wait in the system while a frame is looked for.
_WAITING_BYTES = 1 << 20


class UdpOpener:
    """Listens at an address of this computer."""

    def __init__(self, address: UdpAddress):
        self._address = address

    def __call__(self) -> UdpPort:
        """Bind; raises LinkError when the port is another program's."""
        address = self._address
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        receiver = socket.socket(family, socket.SOCK_DGRAM)
        try:
            with contextlib.suppress(OSError):  # the system gives what it may
                receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WAITING_BYTES)
            receiver.bind((address.host, address.port))
        except OSError as error:
            receiver.close()
            raise LinkError(_why_not(address, error)) from error
        return UdpPort(receiver, address)


class UdpPort:
    """A bound socket as a :class:`groundstation.links.link.Port`."""

    def __init__(self, receiver: socket.socket, address: UdpAddress):
        self.sound = address.sound
        self.centre_hz: float | None = None
        self._receiver = receiver
        self._place = f"{address.host}:{address.port}"

    def read(self) -> bytes:
        """The datagrams that have come, or nothing after READ_WAIT_S."""
        found: list[bytes] = []
        size = 0
        self._receiver.settimeout(READ_WAIT_S)
        try:
            while size < _CHUNK:
                found.append(self._receiver.recv(_DATAGRAM))
                size += len(found[-1])
                self._receiver.settimeout(0.0)
        except (TimeoutError, BlockingIOError):
            pass
        except OSError as error:
            if not found:
                raise LinkError(f"udp://{self._place} broke: {error.strerror}") from error
        return b"".join(found)

    def close(self) -> None:
        """Close the socket."""
        self._receiver.close()


def _why_not(address: UdpAddress, error: OSError) -> str:
    place = f"{address.host}:{address.port}"
    if error.errno == errno.EADDRINUSE:
        return f"another program listens on UDP port {address.port} already; close that one"
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"this computer has no address {address.host}; write udp://:{address.port}"
    return f"udp://{place} cannot be used: {error.strerror or error}"
