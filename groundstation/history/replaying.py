"""Stored frames as recordings, which the station plays as it plays any other."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

from decoders.framing.kiss import kiss_encode, kiss_exact_stamp
from groundstation.history.stored_frames import Stored

_Origin: TypeAlias = tuple[str, str | None, bool]


@dataclass(slots=True)
class Recording:
    """What one link brought, in a file of KISS with stamps to the microsecond.

    ``satellite`` and ``simulated``: what was set for the link. ``first_us``: its earliest time.
    """

    path: Path
    link: str
    satellite: str | None
    simulated: bool
    first_us: int
    frames: int = 0


def write_recordings(frames: Iterable[list[Stored]], folder: Path) -> list[Recording]:
    """Undamaged ``frames`` as files in ``folder``, one for all that was set alike. Raises OSError,
    StoreError."""
    found: dict[_Origin, Recording] = {}
    files: dict[_Origin, BinaryIO] = {}
    with ExitStack() as stack:
        for item in (stored.reception for some in frames for stored in some):
            origin = item.link, item.satellite, item.simulated
            if origin not in found:
                path = folder / f"{len(found)}.kss"
                found[origin] = Recording(path, *origin, item.received_us)
                files[origin] = stack.enter_context(path.open("wb"))
            recording = found[origin]
            recording.frames += 1
            recording.first_us = min(recording.first_us, item.received_us)
            files[origin].write(kiss_exact_stamp(item.received_us) + kiss_encode(item.raw))
    return list(found.values())
