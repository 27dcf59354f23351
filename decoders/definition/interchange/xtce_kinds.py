"""What a parameter type of XTCE is: a number, a text, bytes, a gap, an aggregate or an array."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element

from decoders import quantities
from decoders.definition.interchange import formulas
from decoders.definition.interchange.xtce_calibrators import Calibrated
from decoders.definition.interchange.xtce_system import Found, Space


@dataclass(frozen=True, slots=True)
class Context:
    """A calibration that holds while ``match``, an element with comparisons, does."""

    match: Element
    calibrated: Calibrated


@dataclass(frozen=True, slots=True)
class Scalar:
    """One row. ``keys``: all of it but its name and size.

    ``plain``, ``calibrated``: the number before and after calibration as formulas of ``raw``; None
    where there is none. ``words``: label -> the raw values it stands for. ``truth``: any raw value
    but 0 has the label; the other label stands for 0. ``size``: the element that gives the size in
    bits, in ``space``. ``contexts``: calibrations that come before, when their condition holds.
    ``opaque``: what could not be said, left as the bytes that it is.
    """

    keys: dict[str, Any]
    space: Space
    plain: str | None = None
    calibrated: str | None = None
    words: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    truth: str = ""
    size: Element | None = None
    contexts: tuple[Context, ...] = ()
    opaque: bool = False

    @property
    def simple(self) -> bool:
        """Whether the raw value is the number itself."""
        return self.plain == formulas.RAW


@dataclass(frozen=True, slots=True)
class Gap:
    """Bits whose value is not carried over."""

    bits: int


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Members in order: (name, its type, the ``Member`` element)."""

    members: tuple[tuple[str, Found, Element], ...]


@dataclass(frozen=True, slots=True)
class Array:
    """``dimensions``: elements with StartingIndex and EndingIndex, in ``space``; of type ``of``."""

    of: Found
    dimensions: tuple[Element, ...]
    space: Space


Kind: TypeAlias = Scalar | Gap | Aggregate | Array


def problem_of_quantity(row: Mapping[str, Any]) -> bool:
    """Whether the row cannot measure the quantity that is said of it."""
    kind = str(row["type"]).rstrip("0123456789")
    quantity = str(row.get("quantity", ""))
    return bool(quantity) and bool(quantities.problem(quantity, kind, str(row.get("unit", ""))))


def bits_of(keys: Mapping[str, Any]) -> int | None:
    """Length of a row, None when it varies."""
    if "skip" in keys:
        return int(keys["skip"])
    kind = str(keys["type"])
    if kind in ("ascii", "bytes"):
        return 8 * int(keys["size"]) if "size" in keys else None
    if kind == "bcd":
        return 4 * int(keys.get("digits", 2))
    if kind in ("bool", "time"):
        return int(keys.get("bits", 1 if kind == "bool" else 32))
    return int(kind[1:])
