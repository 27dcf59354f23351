"""The shortest keys of a row for a polynomial."""

from __future__ import annotations

from typing import Any


def polynomial_keys(coefficients: list[float]) -> dict[str, Any]:
    """Keys for a polynomial, constant first: nothing, scale and offset, or all."""
    while len(coefficients) > 2 and coefficients[-1] == 0:
        coefficients = coefficients[:-1]
    if len(coefficients) > 2:
        return {"polynomial": coefficients}
    offset, scale = (*coefficients, 0.0, 0.0)[:2] if len(coefficients) < 2 else coefficients
    if scale == 0:
        return {"polynomial": [offset]} if len(coefficients) else {}
    keys = {"scale": scale} if scale != 1 else {}
    return {**keys, **({"offset": offset} if offset else {})}
