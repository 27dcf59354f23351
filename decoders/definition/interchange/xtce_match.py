"""Restriction criteria of XTCE as the match of a packet.

A match here wants certain bits and header fields; where XTCE only says what a value is not, another
packet that takes that value must come first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from decoders.definition.interchange.conversion import without_empty
from decoders.definition.interchange.refusals import Refusals
from decoders.definition.interchange.xtce_conditions import (
    Both,
    Condition,
    Either,
    Placed,
    Test,
    raws_of_word,
)
from decoders.definition.interchange.xtce_values import real_number

#: A packet is written once for each way to fulfil its restrictions.
_MOST_WAYS = 16
_SPACE_PACKET = "space-packet"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row must have a raw value: a number, or the bytes of a text."""

    placed: Placed
    raw: int | bytes

    @property
    def key(self) -> tuple[str, int | bytes]:
        """What makes two rules of one document equal."""
        return self.placed.name, self.raw


@dataclass(frozen=True, slots=True)
class Way:
    """One way to be a packet: all of ``equal`` hold, and of each of ``differ`` not all."""

    equal: tuple[Rule, ...] = ()
    differ: tuple[tuple[Rule, ...], ...] = ()

    def __add__(self, other: Way) -> Way:
        """Both must hold."""
        return Way(self.equal + other.equal, self.differ + other.differ)


def ways(condition: Condition, refusals: Refusals) -> list[Way]:
    """How ``condition`` can hold. Raises DefinitionError for what no match can say."""
    if isinstance(condition, Test):
        return _test(condition, refusals)
    if isinstance(condition, Both):
        parts = [ways(part, refusals) for part in condition.parts]
        found = [sum(chosen, Way()) for chosen in product(*parts)]
    else:
        found = _either(condition, refusals)
    if len(found) > _MOST_WAYS:
        element = _first(condition).element
        raise refusals.error(element, f"can hold in more than {_MOST_WAYS} ways")
    return found


def _either(condition: Either, refusals: Refusals) -> list[Way]:
    parts = [ways(part, refusals) for part in condition.parts]
    if all(len(part) == 1 and not part[0].equal and len(part[0].differ) == 1 for part in parts):
        return [Way(differ=(tuple(rule for part in parts for rule in part[0].differ[0]),))]
    return [way for part in parts for way in part]


def _first(condition: Condition) -> Test:
    while not isinstance(condition, Test):
        condition = condition.parts[0]
    return condition


def _test(test: Test, refusals: Refusals) -> list[Way]:
    if test.operator not in ("==", "!="):
        problem = f"restrictions by {test.operator!r} cannot be said: packets are told by values"
        raise refusals.error(test.element, problem)
    rules = [Rule(test.left, raw) for raw in _raws(test, refusals)]
    if test.operator == "==":
        return [Way((rule,)) for rule in rules]
    return [Way(differ=tuple((rule,) for rule in rules))]


def _raws(test: Test, refusals: Refusals) -> Sequence[int | bytes]:
    """Raw values that make the row equal to the value of the test."""
    scalar, bits = test.left.scalar, test.left.bits
    if test.right is not None or bits is None or test.left.start is None:
        problem = "compares what has no fixed place or value, so it cannot tell a packet"
        raise refusals.error(test.element, problem)
    if scalar.keys.get("type") == "ascii":
        return [_text(test, bits, refusals)]
    if test.calibrated and (scalar.words or scalar.truth):
        return raws_of_word(test, refusals)
    raw = _number(test)
    if raw is None:
        problem = f"no raw value of {test.left.name} is known to read {test.value!r}"
        raise refusals.error(test.element, problem)
    return [raw]


def _text(test: Test, bits: int, refusals: Refusals) -> bytes:
    text = test.value.encode("latin-1", "replace")
    if 8 * len(text) != bits or test.left.scalar.keys.get("encoding"):
        raise refusals.error(test.element, f"{test.value!r} does not fill the text it is held to")
    return text


def _number(test: Test) -> int | None:
    """The raw number of an integer row that reads as the value; None: not known."""
    scalar, bits = test.left.scalar, test.left.bits or 0
    value = real_number(test.value)
    kind = str(scalar.keys.get("type"))
    if value is None or not scalar.simple or kind[0] not in ("u", "i", "b", "t"):
        return None
    if test.calibrated and scalar.calibrated != scalar.plain:
        scale, offset = scalar.keys.get("scale", 1.0), scalar.keys.get("offset", 0.0)
        if not {"scale", "offset"} & set(scalar.keys) or scale == 0:
            return None
        value = (value - offset) / scale
    raw = round(value)
    low = -(1 << (bits - 1)) if kind[0] == "i" else 0
    return raw if abs(raw - value) < 1e-9 and low <= raw < low + (1 << bits) else None


def match_of(way: Way, header: Mapping[str, str], shift: int) -> dict[str, Any]:
    """The match: header fields of the rows in ``header``, and bytes ``shift`` bits further on."""
    fields: dict[str, int] = {}
    masked: dict[int, list[int]] = {}
    for rule in way.equal:
        if rule.placed.name in header and isinstance(rule.raw, int):
            fields[f"{_SPACE_PACKET}.{header[rule.placed.name]}"] = rule.raw
        else:
            _mask(masked, (rule.placed.start or 0) - shift, _fixed_bits(rule))
    rules = [
        {"at": byte, **({} if mask == 0xFF else {"mask": mask}), "value": fixed}
        for byte, (mask, fixed) in sorted(masked.items())
    ]
    return without_empty({"bytes": rules, "fields": fields})


def _fixed_bits(rule: Rule) -> str:
    """The zeros and ones that the row has, in the order of the packet."""
    bits = rule.placed.bits or 0
    if isinstance(rule.raw, bytes):
        return f"{int.from_bytes(rule.raw):0{bits}b}"
    number = rule.raw & (1 << bits) - 1
    if rule.placed.scalar.keys.get("endian") == "little":
        number = int.from_bytes(number.to_bytes(bits // 8, "little"))
    return f"{number:0{bits}b}"


def _mask(masked: dict[int, list[int]], start: int, fixed: str) -> None:
    """Note that the bits from ``start`` on must be ``fixed``."""
    for index, bit in enumerate(fixed):
        byte, place = divmod(start + index, 8)
        rule = masked.setdefault(byte, [0, 0])
        rule[0] |= 1 << (7 - place)
        rule[1] |= int(bit) << (7 - place)


def in_order(found: Sequence[tuple[Way, Any]]) -> tuple[list[Any], list[Any]]:
    """What (way, packet) hold in the order in which they must be tried, and those left over.

    A packet whose value must not be another's comes behind it; where there is no such other, the
    packet would take frames that are not its own.
    """
    kept: list[Any] = []
    wrong: list[Any] = []
    for way, packet in sorted(found, key=lambda pair: (len(pair[0].differ), -len(pair[0].equal))):
        told = all(any(_takes(other, way, rules) for other, _ in found) for rules in way.differ)
        (kept if told else wrong).append(packet)
    return kept, wrong


def _takes(other: Way, way: Way, rules: tuple[Rule, ...]) -> bool:
    """Whether every frame of ``way`` with ``rules`` is one of ``other``, or of one before it."""
    held = {rule.key for rule in (*way.equal, *rules)}
    before = {frozenset(rule.key for rule in differ) for differ in way.differ}
    earlier = {frozenset(rule.key for rule in differ) for differ in other.differ}
    return {rule.key for rule in other.equal} <= held and earlier < before
