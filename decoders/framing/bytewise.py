"""Framings of byte streams beside KISS: COBS, a length in front, and lines of text.

Sources: S. Cheshire and M. Baker, "Consistent Overhead Byte Stuffing", IEEE/ACM Trans. Networking
7, 1999 (COBS); TinyGS message format; command references of Microchip RN2483 and Reyax RYLR998.
"""

from __future__ import annotations

import base64
import binascii
import json
import re

from decoders.errors import DefinitionError
from decoders.frame import BadFrame, Deframed, Frame
from decoders.framing.delimited import MAX_FRAME, DelimitedDeframer

_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}\s*)+")
_RN2483 = re.compile(rb"radio_rx\s+([0-9A-Fa-f]+)")
_REYAX = re.compile(rb"\+RCV=\d+,(\d+),(.*)", re.DOTALL)
_CONTENTS = ("auto", "text", "hex", "json")
_LATEST_S = 253_402_300_800  # the year 10000


class CobsDeframer(DelimitedDeframer):
    """COBS: zero bytes end frames and occur nowhere else."""

    delimiter = b"\0"
    starts = False
    no_end = "ends without a zero byte"

    def __init__(self, max_frame: int = MAX_FRAME):
        super().__init__(max_frame, max_frame + max_frame // 254 + 2)

    def content(self, content: bytes, found: list[Deframed]) -> None:
        """See the base class."""
        plain, at = bytearray(), 0
        while at < len(content):
            code = content[at]
            if at + code > len(content):
                self.give_bad(content, f"the code byte {at} points beyond the end", found)
                return
            plain += content[at + 1 : at + code]
            at += code
            if code < 0xFF and at < len(content):
                plain.append(0)
        if len(plain) > self.max_frame:
            self.give_bad(content, self.overlong_reason(), found)
        elif plain:
            found.append(Frame(bytes(plain)))
        else:
            self.give_bad(content, "a frame of no bytes", found)


class LengthDeframer:
    """A length field, then so many bytes, and again. The stream must begin with a length.

    ``length_bytes``: 1, 2 or 4. ``endian``: big or little. ``length_adds``: bytes that follow and
    are not counted (negative: that are counted too much, such as the length itself).
    """

    def __init__(
        self,
        length_bytes: int = 2,
        endian: str = "big",
        length_adds: int = 0,
        max_frame: int = MAX_FRAME,
    ):
        if length_bytes not in (1, 2, 4) or endian not in ("big", "little"):
            raise DefinitionError("length_bytes is 1, 2 or 4, endian is 'big' or 'little'")
        self._size, self._endian, self._adds = length_bytes, endian, length_adds
        self.max_frame = max_frame
        self._pending = bytearray()
        self._lost = False

    def feed(self, data: bytes) -> list[Deframed]:
        """Take the next bytes; return the frames that they complete, in order."""
        found: list[Deframed] = []
        self._pending += data
        while not self._lost and len(self._pending) >= self._size:
            field = self._pending[: self._size]
            length = int.from_bytes(field, self._endian) + self._adds  # type: ignore[arg-type]
            if not 0 < length <= self.max_frame:
                # Where the next length stands cannot be known any more.
                self._lost = True
                break
            end = self._size + length
            if len(self._pending) < end:
                break
            found.append(Frame(bytes(self._pending[self._size : end])))
            del self._pending[:end]
        if self._lost:
            self._give_lost(found, whole_pieces=True)
        return found

    def _give_lost(self, found: list[Deframed], whole_pieces: bool) -> None:
        """In pieces of ``max_frame``, so that any chunking gives the same."""
        reason = f"a length field is not 1..{self.max_frame}: the stream is out of step"
        while len(self._pending) >= (self.max_frame if whole_pieces else 1):
            found.append(BadFrame(bytes(self._pending[: self.max_frame]), reason))
            del self._pending[: self.max_frame]

    def flush(self) -> list[Deframed]:
        """The stream ended: what is left is a BadFrame. The next stream starts anew."""
        found: list[Deframed] = []
        if self._lost:
            self._give_lost(found, whole_pieces=False)
        elif self._pending:
            found.append(BadFrame(bytes(self._pending), "the stream ends inside the frame"))
        self._pending.clear()
        self._lost = False
        return found

    def decode_block(self, data: bytes) -> list[Deframed]:
        """The frames of one piece of the stream."""
        return [*self.feed(data), *self.flush()]


class LinesDeframer(DelimitedDeframer):
    """Lines of text, as LoRa modules and TinyGS stations give them; a line is a frame.

    ``content``: text (the line's bytes), hex, json (TinyGS: ``data`` in base64, ``unix_GS_time``,
    ``crc_error``), or auto: json where it begins with ``{``, the data of ``radio_rx HEX`` (RN2483)
    and ``+RCV=…`` (Reyax), hex where it is nothing but hex, else text.
    """

    delimiter = b"\n"
    starts = False
    no_end = "ends without an end of line"

    def __init__(self, content: str = "auto", max_frame: int = MAX_FRAME):
        if content not in _CONTENTS:
            raise DefinitionError(f"content {content!r} is not one of: {', '.join(_CONTENTS)}")
        super().__init__(max_frame, 4 * max_frame + 2)
        self._kind = content

    def content(self, content: bytes, found: list[Deframed]) -> None:
        """See the base class."""
        line = content.rstrip(b"\r")
        if not line.strip():
            return
        kind = self._kind
        if kind == "json" or (kind == "auto" and line.lstrip().startswith(b"{")):
            self._json(line, found)
            return
        data = self._plain(line, kind)
        if data is None:
            self.give_bad(line, "the line is not hex bytes", found)
        elif len(data) > self.max_frame:
            self.give_bad(line, self.overlong_reason(), found)
        elif not data:
            self.give_bad(line, "a frame of no bytes", found)
        else:
            found.append(Frame(data))

    @staticmethod
    def _plain(line: bytes, kind: str) -> bytes | None:
        if kind == "auto":
            if module := _RN2483.fullmatch(line.strip()):
                line = module[1]
            elif module := _REYAX.fullmatch(line):
                return module[2][: int(module[1])]
        if kind == "text" or (kind == "auto" and not _HEX.fullmatch(line.strip())):
            return line
        try:
            return bytes.fromhex(line.decode("ascii"))
        except ValueError:
            return None

    def _json(self, line: bytes, found: list[Deframed]) -> None:
        try:
            message = json.loads(line)
            data = base64.b64decode(message["data"], validate=True)
            stamp = message.get("unix_GS_time")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error):
            self.give_bad(line, "not a message with 'data' in base64", found)
            return
        time_us = None
        if isinstance(stamp, int | float) and 0 <= stamp < _LATEST_S:
            time_us = round(stamp * 1_000_000)
        if message.get("crc_error") or not data:
            reason = "the receiver says that the CRC is wrong" if data else "a frame of no bytes"
            found.append(BadFrame(data or line, reason, time_us=time_us))
        else:
            found.append(Frame(data, time_us=time_us))
