"""Facts of one row in the short notation of the document, the same for page and Markdown."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
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
from decoders.steps import Writing
from decoders.value_text import shown
from decoders.words import Words

MINUS = "\N{MINUS SIGN}"
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MOST_POINTS = 6


def number(value: float) -> str:
    """A number with a true minus; as few digits as tell it apart."""
    if math.isinf(value):
        return f"{MINUS if value < 0 else ''}∞"
    text = shown(value).replace("e-0", "e-").replace("e+0", "e")
    return text.replace("-", MINUS)


def reading_rules(words: Words) -> tuple[str, ...]:
    """How the tables are read, for somebody who sees one for the first time."""
    return (
        words(
            "Bytes are counted from 0, from the start of the packet. [7:0] are the bits of a "
            "byte: 7 is the most significant one and stands on the left."
        ),
        words(
            "u16 is a whole number of 16 bits without a sign, i16 one with a sign, f32 a "
            "floating-point number of 32 bits; bool is one bit. 'little' means that the least "
            "significant byte comes first."
        ),
        words("'raw' is the number that the bits make; the calibration turns it into the value."),
    )


def made(definition: str, words: Words) -> str:
    """Where the document comes from, and where to correct it."""
    return words(
        "Made from the definition %(definition)s by groundstation. Change the definition, not "
        "this document.",
        definition=definition,
    )


def no_packets(words: Words) -> str:
    """What stands for packets where none is described."""
    return words("Only the links are known: the content of the packets is not described.")


def unproved(words: Words) -> str:
    """What stands beside a packet that nothing independent holds."""
    return words("The rows of this packet are not proved by an independent decoder or frame.")


def depending(names: Sequence[str], words: Words) -> str:
    """What stands behind the last byte that has a fixed place."""
    return words("What follows depends on the values before it: %(names)s", names=", ".join(names))


def size_text(size: int, exact: bool, words: Words) -> str:
    """How long a packet is."""
    if exact:
        return words.ngettext("%(n)s byte", "%(n)s bytes", size)
    return words.ngettext("%(n)s byte and more", "%(n)s bytes and more", size)


def meaning(word: str, row: Parameter, words: Words) -> str:
    """A word of ``enum`` or ``flags`` as values have it, and what the language says for it."""
    said = row.word(word, words.language)
    return word if said == word else f"{word} — {said}"


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
        lines.append(words("always %(value)s", value=_constant(row)))
    if row.crc:
        lines.append(words("check value %(check)s of all bytes before", check=row.crc))
    if row.kind == "bcd":
        lines.append(words("decimal digits"))
    if row.until:
        lines.append(words("ends with %(end)s", end=f"“{row.until.decode('latin-1')}”"))
    if row.encoding:
        lines.append(row.encoding.upper())
    if row.calibration is not None:
        lines += list(_equation(row.calibration, words))
    if row.kind == "time":
        lines.append(words("seconds since %(time)s", time=row.epoch))
    lines += [words("%(raw)s = no value", raw=number(raw)) for raw in row.sentinel]
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
            yield words("number as text, base %(base)s", base=base)
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
            lines.append((level, words("when %(words)s", words=", ".join(sorted(bad)))))
    return lines


def _outside(span: Range) -> str:
    """What lies outside of a range, in signs."""
    low, high = span
    below = [] if math.isinf(low) else [f"< {number(low)}"]
    above = [] if math.isinf(high) else [f"> {number(high)}"]
    return ", ".join([*below, *above])


def writing(words: Words) -> Writing:
    """Steps as documents write them."""
    return Writing(number, signs={"-": MINUS}, words=words)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def recognition(match: Match, words: Words) -> list[str]:
    """The rules of a match, each as a phrase."""
    phrases = []
    if match.prefix:
        phrases.append(words("begins with %(bytes)s", bytes=match.prefix.hex(" ").upper()))
    for offset, mask, value in match.masked:
        if mask != 0xFF:
            phrases.append(
                words(
                    "byte %(byte)s AND %(mask)s is %(value)s",
                    byte=offset,
                    mask=f"0x{mask:02X}",
                    value=f"0x{value:02X}",
                )
            )
        elif offset < 0:
            phrases.append(
                words(
                    "byte %(byte)s from the end is %(value)s", byte=-offset, value=f"0x{value:02X}"
                )
            )
        else:
            phrases.append(words("byte %(byte)s is %(value)s", byte=offset, value=f"0x{value:02X}"))
    if match.length:
        phrases.append(words("its length in bytes: %(n)s", n=", ".join(map(str, match.length))))
    if match.minimum_length:
        phrases.append(
            words.ngettext(
                "is at least %(n)s byte long",
                "is at least %(n)s bytes long",
                match.minimum_length,
            )
        )
    phrases += [f"{name} = {value}" for name, value in match.fields.items()]
    if match.valid_from_us is not None:
        phrases.append(words("received from %(time)s on", time=_moment(match.valid_from_us)))
    if match.valid_until_us is not None:
        phrases.append(words("received before %(time)s", time=_moment(match.valid_until_us)))
    return phrases or [words("every packet")]


def _moment(time_us: int) -> str:
    return time_text(_EPOCH + timedelta(microseconds=time_us))
