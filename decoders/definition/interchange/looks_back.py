"""Repetitions that depend on the one before them, which a format of types cannot say."""

from __future__ import annotations

from decoders.definition.model import Group, controls, in_order


def looks_back(group: Group) -> bool:
    """Whether ``group`` has a row that needs a value which only the repetition before has read.

    Such is a list that ends after an empty entry: the entry is there ``when`` the one before it,
    whose rows have the same names, was not empty.
    """
    if any(isinstance(item, Group) and looks_back(item) for item in group.items):
        return True
    if group.count is None and group.count_from is None and not group.to_end:
        return False
    later = {item.name for item in in_order(group.items)}
    for item in in_order(group.items):
        if controls(item) & later:
            return True
        later.discard(item.name)
    return False
