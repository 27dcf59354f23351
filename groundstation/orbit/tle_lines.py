"""Lines of two-line elements found in a text: a file of them, a bulletin, a mail, a web page."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: What surrounds a line in mails and on pages: marks of quotes, indents, tags.
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,80}>")
_BEFORE = " \t>|"
#: An element line has so many digits; a key to the format, or prose, has not.
_LEAST_DIGITS = 20
_LEAST_LENGTH = 41
_MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: its number from 1, and its text without what surrounds it.

    ``part``: 1 or 2 for the lines of a set, 0 for any other.
    """

    number: int
    text: str
    part: int


@dataclass(frozen=True, slots=True)
class Pair:
    """What may be a set: ``one`` or ``two`` is None where the other stands alone."""

    name: str
    one: Line | None
    two: Line | None


def lines_of(text: str) -> list[Line]:
    """The lines of a text that are neither blank nor comments (``#``)."""
    return [
        _line(number, raw)
        for number, raw in enumerate(text.split("\n"), start=1)
        if raw.strip() and not raw.startswith("#")
    ]


def _line(number: int, raw: str) -> Line:
    text = _TAG.sub("", raw) if "<" in raw else raw
    text = text.strip("\r\n ").lstrip(_BEFORE)
    return Line(number, text, _part(text))


def _part(text: str) -> int:
    """Which line of a set it looks like (a satellite's name may begin so too)."""
    if not text.startswith(("1 ", "2 ", "1\t", "2\t")):
        return 0
    long_enough = len(text) >= _LEAST_LENGTH or "\t" in text
    digits = sum(letter in "0123456789" for letter in text[:100])
    return int(text[0]) if long_enough and digits >= _LEAST_DIGITS else 0


def pairs(lines: list[Line]) -> tuple[list[Pair], int]:
    """What may be sets, in order, and how many lines have nothing to do with any."""
    found: list[Pair] = []
    others = at = 0
    while at < len(lines):
        line = lines[at]
        if line.part == 0:
            others += 1
            at += 1
            continue
        two = lines[at + 1] if line.part == 1 and at + 1 < len(lines) else None
        if two is not None and two.part == 2:
            name = _name(lines, at)
            others -= bool(name)
            found.append(Pair(name, line, two))
            at += 2
        else:
            found.append(Pair("", line, None) if line.part == 1 else Pair("", None, line))
            at += 1
    return found, others


def _name(lines: list[Line], at: int) -> str:
    """The name above line 1 at ``at``; in a text with blank lines between all it is farther."""
    if at == 0 or lines[at - 1].part or len(lines[at - 1].text) > _MAX_NAME:
        return ""
    gap = lines[at].number - lines[at - 1].number
    if gap > max(1, lines[at + 1].number - lines[at].number):
        return ""
    return lines[at - 1].text.removeprefix("0 ").strip()
