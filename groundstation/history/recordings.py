"""Frames as they came, with their times: ``time|hex`` as SatNOGS DB exports, and KISS.

Both hold bytes and times, the lines of text to the microsecond, KISS to the millisecond.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from decoders.framing.kiss import kiss_encode, kiss_stamp
from groundstation.history.stored_frames import Stored
from groundstation.model import iso_exact

#: Behind the bytes of a line: a remark for everybody, a mark for ``groundstation import``.
SIMULATED_REMARK = "# SIMULATED"


def hex_lines(frames: Iterable[list[Stored]]) -> Iterator[bytes]:
    """A line a frame; a simulated one says so in a remark."""
    for some in frames:
        yield "".join(map(_line, some)).encode()


def _line(stored: Stored) -> str:
    item = stored.reception
    end = f" {SIMULATED_REMARK}\n" if stored.simulated else "\n"
    return f"{iso_exact(item.received_us)}|{item.raw.hex().upper()}{end}"


def kiss(
    frames: Iterable[list[Stored]], *, simulated: bool, left_out: Callable[[int], None]
) -> Iterator[bytes]:
    """KISS with stamps. KISS has no place for a mark, so what a simulator sent is never mixed with
    the rest: only that, or none of it, and ``left_out`` hears how many those were."""
    others = 0
    for some in frames:
        mine = [each.reception for each in some if each.simulated == simulated]
        others += len(some) - len(mine)
        yield b"".join(kiss_stamp(item.received_us) + kiss_encode(item.raw) for item in mine)
    if others:
        left_out(others)
