"""A connection of the web server, handed over to somebody who goes on with it.

The server (waitress) has a thread for each answer until it is written. An answer without end would
hold its thread for ever; so another thread gets a duplicate of the connection, and the server
closes only its own.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Response
from waitress.channel import ClientDisconnected
from werkzeug.http import http_date

#: What waitress puts into each request: a method of the connection's channel.
_OF_CHANNEL = "waitress.client_disconnected"


def can_be_handed_over(environ: Mapping[str, Any]) -> bool:
    """Whether the request comes from a server whose connections can be had."""
    return _OF_CHANNEL in environ


def handed_over(
    environ: Mapping[str, Any],
    mimetype: str,
    take: Callable[[socket.socket, bytes], None],
) -> Response:
    """An answer whose connection ``take`` gets, with the head of the answer that is to be written.

    The head is made when the answer is due, and so has what was added to its headers until then.
    """
    body = _Body(environ, take)
    body.answer = Response(body, mimetype=mimetype)
    return body.answer


class _Body:
    """The body of such an answer, of which the server writes nothing."""

    answer: Response

    def __init__(self, environ: Mapping[str, Any], take: Callable[[socket.socket, bytes], None]):
        self._environ, self._take = environ, take

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        line = _duplicate(self._environ)
        if line is not None:
            self._take(line, _head(self.answer))
        raise ClientDisconnected  # the server is done with it, as far as it knows


def _duplicate(environ: Mapping[str, Any]) -> socket.socket | None:
    """The connection of this request; None: it is closed already."""
    channel = environ[_OF_CHANNEL].__self__
    try:
        line = socket.socket(fileno=os.dup(channel.socket.fileno()))
    except (OSError, AttributeError):
        return None
    # The server may have closed it meanwhile and have got another one under the same number.
    try:
        is_this = str(line.getpeername()[1]) == environ["REMOTE_PORT"]
    except OSError:
        is_this = False
    if not is_this:
        line.close()
        return None
    return line


def _head(answer: Response) -> bytes:
    """Status line and fields (RFC 9112): the body ends with the connection."""
    lines = [f"HTTP/1.1 {answer.status}", f"Date: {http_date()}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
