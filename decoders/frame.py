"""What a deframer yields: a :class:`Frame` whose check passed, or a :class:`BadFrame`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Frame:
    """One link-layer unit whose check passed (or that has none).

    ``data``: the bytes without framing and check. ``port``: KISS port, 0..15. ``time_us``: time
    that the modem stamped, microseconds since 1970-01-01 UTC, or None. ``bit_index``: index of
    the first bit of the sync word in the stream. ``sync_errors``: wrong bits in it.
    ``corrected``: corrections per code, such as ``{"rs": 3}`` (bytes) or ``{"golay": 1}`` (bits).
    """

    data: bytes
    port: int = 0
    time_us: int | None = None
    bit_index: int | None = None
    sync_errors: int = 0
    corrected: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BadFrame:
    """Bytes that looked like a frame but are not one, kept with the ``reason``, one phrase."""

    data: bytes
    reason: str
    port: int = 0
    time_us: int | None = None
    bit_index: int | None = None
    sync_errors: int = 0
    corrected: Mapping[str, int] = field(default_factory=dict)


Deframed: TypeAlias = Frame | BadFrame


class Deframer(Protocol):
    """Bytes in, frames out. Bounded state, never raises, any chunking gives the same frames."""

    def feed(self, data: bytes) -> list[Deframed]:
        """Take the next bytes of the stream and return what is complete by now, in order."""
        ...

    def flush(self) -> list[Deframed]:
        """End of the stream: return what is left over (as BadFrame when incomplete), and reset."""
        ...
