"""Repetitions that depend on the one before them, which a format of types cannot say."""

from __future__ import annotations

from collections.abc import Iterator

from decoders.definition.expression import Expression
from decoders.definition.model import Group, Item


def looks_back(group: Group) -> bool:
    """Whether ``group`` has a row that needs a value which only the repetition before has read.

    Such is a list that ends after an empty entry: the entry is there ``when`` the one before it,
    whose rows have the same names, was not empty.
    """
    if any(isinstance(item, Group) and looks_back(item) for item in group.items):
        return True
    if group.count is None and group.count_from is None and not group.to_end:
        return False
    own = {item.name for item, _ in _walk(group.items)}
    known: set[str] = set()
    for item, formulas in _walk(group.items):
        if any(name in own - known for formula in formulas for name in formula.names):
            return True
        known.add(item.name)
    return False


def _walk(items: tuple[Item, ...]) -> Iterator[tuple[Item, list[Expression]]]:
    """Every row and group in the order read, with the expressions that say whether and how long."""
    for item in items:
        if isinstance(item, Group):
            yield item, [f for f in (item.when, item.count_from) if f is not None]
            yield from _walk(item.items)
        else:
            yield item, [f for f in (item.when, item.size_from) if f is not None]
