"""One step of arithmetic as data: what was computed, and what came out.

Steps hold numbers as numbers, so that every language writes them its own way, and what came out
apart, so that an exercise can ask for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from decoders.value_text import shown
from decoders.words import ENGLISH, Words


class Sign(str):
    """Signs of arithmetic, as Python writes them: ``-`` and ``*`` are written otherwise by some."""

    __slots__ = ()


class Name(str):
    """The name of a value of the same packet."""

    __slots__ = ()


class Word(str):
    """A word of ``enum`` or ``flags``, as the definition has it."""

    __slots__ = ()


class Moment(str):
    """ISO 8601, in UTC."""

    __slots__ = ()


class Unit(str):
    """A unit, as definitions have it."""

    __slots__ = ()


class Bit(NamedTuple):
    """A bit of a number by its place: 0 is the least significant."""

    place: int


class Power(NamedTuple):
    """The power to which the term before is raised."""

    exponent: int


#: A number, a text that stays as it is, a sign, the name of a value, a bit, a power; True and False
#: are said as yes and no.
Term: TypeAlias = int | float | str | Bit | Power
_TOKEN = re.compile(r"(?P<name>[A-Za-z_]\w*)|(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)")


@dataclass(frozen=True, slots=True)
class Writing:
    """How terms become text. ``signs``: what is written for a sign instead of Python's; ``word``:
    what is said for a word of the row; ``power``: how an exponent is written."""

    number: Callable[[float], str] = shown
    name: Callable[[str], str] = str
    signs: Mapping[str, str] = field(default_factory=dict)
    words: Words = ENGLISH
    word: Callable[[str], str] = str
    power: Callable[[int], str] = "^{}".format

    def term(self, term: Term) -> str:
        """One term."""
        match term:
            case Bit(place):
                return self.words("bit %(n)s", n=place)
            case Power(exponent):
                return self.power(exponent)
            case Sign():
                return "".join(self.signs.get(char, char) for char in term)
            case Name():
                return self.name(term)
            case Word():
                return self.word(term)
            case Moment():
                return self.words.moment(term)
            case Unit():
                return self.words.unit(term)
            case bool():
                return self.words("yes") if term else self.words("no")
            case str():
                return term
            case _:
                return self.number(term)


#: As commands write, the same in every language but for its words.
PLAIN = Writing()


class Step(NamedTuple):
    """``terms``, and the ``result`` behind ``relation``; None: the terms say it all.

    ``kind``: one of :data:`decoders.explain.KINDS`.
    """

    kind: str
    terms: tuple[Term, ...]
    result: Term | None = None
    relation: str = " = "

    @property
    def text(self) -> str:
        """Such as ``4012 / 1000 = 4.012``."""
        return self.written(PLAIN)

    def written(self, writing: Writing) -> str:
        """The same in another writing."""
        text = "".join(map(writing.term, self.terms))
        if self.result is None:
            return text
        result = writing.term(self.result)
        return f"{text}{self.relation}{result}" if text else result


def joined(parts: list[tuple[Term, ...]], sign: str) -> tuple[Term, ...]:
    """Terms with a sign between them."""
    found: list[Term] = []
    for part in parts:
        found += (*([Sign(sign)] if found else []), *part)
    return tuple(found)


def whole(number: float) -> int | float:
    """A whole number as an integer, where a float still tells it from its neighbours."""
    return int(number) if abs(number) < 1 << 53 and number == int(number) else number


def expression_terms(text: str, value: Callable[[str], Term | None]) -> tuple[Term, ...]:
    """The text of an expression; ``value``: what stands for a name, None: the name itself.

    Negative numbers stand in brackets, and powers are written with ``^``.
    """
    text = text.replace("**", "^")
    found: list[Term] = []
    at = 0
    for match in _TOKEN.finditer(text):
        found.append(Sign(text[at : match.start()]))
        found += _token(match, value)
        at = match.end()
    found.append(Sign(text[at:]))
    return tuple(term for term in found if term != "")


def _token(match: re.Match[str], value: Callable[[str], Term | None]) -> list[Term]:
    if match["number"]:
        number = match["number"]
        return [int(number) if number.isdecimal() else float(number)]
    known = value(match["name"])
    if known is None:
        return [Name(match["name"])]
    negative = isinstance(known, int | float) and known < 0
    return [Sign("("), known, Sign(")")] if negative else [known]
