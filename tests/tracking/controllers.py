"""Hamlib's real daemons, and one made to misbehave."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from contextlib import contextmanager, suppress

from tests.peers import free_port, need


@contextmanager
def daemon(program, *options, port=None):
    """A real rotctld or rigctld with the dummy model; yields ``host:port``."""
    port = port or free_port()
    process = subprocess.Popen(
        [need(program), "-m", "1", "-T", "127.0.0.1", "-t", str(port), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


class Hostile:
    """A rotator with a motor that runs in station time, and whatever fault it is told to have.

    ``fault`` is None, or one of: stuck, slow, teleport, range, nan, refuse, silent, close, endless,
    words. ``after`` is how many commands it behaves before.
    """

    def __init__(self, clock, rate_deg_s=6.0, fault=None, after=0, split_replies=False):
        self.clock = clock
        self.rate = rate_deg_s
        self.fault = fault
        self.after = after
        self.split_replies = split_replies
        self.azimuth = self.elevation = 0.0
        self.goal = (0.0, 0.0)
        self.moved_us = clock.now_us()
        self.commands = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._open = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(60)
        for connection in self._open:
            connection.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
            self._threads[-1].start()

    def _serve(self, connection):
        rest = b""
        while True:
            try:
                data = connection.recv(1024)
            except OSError:
                return
            if not data:
                return
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                if not self._answer(connection, line.decode()):
                    return

    def _move(self):
        now = self.clock.now_us()
        rate = self.rate / 4 if self._fault("slow") else self.rate
        reach = rate * (now - self.moved_us) / 1e6
        self.moved_us = now
        if self._fault("stuck"):
            return
        if self._fault("teleport"):
            reach = 1e9
        for name, goal in zip(("azimuth", "elevation"), self.goal, strict=True):
            value = getattr(self, name)
            setattr(self, name, value + max(-reach, min(reach, goal - value)))

    def _fault(self, name):
        return self.fault == name and len(self.commands) > self.after

    def _answer(self, connection, line):
        self._move()
        self.commands.append(line)
        word, *numbers = line.split()
        if self._fault("silent"):
            return True
        if self._fault("close"):
            connection.shutdown(socket.SHUT_RDWR)
            return False
        reply = "RPRT 0\n"
        if word == "P":
            if self._fault("refuse"):
                reply = "RPRT -9\n"
            else:
                self.goal = (float(numbers[0]), float(numbers[1]))
        elif word == "p":
            azimuth = 700.0 if self._fault("range") else self.azimuth
            reply = f"{azimuth:.2f}\n{self.elevation:.2f}\n"
            if self._fault("nan"):
                reply = "nan\nnan\n"
        elif word in "SK":
            self.goal = (self.azimuth, self.elevation) if word == "S" else (0.0, 0.0)
        if self._fault("endless"):
            reply = "9" * 100_000
        if self._fault("words"):
            reply = "Hello, this is not a rotator\nat all\n"
        try:
            if self.split_replies:
                for letter in reply:
                    connection.sendall(letter.encode())
            else:
                connection.sendall(reply.encode())
        except OSError:
            return False
        return True
