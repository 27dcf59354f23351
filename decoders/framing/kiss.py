"""KISS: frames between FEND bytes, as terminal node controllers (TNC) speak it.

Source: M. Chepponis K3MC and P. Karn KA9Q, "The KISS TNC", ARRL 6th Computer Networking
Conference, 1987. Command 0x09, eight bytes of milliseconds since 1970 before a data frame, is
how gr-satellites stamps frames with time.
"""

from __future__ import annotations

import re

from decoders.frame import Deframed, Frame
from decoders.framing.delimited import MAX_FRAME, DelimitedDeframer

FEND, FESC, TFEND, TFESC = 0xC0, 0xDB, 0xDC, 0xDD

_FEND = bytes([FEND])
_ESCAPED_FEND = bytes([FESC, TFEND])
_FESC = bytes([FESC])
_ESCAPED_FESC = bytes([FESC, TFESC])
_WRONG_ESCAPE = re.compile(rb"\xdb(?![\xdc\xdd])")
_DATA, _TIME = 0x00, 0x09
_LATEST_TIME_MS = 253_402_300_800_000  # the year 10000


class KissDeframer(DelimitedDeframer):
    """KISS byte stream to frames.

    What is not a data frame comes out as a BadFrame, still escaped: noise before the first FEND,
    wrong escapes, over-long frames (in pieces), other commands. Empty frames (FEND FEND) are idle
    fill and vanish.
    """

    delimiter = _FEND
    no_start = "bytes before the first KISS frame marker"
    no_end = "ends without a KISS frame marker"

    def __init__(self, max_frame: int = MAX_FRAME):
        # An escaped frame is at most twice as long, plus its command byte; beyond that it is too
        # long whatever follows.
        super().__init__(max_frame, 2 * max_frame + 2)

    def content(self, content: bytes, found: list[Deframed]) -> None:
        """See the base class."""
        plain = unescape(content)
        if plain is None:
            place = find_wrong_escape(content)
            self.give_bad(content, f"wrong KISS escape at byte {place}", found)
            return
        port, command = plain[0] >> 4, plain[0] & 0x0F
        if command == _TIME and port == 0:
            self._take_time(content, plain[1:], found)
        elif command != _DATA:
            self.give_bad(content, f"KISS command 0x{plain[0]:02X}, not data", found, port)
        elif len(plain) == 1:
            self.give_bad(content, "KISS data frame without data", found, port)
        elif len(plain) - 1 > self.max_frame:
            self.give_bad(content, self.overlong_reason(), found, port)
        else:
            found.append(Frame(plain[1:], port, self._time_us))
            self._time_us = None

    def _take_time(self, content: bytes, stamp: bytes, found: list[Deframed]) -> None:
        time_ms = int.from_bytes(stamp)
        if len(stamp) != 8 or time_ms >= _LATEST_TIME_MS:
            self.give_bad(content, "KISS time stamp is not 8 bytes of milliseconds", found)
        else:
            self._time_us = time_ms * 1000


class SlipDeframer(DelimitedDeframer):
    """SLIP: the same escapes as KISS, but no command byte. Source: RFC 1055."""

    delimiter = _FEND
    no_start = "bytes before the first SLIP frame marker"
    no_end = "ends without a SLIP frame marker"

    def __init__(self, max_frame: int = MAX_FRAME):
        super().__init__(max_frame, 2 * max_frame + 1)

    def content(self, content: bytes, found: list[Deframed]) -> None:
        """See the base class."""
        plain = unescape(content)
        if plain is None:
            self.give_bad(content, f"wrong escape at byte {find_wrong_escape(content)}", found)
        elif len(plain) > self.max_frame:
            self.give_bad(content, self.overlong_reason(), found)
        else:
            found.append(Frame(plain))


def unescape(content: bytes) -> bytes | None:
    """``content`` without its escapes; None when one of them is wrong."""
    if _WRONG_ESCAPE.search(content):
        return None
    return content.replace(_ESCAPED_FEND, _FEND).replace(_ESCAPED_FESC, _FESC)


def find_wrong_escape(content: bytes) -> int:
    """Index of the first wrong escape, -1 when there is none."""
    wrong = _WRONG_ESCAPE.search(content)
    return wrong.start() if wrong else -1


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
