"""Values that are words, in the reader's language."""

from __future__ import annotations

import re

from decoders.definition.model import Derived, Parameter
from decoders.value import Engineering
from decoders.value_text import NOTHING, shown
from decoders.words import Words
from groundstation.words.language import MINUS

#: What the calibrations ``enum`` and ``flags`` say of a number that has no word.
_UNKNOWN = re.compile(r"unknown \((-?\d+)\)")
_BIT = re.compile(r"bit (\d+)")


def worded(value: Engineering, row: Parameter | Derived | None, words: Words) -> str:
    """A value that is no number: words of ``enum`` and ``flags``, and moments, in the language of
    ``words``."""
    if isinstance(value, tuple):
        return ", ".join(word_text(each, row, words) for each in value) or NOTHING
    if isinstance(value, str) and is_clock(row):
        return words.moment(value)
    if isinstance(value, str):
        return shown(word_text(value, row, words)) or NOTHING
    return shown(value)


def is_clock(row: Parameter | Derived | None) -> bool:
    """Whether the values of ``row`` are moments: ISO 8601, in UTC."""
    return isinstance(row, Parameter) and row.kind == "time"


def word_text(word: str, row: Parameter | Derived | None, words: Words) -> str:
    """One word of ``row``; the text of another row stays as it came."""
    if not isinstance(row, Parameter) or row.calibration is None or row.calibration.numeric:
        return word
    if unknown := _UNKNOWN.fullmatch(word):
        return words("unknown (%(n)s)", n=unknown[1].replace("-", MINUS))
    if bit := _BIT.fullmatch(word):
        return words("bit %(n)s", n=bit[1])
    return row.word(word, words.language)


def translated(row: Parameter | Derived | None, words: Words) -> dict[str, str]:
    """All words of ``row`` that the language says otherwise, by the definition's."""
    calibration = row.calibration if isinstance(row, Parameter) else None
    said = getattr(calibration, "words", {})
    found = {word: word_text(word, row, words) for word in said.values()}
    return {word: text for word, text in found.items() if text != word}
