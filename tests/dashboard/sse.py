"""A small client for server-sent events over a plain socket."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Event:
    """One event; ``id`` is its seq, or None."""

    name: str
    data: Any
    id: int | None


class EventStream:
    """The events of ``/api/v1/live`` on a local port."""

    def __init__(self, port: int, last_event_id: int | None = None, timeout_s: float = 60):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=timeout_s)
        self._lines = self._socket.makefile("rb")
        resume = "" if last_event_id is None else f"Last-Event-ID: {last_event_id}\r\n"
        try:
            self.status = self._ask(resume)
        except BaseException:
            self.close()
            raise

    def _ask(self, resume: str) -> int:
        request = f"GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\n{resume}\r\n"
        self._socket.sendall(request.encode())
        status = int(self._lines.readline().split()[1])
        while self._lines.readline().strip():
            pass
        return status

    def next(self, name: str | None = None) -> Event:
        """The next event (of that name)."""
        while True:
            event = self._read()
            if event is not None and name in (None, event.name):
                return event

    def _read(self) -> Event | None:
        fields: dict[str, str] = {}
        while True:
            line = self._lines.readline().decode()
            if not line:
                raise ConnectionError("the stream has ended")
            text = line.rstrip("\r\n")
            # Between events come the sizes of HTTP chunks, comments and blank lines.
            if text.startswith(("id:", "event:", "data:")):
                key, _, value = text.partition(": ")
                fields[key] = value
            elif not text and "data" in fields:
                id = int(fields["id"]) if "id" in fields else None
                return Event(fields["event"], json.loads(fields["data"]), id)

    def close(self) -> None:
        """Leave."""
        self._lines.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
