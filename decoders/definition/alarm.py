"""When a row's values call somebody: what its ``alarm`` key adds to its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from decoders.definition.expression import Expression
from decoders.definition.limits import Limits

SUNLIGHT, ECLIPSE = "sunlight", "eclipse"


@dataclass(frozen=True, slots=True)
class LimitSet:
    """Limits that judge in place of the row's own while ``when`` holds and the Sun is as ``sun``.

    ``when``: of engineering values of the packet, words as their raw numbers; None: always.
    ``sun``: :data:`SUNLIGHT`, :data:`ECLIPSE`, or empty: both.
    """

    limits: Limits
    when: Expression | None = None
    sun: str = ""


@dataclass(frozen=True, slots=True)
class Alarm:
    """``count`` values in a row outside raise it, ``back`` within let it return; None: as the
    station has it. ``dead_band``: how far within, in the row's unit. The first of ``sets`` that
    applies judges, else the row's limits. ``means`` and ``mend``: for people, by language.
    """

    count: int | None = None
    back: int | None = None
    dead_band: float = 0.0
    sets: tuple[LimitSet, ...] = ()
    means: Mapping[str, str] = field(default_factory=dict)
    mend: Mapping[str, str] = field(default_factory=dict)
