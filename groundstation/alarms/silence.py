"""Passes without a frame: so many in a row, and nobody hears the satellite any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from groundstation.model.alarms import AlarmEvent, AlarmKey


class WatchedPass(NamedTuple):
    """A pass that the station was there for. ``heard``: whether a frame of the satellite came.

    ``last_seq``: its newest reception before the end of the pass, 0: none ever; ``next_seq`` and
    ``next_us``: the first one after it, None: none yet.
    """

    los_us: int
    heard: bool
    last_seq: int
    next_seq: int | None = None
    next_us: int | None = None
    simulated: bool = False


def silences(satellite: str, passes: Iterable[WatchedPass], most: int) -> Iterator[AlarmEvent]:
    """What comes of ``passes``, in order of time: ``most`` without a frame, one after the other,
    trigger; the first frame after that lets it return. ``most`` 0: never."""
    quiet, since = 0, -1
    for one in passes:
        if one.heard or one.last_seq != since:
            quiet, since = 0, one.last_seq
        quiet += not one.heard
        if one.heard or quiet != most:
            continue
        key = AlarmKey(satellite, "silent", "", one.last_seq)
        yield AlarmEvent(
            *("triggered", key, "warning", one.last_seq, one.los_us), simulated=one.simulated
        )
        if one.next_seq is not None and one.next_us is not None:
            yield AlarmEvent("returned", key, "warning", one.next_seq, one.next_us)
