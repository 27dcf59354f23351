"""Packets and rows as types of Kaitai Struct."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from decoders.definition.calibration import Enumeration, Flags, TextNumber
from decoders.definition.expression import Expression
from decoders.definition.interchange.conversion import Losses, without_empty
from decoders.definition.interchange.kaitai_expression import (
    InexpressibleError,
    calibrated,
    condition,
    expression,
)
from decoders.definition.interchange.ksy_numbers import Reading, number_reading
from decoders.definition.interchange.looks_back import looks_back
from decoders.definition.model import Derived, Group, Item, PacketLayout, Parameter

_ENCODING = "ISO-8859-1"
_HEX = 16


@dataclass(slots=True)
class _Scope:
    """One type as it grows: its ``seq`` and ``instances``, and how its names are written.

    ``cursor``: bits since its first, modulo 8 where lengths vary.
    """

    name: str
    outer: _Scope | None = None
    seq: list[dict[str, Any]] = field(default_factory=list)
    instances: dict[str, Any] = field(default_factory=dict)
    raw_names: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    arrays: dict[str, str] = field(default_factory=dict)
    cursor: int = 0

    def raw(self, name: str) -> str:
        """A row's raw value in an expression; ``length`` is the packet's."""
        if name in self.raw_names:
            return self.raw_names[name]
        if self.outer is not None:
            return f"_parent.{self.outer.raw(name)}"
        if name == "length":
            return "_io.size"
        return self._element(name)

    def value(self, name: str) -> str:
        """A row's engineering value in an expression."""
        return self.values[name] if name in self.values else self._element(name)

    def _element(self, name: str) -> str:
        match = re.fullmatch(r"(.+)_(\d+)", name)
        if match is None or match[1] not in self.arrays:
            raise InexpressibleError(name)
        return self.arrays[match[1]].format(match[2])


@dataclass(slots=True)
class Types:
    """All types and enums of one specification."""

    losses: Losses
    types: dict[str, Any] = field(default_factory=dict)
    enums: dict[str, Any] = field(default_factory=dict)

    def packet(self, layout: PacketLayout) -> None:
        """Add the type of a packet."""
        scope = _Scope(layout.name)
        prefix = layout.match.prefix
        if prefix and getattr(layout.items[0] if layout.items else None, "at", None) != 0:
            scope.seq.append({"id": "packet_mark", "contents": list(prefix)})
            scope.cursor = 8 * len(prefix)
        self._items(scope, layout.items, "")
        for row in layout.derived:
            self._derived(scope, row)
        self._finish(scope, layout.label())

    def _finish(self, scope: _Scope, doc: str) -> None:
        content = {"doc": doc, "seq": scope.seq, "instances": scope.instances}
        self.types[scope.name] = without_empty(content)

    def _items(self, scope: _Scope, items: tuple[Item, ...], prefix: str) -> None:
        for item in items:
            if isinstance(item, Group) and looks_back(item):
                # Where the rows behind it lie is known to nobody who cannot read it.
                lost = "rows that depend on the repetition before, and all behind, are left out"
                self.losses.add(lost, f"{scope.name} {prefix}{item.name}")
                return
            if item.at is not None and item.at != scope.cursor:
                if item.at < scope.cursor:
                    self.losses.add("rows that lie over others are left out", prefix + item.name)
                    continue
                scope.seq.append({"type": f"b{item.at - scope.cursor}"})
                scope.cursor = item.at
            if isinstance(item, Group):
                self._group(scope, item, prefix)
            else:
                self._parameter(scope, item, (prefix + item.name).rstrip("_"))

    def _parameter(self, scope: _Scope, row: Parameter, name: str) -> None:
        if row.kind == "skip":
            scope.seq.append({"type": f"b{row.bits}"} if row.bits <= 64 else _bytes(row))
            scope.cursor += row.bits
            return
        reading = self._reading(scope, row, name)
        if reading is None:
            self.losses.add("rows that are not whole bytes there, or least bit first", name)
            scope.seq.append({"type": f"b{row.bits}"})
            scope.cursor += row.bits
            return
        attribute = {"id": reading.id, **reading.attribute}
        if row.when is not None:
            attribute["if"] = self._condition(row.when, scope, name)
        scope.seq.append({**attribute, **_about(row)})
        scope.instances.update(reading.instances)
        if reading.raw:
            scope.raw_names[name] = scope.raw_names[row.name] = reading.raw
        if reading.value:
            scope.values[name] = reading.value
        scope.cursor += row.bits

    def _reading(self, scope: _Scope, row: Parameter, name: str) -> Reading | None:
        """How a row is read: its attribute, and instances that make the value of it."""
        self._note_losses(row, name)
        if row.kind in ("ascii", "bytes"):
            if scope.cursor % 8:
                return None
            text = Reading(name, name, self._text(scope, row, name), {}, "", "")
            return self._text_number(row, text)
        reading = number_reading(row, name, scope.cursor)
        if reading is None:
            return None
        calibration = row.calibration
        if isinstance(calibration, Enumeration):
            self.enums[f"{scope.name}_{name}"] = _enum(calibration)
            return reading.with_enum(f"{scope.name}_{name}")
        if isinstance(calibration, Flags):
            for bit, word in calibration.words.items():
                flag = f"{name}_{re.sub(r'[^a-z0-9]+', '_', word.lower()).strip('_')}"
                scope.instances[flag] = {"value": f"({reading.raw} & {1 << bit}) != 0", "doc": word}
            return reading
        condition = " and ".join(f"{{raw}} != {n}" for n in row.sentinel)
        if calibration is None:
            return reading.computed("{raw}", condition) if condition else reading
        try:
            return reading.computed(calibrated(calibration, "{raw}"), condition)
        except InexpressibleError:
            kind = type(calibration).__name__.lower()
            self.losses.add(f"calibration {kind!r} is left out, values are raw", name)
            return reading

    def _note_losses(self, row: Parameter, name: str) -> None:
        if row.const is not None:
            self.losses.add("constants are not checked", name)
        if row.crc:
            self.losses.add("check values are not checked", name)
        if row.kind == "ascii":
            self.losses.add("texts keep their fill of zeros or spaces", name)
        if row.kind == "time":
            self.losses.add("times are seconds since their epoch", name)

    def _text_number(self, row: Parameter, text: Reading) -> Reading:
        """A text that says a number; those with a fraction cannot be read there."""
        calibration = row.calibration
        if not isinstance(calibration, TextNumber):
            return text
        if calibration.base != _HEX:
            self.losses.add("decimal numbers written as text stay text", text.name)
            return text
        number = f"{{raw}}.to_i({_HEX})"
        if calibration.further is not None:
            try:
                number = calibrated(calibration.further, number)
            except InexpressibleError:
                self.losses.add("numbers written as text are not calibrated", text.name)
        return replace(text, raw=text.name).computed(number, "")

    def _text(self, scope: _Scope, row: Parameter, name: str) -> dict[str, Any]:
        encoding = row.encoding.upper() or _ENCODING
        kind = {"type": "str", "encoding": encoding} if row.kind == "ascii" else {}
        end = {"terminator": row.until[0], "eos-error": False} if len(row.until) == 1 else {}
        sized = row.bits or row.size_from is not None
        if end and not sized:
            return {**({"type": "strz", "encoding": encoding} if kind else {}), **end}
        if row.until and not end:
            self.losses.add("texts that end with more than one byte take all their field", name)
        inside = {"terminator": row.until[0]} if end else {}
        if row.size_from is not None:
            return {**kind, "size": self._said(row.size_from, scope.raw, name, "0"), **inside}
        return {**kind, **({"size": row.bits // 8, **inside} if row.bits else {"size-eos": True})}

    def _group(self, scope: _Scope, group: Group, prefix: str) -> None:
        repeats: dict[str, Any] = {}
        if group.to_end:
            repeats = {"repeat": "eos"}
        elif group.count_from is not None:
            count = self._said(group.count_from, scope.raw, group.name, "0")
            repeats = {"repeat": "expr", "repeat-expr": count}
        elif group.count is not None:
            repeats = {"repeat": "expr", "repeat-expr": group.count}
        name = prefix + group.name if group.name else f"rows_{len(scope.seq)}"
        if not repeats and not group.bits and group.when is None:
            self._items(scope, group.items, f"{name}_" if group.name else prefix)
            return
        if group.count is not None and (scope.cursor % 8 or _bits(group.items) % 8):
            # A type begins with a whole byte there, so such rows stand one by one.
            for index in range(group.count):
                self._items(scope, group.items, f"{name}_{index}_")
            return
        inner = _Scope(f"{scope.name}_{name}", scope)
        alone = len(group.items) == 1 and not group.items[0].name
        if alone and isinstance(group.items[0], Parameter):
            self._parameter(inner, group.items[0], "value")
        else:
            self._items(inner, group.items, "")
        attribute: dict[str, Any] = {"id": name, "type": inner.name, **repeats}
        if group.bits:
            attribute["size"] = group.bits // 8
        if group.when is not None:
            attribute["if"] = self._condition(group.when, scope, name)
        scope.seq.append(attribute)
        if alone:
            scope.arrays[name] = f"{name}[{{}}].value"
        self._finish(inner, f"Rows of {name}.")
        times = group.count if group.count is not None else 1
        scope.cursor += (group.bits or inner.cursor) * times

    def _derived(self, scope: _Scope, row: Derived) -> None:
        try:
            text = expression(row.expression, scope.value)
        except InexpressibleError:
            self.losses.add("derived values that it cannot compute are left out", row.name)
            return
        scope.instances[row.name] = {"value": text, **_about(row)}
        scope.values[row.name] = row.name

    def _condition(self, formula: Expression, scope: _Scope, row: str) -> str:
        try:
            return condition(formula, scope.raw)
        except InexpressibleError:
            self.losses.add("conditions that it cannot compute become true", row)
            return "true"

    def _said(
        self, formula: Expression, name: Callable[[str], str], row: str, otherwise: str
    ) -> str:
        try:
            return expression(formula, name)
        except InexpressibleError:
            self.losses.add(f"expressions that it cannot compute become {otherwise}", row)
            return otherwise


def _bits(items: tuple[Item, ...]) -> int:
    """Bits of rows of fixed length."""
    return sum(
        (item.count or 1) * (item.bits or _bits(item.items))
        if isinstance(item, Group)
        else item.bits
        for item in items
    )


def _bytes(row: Parameter) -> dict[str, Any]:
    return {"size": row.bits // 8}


def _enum(calibration: Enumeration) -> dict[int, Any]:
    taken: set[str] = set()
    words: dict[int, Any] = {}
    for raw, word in calibration.words.items():
        name = re.sub(r"[^a-z0-9]+", "_", word.lower()).strip("_") or "word"
        name = name if name[0].isalpha() else f"v_{name}"
        while name in taken:
            name += "_2"
        taken.add(name)
        words[raw] = {"id": name, "-orig-id": word}
    return words


def _about(row: Parameter | Derived) -> dict[str, Any]:
    """Label and explanation, and what Kaitai passes over because its key begins with ``-``."""
    doc = ". ".join(text for text in (row.labels.get("en", ""), row.doc()) if text)
    others = {f"-label-{c}": text for c, text in row.labels.items() if c != "en"}
    limits = row.limits
    spans = {} if limits is None else {"warning": limits.warning, "critical": limits.critical}
    about: dict[str, Any] = {"doc": doc, "-unit": row.unit, "-group": row.group, **others}
    about |= {f"-{level}": [str(end) for end in span] for level, span in spans.items() if span}
    if isinstance(row, Parameter) and row.epoch:
        about["-epoch"] = row.epoch
    return without_empty(about)
