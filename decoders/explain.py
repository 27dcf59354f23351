"""How every value of a frame came about: its very bits, its raw number, each step, its limits.

Steps are numbers and signs only, so that they read alike in every language; their kinds are words
to translate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from decoders.bits import Field
from decoders.convert import shown_text
from decoders.definition.model import Derived, Parameter, Satellite
from decoders.equations import calibration_steps
from decoders.errors import DecodeError
from decoders.plan import Plan
from decoders.value import Decoded, Value
from decoders.value_text import shown

#: Kinds of steps in the order in which they come.
KINDS = ("bytes", "swapped", "sign", "raw", "calibration", "formula", "value")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Step(NamedTuple):
    """One step: its kind (see KINDS) and its numbers, such as ``4012 / 1000 = 4.012``."""

    kind: str
    text: str


class Held(NamedTuple):
    """A limit that the value was held against: ``level`` warning or critical.

    ``text``: the range or the words that raise it; ``ok``: whether the value is inside.
    """

    level: str
    text: str
    ok: bool


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
        """The steps between the bits and the value, where these two are shown themselves."""
        return tuple(step for step in self.steps if step.kind not in ("bytes", "value"))


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
    steps = (*_reading(field, digits, value), *_converting(value, scope), *_result(value))
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


def _reading(field: Field | None, digits: str, value: Value) -> list[Step]:
    """From bits to the raw value."""
    if value.raw is None:
        return []
    if field is None:
        return [Step("raw", shown(value.raw))]
    steps = []
    row = field.row
    if row.kind in ("ascii", "bytes"):
        content = int(digits, 2).to_bytes(len(digits) // 8) if digits else b""
        return [Step("bytes", content.hex(" ").upper()), Step("raw", shown(value.raw))]
    word = int(digits, 2)
    if field.bits % 8 == 0 and field.bits > 8:
        ordered = word.to_bytes(field.bits // 8)
        if row.endian == "little":
            steps.append(Step("swapped", f"{ordered[::-1].hex(' ')} → {ordered.hex(' ')}".upper()))
    if row.kind == "i" and value.raw != word:
        steps.append(Step("sign", f"{word} - {1 << field.bits} = {shown(value.raw)}"))
    if row.kind == "f":
        steps.append(Step("bytes", f"{word:0{field.bits // 4}X}"))
    return [*steps, Step("raw", shown(value.raw))]


def _converting(value: Value, scope: Mapping[str, Value]) -> list[Step]:
    """From the raw to the engineering value; ``scope``: all values of the frame by name."""
    row = value.row
    if isinstance(row, Derived):
        return _computing(row, value, scope)
    if value.raw is None or (row.sentinel and value.raw in row.sentinel):
        return []
    raw: Any = value.raw
    steps = []
    if row.kind == "bcd":
        steps.append(Step("calibration", f"0x{int(raw):X} → {int(raw):X}"))
        raw = int(f"{int(raw):x}") if f"{int(raw):x}".isdecimal() else raw
    if isinstance(raw, str):
        raw = shown_text(row, raw)
    if row.calibration is not None and raw is not None and not isinstance(raw, bytes):
        steps += [Step("calibration", text) for text in calibration_steps(row.calibration, raw)]
    if row.kind == "time" and value.value is not None:
        seconds = row.calibration.apply(raw) if row.calibration else raw
        steps.append(
            Step("calibration", f"{row.epoch} + {shown(seconds)} s = {shown(value.value)}")
        )
    return steps


def _computing(row: Derived, value: Value, scope: Mapping[str, Value]) -> list[Step]:
    """A derived value: its expression, and the same with numbers for names."""

    def number(match: re.Match[str]) -> str:
        found = scope.get(match[0])
        if found is None:
            return match[0]
        used = found.raw if isinstance(found.value, str | tuple) else found.value
        return f"({shown(used)})" if isinstance(used, int | float) and used < 0 else shown(used)

    steps = [Step("formula", row.expression.text)]
    filled = _NAME.sub(number, row.expression.text)
    if filled != row.expression.text:
        steps.append(Step("formula", f"{filled} = {shown(value.value)}"))
    return steps


def _result(value: Value) -> list[Step]:
    return [Step("value", f"{shown(value.value)} {value.unit}".rstrip())]


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
            relation = f"{shown(span[0])} ≤ {shown(value.value)} ≤ {shown(span[1])}"
            found.append(Held(level, relation, ok))
        elif words:
            has = {value.value} if isinstance(value.value, str) else set(_tuple(value.value))
            found.append(
                Held(level, ", ".join(f"≠ {word}" for word in sorted(words)), not words & has)
            )
    return found


def _tuple(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def type_word(row: Parameter) -> str:
    """The type of a row as definitions write it: ``u16 little``."""
    numbered = row.kind in ("u", "i", "f")
    word = f"{row.kind}{row.bits}" if numbered else row.kind
    return f"{word} {row.endian}" if numbered and row.bits > 8 and row.bits % 8 == 0 else word


def typed(step: Step, row: Parameter | Derived) -> str:
    """The text of a step; a raw value with its type, ``187  (u8)``."""
    if step.kind == "raw" and isinstance(row, Parameter):
        return f"{step.text}  ({type_word(row)})"
    return step.text


def nibbles(digits: str) -> str:
    """Bits in groups of four from the least significant end."""
    start = len(digits) % 4
    groups = [digits[:start]] if start else []
    return " ".join([*groups, *(digits[n : n + 4] for n in range(start, len(digits), 4))])
