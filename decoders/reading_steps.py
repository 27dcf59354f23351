"""From the bits of a field to its raw value, in the steps that one writes down by hand.

Place values; two's complement; binary floating point with its sign, exponent and fraction
(IEEE 754-2008, section 3.4 and table 3.5); binary-coded decimal, a digit in four bits.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from decoders.bits import Field
from decoders.steps import Power, Sign, Step, Term, joined
from decoders.value import Raw
from decoders.value_text import NOTHING, SIGNIFICANT, number_text, visible

#: Up to so many bits each bit has its place value; longer numbers are put together byte by byte.
_MOST_PLACES = 16
#: Characters of a text that are looked up one by one.
_MOST_CHARACTERS = 16


class _Float(NamedTuple):
    """Bits of a binary format: IEEE 754-2008, table 3.5."""

    exponent: int
    fraction: int

    @property
    def bias(self) -> int:
        """What is taken from the exponent's bits."""
        return (1 << (self.exponent - 1)) - 1


_FLOATS = {16: _Float(5, 10), 32: _Float(8, 23), 64: _Float(11, 52)}


def reading_steps(field: Field | None, digits: str, raw: Raw) -> list[Step]:
    """The steps to ``raw``; ``digits``: the bits of the field, the most significant first."""
    last = Step("raw", (), raw if isinstance(raw, str | int | float) else raw.hex(" ").upper())
    if isinstance(raw, str):
        last = Step("raw", (visible(raw),))
    if field is None or not digits:
        return [last]
    if field.row.kind in ("ascii", "bytes"):
        return [*_text(field, digits), last]
    steps = _order(field, digits)
    word = int(digits, 2)
    if field.row.kind == "f":
        return [*steps, Step("digits", (_split(digits),)), *_float(word, field.bits), last]
    if field.row.kind == "bcd":
        return [*steps, _decimal(digits)]
    steps += _places(word, field.bits)
    if field.row.kind == "i":
        steps.append(_signed(word, field.bits))
    # A truth is the number that its bit says.
    return [*steps, Step("raw", (), int(raw)) if isinstance(raw, bool) else last]


def nibbles(digits: str) -> str:
    """Bits in groups of four from the least significant end."""
    start = len(digits) % 4
    groups = [digits[:start]] if start else []
    return " ".join([*groups, *(digits[n : n + 4] for n in range(start, len(digits), 4))])


def _hex(data: bytes) -> str:
    return data.hex(" ").upper()


def _text(field: Field, digits: str) -> list[Step]:
    content = int(digits, 2).to_bytes(len(digits) // 8)
    steps = [Step("bytes", (_hex(content),))]
    if field.row.kind == "ascii" and content[:_MOST_CHARACTERS].isascii():
        known = [(f"{byte:02X} → {visible(chr(byte))}",) for byte in content[:_MOST_CHARACTERS]]
        more: list[tuple[Term, ...]] = [("…",)] if len(content) > _MOST_CHARACTERS else []
        steps.append(Step("characters", joined([*known, *more], "  ")))
    return steps


def _order(field: Field, digits: str) -> list[Step]:
    """The bytes as they stand, and turned round where the low one comes first."""
    if field.bits % 8:
        turned = field.row.bit_order == "lsb" and (field.start % 8 + field.bits) > 8
        return [Step("digits", (nibbles(digits),))] if turned else []
    ordered = int(digits, 2).to_bytes(field.bits // 8)
    if len(ordered) == 1:
        return [Step("bytes", (_hex(ordered),))]
    if field.row.endian != "little":
        return [Step("bytes", (_hex(ordered),))]
    return [
        Step("swapped", (_hex(ordered[::-1]),), _hex(ordered), " → "),
        *([] if field.row.kind == "f" else [Step("digits", (nibbles(digits),))]),
    ]


def _places(word: int, bits: int) -> list[Step]:
    """A number from its bits, or from its bytes where there are many."""
    if bits == 1:
        return []
    if bits <= _MOST_PLACES:
        powers = [(1 << place,) for place in reversed(range(bits)) if word >> place & 1]
        return [Step("places", joined(list(powers), " + ") or (0,), *_sum(len(powers), word))]
    data = word.to_bytes((bits + 7) // 8)
    values: list[tuple[Term, ...]] = [(f"{byte:02X}", " = ", byte) for byte in data]
    parts = [
        (byte, *((Sign(" × "), 1 << 8 * place) if place else ()))
        for place, byte in zip(reversed(range(len(data))), data, strict=True)
        if byte
    ]
    simple = len(parts) == 1 and len(parts[0]) == 1
    terms = joined(list(parts), " + ") or (0,)
    return [
        Step("byte_values", joined(values, "  ")),
        Step("byte_places", terms, *_sum(0 if simple or not parts else 2, word)),
    ]


def _sum(terms: int, word: int) -> tuple[Term | None]:
    """What a sum of so many terms gives; a single one says it itself."""
    return (word if terms > 1 else None,)


def _signed(word: int, bits: int) -> Step:
    """Two's complement: the first bit counts negative."""
    if word >> (bits - 1):
        return Step("negative", (word, Sign(" - "), 1 << bits), word - (1 << bits))
    return Step("positive", (word,))


def _decimal(digits: str) -> Step:
    """Four bits a decimal digit; over nine it is none."""
    padded = digits.zfill(-(-len(digits) // 4) * 4)
    parts = [padded[n : n + 4] for n in range(0, len(padded), 4)]
    numbers = [int(part, 2) for part in parts]
    terms: list[tuple[Term, ...]] = [
        (part, " = ", number if number < 10 else NOTHING)
        for part, number in zip(parts, numbers, strict=True)
    ]
    valid = all(number < 10 for number in numbers)
    result = int("".join(map(str, numbers))) if valid else NOTHING
    return Step("decimal", joined(terms, "  "), result, " → ")


def _split(digits: str) -> str:
    """Sign, exponent and fraction apart."""
    end = 1 + _FLOATS[len(digits)].exponent
    return f"{digits[0]} | {digits[1:end]} | {digits[end:]}"


def _float(word: int, bits: int) -> list[Step]:
    form = _FLOATS[bits]
    negative = word >> (bits - 1)
    exponent = word >> form.fraction & (1 << form.exponent) - 1
    fraction = word & (1 << form.fraction) - 1
    sign = Step("float_sign", (f"{negative} → {'−' if negative else '+'}",))
    if exponent == (1 << form.exponent) - 1:
        said = NOTHING if fraction else ("−∞" if negative else "∞")
        return [sign, Step("float_special", (exponent,), said, " → ")]
    # Without a first one (a subnormal number) the least exponent counts.
    power = max(exponent, 1) - form.bias
    mantissa = (exponent > 0) + fraction / (1 << form.fraction)
    number = math.ldexp(-mantissa if negative else mantissa, power)
    subtracted: tuple[Term, ...] = (max(exponent, 1), Sign(" - "), form.bias)
    added: tuple[Term, ...] = (int(exponent > 0), " + ", fraction, " / ", 1 << form.fraction)
    sign_terms: tuple[Term, ...] = (Sign("-"),) if negative else ()
    product: tuple[Term, ...] = (*sign_terms, mantissa, " × ", 2, Power(power))
    return [
        sign,
        Step("exponent", subtracted, power),
        Step("fraction", added, mantissa, _equal(mantissa)),
        Step("float", product, number, _equal(number)),
    ]


def _equal(number: float) -> str:
    """Whether the digits that are shown are all there are: binary fractions may have more."""
    return " = " if float(number_text(number, SIGNIFICANT)) == number else " ≈ "
