"""What a conversion yields: the text, and one sentence for everything that it could not carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Exported(NamedTuple):
    """A definition in another format. ``warnings``: what that format cannot say, one a feature."""

    text: str
    warnings: tuple[str, ...] = ()


class Imported(NamedTuple):
    """Another format as the data of a definition file, as ``tomllib`` would give them."""

    data: dict[str, Any]
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class Losses:
    """Collects what a format cannot express: each feature once, with the names that have it."""

    format: str
    _named: dict[str, list[str]] = field(default_factory=dict)

    def add(self, feature: str, name: str = "") -> None:
        """Note that ``feature`` of ``name`` is left out."""
        names = self._named.setdefault(feature, [])
        if name and name not in names:
            names.append(name)

    def sentences(self) -> tuple[str, ...]:
        """One sentence a feature, in the order found."""
        return tuple(
            f"{self.format}: {feature}{_listed(names)}" for feature, names in self._named.items()
        )


_MOST_NAMES = 6


def _listed(names: list[str]) -> str:
    if not names:
        return ""
    shown = ", ".join(names[:_MOST_NAMES])
    rest = len(names) - _MOST_NAMES
    return f" ({shown} and {rest} more)" if rest > 0 else f" ({shown})"


def without_empty(row: Mapping[str, Any]) -> dict[str, Any]:
    """``row`` without the keys that say nothing: None, empty text, empty table."""
    return {key: value for key, value in row.items() if value not in (None, "", {}, [], ())}
