"""Calibrations as equations in numbers, one a step: what a learner would write down."""

from __future__ import annotations

import re
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
from decoders.value_text import shown


def calibration_steps(calibration: Calibration, raw: Any) -> list[str]:
    """From a raw to the engineering value, one equation a step."""
    match calibration:
        case Linear(scale, offset):
            return _scaled(raw, float(raw) * scale, f"× {shown(scale)}", offset, scale != 1)
        case Divide(divisor, offset):
            return _scaled(raw, float(raw) / divisor, f"/ {shown(divisor)}", offset, True)
        case Polynomial(coefficients):
            return [f"{_terms(coefficients, raw)} = {shown(calibration.apply(raw))}"]
        case Table():
            return [_interpolated(calibration, raw)]
        case Logarithm():
            return _logarithm(calibration, raw)
        case Formula(expression):
            filled = re.sub(r"\braw\b", shown(raw), expression.text)
            return [expression.text, f"{filled} = {shown(calibration.apply(raw))}"]
        case Enumeration():
            return [f"{shown(raw)} → {calibration.apply(raw)}"]
        case Flags(words):
            return _flags(words, int(raw))
        case TextNumber():
            return _text_number(calibration, raw)
        case _:
            assert_never(calibration)


def _scaled(raw: Any, product: float, factor: str, offset: float, scales: bool) -> list[str]:
    steps = [f"{shown(raw)} {factor} = {shown(product)}"] if scales else []
    if offset:
        sign = "+" if offset > 0 else "-"
        result = f"{shown(product)} {sign} {shown(abs(offset))} = {shown(product + offset)}"
        steps.append(result)
    return steps


def _terms(coefficients: Sequence[float], raw: Any) -> str:
    powers = {0: "", 1: f" × {shown(raw)}"}
    terms = [
        f"{shown(c)}{powers.get(n, f' × {shown(raw)}^{n}')}"
        for n, c in enumerate(coefficients)
        if c or len(coefficients) == 1
    ]
    return " + ".join(terms).replace("+ -", "- ") or "0"


def _interpolated(table: Table, raw: Any) -> str:
    result = shown(table.apply(raw))
    for (x0, y0), (x1, y1) in pairwise(table.points):
        if x0 <= raw <= x1:
            slope = f"({shown(raw)} - {shown(x0)}) × ({shown(y1)} - {shown(y0)})"
            return f"{shown(y0)} + {slope} / ({shown(x1)} - {shown(x0)}) = {result}"
    x, y = table.points[0] if raw < table.points[0][0] else table.points[-1]
    return f"{shown(raw)} {'<' if raw < x else '>'} {shown(x)} → {shown(y)}"


def _logarithm(calibration: Logarithm, raw: Any) -> list[str]:
    steps = []
    argument = float(raw) * calibration.gain
    if calibration.gain != 1:
        steps.append(f"{shown(raw)} × {shown(calibration.gain)} = {shown(argument)}")
    text = f"{shown(calibration.scale)} × log{shown(calibration.base)}({shown(argument)})"
    if calibration.offset:
        text += f" + {shown(calibration.offset)}"
    return [*steps, f"{text.replace('+ -', '- ')} = {shown(calibration.apply(raw))}"]


def _flags(words: Mapping[int, str], raw: int) -> list[str]:
    bits = sorted({*words, *(bit for bit in range(raw.bit_length()) if raw >> bit & 1)})
    return [f"bit {bit} = {raw >> bit & 1}: {words.get(bit, '?')}" for bit in bits]


def _text_number(calibration: TextNumber, raw: Any) -> list[str]:
    number = TextNumber(calibration.base).apply(raw)
    steps = [f"'{raw}' → {shown(number)}"]
    if calibration.further is not None and number == number:
        steps += calibration_steps(calibration.further, number)
    return steps
