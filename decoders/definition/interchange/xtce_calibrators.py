"""Calibrators of XTCE as keys of a row, or as a formula of the raw value.

Polynomials, straight splines and the operations of MathOperationCalibrator (reverse Polish; XTCE
1.2, MathOperatorsType). What cannot be said is refused by line; the value is then raw, and its unit
and limits go with the calibration.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from decoders.definition.interchange import formulas
from decoders.definition.interchange.conversion import without_empty
from decoders.definition.interchange.polynomials import polynomial_keys
from decoders.definition.interchange.xtce_values import Reader, real_number

_MOST_POWER = 32
_MOST_POINTS = 10_000
#: Operator -> (how many operands it takes, what it makes of them, the deepest first).
_OPERATORS: dict[str, tuple[int, Callable[..., str]]] = {
    **{sign: (2, lambda a, b, sign=sign: f"({a} {sign} {b})") for sign in "+-*/"},
    "y^x": (2, lambda a, b: f"({a} ** {b})"),
    "ln": (1, lambda a: f"log({a})"),
    "log": (1, lambda a: f"log10({a})"),
    "e^x": (1, lambda a: f"exp({a})"),
    "1/x": (1, lambda a: f"(1 / {a})"),
    **{name: (1, lambda a, name=name: f"{name}({a})") for name in ("tan", "cos", "sin", "atan")},
    "atan2": (2, lambda a, b: f"atan2({a}, {b})"),
    "abs": (1, lambda a: f"abs({a})"),
    "min": (2, lambda a, b: f"min({a}, {b})"),
    "max": (2, lambda a, b: f"max({a}, {b})"),
}


class Calibrated(NamedTuple):
    """A calibration. ``keys``: of a row whose raw value is the number calibrated.

    ``formula``: the same as an expression of ``raw``; None where it is none.
    """

    keys: dict[str, Any]
    formula: str | None


NONE = Calibrated({}, formulas.RAW)


def calibrated(calibrator: Element, span: tuple[float, float] | None, reader: Reader) -> Calibrated:
    """What an element with one of the calibrators says.

    ``span``: the lowest and highest raw number, None: not known. Raises DefinitionError.
    """
    kinds: dict[str, Callable[[Element], Calibrated]] = {
        "PolynomialCalibrator": lambda found: _polynomial(found, reader),
        "SplineCalibrator": lambda found: _spline(found, span, reader),
        "MathOperationCalibrator": lambda found: _operations(found, reader),
    }
    for child in calibrator:
        if child.tag in kinds:
            return kinds[child.tag](child)
        if child.tag != "AncillaryDataSet":
            raise reader.refusals.error(child, "is not known as a calibrator")
    raise reader.refusals.error(calibrator, "says nothing")


def _polynomial(element: Element, reader: Reader) -> Calibrated:
    terms: dict[int, float] = {}
    for term in element.iterfind("Term"):
        exponent = reader.whole(term, "exponent")
        if not 0 <= exponent <= _MOST_POWER:
            raise reader.refusals.error(term, f"exponent {exponent} is not 0..{_MOST_POWER}")
        terms[exponent] = terms.get(exponent, 0.0) + reader.real(term, "coefficient")
    if not terms:
        raise reader.refusals.error(element, "has no terms")
    coefficients = [terms.get(n, 0.0) for n in range(max(terms) + 1)]
    return Calibrated(polynomial_keys(coefficients), formulas.polynomial(coefficients))


def _spline(element: Element, span: tuple[float, float] | None, reader: Reader) -> Calibrated:
    order = reader.whole(element, "order", 1)
    found = element.findall("SplinePoint")
    if order != 1 or any(reader.whole(point, "order", order) != 1 for point in found):
        raise reader.refusals.error(element, "is not of order 1, straight lines")
    points = sorted((reader.real(p, "raw"), reader.real(p, "calibrated")) for p in found)
    raws = [raw for raw, _ in points]
    if not 2 <= len(points) <= _MOST_POINTS or len(set(raws)) < len(raws):
        raise reader.refusals.error(element, "needs two or more points with different raw values")
    beyond = span is None or span[0] < raws[0] or span[1] > raws[-1]
    if beyond and reader.flag(element, "extrapolate", False):
        if span is None:
            raise reader.refusals.error(element, "extrapolates over numbers that have no ends")
        points = _extended(points, span)
    elif beyond:
        reader.refusals.tell(
            element, "does not extrapolate: beyond its points the nearest point's value is given"
        )
    return Calibrated({"table": [list(point) for point in points]}, None)


def _extended(
    points: Sequence[tuple[float, float]], span: tuple[float, float]
) -> list[tuple[float, float]]:
    """The points with two more on the first and the last line, at the ends of ``span``."""
    longer = list(points)
    for end, (one, other), place in (
        (span[0], (points[0], points[1]), 0),
        (span[1], (points[-1], points[-2]), len(points) + 1),
    ):
        slope = (other[1] - one[1]) / (other[0] - one[0])
        if (end < one[0]) if place == 0 else (end > one[0]):
            longer.insert(place, (end, one[1] + slope * (end - one[0])))
    return longer


def _operations(element: Element, reader: Reader) -> Calibrated:
    stack: list[str] = []
    for step in element:
        if step.tag == "ThisParameterOperand":
            stack.append(formulas.RAW)
        elif step.tag == "ValueOperand":
            value = real_number(step.text)
            if value is None:
                raise reader.refusals.error(step, f"{step.text!r} is not a number")
            stack.append(formulas.number(value))
        elif step.tag == "Operator":
            _operate(step, stack, reader)
        elif step.tag != "AncillaryDataSet":
            raise reader.refusals.error(step, "cannot be said in a formula of the raw value alone")
    formula = stack[0] if len(stack) == 1 else ""
    if not formulas.usable(formula):
        raise reader.refusals.error(element, "makes no formula, or one that is too long")
    return Calibrated(without_empty({"formula": formula}), f"({formula})")


def _operate(step: Element, stack: list[str], reader: Reader) -> None:
    operator = (step.text or "").strip()
    if operator in ("swap", "drop", "dup", "over"):
        _move(operator, step, stack, reader)
        return
    if operator not in _OPERATORS:
        raise reader.refusals.error(step, f"{operator!r} is not an operator of formulas")
    count, make = _OPERATORS[operator]
    if len(stack) < count:
        raise reader.refusals.error(step, f"{operator!r} has too few operands before it")
    operands = stack[-count:]
    del stack[-count:]
    text = make(*operands)
    if not formulas.usable(text):
        raise reader.refusals.error(step, "makes a formula that is too long")
    stack.append(text)


def _move(operator: str, step: Element, stack: list[str], reader: Reader) -> None:
    if len(stack) < (1 if operator in ("drop", "dup") else 2):
        raise reader.refusals.error(step, f"{operator!r} has too few operands before it")
    if operator == "swap":
        stack[-2:] = stack[:-3:-1]
    elif operator == "drop":
        stack.pop()
    else:
        stack.append(stack[-1] if operator == "dup" else stack[-2])
