"""Expressions and calibrations in the language of Kaitai Struct.

Its ``/`` of whole numbers rounds down as our ``//`` does, so our ``/`` is made of floats there.
Source: the Kaitai Struct user guide, section "Expression language".
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import assert_never

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
from decoders.definition.expression import Expression

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.FloorDiv: "/",
    ast.Mod: "%",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


class InexpressibleError(Exception):
    """Kaitai has no words for this; never leaves this package."""


def expression(formula: Expression, name: Callable[[str], str]) -> str:
    """``formula`` in Kaitai's language; ``name`` tells how a name is written there.

    Raises InexpressibleError for what Kaitai cannot compute, such as functions.
    """
    return _expression(formula.tree, name)


def condition(formula: Expression, name: Callable[[str], str]) -> str:
    """As :func:`expression`, as a truth value, which numbers are not there."""
    return _truth(formula.tree, name)


def calibrated(calibration: Calibration, raw: str) -> str:
    """The engineering value of ``raw``. Raises InexpressibleError."""
    match calibration:
        case Linear(scale, offset):
            return _plus(f"{raw} * {number(scale)}", offset)
        case Divide(divisor, offset):
            return _plus(f"{raw} / {number(divisor)}", offset)
        case Polynomial(coefficients):
            return _horner(coefficients, raw)
        case Table():
            return _between(calibration, raw)
        case Formula(formula):
            return expression(formula, lambda _: raw)
        case Logarithm() | TextNumber() | Enumeration() | Flags():
            raise InexpressibleError(type(calibration).__name__)
        case _:
            assert_never(calibration)


def _horner(coefficients: Sequence[float], raw: str) -> str:
    text = "0.0"
    for coefficient in reversed(coefficients):
        text = f"({text} * {raw} + {number(coefficient)})"
    return text


def number(value: float) -> str:
    """A number as a float, negative ones in parentheses."""
    text = repr(float(value))
    return f"({text})" if value < 0 else text


def _plus(text: str, offset: float) -> str:
    return f"{text} + {number(offset)}" if offset else text


def _between(table: Table, raw: str) -> str:
    text = number(table.points[-1][1])
    for (x0, y0), (x1, y1) in reversed(list(pairwise(table.points))):
        line = f"{number(y0)} + ({raw} - {number(x0)}) * {number((y1 - y0) / (x1 - x0))}"
        text = f"({raw} < {number(x1)} ? {line} : {text})"
    first = table.points[0]
    return f"({raw} < {number(first[0])} ? {number(first[1])} : {text})"


def _expression(node: ast.expr, name: Callable[[str], str]) -> str:
    match node:
        case ast.Constant(value=bool() as value):
            return "true" if value else "false"
        case ast.Constant(value=float() | int() as value):
            return repr(value)
        case ast.Name(id="pi"):
            return repr(math.pi)
        case ast.Name(id=word):
            return name(word)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return f"({_expression(left, name)} * 1.0 / {_expression(right, name)})"
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return f"({_expression(left, name)} {_BINARY[type(op)]} {_expression(right, name)})"
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int() as power)) if (
            0 < power <= _MOST_POWER
        ):
            base = _expression(left, name)
            return "(" + " * ".join([base] * power) + ")"
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"(-{_expression(operand, name)})"
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _expression(operand, name)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return f"(not {_truth(operand, name)})"
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return f"({_expression(left, name)} {_COMPARE[type(op)]} {_expression(right, name)})"
        case ast.BoolOp(op=op, values=parts):
            word = " and " if isinstance(op, ast.And) else " or "
            return "(" + word.join(_truth(part, name) for part in parts) + ")"
        case ast.IfExp(test=test, body=body, orelse=orelse):
            first, second = _expression(body, name), _expression(orelse, name)
            return f"({_truth(test, name)} ? {first} : {second})"
    raise InexpressibleError(ast.unparse(node))


def _truth(node: ast.expr, name: Callable[[str], str]) -> str:
    text = _expression(node, name)
    match node:
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()) | ast.Constant(value=bool()):
            return text
    return f"({text} != 0)"


_MOST_POWER = 8
