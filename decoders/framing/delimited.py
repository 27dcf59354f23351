"""Frames between delimiter bytes: what KISS, SLIP, COBS and text lines have in common."""

from __future__ import annotations

from decoders.frame import BadFrame, Deframed

MAX_FRAME = 4096


class DelimitedDeframer:
    """Splits a byte stream at ``delimiter``; a subclass makes frames of what lies between.

    Linear in its input; holds at most ``most_pending`` bytes. Everything that is no frame comes out
    as a BadFrame with the bytes as received, so that nothing is lost; over-long content comes in
    pieces. ``starts``: content begins only after a delimiter, what comes before it is noise.
    """

    delimiter = b"\xc0"
    starts = True
    no_start = "bytes before the first frame marker"
    no_end = "ends without a frame marker"

    def __init__(self, max_frame: int, most_pending: int):
        self.max_frame = max_frame
        self._most_pending = most_pending
        self._pending = bytearray()
        self._started = not self.starts
        self._overlong = False
        self._time_us: int | None = None

    def content(self, content: bytes, found: list[Deframed]) -> None:
        """Make a frame of what lay between two delimiters."""
        raise NotImplementedError

    def begins(self, content: bytes) -> bool:
        """Whether what stands before the first delimiter is no noise."""
        return False

    def feed(self, data: bytes) -> list[Deframed]:
        """Take the next bytes; return the frames that they complete, in order."""
        found: list[Deframed] = []
        head, *rest = data.split(self.delimiter)
        self._collect(head, found)
        for part in rest:
            self._end(found)
            self._collect(part, found)
        return found

    def flush(self) -> list[Deframed]:
        """The stream ended: what is left is a BadFrame. The next stream starts anew."""
        found: list[Deframed] = []
        if self._pending:
            self.give_bad(bytes(self._pending), self.no_end if self._started else None, found)
        self._pending.clear()
        self._started, self._overlong = not self.starts, False
        self._time_us = None
        return found

    def decode_block(self, data: bytes) -> list[Deframed]:
        """The frames of one piece of the stream."""
        return [*self.feed(data), *self.flush()]

    def overlong_reason(self) -> str:
        """Why content is too long."""
        return f"longer than {self.max_frame} bytes"

    def give_bad(
        self, data: bytes, reason: str | None, found: list[Deframed], port: int = 0
    ) -> None:
        """Add a BadFrame; without a reason it is noise before the first delimiter."""
        found.append(BadFrame(data, reason or self.no_start, port, self._time_us))
        self._time_us = None

    def _collect(self, part: bytes, found: list[Deframed]) -> None:
        pending = self._pending
        pending += part
        while len(pending) >= self._most_pending:
            self._overlong = True
            piece = bytes(pending[: self._most_pending])
            del pending[: self._most_pending]
            self.give_bad(piece, self.overlong_reason() if self._started else None, found)

    def _end(self, found: list[Deframed]) -> None:
        content = bytes(self._pending)
        self._pending.clear()
        if content:
            if not self._started and (self._overlong or not self.begins(content)):
                self.give_bad(content, None, found)
            elif self._overlong:
                self.give_bad(content, self.overlong_reason(), found)
            else:
                self.content(content, found)
        self._started, self._overlong = True, False
