"""Calibrations that are straight lines, however they are written."""

from __future__ import annotations

import ast
import math
from typing import TypeAlias

from decoders.definition.calibration import Calibration, Divide, Formula, Linear, Polynomial

#: (scale, offset)
Line: TypeAlias = tuple[float, float]


def line_of(calibration: Calibration | None) -> Line | None:
    """``raw × scale + offset``; None for what is not a straight line of numbers."""
    match calibration:
        case None:
            return 1.0, 0.0
        case Linear(scale, offset):
            return scale, offset
        case Divide(divisor, offset):
            return 1 / divisor, offset
        case Polynomial(coefficients) if len(coefficients) <= 2:
            offset, scale = (*coefficients, 0.0)[:2]
            return scale, offset
        case Formula(expression):
            found = _line(expression.tree)
            return found if found is not None and all(map(math.isfinite, found)) else None
        case _:
            return None


def _line(node: ast.expr) -> Line | None:
    match node:
        case ast.Constant(value=int() | float() as value):
            return 0.0, float(value)
        case ast.Name(id="raw"):
            return 1.0, 0.0
        case ast.Name(id="pi"):
            return 0.0, math.pi
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _line(operand)
            return None if inner is None else (-inner[0], -inner[1])
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _line(operand)
        case ast.BinOp(left=left, op=op, right=right):
            one, other = _line(left), _line(right)
            return None if one is None or other is None else _joined(one, op, other)
    return None


def _joined(one: Line, op: ast.operator, other: Line) -> Line | None:
    if isinstance(op, ast.Add):
        return one[0] + other[0], one[1] + other[1]
    if isinstance(op, ast.Sub):
        return one[0] - other[0], one[1] - other[1]
    if isinstance(op, ast.Mult) and 0 in (one[0], other[0]):
        return one[0] * other[1] + other[0] * one[1], one[1] * other[1]
    if isinstance(op, ast.Div) and other[0] == 0 and other[1] != 0:
        return one[0] / other[1], one[1] / other[1]
    return None
