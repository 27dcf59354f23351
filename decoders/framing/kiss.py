"""KISS: frames between FEND bytes, as terminal node controllers (TNC) speak it.

Source: M. Chepponis K3MC and P. Karn KA9Q, "The KISS TNC", ARRL 6th Computer Networking
Conference, 1987. Command 0x09, eight bytes of milliseconds since 1970 before a data frame, is
how gr-satellites stamps frames with time; others write the time as text. SMACK: J. Schiefer DL5UE
and D. Deeg DG1XX, "SMACK, a KISS variant with CRC", 1992: bit 7 of the command byte says that a
CRC-16 (x^16 + x^15 + x^2 + 1, from 0) of command and data ends the frame, low byte first.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from decoders.coding.crc import crc
from decoders.errors import DecodeError
from decoders.frame import Deframed, Frame
from decoders.framing.delimited import MAX_FRAME, DelimitedDeframer
from decoders.layers import ax25

FEND, FESC, TFEND, TFESC = 0xC0, 0xDB, 0xDC, 0xDD

_FEND = bytes([FEND])
_ESCAPED_FEND = bytes([FESC, TFEND])
_FESC = bytes([FESC])
_ESCAPED_FESC = bytes([FESC, TFESC])
_WRONG_ESCAPE = re.compile(rb"\xdb(?![\xdc\xdd])")
_DATA, _TIME = 0x00, 0x09
_LATEST_TIME_MS = 253_402_300_800_000  # the year 10000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: A number in a text is milliseconds from here on, else seconds: 1973, and the year 5138.
_FIRST_MS = 100_000_000_000
#: What a serial line with software flow control mixes in: XON and XOFF.
_FLOW_CONTROL = b"\x11\x13"
_SMACK, _SMACK_CRC = 0x80, 2


class KissDeframer(DelimitedDeframer):
    """KISS byte stream to frames.

    What is not a data frame comes out as a BadFrame, still escaped: noise before the first FEND,
    wrong escapes, over-long frames (in pieces), other commands. Empty frames (FEND FEND) are idle
    fill and vanish, and so do XON and XOFF between frames. Modems that only end frames with a FEND
    lose none: the first frame counts too where it is a data frame with AX.25 inside. A frame whose
    CRC is right is SMACK; once one was, those whose CRC is wrong are damaged.
    """

    delimiter = _FEND
    no_start = "bytes before the first KISS frame marker"
    no_end = "ends without a KISS frame marker"

    def __init__(self, max_frame: int = MAX_FRAME):
        # An escaped frame is at most twice as long, plus its command byte; beyond that it is too
        # long whatever follows.
        super().__init__(max_frame, 2 * max_frame + 2)
        self._smack = False

    def flush(self) -> list[Deframed]:
        """See the base class."""
        self._smack = False
        return super().flush()

    def begins(self, content: bytes) -> bool:
        """See the base class."""
        content = content.lstrip(_FLOW_CONTROL)
        plain = unescape(content) or b""
        if not content or plain[:1] != bytes([_DATA]):
            return not content
        try:
            fields = ax25.peel(plain[1:]).fields
        except DecodeError:
            return False
        # The end of a frame that is all zeros reads as one without callsigns.
        return bool(fields["destination"] and fields["source"])

    def content(self, content: bytes, found: list[Deframed]) -> None:
        """See the base class."""
        content = content.lstrip(_FLOW_CONTROL)
        if not content:
            return
        plain = unescape(content)
        if plain is None:
            place = find_wrong_escape(content)
            self.give_bad(content, f"wrong KISS escape at byte {place}", found)
            return
        port, command = plain[0] >> 4, plain[0] & 0x0F
        if command == _DATA and plain[0] & _SMACK:
            if crc("crc16-arc", plain[:-_SMACK_CRC]) == int.from_bytes(plain[-2:], "little"):
                self._smack, port, plain = True, port & 7, plain[:-_SMACK_CRC]
            elif self._smack:
                self.give_bad(content, "the SMACK check value is wrong", found, port & 7)
                return
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
        time_us = stamp_us(stamp)
        if time_us is not None:
            self._time_us = time_us
        else:
            reason = "KISS time stamp is not 8 bytes of milliseconds, and no time as text"
            self.give_bad(content, reason, found)


def stamp_us(stamp: bytes) -> int | None:
    """What stands behind the command 0x09, without escapes, as microseconds since 1970; None where
    it is no time."""
    time_ms = int.from_bytes(stamp)
    if len(stamp) == 8 and time_ms < _LATEST_TIME_MS:
        return time_ms * 1000
    return _text_time(stamp)


def _text_time(stamp: bytes) -> int | None:
    """A time that is written out, as microseconds since 1970: ISO 8601 (UTC where it does not say),
    or a number of seconds or milliseconds since 1970. None for anything else."""
    try:
        text = stamp.decode("ascii").strip("\0 \r\n")
        if re.fullmatch(r"[0-9]{1,15}(\.[0-9]+)?", text):
            number = float(text)
            seconds = number / 1000 if number >= _FIRST_MS else number
            when = _EPOCH + timedelta(seconds=seconds)
        else:
            when = datetime.fromisoformat(text)
            when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
        return (when - _EPOCH) // timedelta(microseconds=1)
    except (ValueError, OverflowError):
        return None


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


def kiss_exact_stamp(time_us: int) -> bytes:
    """The same to the microsecond, as text: for ourselves, others read bytes only."""
    when = _EPOCH + timedelta(microseconds=time_us)
    return _between_fends(bytes([_TIME]) + when.isoformat(timespec="microseconds").encode())


def _between_fends(plain: bytes) -> bytes:
    escaped = plain.replace(_FESC, _ESCAPED_FESC).replace(_FEND, _ESCAPED_FEND)
    return _FEND + escaped + _FEND
