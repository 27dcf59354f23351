"""``limits = { warning = [low, high], critical = [low, high] }``, or lists of words."""

from __future__ import annotations

import math

from decoders.definition.calibration import Calibration, Enumeration, Flags
from decoders.definition.limits import Limits, Range
from decoders.definition.model import Derived, Parameter
from decoders.definition.node import Node
from decoders.suggest import nearest

LEVELS = ("warning", "critical")
#: Keys that may stand beside limits and are none.
_BESIDE = ("when", "sun", "alarm")
#: Words that an enum and flags make by themselves for numbers and bits that have none.
_MADE = {Enumeration: "unknown (", Flags: "bit "}


def limits(node: Node, key: str = "limits") -> Limits | None:
    """The limits under ``key`` of ``node``; None where it gives none."""
    if key not in node.data:
        return None
    inner = node.child(key)
    inner.only(LEVELS)
    return level_limits(inner)


def level_limits(inner: Node) -> Limits:
    """The limits that stand in ``inner`` itself, beside other keys."""
    ranges: dict[str, Range | None] = {}
    words: dict[str, frozenset[str]] = {}
    for level in LEVELS:
        value = inner.data.get(level, [])
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            words[level] = frozenset(value)
        else:
            ranges[level] = _range(inner, level)
    warning, critical = ranges.get("warning"), ranges.get("critical")
    if warning and critical and not (critical[0] <= warning[0] and warning[1] <= critical[1]):
        inner.wrong("critical", f"{list(critical)} must enclose warning {list(warning)}")
    if not any(value for key, value in inner.data.items() if key not in _BESIDE):
        inner.wrong("", "says neither what a warning is nor what is critical")
    return Limits(
        warning, critical, words.get("warning", frozenset()), words.get("critical", frozenset())
    )


def _range(node: Node, key: str) -> Range | None:
    numbers = node.numbers(key, 2)
    if not numbers:
        return None
    if len(numbers) != 2 or math.isnan(sum(numbers)) or numbers[0] > numbers[1]:
        node.wrong(key, f"{list(numbers)} is not [low, high]; an open end is inf or -inf")
        return None
    return numbers[0], numbers[1]


def check_limits(node: Node, row: Parameter | Derived, key: str = "limits") -> None:
    """Limits under ``key`` that could judge no value of ``row`` are mistakes: they alarm nobody."""
    if row.limits is not None:
        check_level_limits(node.child(key), row.limits, row)


def check_level_limits(inner: Node, found: Limits, row: Parameter | Derived) -> None:
    """The same of limits that stand in ``inner``."""
    numbers = is_number(row)
    for level, span, words in (
        ("warning", found.warning, found.warning_words),
        ("critical", found.critical, found.critical_words),
    ):
        if span and not numbers:
            inner.wrong(level, "the values of this row are words: list those that raise it")
        for word in sorted(words):
            if numbers:
                inner.wrong(level, "the values of this row are numbers: give [low, high]")
            elif problem := _unknown(word, row):
                inner.wrong(level, problem)


def is_number(row: Parameter | Derived) -> bool:
    """Whether the row's values are numbers, not words, texts, bytes or times."""
    if isinstance(row, Derived):
        return True
    if row.calibration is not None:
        return row.calibration.numeric and row.kind != "time"
    return row.kind in ("u", "i", "f", "bool", "bcd")


def _unknown(word: str, row: Parameter | Derived) -> str:
    """Why a row never says ``word``, or empty."""
    calibration: Calibration | None = row.calibration if isinstance(row, Parameter) else None
    if not isinstance(calibration, Enumeration | Flags):
        return ""
    known = list(calibration.words.values())
    if word in known or word.startswith(_MADE[type(calibration)]):
        return ""
    return f"{word!r} is none of the row's words; {nearest(word, known)}"
