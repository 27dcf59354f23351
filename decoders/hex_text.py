"""Frames as people write and paste them in hex, a line each, or a dump of several lines.

``82 92 94``, ``829294``, ``82:92:94``, ``82-92``, ``0x82, 0x92``, ``{0x82, 0x92};``,
``\\x82\\x92``, ``2026-05-01 12:00:00|829294`` (as SatNOGS DB exports), and dumps as xxd, hexdump,
Wireshark and Direwolf print them: ``0000: 82 92 …``, ``00000000  82 92 …  |..|``. What stands
behind ``#`` is a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from decoders.frame import BadFrame, Deframed, Frame

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIMED = re.compile(
    r"\"?(\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)\"?\s*\|\s*(.*)", re.DOTALL
)
_OFFSET = re.compile(r"\s*([0-9a-fA-F]{3,8})(:\s|\s\s)\s*(\S.*)", re.DOTALL)
_LAST = re.compile(r"[0-9a-fA-F]{7,8}")
_PAIRS = re.compile(r"[0-9a-fA-F]{2}(?:\s*[:,;-]\s*[0-9a-fA-F]{2})+[:,;-]?")
_PREFIXED = re.compile(r"0[xX]([0-9a-fA-F]{1,2})")
_ESCAPED = re.compile(r"b?[\"']?((?:\\x[0-9a-fA-F]{2})+)[\"']?;?")
_DUMPED = re.compile(r"(?:[0-9a-fA-F]{2}){1,8}")
#: Bytes of one line of a dump, and of the half behind which some programs leave a gap.
_MOST_DUMPED, _HALF = 32, 8
_MOST_SHOWN = 40


class HexLines:
    """Lines in, frames out: those of a dump are one frame, each other line is one."""

    def __init__(self) -> None:
        self._dump = bytearray()

    @property
    def open(self) -> bool:
        """Whether the next line may go on with a dump."""
        return bool(self._dump)

    @property
    def size(self) -> int:
        """Bytes of the dump that may go on."""
        return len(self._dump)

    def line(self, text: str) -> Iterator[Deframed]:
        """What is complete with this line; BadFrame for what is no hex."""
        piece = _dump_line(text, len(self._dump))
        if piece is not None:
            offset, data = piece
            if offset == 0:
                yield from self.end()
            self._dump += data
            return
        size = len(self._dump)
        yield from self.end()
        content = text.partition("#")[0].strip()
        if size and _LAST.fullmatch(content) and int(content, 16) == size:
            return  # hexdump tells how long its dump was
        if content:
            yield _frame(content)

    def end(self) -> Iterator[Deframed]:
        """No line follows: what is left of a dump."""
        if self._dump:
            yield Frame(bytes(self._dump))
            self._dump = bytearray()


def one_frame(text: str) -> Deframed:
    """The frame that ``text``, of one or several lines, is; BadFrame when it is not one."""
    lines = HexLines()
    found = [frame for line in text.splitlines() for frame in lines.line(line)]
    found += lines.end()
    return found[0] if len(found) == 1 else _frame(" ".join(text.split()))


def hex_bytes(text: str) -> bytes:
    """The bytes of one line in any of the forms but a dump; raises ValueError."""
    text = text.strip()
    if _PAIRS.fullmatch(text):
        return bytes.fromhex(re.sub(r"[:,;-]", " ", text))
    if escaped := _ESCAPED.fullmatch(text):
        return bytes.fromhex(escaped[1].replace("\\x", ""))
    if "0x" in text.lower():
        return _prefixed(text)
    return bytes.fromhex(text.strip("\"'"))


def _prefixed(text: str) -> bytes:
    """``0x82, 0x92``: a byte each; ``0x8292``: all of them."""
    words = [word for word in re.split(r"[\s,;{}\[\]()]+", text) if word]
    bytes_ = [_PREFIXED.fullmatch(word) for word in words]
    if words and all(bytes_):
        return bytes(int(match[1], 16) for match in bytes_ if match)
    if len(words) == 1:
        return bytes.fromhex(words[0][2:])
    raise ValueError(text)


def _frame(content: str) -> Deframed:
    timed = _TIMED.fullmatch(content)
    try:
        time_us = _time_us(timed[1]) if timed else None
        return Frame(hex_bytes(timed[2] if timed else content), time_us=time_us)
    except (ValueError, OverflowError):
        shown = content[:_MOST_SHOWN]
        return BadFrame(content.encode("utf-8", "replace"), f"not hex bytes: {shown!r}")


def _time_us(text: str) -> int:
    when = datetime.fromisoformat(text)
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    return (when - _EPOCH) // timedelta(microseconds=1)


def _dump_line(text: str, have: int) -> tuple[int, bytes] | None:
    """(offset, bytes) of a line of a dump of which ``have`` bytes are there; None: it is none."""
    match = _OFFSET.fullmatch(text.rstrip())
    if match is None or int(match[1], 16) not in (0, have):
        return None
    data = bytearray()
    for place, part in enumerate(re.split(r"\s{2,}", match[3].partition("|")[0].strip())):
        words = part.split(" ")
        pairs = all(len(word) == 2 for word in words)
        known = all(map(_DUMPED.fullmatch, words)) and (pairs or ":" in match[2])
        if not known or (place and not (pairs and len(data) == _HALF)):
            break
        data += bytes.fromhex("".join(words))
    return (int(match[1], 16), bytes(data)) if 0 < len(data) <= _MOST_DUMPED else None
