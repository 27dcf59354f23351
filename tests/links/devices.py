"""Real devices that can be written to, unplugged and plugged in again."""

from __future__ import annotations

import array
import fcntl
import os
import pty
import select
import socket
import subprocess
import termios
import time
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from tests.peers import free_port, need


def wait_until(condition: Callable[[], object], seconds: float = 60.0, what: object = "") -> None:
    """Wait for ``condition``; fail the test when it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what or condition}"
        time.sleep(0.005)


class Device(Protocol):
    """What the link contract needs of a device."""

    url: str

    def plug(self) -> None: ...

    def unplug(self) -> None: ...

    def write(self, data: bytes) -> None: ...


class PtyDevice:
    """A pseudo-terminal behind a fixed name, as a USB adapter has one. ``url``: that name."""

    def __init__(self, name: Path):
        self.name = name
        self.url = str(name)
        self.master: int | None = None

    def plug(self) -> None:
        self.master, slave = pty.openpty()
        tty.setraw(slave)
        self.slave_name = os.ttyname(slave)
        os.close(slave)
        os.set_blocking(self.master, False)
        self.name.symlink_to(self.slave_name)

    def unplug(self) -> None:
        if self.master is not None:
            self.name.unlink()
            os.close(self.master)
            self.master = None

    def write(self, data: bytes) -> None:
        """All of ``data``, waiting while the terminal's buffer is full."""
        assert self.master is not None
        while data:
            select.select([], [self.master], [], 60)
            with suppress(BlockingIOError):
                data = data[os.write(self.master, data) :]

    def unread(self) -> int:
        """Bytes in the terminal that its reader has not taken yet."""
        # Opening and closing the slave side disturbs nobody: the reader holds it open too.
        slave = os.open(self.slave_name, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            return _queued(slave)
        finally:
            os.close(slave)

    def is_drained(self) -> bool:
        """Whether its reader has taken all. What the system still carries from one end to the other
        is counted nowhere, so it must be empty for a while."""
        for _ in range(20):
            if self.unread():
                return False
            time.sleep(0.02)
        return True


def _queued(file: int) -> int:
    count = array.array("i", [0])
    fcntl.ioctl(file, termios.FIONREAD, count)
    return count[0]


class SpyDevice(PtyDevice):
    """A pseudo-terminal opened through pyserial's spy, which writes down the traffic."""

    def __init__(self, name: Path):
        super().__init__(name)
        self.log = name.with_suffix(".spy")
        self.url = f"spy://{name}?file={self.log}&baud=19200"


class SocatDevice:
    """A pair of pseudo-terminals made by socat."""

    def __init__(self, name: Path):
        self.name = name
        self.url = str(name)
        self._far = name.with_suffix(".far")
        self._socat = need("socat")
        self._process: subprocess.Popen[bytes] | None = None

    def plug(self) -> None:
        ends = [f"pty,rawer,link={end}" for end in (self.name, self._far)]
        self._process = subprocess.Popen([self._socat, *ends])
        wait_until(lambda: self.name.exists() and self._far.exists(), what="socat")

    def unplug(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            for end in (self.name, self._far):
                end.unlink(missing_ok=True)

    def write(self, data: bytes) -> None:
        with self._far.open("wb", buffering=0) as file:
            file.write(data)


class TcpDevice:
    """A TCP server with one client at a time."""

    def __init__(self, scheme: str = "tcp"):
        self._port = free_port()
        self.url = f"{scheme}://127.0.0.1:{self._port}"
        self._server: socket.socket | None = None
        self._client: socket.socket | None = None

    def plug(self) -> None:
        self._server = socket.create_server(("127.0.0.1", self._port))
        self._server.settimeout(60)

    def unplug(self) -> None:
        for end in (self._client, self._server):
            if end is not None:
                end.close()
        self._client = self._server = None

    def write(self, data: bytes) -> None:
        assert self._server is not None
        if self._client is None:
            self._client, _ = self._server.accept()
        self._client.sendall(data)


class Ser2netDevice(PtyDevice):
    """A pseudo-terminal served as RFC 2217 by ser2net; unplugging kills the server.

    ser2net cannot listen on TCP where loopback is the only network there is, so it listens on a
    Unix socket, and socat carries the bytes.
    """

    def __init__(self, name: Path):
        super().__init__(name)
        self._port = free_port()
        self.url = f"rfc2217://127.0.0.1:{self._port}?ign_set_control"
        self._program, self._socat = need("ser2net"), need("socat")
        self._processes: list[subprocess.Popen[bytes]] = []

    def plug(self) -> None:
        super().plug()
        settings, socket_ = self.name.with_suffix(".yaml"), self.name.with_suffix(".sock")
        settings.write_text(
            "connection: &tnc\n"
            f"  accepter: telnet(rfc2217),unix,{socket_}\n"
            f"  connector: serialdev,{self.slave_name},9600n81,local\n"
        )
        listen = f"TCP4-LISTEN:{self._port},bind=127.0.0.1,reuseaddr,fork"
        self._processes = [
            subprocess.Popen([self._program, "-n", "-c", str(settings)]),
            subprocess.Popen([self._socat, listen, f"UNIX-CONNECT:{socket_}"]),
        ]

    def unplug(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
        self._processes = []
        self.name.with_suffix(".sock").unlink(missing_ok=True)
        super().unplug()
