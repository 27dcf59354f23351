"""KISS: frames between FEND bytes, as terminal node controllers (TNC) speak it.

Source: M. Chepponis K3MC and P. Karn KA9Q, "The KISS TNC", ARRL 6th Computer Networking
Conference, 1987. Command 0x09, eight bytes of milliseconds since 1970 before a data frame, is
how gr-satellites stamps frames with time.
"""

from __future__ import annotations

import re

from decoders.frame import BadFrame, Deframed, Frame

FEND, FESC, TFEND, TFESC = 0xC0, 0xDB, 0xDC, 0xDD
MAX_FRAME = 4096

_FEND = bytes([FEND])
_ESCAPED_FEND = bytes([FESC, TFEND])
_FESC = bytes([FESC])
_ESCAPED_FESC = bytes([FESC, TFESC])
_WRONG_ESCAPE = re.compile(rb"\xdb(?![\xdc\xdd])")
_DATA, _TIME = 0x00, 0x09
_LATEST_TIME_MS = 253_402_300_800_000  # the year 10000


class KissDeframer:
    """KISS byte stream to frames.

    Linear in its input; holds at most ``2 * max_frame + 2`` bytes. Everything that is not a data
    frame comes out as a BadFrame with the bytes as received (still escaped) and the reason, so
    that nothing is lost: noise before the first FEND, wrong escapes, over-long frames (in pieces),
    other commands. Empty frames (FEND FEND) are idle fill and vanish.
    """

    def __init__(self, max_frame: int = MAX_FRAME):
        self.max_frame = max_frame
        # An escaped frame is at most twice as long, plus its command byte; beyond that it is too
        # long whatever follows.
        self._most_pending = 2 * max_frame + 2
        self._pending = bytearray()
        self._started = False
        self._overlong = False
        self._time_us: int | None = None

    def feed(self, data: bytes) -> list[Deframed]:
        """Take the next bytes; return the frames that they complete, in order."""
        found: list[Deframed] = []
        head, *rest = data.split(_FEND)
        self._collect(head, found)
        for part in rest:
            self._end(found)
            self._collect(part, found)
        return found

    def flush(self) -> list[Deframed]:
        """The stream ended: what is left is a BadFrame. The next frame needs a new FEND."""
        found: list[Deframed] = []
        if self._pending:
            reason = "ends without a KISS frame marker" if self._started else _NO_START
            self._give(BadFrame(bytes(self._pending), reason), found)
        self._pending.clear()
        self._started = self._overlong = False
        self._time_us = None
        return found

    def _collect(self, part: bytes, found: list[Deframed]) -> None:
        pending = self._pending
        pending += part
        while len(pending) >= self._most_pending:
            self._overlong = True
            piece = bytes(pending[: self._most_pending])
            del pending[: self._most_pending]
            self._give(BadFrame(piece, self._overlong_reason()), found)

    def _overlong_reason(self) -> str:
        return f"longer than {self.max_frame} bytes" if self._started else _NO_START

    def _end(self, found: list[Deframed]) -> None:
        content = bytes(self._pending)
        self._pending.clear()
        if content:
            if not self._started:
                self._give(BadFrame(content, _NO_START), found)
            elif self._overlong:
                self._give(BadFrame(content, self._overlong_reason()), found)
            else:
                self._frame(content, found)
        self._started, self._overlong = True, False

    def _frame(self, content: bytes, found: list[Deframed]) -> None:
        wrong = _WRONG_ESCAPE.search(content)
        if wrong:
            self._give(BadFrame(content, f"wrong KISS escape at byte {wrong.start()}"), found)
            return
        plain = content.replace(_ESCAPED_FEND, _FEND).replace(_ESCAPED_FESC, _FESC)
        port, command = plain[0] >> 4, plain[0] & 0x0F
        if command == _TIME and port == 0:
            self._take_time(content, plain[1:], found)
        elif command != _DATA:
            reason = f"KISS command 0x{plain[0]:02X}, not data"
            self._give(BadFrame(content, reason, port), found)
        elif len(plain) == 1:
            self._give(BadFrame(content, "KISS data frame without data", port), found)
        elif len(plain) - 1 > self.max_frame:
            self._give(BadFrame(content, self._overlong_reason(), port), found)
        else:
            found.append(Frame(plain[1:], port, self._time_us))
            self._time_us = None

    def _take_time(self, content: bytes, stamp: bytes, found: list[Deframed]) -> None:
        time_ms = int.from_bytes(stamp)
        if len(stamp) != 8 or time_ms >= _LATEST_TIME_MS:
            self._give(BadFrame(content, "KISS time stamp is not 8 bytes of milliseconds"), found)
        else:
            self._time_us = time_ms * 1000

    def _give(self, bad: BadFrame, found: list[Deframed]) -> None:
        found.append(BadFrame(bad.data, bad.reason, bad.port, self._time_us))
        self._time_us = None


_NO_START = "bytes before the first KISS frame marker"


def kiss_encode(frame: bytes, port: int = 0) -> bytes:
    """``frame`` as a KISS data frame on ``port`` (0..15), with both FENDs."""
    if not 0 <= port <= 15:
        raise ValueError(f"KISS port {port} is not 0..15")
    return _between_fends(bytes([port << 4 | _DATA]) + frame)


def kiss_stamp(time_us: int) -> bytes:
    """The command 0x09 that gives the next frame its time: microseconds since 1970, cut to ms."""
    return _between_fends(bytes([_TIME]) + (time_us // 1000).to_bytes(8))


def _between_fends(plain: bytes) -> bytes:
    escaped = plain.replace(_FESC, _ESCAPED_FESC).replace(_FEND, _ESCAPED_FEND)
    return _FEND + escaped + _FEND
