"""Which satellite is this? The sender's letters of an AX.25 frame, and satellites to choose from.

Each letter is its ASCII number times two (AX.25 version 2.2, section 3.12.2): the last bit says
whether the address goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from decoders.value import Decoded

#: The sender's letters stand behind the seven bytes of whom it is sent to.
_FIRST, _LETTERS = 7, 6
_OFFERED = 4


class Known(Protocol):
    """A satellite with what it calls itself."""

    @property
    def id(self) -> str:
        """Its definition's id."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def callsigns(self) -> tuple[str, ...]:
        """What it may call itself."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A byte of the frame, its number, half of it, and the letter of that number."""

    byte: int
    hex: str
    number: int
    half: int
    letter: str


@dataclass(frozen=True, slots=True)
class Whose:
    """``options``: id, name and call sign of each, in the order in which they are offered."""

    letters: tuple[Letter, ...]
    options: tuple[tuple[str, str, str], ...]
    answer: str


def whose(decoded: Decoded, satellites: Iterable[Known], seed: int) -> Whose | None:
    """The exercise on a frame; None where it does not carry its sender's call sign."""
    if not decoded.layers or decoded.layers[0].layer != "ax25":
        return None
    sender = str(decoded.layers[0].fields["source"])
    known = [each for each in satellites if each.callsigns]
    own = next((each for each in known if each.id == decoded.satellite), None)
    if own is None or sender not in _letters(own.callsigns):
        return None
    others = [each for each in known if not _letters(own.callsigns) & _letters(each.callsigns)]
    picked = Random(seed).sample(others, min(len(others), _OFFERED - 1))
    offered = sorted([own, *picked], key=lambda each: each.name.casefold())
    letters = tuple(_letter(decoded.frame, place) for place in range(_FIRST, _FIRST + _LETTERS))
    options = tuple((each.id, each.name, _shown(each, own, sender)) for each in offered)
    return Whose(letters, options, own.id)


def _letters(callsigns: Sequence[str]) -> set[str]:
    """Call signs without their numbers."""
    return {callsign.partition("-")[0] for callsign in callsigns}


def _shown(each: Known, own: Known, sender: str) -> str:
    """The call sign that is told: of the sender, the one that it used."""
    return sender if each is own else each.callsigns[0].partition("-")[0]


def _letter(frame: bytes, place: int) -> Letter:
    number = frame[place]
    half = number >> 1
    return Letter(place, f"{number:02X}", number, half, chr(half) if half > 32 else "")
