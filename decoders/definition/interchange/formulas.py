"""Expressions of definitions put together: a calibration upon how a number is encoded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from decoders.definition.expression import MAX_LENGTH, parse_expression
from decoders.errors import DefinitionError

#: Stands for the raw value in a formula.
RAW = "raw"
_RAW = re.compile(rf"\b{RAW}\b")


def of(formula: str, name: str) -> str:
    """``formula`` of the value ``name`` instead of ``raw``."""
    return _RAW.sub(lambda _: name, formula)


def usable(formula: str) -> bool:
    """Whether the formula is one of the definition language."""
    if len(formula) > MAX_LENGTH:
        return False
    try:
        parse_expression(formula)
    except DefinitionError:
        return False
    return True


def number(value: float) -> str:
    """A number as it stands in an expression, in brackets when it is negative."""
    text = str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
    return f"({text})" if value < 0 else text


def polynomial(coefficients: Sequence[float], of_what: str = RAW) -> str:
    """``c0 + c1·x + …`` by Horner's rule, as :class:`..calibration.Polynomial` computes it."""
    text = ""
    for coefficient in reversed(coefficients):
        told = number(coefficient)
        text = f"({text} * {of_what} + {told})" if text else told
    return text or "0"


def linear(scale: float, offset: float, of_what: str) -> str:
    """``scale × x + offset``, what is 1 or 0 left out."""
    text = of_what if scale == 1 else f"{of_what} * {number(scale)}"
    return f"({text} + {number(offset)})" if offset else f"({text})"


def choice(cases: Iterable[tuple[str, str]], otherwise: str) -> str:
    """The first of (condition, formula) whose condition holds, else ``otherwise``."""
    text = otherwise
    for condition, formula in reversed(list(cases)):
        text = f"({formula} if {condition} else {text})"
    return text


def sign_magnitude(bits: int) -> str:
    """The first bit is the sign, the others the number."""
    top = 1 << (bits - 1)
    return f"(raw if raw < {top} else {top} - raw)"


def ones_complement(bits: int) -> str:
    """Negative numbers have every bit inverted."""
    top = 1 << (bits - 1)
    return f"(raw if raw < {top} else raw - {2 * top - 1})"


def twos_complement(bits: int, of_what: str) -> str:
    """The signed number in ``bits`` bits of an unsigned one."""
    return f"({of_what} - ({1 << bits} if {of_what} >= {1 << (bits - 1)} else 0))"


def reversed_bits(bits: int) -> str:
    """The number whose least significant bit comes first."""
    terms = []
    for bit in range(bits):
        shift = bits - 1 - 2 * bit
        moved = f"(raw & {1 << bit})"
        if shift:
            moved = f"({moved} {'<<' if shift > 0 else '>>'} {abs(shift)})"
        terms.append(moved)
    return f"({' | '.join(terms)})"


def reordered_bytes(significances: Sequence[int]) -> str:
    """The number whose bytes come in an order of their own; 0 is the least significant."""
    last = len(significances) - 1
    terms = []
    for place, significance in enumerate(significances):
        shift = significance - (last - place)
        mask = 0xFF << 8 * (last - place)
        moved = f"(raw & {mask})"
        if shift:
            moved = f"({moved} {'<<' if shift > 0 else '>>'} {8 * abs(shift)})"
        terms.append(moved)
    return f"({' | '.join(terms)})"


def mil_1750a(bits: int) -> str:
    """A floating point number of MIL-STD-1750A, 32 or 48 bits.

    Mantissa of 24 (40) bits and exponent of 8 bits, both two's complement; the lowest 16 bits of a
    long mantissa stand behind the exponent. Source: MIL-STD-1750A, 4.1.5 and 4.1.6.
    """
    if bits == 32:
        mantissa, exponent, places = "(raw >> 8)", "(raw & 255)", 24
    else:
        mantissa, places = "((raw >> 24 << 16) | (raw & 65535))", 40
        exponent = "(raw >> 16 & 255)"
    signed = f"({mantissa} - ({1 << places} if raw >> {bits - 1} else 0))"
    power = f"({exponent} - (256 if {exponent} > 127 else 0) - {places - 1})"
    return f"({signed} * 2 ** {power})"
