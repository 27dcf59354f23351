"""Calibrations as equations in numbers, one a step: what a learner would write down."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, assert_never

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
from decoders.steps import Bit, Power, Sign, Step, Term, Word, expression_terms, whole
from decoders.value_text import NOTHING


def calibration_steps(calibration: Calibration, raw: Any) -> list[Step]:
    """From a raw to the engineering value, one equation a step."""
    match calibration:
        case Linear(scale, offset):
            steps = [] if scale == 1 else [_step((raw, " × ", whole(scale)), float(raw) * scale)]
            return [*steps, *_shifted(float(raw) * scale, offset)]
        case Divide(divisor, offset):
            step = _step((raw, " / ", whole(divisor)), float(raw) / divisor)
            return [step, *_shifted(float(raw) / divisor, offset)]
        case Polynomial(coefficients):
            return [_step(_terms(coefficients, raw), calibration.apply(raw))]
        case Table():
            return [_interpolated(calibration, raw)]
        case Logarithm():
            return _logarithm(calibration, raw)
        case Formula(expression):
            filled = expression_terms(expression.text, lambda name: raw if name == "raw" else None)
            formula = Step("calibration", expression_terms(expression.text, lambda name: None))
            return [formula, _step(filled, calibration.apply(raw))]
        case Enumeration():
            return [Step("calibration", (raw,), Word(calibration.apply(raw)), " → ")]
        case Flags(words):
            return _flags(words, int(raw))
        case TextNumber():
            return _text_number(calibration, raw)
        case _:
            assert_never(calibration)


def _step(terms: tuple[Term, ...], result: float) -> Step:
    return Step("calibration", terms, _number(result))


def _number(result: float) -> Term:
    """A result: whole numbers stay whole; what is no number is nothing."""
    return whole(result) if math.isfinite(result) else NOTHING


def _shifted(product: float, offset: float) -> list[Step]:
    if not offset:
        return []
    sign = Sign(" + " if offset > 0 else " - ")
    return [_step((whole(product), sign, whole(abs(offset))), product + offset)]


def _terms(coefficients: Sequence[float], raw: Any) -> tuple[Term, ...]:
    """A sum of powers, each behind its sign."""
    found: list[Term] = []
    for power, coefficient in enumerate(coefficients):
        if not coefficient:
            continue
        size = whole(abs(coefficient) if found else coefficient)
        sign = Sign(" + " if coefficient > 0 else " - ")
        found += (*([sign] if found else []), size, *_power(raw, power))
    return tuple(found) or (0,)


def _power(raw: Any, power: int) -> tuple[Term, ...]:
    if not power:
        return ()
    base: tuple[Term, ...] = (Sign("("), raw, Sign(")")) if raw < 0 and power > 1 else (raw,)
    return (" × ", *base, *((Power(power),) if power > 1 else ()))


def _interpolated(table: Table, raw: Any) -> Step:
    for (x0, y0), (x1, y1) in pairwise(table.points):
        if x0 <= raw <= x1:
            low, rise = _difference(raw, x0), _difference(y1, y0)
            slope = (*low, " × ", *rise, " / ", *_difference(x1, x0))
            return _step((whole(y0), " + ", *slope), table.apply(raw))
    x, y = table.points[0] if raw < table.points[0][0] else table.points[-1]
    sign = " < " if raw < x else " > "
    return Step("calibration", (raw, sign, whole(x)), whole(y), " → ")


def _difference(a: float, b: float) -> tuple[Term, ...]:
    second: tuple[Term, ...] = (Sign("("), whole(b), Sign(")")) if b < 0 else (whole(b),)
    return (Sign("("), whole(a), Sign(" - "), *second, Sign(")"))


def _logarithm(calibration: Logarithm, raw: Any) -> list[Step]:
    steps = []
    argument = float(raw) * calibration.gain
    if calibration.gain != 1:
        steps.append(_step((raw, " × ", whole(calibration.gain)), argument))
    base = whole(calibration.base)
    logarithm = ("log", base, Sign("("), whole(argument), Sign(")"))
    terms: tuple[Term, ...] = (whole(calibration.scale), " × ", *logarithm)
    if calibration.offset:
        sign = Sign(" + " if calibration.offset > 0 else " - ")
        terms += (sign, whole(abs(calibration.offset)))
    return [*steps, _step(terms, calibration.apply(raw))]


def _flags(words: Mapping[int, str], raw: int) -> list[Step]:
    """Bit by bit, those that are not set too."""
    bits = sorted({*words, *(bit for bit in range(raw.bit_length()) if raw >> bit & 1)})
    return [
        Step(
            "flag",
            (Bit(bit), " = ", raw >> bit & 1, ": ", Word(words.get(bit, "?"))),
            bool(raw >> bit & 1),
            " → ",
        )
        for bit in bits
    ]


def _text_number(calibration: TextNumber, raw: Any) -> list[Step]:
    number = TextNumber(calibration.base).apply(raw)
    steps = [Step("calibration", (f"'{raw}'",), _number(number), " → ")]
    if calibration.further is not None and number == number:
        steps += calibration_steps(calibration.further, number)
    return steps
