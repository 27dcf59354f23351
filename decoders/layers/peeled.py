"""The result of peeling one layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Peeled:
    """Header ``fields``, and where the payload lies: ``data[start:end]``."""

    fields: Mapping[str, int | str | bool | None]
    start: int
    end: int
