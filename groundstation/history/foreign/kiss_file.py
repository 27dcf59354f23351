"""KISS with stamps (command 0x09): our own export, gr-satellites' file sink, and others.

gr-satellites' ``kiss_file_sink`` writes before each frame eight bytes of milliseconds since 1970;
others write the time as text; see :mod:`decoders.framing.kiss`.

Source: gr-satellites, ``python/components/datasinks/kiss_file_sink.py``, ``pdu_to_kiss``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from decoders.frame import BadFrame, Deframed
from decoders.framing.kiss import KissDeframer
from groundstation.history.foreign.source import Source
from groundstation.model import Reception

LINK = "kiss"
_CHUNK = 1 << 16


def read_kiss(source: Source) -> Iterator[Reception]:
    """Frames with their times; bytes that are none are damaged receptions of the time before.

    Raises ForeignFileError.
    """
    deframer, frames = KissDeframer(), _Frames(source)
    with source.path.open("rb") as file:
        while data := file.read(_CHUNK):
            yield from frames.of(deframer.feed(data))
    yield from frames.of(deframer.flush())


class _Frames:
    def __init__(self, source: Source):
        self._source = source
        self._last_us: int | None = None

    def of(self, found: Iterable[Deframed]) -> Iterator[Reception]:
        for frame in found:
            link = f"{LINK}:{frame.port}" if frame.port else LINK
            if isinstance(frame, BadFrame):
                yield self._source.reception(
                    self._last_us, link, frame.data, damaged=True, error=frame.reason
                )
            else:
                reception = self._source.reception(frame.time_us, link, frame.data)
                self._last_us = reception.received_us
                yield reception
