"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

#: ``doubtful`` works, but somebody should know.
Health: TypeAlias = Literal["well", "doubtful", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``name``: what was looked at, ``said``: what was found, ``mend``: what to do, or empty."""

    name: str
    health: Health
    said: str
    mend: str = ""


def well(name: str, said: str) -> Finding:
    """Nothing is wrong with it."""
    return Finding(name, "well", said)
