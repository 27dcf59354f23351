"""How every value of a frame came about: its very bits, its raw number, each step, its limits.

Steps are numbers and signs (:mod:`decoders.steps`), so that they read alike in every language;
their kinds are words to translate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from decoders.bits import Field
from decoders.convert import shown_text
from decoders.definition.limits import Range
from decoders.definition.model import Derived, Parameter, Satellite
from decoders.equations import calibration_steps
from decoders.errors import DecodeError
from decoders.plan import Plan
from decoders.reading_steps import reading_steps
from decoders.steps import Moment, Step, Term, Unit, Word, expression_terms
from decoders.value import Decoded, Value
from decoders.value_text import shown

#: Kinds of steps, in the order in which they may come.
KINDS = (
    *("bytes", "swapped", "digits"),
    *("characters", "decimal", "places", "byte_values", "byte_places", "negative", "positive"),
    *("float_sign", "float_special", "exponent", "fraction", "float"),
    *("raw", "sentinel", "calibration", "flag", "epoch", "formula", "value"),
)
#: What a reader who knows binary numbers does without.
_ELEMENTARY = {
    *("bytes", "digits", "characters", "places", "byte_values", "byte_places", "positive"),
    *("float_sign", "exponent", "fraction", "float", "value"),
}


class Held(NamedTuple):
    """A limit that the value was held against: ``level`` warning or critical.

    ``terms``: the range with the value in it, or the words that raise it; ``ok``: whether the value
    is inside.
    """

    level: str
    terms: tuple[Term, ...]
    ok: bool

    @property
    def step(self) -> Step:
        """The same as a step, to be written."""
        return Step(self.level, self.terms)

    @property
    def text(self) -> str:
        """Such as ``3.5 ≤ 3.9 ≤ 4.2``."""
        return self.step.text


class Explanation(NamedTuple):
    """One value explained.

    ``bits``: the frame's bits that it was made of, the most significant first, each counted from
    the frame's first bit; ``digits``: what they are. Both empty for a derived value.
    """

    value: Value
    bits: tuple[int, ...]
    digits: str
    steps: tuple[Step, ...]
    held: tuple[Held, ...]

    @property
    def way(self) -> tuple[Step, ...]:
        """The steps between the bits and the value, where these two are shown themselves, for one
        who knows binary numbers."""
        return tuple(step for step in self.steps if step.kind not in _ELEMENTARY)


def explain(satellite: Satellite, decoded: Decoded) -> tuple[Explanation, ...]:
    """Every value of ``decoded``, a frame of ``satellite``, in order."""
    places = _places(satellite, decoded)
    scope = {value.name: value for value in decoded.values}
    return tuple(
        _explained(decoded, value, places.get(value.name), scope) for value in decoded.values
    )


def mark(satellite: Satellite, decoded: Decoded) -> tuple[int, int] | None:
    """The bits that tell which packet it is: what its definition says it begins with."""
    layout = satellite.packet(decoded.packet)
    if layout is None or decoded.payload is None or not layout.match.prefix:
        return None
    return decoded.payload[0], 8 * len(layout.match.prefix)


def _places(satellite: Satellite, decoded: Decoded) -> dict[str, Field]:
    """Where each parameter lies in its packet."""
    layout = satellite.packet(decoded.packet)
    if layout is None or decoded.payload is None:
        return {}
    start, length = decoded.payload
    try:
        shape = Plan(layout).shape(decoded.frame[start // 8 : (start + length) // 8])
    except DecodeError:
        return {}
    return {field.name: field for field in shape.fields}


def _explained(
    decoded: Decoded, value: Value, field: Field | None, scope: Mapping[str, Value]
) -> Explanation:
    bits: tuple[int, ...] = ()
    if field is not None and decoded.payload is not None:
        bits = tuple(decoded.payload[0] + bit for bit in significant_bits(field))
    digits = "".join(str(decoded.frame[bit // 8] >> (7 - bit % 8) & 1) for bit in bits)
    reading = [] if value.raw is None else reading_steps(field, digits, value.raw)
    steps = (*reading, *_converting(value, scope), *_result(value))
    return Explanation(value, bits, digits, steps, tuple(_held(value)))


def significant_bits(field: Field) -> list[int]:
    """The bits of a field in its packet, the most significant one first; texts as they stand.

    Numbered as in :mod:`decoders.bits`: bit 0 is the most significant of the first byte.
    """
    places = range(field.start, field.start + field.bits)
    row = field.row
    if row.bit_order == "msb" or row.kind in ("ascii", "bytes"):
        bits = list(places)
        natural = "big"
    else:
        bits = [8 * (place // 8) + 7 - place % 8 for place in reversed(places)]
        natural = "little"
    if row.kind in ("ascii", "bytes") or row.endian == natural or field.bits <= 8:
        return bits
    whole = [bits[start : start + 8] for start in range(0, len(bits), 8)]
    return [bit for byte in reversed(whole) for bit in byte]


def _converting(value: Value, scope: Mapping[str, Value]) -> list[Step]:
    """From the raw to the engineering value; ``scope``: all values of the frame by name."""
    row = value.row
    if isinstance(row, Derived):
        return _computing(row, value, scope)
    if value.raw is None:
        return []
    raw: Any = value.raw
    if row.sentinel and raw in row.sentinel:
        return [Step("sentinel", (raw,))]
    if row.kind == "bcd":
        digits = f"{int(raw):x}"
        raw = int(digits) if digits.isdecimal() else None
    if isinstance(raw, str):
        raw = shown_text(row, raw)
    if raw is None or isinstance(raw, bytes):
        return []
    steps = calibration_steps(row.calibration, raw) if row.calibration is not None else []
    if row.kind == "time" and value.value is not None:
        seconds: Any = row.calibration.apply(raw) if row.calibration else raw
        added = (Moment(row.epoch), " + ", seconds, " ", Unit("s"))
        steps.append(Step("epoch", added, Moment(shown(value.value))))
    return steps


def _computing(row: Derived, value: Value, scope: Mapping[str, Value]) -> list[Step]:
    """A derived value: its expression, and the same with numbers for names."""

    def number(name: str) -> Term | None:
        found = scope.get(name)
        if found is None:
            return None
        used = found.raw if isinstance(found.value, str | tuple) else found.value
        return used if isinstance(used, int | float) else shown(used)

    text = row.expression.text
    names, filled = expression_terms(text, lambda name: None), expression_terms(text, number)
    steps = [Step("formula", names)]
    if filled != names:
        steps.append(Step("formula", filled, _term(value)))
    return steps


def _term(value: Value) -> Term:
    """The engineering value as a term."""
    found = value.value
    if isinstance(found, bool) or not isinstance(found, int | float):
        return shown(found)
    return found


def _result(value: Value) -> list[Step]:
    return [Step("value", (_term(value), f" {value.unit}".rstrip()))]


def _held(value: Value) -> list[Held]:
    """What the value was held against, and whether it was inside."""
    limits = value.row.limits
    if limits is None or value.value is None:
        return []
    found = []
    for level, span, words in (
        ("warning", limits.warning, limits.warning_words),
        ("critical", limits.critical, limits.critical_words),
    ):
        if span is not None and isinstance(value.value, int | float):
            ok = span[0] <= value.value <= span[1]
            found.append(Held(level, _within(span, value.value), ok))
        elif words:
            has = {value.value} if isinstance(value.value, str) else set(_tuple(value.value))
            refused = [term for word in sorted(words) for term in (", ", "≠ ", Word(word))]
            found.append(Held(level, tuple(refused[1:]), not words & has))
    return found


def _within(span: Range, value: float) -> tuple[Term, ...]:
    """A range with the value in it; an open end is not written."""
    low: tuple[Term, ...] = () if math.isinf(span[0]) else (span[0], " ≤ ")
    high: tuple[Term, ...] = () if math.isinf(span[1]) else (" ≤ ", span[1])
    return (*low, value, *high)


def _tuple(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def type_word(row: Parameter) -> str:
    """The type of a row as definitions write it: ``u16 little``."""
    numbered = row.kind in ("u", "i", "f")
    word = f"{row.kind}{row.bits}" if numbered else row.kind
    return f"{word} {row.endian}" if numbered and row.bits > 8 and row.bits % 8 == 0 else word
