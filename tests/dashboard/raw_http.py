"""Requests as no browser sends them: bytes on a socket, and the whole answer."""

from __future__ import annotations

import socket


def ask(port: int, request: bytes) -> bytes:
    """What the server at ``port`` of this computer answers until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(request)
        answer = b""
        while part := line.recv(1 << 16):
            answer += part
    return answer


def status_of(answer: bytes) -> int:
    """The status code of an answer."""
    return int(answer.split(b" ", 2)[1])
