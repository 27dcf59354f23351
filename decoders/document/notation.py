"""Facts of one row in the short notation of the document, the same for page and Markdown."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import assert_never

from decoders.bits import Field
from decoders.convert import time_text
from decoders.definition.calibration import (
    Calibration,
    Divide,
    Enumeration,
    Flags,
    Formula,
    Linear,
    Logarithm,
    Polynomial,
    Table,
    TextNumber,
)
from decoders.definition.limits import Range
from decoders.definition.model import Derived, Match, Parameter
from decoders.document.words import Words
from decoders.value_text import shown

MINUS = "\N{MINUS SIGN}"
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MOST_POINTS = 6


def number(value: float) -> str:
    """A number with a true minus; as few digits as tell it apart."""
    if math.isinf(value):
        return f"{MINUS if value < 0 else ''}∞"
    text = shown(value).replace("e-0", "e-").replace("e+0", "e")
    return text.replace("-", MINUS)


def place(field: Field) -> str:
    """Where a field lies in its packet: ``12–13`` bytes, or bits of bytes, ``12[7:4]``."""
    start, bits = field.frame_bits(0)
    if bits == 0:
        return f"{start // 8}…"
    last = start + bits - 1
    first_byte, last_byte = start // 8, last // 8
    if start % 8 == 0 and bits % 8 == 0:
        return str(first_byte) if first_byte == last_byte else f"{first_byte}–{last_byte}"
    high, low = 7 - start % 8, 7 - last % 8
    if first_byte == last_byte:
        return f"{first_byte}[{high}]" if high == low else f"{first_byte}[{high}:{low}]"
    return f"{first_byte}[{high}:0]–{last_byte}[7:{low}]"


def conversion(row: Parameter, words: Words) -> list[str]:
    """How raw becomes value, one fact a line; words of enums and flags have their own table."""
    lines = []
    if row.const is not None:
        lines.append(words("constant", _constant(row)))
    if row.crc:
        lines.append(words("check", row.crc))
    if row.kind == "bcd":
        lines.append(words("digits"))
    if row.until:
        lines.append(words("until", f"“{row.until.decode('latin-1')}”"))
    if row.calibration is not None:
        lines += list(_equation(row.calibration, words))
    if row.kind == "time":
        lines.append(words("since", row.epoch))
    lines += [words("no_value", number(raw)) for raw in row.sentinel]
    return lines


def _constant(row: Parameter) -> str:
    if isinstance(row.const, str):
        return f"“{row.const}”"
    return f"{row.const} (0x{row.const:X})" if row.const and row.const > 9 else str(row.const)


def _equation(calibration: Calibration, words: Words) -> Iterator[str]:
    match calibration:
        case Linear(scale, offset):
            yield f"raw × {number(scale)}{_plus(offset)}" if scale != 1 else f"raw{_plus(offset)}"
        case Divide(divisor, offset):
            yield f"raw / {number(divisor)}{_plus(offset)}"
        case Polynomial(coefficients):
            yield _polynomial(coefficients)
        case Table(points):
            shown = [f"{number(x)} → {number(y)}" for x, y in points[:_MOST_POINTS]]
            yield ", ".join(shown) + (" …" if len(points) > _MOST_POINTS else "")
        case Logarithm(scale, base, gain, offset):
            inner = f"raw × {number(gain)}" if gain != 1 else "raw"
            yield f"{number(scale)} × log{number(base)}({inner}){_plus(offset)}"
        case Formula(expression):
            yield expression.text
        case TextNumber(base, further):
            yield words("text_number", base)
            if further is not None:
                yield from _equation(further, words)
        case Enumeration() | Flags():
            return
        case _:
            assert_never(calibration)


def _plus(offset: float) -> str:
    if not offset:
        return ""
    return f" {'+' if offset > 0 else MINUS} {number(abs(offset))}"


def _polynomial(coefficients: tuple[float, ...]) -> str:
    text = ""
    for power, coefficient in enumerate(coefficients):
        if not coefficient and len(coefficients) > 1:
            continue
        factor = "" if power == 0 else "·raw" + str(power).translate(_SUPERSCRIPTS) * (power > 1)
        term = f"{number(abs(coefficient))}{factor}"
        sign = MINUS if coefficient < 0 else "+"
        text = f"{text} {sign} {term}" if text else f"{MINUS if coefficient < 0 else ''}{term}"
    return text or "0"


def limits(row: Parameter | Derived, words: Words) -> list[tuple[str, str]]:
    """(level, when it is raised) of a row's limits."""
    found = row.limits
    if found is None:
        return []
    lines = []
    for level, span, bad in (
        ("warning", found.warning, found.warning_words),
        ("critical", found.critical, found.critical_words),
    ):
        if span is not None:
            lines.append((level, _outside(span)))
        elif bad:
            lines.append((level, words("when_words", ", ".join(sorted(bad)))))
    return lines


def _outside(span: Range) -> str:
    """What lies outside of a range, in signs."""
    low, high = span
    below = [] if math.isinf(low) else [f"< {number(low)}"]
    above = [] if math.isinf(high) else [f"> {number(high)}"]
    return ", ".join([*below, *above])


def with_minus(text: str) -> str:
    """Steps in numbers with true minus signs."""
    return re.sub(r"(?<![\w-])-(?=[\d ∞])", MINUS, text)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def recognition(match: Match, words: Words) -> list[str]:
    """The rules of a match, each as a phrase."""
    phrases = []
    if match.prefix:
        phrases.append(words("begins", match.prefix.hex(" ").upper()))
    for offset, mask, value in match.masked:
        if mask != 0xFF:
            phrases.append(words("byte_masked", offset, f"0x{mask:02X}", f"0x{value:02X}"))
        elif offset < 0:
            phrases.append(words("byte_from_end_is", -offset, f"0x{value:02X}"))
        else:
            phrases.append(words("byte_is", offset, f"0x{value:02X}"))
    if match.length:
        phrases.append(words("length_is", ", ".join(map(str, match.length))))
    if match.minimum_length:
        phrases.append(words("length_least", match.minimum_length))
    phrases += [f"{name} = {value}" for name, value in match.fields.items()]
    for key, when in (("valid_from", match.valid_from_us), ("valid_until", match.valid_until_us)):
        if when is not None:
            phrases.append(words(key, time_text(_EPOCH + timedelta(microseconds=when))))
    return phrases or [words("always")]
