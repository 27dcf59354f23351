"""The closed grammar of expressions."""

import math

import numpy as np
import pytest

from decoders.definition.expression import parse_expression
from decoders.errors import DecodeError, DefinitionError


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("1 + 2 * 3", 7),
        ("-(a - b) / 2", 2.0),
        ("a ** 2", 9.0),
        ("7 // 2 + 7 % 4", 6),
        ("(a << 4 | 1) & 0x31 ^ 2", 51),
        ("a < b <= 7 and not a == b", True),
        ("1 if a > b else 2", 2),
        ("max(a, b, 1) + abs(-a)", 10),
        ("sqrt(b + 2)", 3.0),
        ("sin(pi / 2)", 1.0),
    ],
)
def test_values(text: str, result: float) -> None:
    assert parse_expression(text).value({"a": 3, "b": 7}) == result


@pytest.mark.parametrize("text", ["1 / 0", "log(0)", "sqrt(-1)", "1e308 ** 9", "1 << 99", "1 // 0"])
def test_arithmetic_without_a_result_is_nan(text: str) -> None:
    assert math.isnan(parse_expression(text).value({}))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("__import__('os')", "there is no function '__import__'"),
        ("a.b", "'a.b' is not allowed here"),
        ("a[0]", "is not allowed here"),
        ("[a for a in b]", "is not allowed here"),
        ("lambda: 1", "is not allowed here"),
        ("'text'", "is not allowed here"),
        ("a := 1", "is not understood"),
        ("sqr(a)", "did you mean 'sqrt'?"),
        ("1 +", "is not understood"),
        ("a " * 300, "longer than 500"),
        ("(" * 400 + "1" + ")" * 99, "is not understood"),
    ],
)
def test_the_forbidden_is_named(text: str, message: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_expression(text)
    assert message in str(caught.value)


def test_names_and_missing_names() -> None:
    expression = parse_expression("a + pi * b")
    assert expression.names == {"a", "b"}
    with pytest.raises(DecodeError, match="has no number for 'b'"):
        expression.value({"a": 1})


@pytest.mark.parametrize("text", ["a * b / 3 - 0.1", "a / b", "hypot(a, b)", "a ** 0.5", "a > b"])
def test_columns_equal_single_values(text: str) -> None:
    expression = parse_expression(text)
    a, b = np.array([1.5, 2.25, -7.0, 1e300]), np.array([0.3, 0.0, 9.0, 1e-300])
    column = expression.column({"a": a, "b": b}, 4)
    for index in range(4):
        one = float(expression.value({"a": a[index].item(), "b": b[index].item()}))
        finite = math.isfinite(one)
        assert column[index] == one if finite else not math.isfinite(column[index])
