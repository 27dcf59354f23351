"""Comparisons of XTCE (XTCE 1.2, MatchCriteriaType) as conditions on rows that were read before.

The same elements say when an entry is there, which calibration holds, how long something is and
which container a packet is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias
from xml.etree.ElementTree import Element

from decoders.definition.interchange import formulas
from decoders.definition.interchange.refusals import Refusals
from decoders.definition.interchange.xtce_kinds import Scalar
from decoders.definition.interchange.xtce_system import Space
from decoders.definition.interchange.xtce_values import real_number

_OPERATORS = {
    **{sign: sign for sign in ("==", "!=", "<", "<=", ">", ">=")},
    "eq": "==",
    "neq": "!=",
    "lt": "<",
    "leq": "<=",
    "gt": ">",
    "geq": ">=",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A row of a packet that is being put together. ``start``: its first bit, None: that varies.

    ``repeated``: its values are told apart by numbers, so that conditions cannot name one.
    """

    name: str
    scalar: Scalar
    start: int | None
    bits: int | None
    repeated: bool = False


class Test(NamedTuple):
    """``left operator value``, or another row instead of the value."""

    element: Element
    left: Placed
    operator: str
    calibrated: bool
    value: str = ""
    right: Placed | None = None
    right_calibrated: bool = True


class Both(NamedTuple):
    """All of them hold."""

    parts: tuple[Condition, ...]


class Either(NamedTuple):
    """One of them holds."""

    parts: tuple[Condition, ...]


Condition: TypeAlias = Test | Both | Either
#: Gives the row that a reference in a system names, at an element; raises DefinitionError.
Lookup: TypeAlias = Callable[[Space, str | None, Element], Placed]


def condition_in(parent: Element, space: Space, lookup: Lookup, refusals: Refusals) -> Condition:
    """What ``parent`` (RestrictionCriteria, IncludeCondition, …) demands."""
    found = list(_parts(parent, space, lookup, refusals))
    if not found:
        raise refusals.error(parent, "says no condition")
    return found[0] if len(found) == 1 else Both(tuple(found))


def _parts(
    parent: Element, space: Space, lookup: Lookup, refusals: Refusals
) -> Iterator[Condition]:
    for child in parent:
        if child.tag == "Comparison":
            yield _comparison(child, space, lookup, refusals)
        elif child.tag in ("ComparisonList", "ANDedConditions", "BooleanExpression"):
            yield condition_in(child, space, lookup, refusals)
        elif child.tag == "ORedConditions":
            yield Either(tuple(_parts(child, space, lookup, refusals)))
        elif child.tag == "Condition":
            yield _condition(child, space, lookup, refusals)
        elif child.tag not in ("AncillaryDataSet", "NextContainer"):
            raise refusals.error(child, "is no comparison")
        elif child.tag == "NextContainer":
            refusals.tell(child, "is left out: no packet here tells which comes next")


def _comparison(element: Element, space: Space, lookup: Lookup, refusals: Refusals) -> Test:
    value = element.get("value")
    if value is None:
        raise refusals.error(element, "value is missing")
    operator = _operator(element.get("comparisonOperator", "=="), element, refusals)
    left = _row(element, space, lookup, refusals)
    return Test(element, left, operator, _calibrated(element), value)


def _condition(element: Element, space: Space, lookup: Lookup, refusals: Refusals) -> Test:
    rows = element.findall("ParameterInstanceRef")
    value = element.findtext("Value")
    if len(rows) + (value is not None) != 2:
        raise refusals.error(element, "is no comparison of two things")
    operator = _operator(element.findtext("ComparisonOperator", "=="), element, refusals)
    left = _row(rows[0], space, lookup, refusals)
    if value is not None:
        return Test(element, left, operator, _calibrated(rows[0]), value)
    right = _row(rows[1], space, lookup, refusals)
    both = _calibrated(rows[0]), _calibrated(rows[1])
    return Test(element, left, operator, both[0], right=right, right_calibrated=both[1])


def _row(element: Element, space: Space, lookup: Lookup, refusals: Refusals) -> Placed:
    if element.get("instance", "0") != "0":
        raise refusals.error(element, "refers to an earlier instance of a parameter")
    return lookup(space, element.get("parameterRef"), element)


def _calibrated(element: Element) -> bool:
    return element.get("useCalibratedValue", "true").strip().lower() in ("true", "1")


def _operator(text: str, element: Element, refusals: Refusals) -> str:
    operator = _OPERATORS.get(text.strip())
    if operator is None:
        raise refusals.error(element, f"comparison operator {text!r} is not known")
    return operator


def written(condition: Condition, refusals: Refusals, *, engineering: bool = False) -> str:
    """The condition as an expression of raw values, or of ``engineering`` ones."""
    if isinstance(condition, Test):
        return _written_test(condition, refusals, engineering)
    word = " and " if isinstance(condition, Both) else " or "
    parts = [written(part, refusals, engineering=engineering) for part in condition.parts]
    return f"({word.join(parts)})"


def _written_test(test: Test, refusals: Refusals, engineering: bool) -> str:
    if test.right is not None:
        left = value_of(test.left, test.calibrated, test.element, refusals, engineering)
        right = value_of(test.right, test.right_calibrated, test.element, refusals, engineering)
        return f"{left} {test.operator} {right}"
    if test.calibrated and (test.left.scalar.words or test.left.scalar.truth):
        return _written_words(test, refusals)
    number = real_number(test.value)
    if number is None:
        raise refusals.error(test.element, f"{test.value!r} is not a number")
    left = value_of(test.left, test.calibrated, test.element, refusals, engineering)
    return f"{left} {test.operator} {formulas.number(number)}"


def _written_words(test: Test, refusals: Refusals) -> str:
    """A word as the raw numbers that have it; words count as them in expressions of values too."""
    if test.operator not in ("==", "!="):
        raise refusals.error(test.element, f"words are not compared by {test.operator!r}")
    name = test.left.name
    if _is_truth(test):
        text = f"{name} != 0"
    else:
        raws = raws_of_word(test, refusals)
        text = " or ".join(f"{name} == {formulas.number(raw)}" for raw in raws)
    return f"({text})" if test.operator == "==" else f"(not ({text}))"


def _is_truth(test: Test) -> bool:
    scalar = test.left.scalar
    told = test.value.strip()
    others = {word.lower() for word in scalar.words}
    return bool(scalar.truth) and (
        told == scalar.truth or (told.lower() == "true" and "true" not in others)
    )


def raws_of_word(test: Test, refusals: Refusals) -> tuple[int, ...]:
    """The raw values that read as the word of the test."""
    scalar, told = test.left.scalar, test.value.strip()
    if _is_truth(test) and test.left.bits == 1:
        return (1,)
    if told in scalar.words and not _is_truth(test):
        return scalar.words[told]
    if scalar.truth and told.lower() == "false":
        return (0,)
    raise refusals.error(test.element, f"{test.left.name} never reads {told!r}")


def value_of(
    placed: Placed, calibrated: bool, element: Element, refusals: Refusals, engineering: bool
) -> str:
    """The number of a row: an expression of its raw value, or its ``engineering`` value."""
    formula = _known_value(placed.scalar, calibrated) if engineering else None
    if not engineering:
        formula = placed.scalar.calibrated if calibrated else placed.scalar.plain
    if formula is None or (placed.scalar.contexts and calibrated):
        raise refusals.error(element, f"{placed.name} is no number that can be used here")
    return formulas.of(formula, placed.name)


def _known_value(scalar: Scalar, calibrated: bool) -> str | None:
    """``raw``, standing for the engineering value, where that is what is asked for."""
    words = bool(scalar.words or scalar.truth)
    told = words or scalar.calibrated is not None or "table" in scalar.keys
    same = words or scalar.calibrated == scalar.plain
    return formulas.RAW if (told if calibrated else same) else None
