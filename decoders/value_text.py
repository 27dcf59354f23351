"""A value as plain text, the same in every language: one rule for tables, steps and documents.

A page that writes numbers as its language does begins here, and changes no more than the numbers.
"""

from __future__ import annotations

from decoders.bits import Array
from decoders.value import Engineering, Raw

#: Significant digits of a number: more than a calibration has, fewer than a float shows by chance.
SIGNIFICANT = 10
#: What stands where there is no value.
NOTHING = "\N{EM DASH}"
#: U+2400 on are pictures of the control characters; those of C1 have none.
_PICTURES = {
    **{code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
}


def visible(text: str) -> str:
    """``text`` without control characters that a terminal would obey: their pictures instead."""
    return text if text.isprintable() else text.translate(_PICTURES)


def number_text(value: float, digits: int = SIGNIFICANT) -> str:
    """A number with at most so many significant ``digits``; zero has no sign."""
    return f"{value + 0.0:.{digits}g}"


def number_texts(numbers: Array) -> list[str]:
    """:func:`number_text` of every number of an array of floats, faster."""
    return list(map(f"%.{SIGNIFICANT}g".__mod__, (numbers + 0.0).tolist()))


def shown(value: Raw | Engineering) -> str:
    """A raw or engineering value.

    Numbers have ten significant digits, integers all of theirs; truth is 1 or 0, bytes are
    hexadecimal, flags are the words that are set, and control characters in a text are made
    visible.
    """
    match value:
        case bool():
            return "1" if value else "0"
        case float():
            return number_text(value)
        case bytes():
            return value.hex(" ").upper()
        case tuple():
            return ", ".join(value) or NOTHING
        case None:
            return NOTHING
        case str():
            return visible(value)
        case _:
            return str(value)
