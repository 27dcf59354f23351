"""Expressions of definitions: a closed grammar, parsed to a tree, never executed as Python.

Numbers, names, ``+ - * / // % **``, ``& | ^ << >>``, comparisons, ``and or not``,
``x if c else y``, and the functions of FUNCTIONS.
Arithmetic with ``+ - * /`` is done in 64-bit floats.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from decoders.errors import DecodeError, DefinitionError
from decoders.suggest import nearest

MAX_LENGTH = 500
#: Operations inside each other.
MAX_DEPTH = 150

FUNCTIONS: dict[str, Callable[..., float]] = {
    "abs": abs,
    "min": min,
    "max": max,
    "round": round,
    "floor": math.floor,
    "ceil": math.ceil,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "log10": math.log10,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "atan": math.atan,
    "atan2": math.atan2,
    "hypot": math.hypot,
}
_CONSTANTS = {"pi": math.pi}
_FLOAT: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_OTHER: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
_LARGEST_SHIFT = 64
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression. ``names`` are the values that it needs.

    ``columnar``: only numbers, names and ``+ - * /``, so whole columns can be computed at once
    with the very same results. Two of one ``text`` are equal.
    """

    text: str
    tree: ast.expr = field(compare=False, repr=False)
    names: frozenset[str]
    columnar: bool

    @property
    def is_sum(self) -> bool:
        """Whether it only adds and takes away values, so that its steps are theirs."""
        signs = (ast.BinOp, ast.UnaryOp, ast.Name, ast.Add, ast.Sub, ast.USub, ast.UAdd, ast.Load)
        return bool(self.names) and all(isinstance(node, signs) for node in ast.walk(self.tree))

    def value(self, values: Mapping[str, Any]) -> float | int | bool:
        """The result; NaN where arithmetic has none. Raises DecodeError for a missing name."""
        try:
            return _value(self.tree, values)  # type: ignore[no-any-return]
        except (ZeroDivisionError, ValueError, OverflowError):
            return math.nan
        except (KeyError, TypeError) as error:
            raise DecodeError(f"expression {self.text!r} has no number for {error}") from error

    def number(self, values: Mapping[str, Any]) -> float | int | bool:
        """As :meth:`value`, but NaN also where it needs whole numbers and there is none.

        The bits of a value that is no number are none. Raises DecodeError for a missing name.
        """
        try:
            return self.value(values)
        except DecodeError as error:
            if isinstance(error.__cause__, TypeError):
                return math.nan
            raise

    def column(self, columns: Mapping[str, Any], length: int) -> np.ndarray[Any, Any]:
        """The results for ``length`` rows, equal to :meth:`number` of each."""
        if self.columnar:
            plain = {name: _without_objects(columns[name]) for name in self.names}
            with np.errstate(all="ignore"):
                return np.broadcast_to(
                    np.asarray(_value(self.tree, plain), dtype=np.float64), (length,)
                )
        lists = {name: np.asarray(columns[name]).tolist() for name in self.names}
        rows = [
            self.number({name: column[row] for name, column in lists.items()})
            for row in range(length)
        ]
        return np.array(rows, dtype=np.float64)


def _without_objects(column: Any) -> Any:
    """A column of Python's numbers, as numpy's: a division by zero is then no exception."""
    array = np.asarray(column)
    return array.astype(np.float64) if array.dtype == object else column


def parse_expression(text: str) -> Expression:
    """Parse ``text``; raises DefinitionError that names what is not allowed."""
    if len(text) > MAX_LENGTH:
        raise DefinitionError(f"expression is longer than {MAX_LENGTH} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise DefinitionError(f"expression {text!r} is not understood: {error}") from error
    names: set[str] = set()
    if _depth(tree) > MAX_DEPTH:
        raise DefinitionError(f"expression has more than {MAX_DEPTH} operations inside each other")
    columnar = _check(tree, text, names)
    return Expression(text, tree, frozenset(names), columnar)


def _depth(tree: ast.AST) -> int:
    """How many operations are inside each other, without recursion."""
    level: list[ast.AST] = [tree]
    depth = 0
    while level:
        depth += 1
        level = [inner for node in level for inner in ast.iter_child_nodes(node)]
    return depth


def _check(node: ast.expr, text: str, names: set[str]) -> bool:
    """Collect names; True when the node is columnar; raises DefinitionError for the forbidden."""
    match node:
        case ast.Constant(value=bool() | int() | float()):
            return True
        case ast.Name(id=name):
            if name not in _CONSTANTS:
                names.add(name)
            return True
        case ast.BinOp(left=left, op=op, right=right):
            simple = [_check(part, text, names) for part in (left, right)]
            if type(op) in _FLOAT:
                return all(simple)
            if type(op) in _OTHER or isinstance(op, ast.Pow | ast.LShift | ast.RShift):
                return False
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return _check(operand, text, names)
        case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
            _check(operand, text, names)
            return False
        case ast.Compare(left=left, ops=ops, comparators=others):
            for part in (left, *others):
                _check(part, text, names)
            if all(type(op) in _COMPARE for op in ops):
                return False
        case ast.BoolOp(values=parts):
            for part in parts:
                _check(part, text, names)
            return False
        case ast.IfExp(test=test, body=body, orelse=orelse):
            for part in (test, body, orelse):
                _check(part, text, names)
            return False
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            if name not in FUNCTIONS:
                raise DefinitionError(
                    f"expression {text!r}: there is no function {name!r}; "
                    f"{nearest(name, FUNCTIONS)}"
                )
            for part in arguments:
                _check(part, text, names)
            return False
    raise DefinitionError(f"expression {text!r}: {ast.unparse(node)!r} is not allowed here")


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return _CONSTANTS[name] if name in _CONSTANTS else values[name]
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(op, _value(left, values), _value(right, values))
        case ast.UnaryOp(op=op, operand=operand):
            value = _value(operand, values)
            if isinstance(op, ast.Not):
                return not value
            if isinstance(op, ast.Invert):
                return ~value
            return -value if isinstance(op, ast.USub) else value
        case ast.Compare(left=left, ops=ops, comparators=others):
            terms = [_value(part, values) for part in (left, *others)]
            return all(
                _COMPARE[type(op)](a, b) for op, a, b in zip(ops, terms, terms[1:], strict=False)
            )
        case ast.BoolOp(op=op, values=parts):
            combine = all if isinstance(op, ast.And) else any
            return combine(_value(part, values) for part in parts)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return _value(body if _value(test, values) else orelse, values)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name](*(_value(part, values) for part in arguments))
    raise AssertionError(node)  # parse_expression lets nothing else through


def _binary(op: ast.operator, left: Any, right: Any) -> Any:
    if type(op) in _FLOAT:
        # Floats on both sides, so that one value and a column give the same bits.
        left, right = _as_float(left), _as_float(right)
        return _FLOAT[type(op)](left, right)
    if isinstance(op, ast.Pow):
        return math.pow(left, right)
    if isinstance(op, ast.LShift | ast.RShift):
        if not 0 <= right <= _LARGEST_SHIFT:
            return math.nan
        return left << right if isinstance(op, ast.LShift) else left >> right
    return _OTHER[type(op)](left, right)


def _as_float(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.astype(np.float64)
    return float(value)
