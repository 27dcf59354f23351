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

    @property
    def simulated(self) -> bool:
        """Whether it was invented: its name says so in brackets."""


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
    """``options``: id, name and call sign of each, in the order in which they are offered. None of
    them says that it was invented: the frame itself does, and so would give the answer away."""

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
    offered = sorted(
        [own, *_mistakable(own, sender, known, seed)], key=lambda each: _name(each).casefold()
    )
    letters = tuple(_letter(decoded.frame, place) for place in range(_FIRST, _FIRST + _LETTERS))
    options = tuple((each.id, _name(each), _shown(each, own, sender)) for each in offered)
    return Whose(letters, options, own.id)


def _mistakable(own: Known, sender: str, known: Sequence[Known], seed: int) -> list[Known]:
    """Others with call signs as long, and with the same first letter, where there are such: the one
    that is worked out as an example must not tell them apart."""
    taken = _letters(own.callsigns)
    others = {_first(each): each for each in known if not taken & _letters(each.callsigns)}
    shuffled = Random(seed).sample(sorted(others), len(others))
    alike = sorted(shuffled, key=lambda sign: (len(sign) != len(sender), sign[:1] != sender[:1]))
    return [others[sign] for sign in alike[: _OFFERED - 1]]


def _name(each: Known) -> str:
    return each.name.partition(" (")[0] if each.simulated else each.name


def _letters(callsigns: Sequence[str]) -> set[str]:
    """Call signs without their numbers."""
    return {callsign.partition("-")[0] for callsign in callsigns}


def _shown(each: Known, own: Known, sender: str) -> str:
    """The call sign that is told: of the sender, the one that it used."""
    return sender if each is own else _first(each)


def _first(each: Known) -> str:
    return each.callsigns[0].partition("-")[0]


def _letter(frame: bytes, place: int) -> Letter:
    number = frame[place]
    half = number >> 1
    return Letter(place, f"{number:02X}", number, half, chr(half) if half > 32 else "")
