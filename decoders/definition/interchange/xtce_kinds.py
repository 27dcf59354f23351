"""What a parameter type of XTCE is: a number, a text, bytes, a gap, an aggregate or an array."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element

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
