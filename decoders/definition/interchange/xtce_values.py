"""Attributes of XTCE elements as numbers: what is none is refused by line and element."""

from __future__ import annotations

import math
import re
from xml.etree.ElementTree import Element

from decoders.definition.interchange.refusals import Refusals

_WHOLE = re.compile(r"([+-]?)(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[0-9]+)")
#: Longer texts are no numbers that a frame could hold.
_MOST_DIGITS = 80


def whole_number(text: str | None) -> int | None:
    """A whole number as XTCE writes it (``31``, ``0x1F``, ``0b11``), None for anything else."""
    text = (text or "").strip()
    match = _WHOLE.fullmatch(text) if len(text) <= _MOST_DIGITS else None
    if match is None:
        return None
    sign, digits = match.groups()
    number = int(digits, 10 if digits.isdecimal() else 0)
    return -number if sign == "-" else number


def real_number(text: str | None) -> float | None:
    """A finite number, or None."""
    whole = whole_number(text)
    if whole is not None:
        return float(whole)
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


class Reader:
    """Reads attributes of elements; raises DefinitionError at the element."""

    def __init__(self, refusals: Refusals):
        self.refusals = refusals

    def whole(self, element: Element, key: str, default: int | None = None) -> int:
        """A whole number."""
        text = element.get(key)
        number = default if text is None else whole_number(text)
        if number is None:
            raise self._wrong(element, key, text, "a whole number")
        return number

    def real(self, element: Element, key: str, default: float | None = None) -> float:
        """A finite number."""
        text = element.get(key)
        number = default if text is None else real_number(text)
        if number is None:
            raise self._wrong(element, key, text, "a number")
        return number

    def content(self, element: Element) -> int:
        """The whole number that an element such as ``FixedValue`` holds."""
        number = whole_number(element.text)
        if number is None:
            raise self.refusals.error(element, f"{element.text!r} is not a whole number")
        return number

    def bits(self, element: Element, key: str, default: int | None = None) -> int:
        """A size in bits: positive."""
        number = self.whole(element, key, default)
        if number <= 0:
            raise self.refusals.error(element, f"{key} {number} is no size")
        return number

    def flag(self, element: Element, key: str, default: bool) -> bool:
        """``true`` or ``false``."""
        text = element.get(key, str(default)).strip().lower()
        if text not in ("true", "false", "1", "0"):
            raise self._wrong(element, key, text, "true or false")
        return text in ("true", "1")

    def _wrong(self, element: Element, key: str, text: str | None, what: str) -> Exception:
        if text is None:
            return self.refusals.error(element, f"{key} is missing")
        return self.refusals.error(element, f"{key} {text!r} is not {what}")
