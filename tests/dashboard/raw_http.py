"""Requests as no browser sends them: bytes on a socket, and the whole answer."""

from __future__ import annotations

import socket
from contextlib import suppress


def ask(port: int, request: bytes) -> bytes:
    """What the server at ``port`` of this computer answers until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        answer = b""
        # A server may refuse a long request before it has read all of it.
        with suppress(ConnectionResetError, BrokenPipeError):
            line.sendall(request)
            while part := line.recv(1 << 16):
                answer += part
    return answer


def status_of(answer: bytes) -> int:
    """The status code of an answer."""
    return int(answer.split(b" ", 2)[1])
