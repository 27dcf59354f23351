"""The rows of one packet put together from XTCE's entries, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from decoders.definition.bounds import MOST_BYTES, MOST_DEPTH, MOST_FIELDS
from decoders.definition.interchange import formulas
from decoders.definition.interchange.conversion import without_empty
from decoders.definition.interchange.names import as_name
from decoders.definition.interchange.xtce_conditions import (
    Lookup,
    Placed,
    condition_in,
    value_of,
    written,
)
from decoders.definition.interchange.xtce_kinds import Gap, Scalar, bits_of, problem_of_quantity
from decoders.definition.interchange.xtce_parameter_types import ParameterTypes
from decoders.definition.interchange.xtce_system import Space
from decoders.errors import DefinitionError

#: Values of one container, and of all.
MOST_ROWS = MOST_FIELDS
MOST_ENTRIES = 200_000
_MOST_SKIP = 8 * 65_535
_MOST_REPEATS = MOST_FIELDS
_ABOUT_VALUE = ("unit", "limits", "quantity")


@dataclass(slots=True)
class Block:
    """Rows that stand together: a packet's, or a group's.

    ``cursor``: bits from the block's start to the next row, None: that varies. ``origin``: where
    the container that is being read begins. ``fixed``: the block itself has a place in its packet.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    cursor: int | None = 0
    origin: int | None = 0
    at: int | None = None
    fixed: bool = True


class Rows:
    """One packet as it grows."""

    def __init__(self, types: ParameterTypes):
        self.types, self.reader, self.refusals = types, types.reader, types.systems.refusals
        self.block = Block()
        self.derived: list[dict[str, Any]] = []
        self.placed: list[Placed] = []
        self.repeated = False
        #: Something could not be said: no rows follow.
        self.cut = False
        #: There are more than MOST_ROWS of them: the container is refused.
        self.too_long = False
        self._names: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._latest: dict[tuple[int, tuple[str, ...]], Placed] = {}
        self._count = self._bits = self._depth = 0

    def name(self, text: str) -> str:
        """A name for a row that no other has."""
        first = name = as_name(text)
        while name in self._names:
            number = self._numbers[first] = self._numbers.get(first, 1) + 1
            name = f"{first}_{number}"
        self._names.add(name)
        return name

    def put(self, row: dict[str, Any], bits: int | None, at: Element) -> None:
        """Add a row or group of ``bits`` (None: that varies), of the entry ``at``."""
        self._use(int(row.get("repeat", 1)), bits or 0, at)
        if self.block.at is not None:
            row, self.block.at = {**row, "at": self.block.at}, None
        self.block.rows.append(row)
        self._advance(bits)

    def _use(self, values: int, bits: int, at: Element) -> None:
        """Count what a packet, and all of them, have; raises DefinitionError beyond a limit."""
        self._count += values
        self._bits += bits
        self.types.entries += values
        for whose, number, most in (
            ("its container has more than {} entries", self._count, MOST_ROWS),
            ("its container has more than {} bytes", self._bits // 8, MOST_BYTES),
            ("all containers have more than {} entries", self.types.entries, MOST_ENTRIES),
        ):
            if number > most:
                self.too_long = True
                raise self.refusals.error(at, whose.format(most))

    def _advance(self, bits: int | None) -> None:
        if bits is None or self.block.cursor is None:
            self.block.cursor = None
        else:
            self.block.cursor += bits

    def skip(self, bits: int, at: Element) -> None:
        """Leave bits out."""
        if not 0 <= bits <= _MOST_SKIP:
            raise self.refusals.error(at, f"{bits} bits cannot be passed over")
        if self.block.at is not None:
            self.go_to(self.block.at + bits, at)
        elif bits:
            self.put({"skip": bits}, bits, at)

    def go_to(self, bit: int, at: Element) -> None:
        """The next row begins at ``bit`` of its block."""
        if bit > 8 * MOST_BYTES:
            raise self.refusals.error(at, f"begins behind {MOST_BYTES} bytes, where no packet is")
        self.block.at = self.block.cursor = bit

    def scalar(
        self,
        name: str,
        scalar: Scalar | Gap,
        about: Mapping[str, Any],
        key: tuple[Element, tuple[str, ...]],
        at: Element,
        extra: Mapping[str, Any],
    ) -> None:
        """Add a row of a parameter, or a gap in its stead.

        ``key``: the parameter and the path to the member that it is. ``extra``: repetition and
        condition.
        """
        if isinstance(scalar, Gap):
            self._gap(scalar.bits, extra, at)
            return
        keys = {**scalar.keys, **self._size(scalar, at)}
        bits = bits_of(keys)
        row_name = self.name(f"{name}_raw" if scalar.opaque or scalar.contexts else name)
        repeats = "repeat" in extra or "count_from" in extra
        start = self.block.cursor if self.block.fixed and not extra else None
        placed = Placed(row_name, scalar, start, bits, repeats)
        if scalar.contexts:
            keys = self._in_context(name, scalar, placed, keys, about, at)
            about = {key: text for key, text in about.items() if key not in _ABOUT_VALUE}
        row = without_empty({"name": row_name, **keys, **about, **extra})
        if problem_of_quantity(row):
            del row["quantity"]
        varies = bits is None or "count_from" in extra or "when" in extra
        self.put(row, None if varies else (bits or 0) * extra.get("repeat", 1), at)
        self._latest[id(key[0]), key[1]] = placed
        self.placed.append(placed)

    def _gap(self, bits: int, extra: Mapping[str, Any], at: Element) -> None:
        if not extra:
            self.skip(bits, at)
            return
        total = None if set(extra) != {"repeat"} else bits * extra["repeat"]
        self.put({**extra, "parameters": [{"skip": bits}]}, total, at)

    def _size(self, scalar: Scalar, at: Element) -> dict[str, str]:
        if scalar.size is None:
            return {}
        return {"size_from": self.bytes_in(scalar.size, scalar.space)}

    def _in_context(
        self,
        name: str,
        scalar: Scalar,
        placed: Placed,
        keys: Mapping[str, Any],
        about: Mapping[str, Any],
        at: Element,
    ) -> dict[str, Any]:
        """The row of a raw number whose calibration depends on others: the value is derived."""
        if self.repeated or placed.repeated:
            raise self.refusals.error(at, "repeats, and its calibration depends on other values")
        own = Scalar({}, scalar.space, formulas.RAW, formulas.RAW)
        lookup = self._lookup_or(name, Placed(placed.name, own, None, None))
        cases = []
        for context in scalar.contexts:
            match = condition_in(context.match, scalar.space, lookup, self.refusals)
            told = written(match, self.refusals, engineering=True)
            cases.append((told, formulas.of(context.calibrated.formula or "", placed.name)))
        default = formulas.of(scalar.calibrated or "", placed.name)
        expression = formulas.choice(cases, default)
        if scalar.calibrated is None or not formulas.usable(expression):
            raise self.refusals.error(at, "its calibrations make no expression, or a too long one")
        judged = {key: keys[key] for key in ("unit", "limits") if key in keys}
        row = {"name": self.name(name), "expression": expression, **judged, **about}
        self.derived.append(without_empty(row))
        return {key: keys[key] for key in ("type", "endian", "size") if key in keys}

    def _lookup_or(self, name: str, own: Placed) -> Lookup:
        """As :meth:`lookup`, but a reference to ``name``, which is not read yet, is ``own``."""

        def found(space: Space, reference: str | None, at: Element) -> Placed:
            try:
                return self.lookup(space, reference, at)
            except DefinitionError:
                if (reference or "").rpartition("/")[2] == name:
                    return own
                raise

        return found

    def lookup(self, space: Space, reference: str | None, at: Element) -> Placed:
        """The row that was last read of the parameter that ``reference`` names."""
        found = self.types.systems.find(space, reference, "parameter", at)
        placed = self._latest.get((id(found.element), found.member))
        if placed is None or placed.repeated:
            told = "is not read before" if placed is None else "repeats"
            raise self.refusals.error(at, f"{reference} {told}, so nothing can depend on it")
        return placed

    def when(self, entry: Element, space: Space) -> dict[str, str]:
        """The condition of an entry as a key; none when it is always there."""
        element = entry.find("IncludeCondition")
        if element is None:
            return {}
        condition = condition_in(element, space, self.lookup, self.refusals)
        return {"when": self._usable(written(condition, self.refusals), element)}

    def whole(self, parent: Element, space: Space) -> int | str:
        """What an IntegerValue in ``parent`` says: a number, or an expression of raw values."""
        fixed = parent.find("FixedValue")
        if fixed is not None:
            return self.reader.content(fixed)
        for tag in ("DynamicValue", "DiscreteLookupList"):
            found = parent.find(tag)
            if found is not None:
                return self._usable(self._dynamic(found, space, 1), found)
        raise self.refusals.error(parent, "gives no number")

    def bytes_in(self, size: Element, space: Space) -> str:
        """A size in bits that varies as an expression of bytes."""
        return self._usable(self._dynamic(size, space, 8), size)

    def _dynamic(self, element: Element, space: Space, unit: int) -> str:
        """The number divided by ``unit``."""
        if element.tag == "DiscreteLookupList":
            return self._looked_up(element, space, unit)
        reference = element.find("ParameterInstanceRef")
        if reference is None or reference.get("instance", "0") != "0":
            raise self.refusals.error(element, "refers to no parameter read before it")
        placed = self.lookup(space, reference.get("parameterRef"), reference)
        calibrated = reference.get("useCalibratedValue", "true").strip().lower() == "true"
        value = value_of(placed, calibrated, reference, self.refusals, engineering=False)
        scale, offset = 1.0, 0.0
        adjust = element.find("LinearAdjustment")
        if adjust is not None:
            scale = self.reader.real(adjust, "slope", 0.0)
            offset = self.reader.real(adjust, "intercept", 0.0)
        return formulas.linear(scale / unit, offset / unit, value)

    def _looked_up(self, element: Element, space: Space, unit: int) -> str:
        """The number of the first case that holds; where none does, no size can be right."""
        cases = []
        for case in element.iterfind("DiscreteLookup"):
            condition = condition_in(case, space, self.lookup, self.refusals)
            value = self.reader.whole(case, "value") / unit
            cases.append((written(condition, self.refusals), formulas.number(value)))
        return formulas.choice(cases, "(-1)")

    def _usable(self, expression: str, at: Element) -> str:
        if not formulas.usable(expression):
            raise self.refusals.error(at, "makes an expression that is too long")
        return expression

    def group(
        self, at: Element, extra: Mapping[str, Any], fill: Callable[[], None], name: str = ""
    ) -> None:
        """The rows that ``fill`` adds are one group: they repeat, or have a condition, together."""
        outer, outer_repeated = self.block, self.repeated
        before, times = self._count, int(extra.get("repeat", 1))
        if self._depth >= MOST_DEPTH:
            raise self.refusals.error(at, f"is in more than {MOST_DEPTH} parts inside each other")
        self._depth += 1
        self.block = inner = Block(fixed=False)
        self.repeated = outer_repeated or "repeat" in extra or "count_from" in extra
        try:
            fill()
        finally:
            self.block, self.repeated = outer, outer_repeated
            self._depth -= 1
        self._use((self._count - before) * (times - 1), 0, at)
        fixed = set(extra) <= {"repeat"} and inner.cursor is not None
        total = (inner.cursor or 0) * extra.get("repeat", 1) if fixed else None
        if inner.rows:
            self.put(without_empty({"name": name, **extra, "parameters": inner.rows}), total, at)

    def repetition(self, entry: Element, space: Space) -> dict[str, Any] | None:
        """``repeat`` or ``count_from`` of an entry; None: it is there no times at all."""
        repeat = entry.find("RepeatEntry")
        if repeat is None:
            return {}
        count, offset = repeat.find("Count"), repeat.find("Offset")
        if count is None:
            raise self.refusals.error(repeat, "has no Count")
        if offset is not None and self.whole(offset, space) != 0:
            raise self.refusals.error(offset, "leaves bits between repetitions")
        return self.times(self.whole(count, space), repeat)

    def times(self, count: int | str, at: Element) -> dict[str, Any] | None:
        """``count`` repetitions as a key; None: none at all."""
        if isinstance(count, str):
            return {"count_from": count}
        if not 0 <= count <= _MOST_REPEATS:
            raise self.refusals.error(at, f"repeats {count} times, not 0..{_MOST_REPEATS}")
        return {"repeat": count} if count else None
