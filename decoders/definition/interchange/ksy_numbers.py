"""How Kaitai Struct reads one number: as a type of its own, as bits, or put together of bytes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from decoders.definition.model import Parameter

_WHOLE = (8, 16, 32, 64)


@dataclass(frozen=True, slots=True)
class Reading:
    """A row called ``name``: ``attribute`` called ``id`` in the sequence, and ``instances`` of it.

    ``raw`` and ``value`` are how raw number and engineering value are written in expressions.
    """

    name: str
    id: str
    attribute: dict[str, Any]
    instances: dict[str, dict[str, Any]]
    raw: str
    value: str

    def computed(self, text: str, condition: str) -> Reading:
        """With the value computed by ``text``, in which ``{raw}`` stands for the raw number.

        ``condition``: when there is a value at all, empty: always. The name of the raw number gets
        ``_raw`` behind it.
        """
        kept = f"{self.name}_raw"
        raw = kept + self.raw.removeprefix(self.name)
        instances = {kept if key == self.name else key: v for key, v in self.instances.items()}
        instance: dict[str, Any] = {"value": text.replace("{raw}", raw)}
        if condition:
            instance["if"] = condition.replace("{raw}", raw)
        return replace(
            self,
            id=kept if self.id == self.name else self.id,
            instances={**instances, self.name: instance},
            raw=raw,
            value=self.name,
        )

    def with_enum(self, enum: str) -> Reading:
        """With a word for each number."""
        number = f"{self.name}.to_i"
        if self.name in self.instances:
            named = {**self.instances[self.name], "enum": enum}
            instances = {**self.instances, self.name: named}
            return replace(self, instances=instances, raw=number, value=number)
        attribute = {**self.attribute, "enum": enum}
        return replace(self, attribute=attribute, raw=number, value=number)


def number_reading(row: Parameter, name: str, cursor: int) -> Reading | None:
    """How the row at bit ``cursor`` is read; None where Kaitai has no way."""
    order = "le" if row.endian == "little" else "be"
    aligned = cursor % 8 == 0
    if row.kind == "f":
        if not aligned or row.bits == 16:
            return None
        return _plain(name, f"f{row.bits // 8}{order}")
    if aligned and row.bits in _WHOLE:
        letter = "s" if row.kind == "i" else "u"
        suffix = "" if row.bits == 8 else order
        reading = _plain(name, f"{letter}{row.bits // 8}{suffix}")
        return _decimal(reading, row.bits) if row.kind == "bcd" else reading
    if row.bit_order == "lsb":
        if row.bits > 8 and row.endian == "big":
            return None
        return _of_bits(row, name, f"b{row.bits}le")
    if row.endian == "little" and row.bits > 8:
        if not aligned:
            return None
        parts = [f"{name}_bytes[{n}] << {8 * n}" for n in range(row.bits // 8)]
        word = " | ".join(f"({part})" for part in parts)
        return _made(row, name, f"{name}_bytes", {"size": row.bits // 8}, word)
    return _of_bits(row, name, f"b{row.bits}")


def _plain(name: str, kind: str) -> Reading:
    return Reading(name, name, {"type": kind}, {}, name, name)


def _of_bits(row: Parameter, name: str, kind: str) -> Reading:
    if row.kind == "i":
        return _made(row, name, f"{name}_bits", {"type": kind}, f"{name}_bits")
    reading = _plain(name, kind)
    if row.bits == 1:
        # One bit is a truth value there.
        return replace(reading, raw=f"{name}.to_i", value=f"{name}.to_i")
    return _decimal(reading, row.bits) if row.kind == "bcd" else reading


def _made(row: Parameter, name: str, id: str, attribute: dict[str, Any], word: str) -> Reading:
    """A number put together by an instance: bytes the wrong way round, or a sign."""
    if row.kind == "i":
        half, full = 1 << (row.bits - 1), 1 << row.bits
        word = f"({word}) >= {half} ? ({word}) - {full} : ({word})"
    reading = Reading(name, id, attribute, {name: {"value": word}}, name, name)
    return _decimal(reading, row.bits) if row.kind == "bcd" else reading


def _decimal(reading: Reading, bits: int) -> Reading:
    digits = [f"(({{raw}} >> {4 * n}) & 15) * {10**n}" for n in range(bits // 4)]
    return reading.computed(" + ".join(digits), "")
