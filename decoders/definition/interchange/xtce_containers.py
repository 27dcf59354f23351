"""Sequence containers of XTCE as packets: entries become rows, restrictions the match.

A container begins with everything of the one that it inherits from. An entry that cannot be said
ends the rows of its container where it stands, for nobody knows where the next would begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from decoders.definition.interchange.conversion import without_empty
from decoders.definition.interchange.xtce_conditions import condition_in
from decoders.definition.interchange.xtce_kinds import Aggregate, Array, Gap, Kind, bits_of
from decoders.definition.interchange.xtce_match import Way, ways
from decoders.definition.interchange.xtce_names import OURS
from decoders.definition.interchange.xtce_parameter_types import ParameterTypes, about
from decoders.definition.interchange.xtce_rows import Rows
from decoders.definition.interchange.xtce_system import Found, Space, Systems
from decoders.definition.rows import PARAMETER_KEYS
from decoders.errors import DefinitionError

_MOST_DEPTH = 50
_SEGMENTS = ("ParameterSegmentRefEntry", "ContainerSegmentRefEntry", "StreamSegmentEntry")


@dataclass(slots=True)
class Packet:
    """One ``way`` to be a container, with the ``rows`` that it holds."""

    container: Element
    way: Way
    rows: Rows


class Containers:
    """Reads the containers of a document. ``own``: we have written it ourselves."""

    def __init__(self, systems: Systems, *, own: bool):
        self.systems, self.refusals = systems, systems.refusals
        self.types = ParameterTypes(systems)
        self.own = own
        self._too_long: dict[int, Element] = {}

    def packets(self) -> Iterator[Packet]:
        """Every container that is not abstract; those that cannot be said are told."""
        for found in self.systems.containers:
            if found.element.get("abstract", "false").strip().lower() not in ("true", "1"):
                yield from self._packets(found)

    def _packets(self, found: Found) -> Iterator[Packet]:
        rows = Rows(self.types)
        try:
            chosen = self._read(found, rows, 0)
        except DefinitionError as error:
            self.refusals.note(error)
            self.refusals.tell(found.element, "is left out")
            return
        for way in chosen:
            yield Packet(found.element, way, rows)

    def _read(self, found: Found, rows: Rows, depth: int) -> list[Way]:
        """Rows of the container and all that it inherits from; how a packet can be it."""
        element, space = found.element, found.space
        if id(element) in self._too_long:
            raise self.refusals.error(element, "has too many entries")
        if depth > _MOST_DEPTH:
            raise self.refusals.error(element, "containers inherit from each other in a ring")
        chosen = [Way()]
        base = element.find("BaseContainer")
        if base is not None:
            outer = self.systems.find(space, base.get("containerRef"), "container", base)
            chosen = self._read(outer, rows, depth + 1)
            criteria = base.find("RestrictionCriteria")
            if criteria is not None and len(criteria):
                condition = condition_in(criteria, space, rows.lookup, self.refusals)
                own = ways(condition, self.refusals)
                chosen = [one + other for one in chosen for other in own]
        if not rows.cut:
            self._entries(element, space, rows, depth)
        return chosen

    def _entries(self, container: Element, space: Space, rows: Rows, depth: int) -> None:
        for entry in container.iterfind("EntryList/*"):
            try:
                self._entry(entry, space, rows, depth)
            except DefinitionError as error:
                if rows.too_long:
                    self._too_long[id(container)] = container
                    raise
                self.refusals.note(error)
                name = container.get("name")
                told = f"this and what follows it in container {name} are left out"
                self.refusals.tell(entry, told)
                rows.cut = True
            if rows.cut:
                return

    def _entry(self, entry: Element, space: Space, rows: Rows, depth: int) -> None:
        extra = rows.repetition(entry, space)
        if extra is None:
            return
        extra = {**extra, **rows.when(entry, space)}
        gap = self._locate(entry, rows)
        if gap and extra:

            def apart() -> None:
                rows.skip(gap, entry)
                self._content(entry, space, rows, without_when(extra), depth)

            rows.group(entry, {k: v for k, v in extra.items() if k == "when"}, apart)
            return
        rows.skip(gap, entry)
        self._content(entry, space, rows, extra, depth)

    def _locate(self, entry: Element, rows: Rows) -> int:
        """Bits to pass over before the entry; or the place where it begins is noted."""
        location = entry.find("LocationInContainerInBits")
        if location is None:
            return 0
        reference = location.get("referenceLocation", "previousEntry")
        fixed = location.find("FixedValue")
        if fixed is None or reference not in ("containerStart", "previousEntry"):
            problem = f"a place counted from {reference} that is no fixed number cannot be said"
            raise self.refusals.error(location, problem)
        offset = self.types.reader.content(fixed)
        if reference == "previousEntry" and offset >= 0:
            return offset
        start = rows.block.cursor if reference == "previousEntry" else rows.block.origin
        if start is None or start + offset < 0:
            raise self.refusals.error(location, "begins where no fixed number of bits leads to")
        rows.go_to(start + offset, location)
        return 0

    def _content(
        self, entry: Element, space: Space, rows: Rows, extra: Mapping[str, Any], depth: int
    ) -> None:
        if entry.tag in ("ParameterRefEntry", "ArrayParameterRefEntry"):
            self._parameter(entry, space, rows, extra)
        elif entry.tag == "ContainerRefEntry":
            self._container(entry, space, rows, extra, depth)
        elif entry.tag in _SEGMENTS and not extra:
            bits = self.types.reader.bits(entry, "sizeInBits")
            self.refusals.tell(entry, f"a segment is no value: its {bits} bits are passed over")
            rows.skip(bits, entry)
        else:
            raise self.refusals.error(entry, "is an entry that cannot be said")

    def _parameter(
        self, entry: Element, space: Space, rows: Rows, extra: Mapping[str, Any]
    ) -> None:
        found = self.systems.find(space, entry.get("parameterRef"), "parameter", entry)
        parameter, home, member = found
        kind: Kind = self.types.of(home, parameter.get("parameterTypeRef"), parameter)
        name = str(parameter.get("name"))
        for part in member:
            kind, name = self._member(kind, part, entry), f"{name}_{part}"
        kept = ours(parameter)
        if self.own and re.fullmatch(r"gap_\d+", name):
            kind = Gap(_gap_bits(kind))
        names = parameter.iterfind("AliasSet/Alias")
        alias = next((a.get("alias") for a in names if a.get("nameSpace") == OURS), None)
        told = about(parameter, {key: text for key, text in kept.items() if key in PARAMETER_KEYS})
        dimensions = entry.find("DimensionList")
        if dimensions is not None and isinstance(kind, Array):
            kind = Array(kind.of, tuple(dimensions), space)
        self._kind(kind, alias or name, told, (parameter, member), entry, rows, extra)

    def _member(self, kind: Kind, part: str, entry: Element) -> Kind:
        if isinstance(kind, Aggregate):
            for name, found, _ in kind.members:
                if name == part:
                    return self.types.kind(found)
        raise self.refusals.error(entry, f"there is no member {part!r}")

    def _kind(
        self,
        kind: Kind,
        name: str,
        told: Mapping[str, Any],
        key: tuple[Element, tuple[str, ...]],
        entry: Element,
        rows: Rows,
        extra: Mapping[str, Any],
    ) -> None:
        if isinstance(kind, Array):
            self._array(kind, name, told, key, entry, rows, extra)
        elif isinstance(kind, Aggregate):
            self._aggregate(kind, name, key, entry, rows, extra)
        else:
            rows.scalar(name, kind, told, key, entry, extra)

    def _aggregate(
        self,
        kind: Aggregate,
        name: str,
        key: tuple[Element, tuple[str, ...]],
        entry: Element,
        rows: Rows,
        extra: Mapping[str, Any],
    ) -> None:
        """Its members one by one, ``name_member``."""
        if extra:
            repeats = "repeat" in extra or "count_from" in extra
            rows.group(
                entry,
                extra,
                lambda: self._aggregate(kind, name, key, entry, rows, {}),
                rows.name(name) if repeats else "",
            )
            return
        for member, found, element in kind.members:
            inner = self.types.kind(found)
            path = (*key[1], member)
            told = without_empty({"label": element.get("shortDescription", "")})
            self._kind(inner, f"{name}_{member}", told, (key[0], path), entry, rows, {})

    def _array(
        self,
        kind: Array,
        name: str,
        told: Mapping[str, Any],
        key: tuple[Element, tuple[str, ...]],
        entry: Element,
        rows: Rows,
        extra: Mapping[str, Any],
    ) -> None:
        """Its elements as repetitions, the last index first to change."""
        if "repeat" in extra or "count_from" in extra:
            raise self.refusals.error(entry, "is an array that repeats")
        counts = self._counts(kind, entry, rows)
        inner = self.types.kind(kind.of)
        while isinstance(inner, Array):
            counts += self._counts(inner, entry, rows)
            inner = self.types.kind(inner.of)
        whole = [count for count in counts if isinstance(count, int)]
        if len(whole) == len(counts):
            total: int | str = 1
            for count in whole:
                total *= count
        else:
            total = " * ".join(map(str, counts))
        times = rows.times(total, entry)
        if times is not None:
            self._kind(inner, name, told, key, entry, rows, {**times, **extra})

    def _counts(self, kind: Array, entry: Element, rows: Rows) -> list[int | str]:
        """How many elements each dimension has."""
        if not kind.dimensions:
            raise self.refusals.error(entry, "is an array whose dimensions are not told")
        found: list[int | str] = []
        for dimension in kind.dimensions:
            if dimension.tag == "Size":
                found.append(rows.whole(dimension, kind.space))
                continue
            ends = [dimension.find(tag) for tag in ("StartingIndex", "EndingIndex")]
            first = 0 if ends[0] is None else rows.whole(ends[0], kind.space)
            if ends[1] is None:
                raise self.refusals.error(dimension, "has no EndingIndex")
            last = rows.whole(ends[1], kind.space)
            if isinstance(first, int) and isinstance(last, int):
                found.append(last - first + 1)
            else:
                found.append(f"({last} - {first} + 1)")
        return found

    def _container(
        self, entry: Element, space: Space, rows: Rows, extra: Mapping[str, Any], depth: int
    ) -> None:
        found = self.systems.find(space, entry.get("containerRef"), "container", entry)
        if extra or rows.block.cursor is None:
            repeats = "repeat" in extra or "count_from" in extra
            name = rows.name(str(found.element.get("name"))) if repeats else ""

            def inside() -> None:
                self._read(found, rows, depth + 1)
                if rows.cut:
                    raise self.refusals.error(entry, "a part that repeats cannot be said in full")

            rows.group(entry, extra, inside, name)
            return
        outer, rows.block.origin = rows.block.origin, rows.block.cursor
        try:
            self._read(found, rows, depth + 1)
        finally:
            rows.block.origin = outer


def without_when(extra: Mapping[str, Any]) -> dict[str, Any]:
    """``extra`` without its condition, which a group around has."""
    return {key: value for key, value in extra.items() if key != "when"}


def _gap_bits(kind: Kind) -> int:
    if isinstance(kind, Gap):
        return kind.bits
    return (bits_of(kind.keys) or 0) if not isinstance(kind, Aggregate | Array) else 0


def ours(element: Element) -> dict[str, str]:
    """What our own export kept for us as ancillary data."""
    return {
        str(data.get("name")).partition(":")[2]: data.text or ""
        for data in element.iterfind("AncillaryDataSet/AncillaryData")
        if str(data.get("name")).startswith(f"{OURS}:")
    }
