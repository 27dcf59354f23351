"""A frame that arrived, with what is known of how."""

from __future__ import annotations

from dataclasses import dataclass

from decoders.frame import Deframed
from groundstation.model import Signal


@dataclass(frozen=True, slots=True)
class Arrival:
    """``item``: the frame, or bytes that are none. ``signal``: how it was heard, where this program
    demodulated it. ``supposed``: the satellite that was listened for, or None. ``way``: how it was
    sent, in words."""

    item: Deframed
    signal: Signal | None = None
    supposed: str | None = None
    way: str = ""
