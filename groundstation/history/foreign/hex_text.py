"""``time|hex`` as SatNOGS DB exports it, hex of other kinds, and what gr-satellites prints.

SatNOGS DB's export has a line a frame, ``2019-01-01 00:00:00|0A0B``, in UTC. gr-satellites' sink
``hexdump_sink`` prints by GNU Radio's block Message Debug: a frame is a heading of stars, the meta
data in parentheses, ``pdu length = N bytes``, ``pdu vector contents =``, lines ``0000: 0a 0b``, and
stars (older versions: ``pdu_length``, ``contents``). It has no times.

Sources: gr-satellites, ``python/components/datasinks/hexdump_sink.py``; GNU Radio,
``gr-blocks/lib/message_debug_impl.cc``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from decoders.frame import BadFrame, Deframed
from decoders.hex_text import HexLines
from groundstation.history.foreign.source import MOST_FRAME, Source
from groundstation.history.recordings import SIMULATED_REMARK
from groundstation.model import Reception

_AROUND = re.compile(r"\*+.*\*+|\(.*\)|(?:pdu[ _])?(?:length|vector)?\s*\w*\s*=.*")


def read_hex(source: Source) -> Iterator[Reception]:
    """Lines and dumps of :mod:`decoders.hex_text`. Raises ForeignFileError."""
    yield from _read(source, "hex", lambda text: False)


def read_printed(source: Source) -> Iterator[Reception]:
    """What gr-satellites prints with ``--hexdump``. Raises ForeignFileError."""
    yield from _read(source, "gr-satellites", lambda text: _AROUND.fullmatch(text) is not None)


def _read(source: Source, link: str, is_around: Callable[[str], bool]) -> Iterator[Reception]:
    lines, number = HexLines(), 0
    for number, text in source.lines():
        simulated = text.rstrip().endswith(SIMULATED_REMARK)
        if is_around(text.strip()):
            yield from _frames(source, link, lines.end(), number, simulated=False)
        else:
            yield from _frames(source, link, lines.line(text), number, simulated=simulated)
            if lines.size > MOST_FRAME:
                raise source.wrong(f"a frame of more than {MOST_FRAME} bytes", number)
    yield from _frames(source, link, lines.end(), number, simulated=False)


def _frames(
    source: Source, link: str, frames: Iterable[Deframed], number: int, *, simulated: bool
) -> Iterator[Reception]:
    for frame in frames:
        if isinstance(frame, BadFrame):
            raise source.wrong(frame.reason, number)
        yield source.reception(frame.time_us, link, frame.data, number, simulated=simulated)
