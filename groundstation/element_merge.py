"""Elements that come in beside those that are there: what is newer, corrected, moved, or lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from groundstation.orbit.elements import apart
from groundstation.orbit.mean_elements import Elements

#: Numbers that no catalogued object has: analysts' and provisional ones, which launches get first.
PROVISIONAL = range(70_000, 100_000)
#: Names of nobody: several objects have them.
_NOBODY = ("object ", "tba", "unknown")
#: Notes of one import.
_MOST_NOTES = 20


@dataclass(slots=True)
class Merged:
    """``best``: the set in force of each number. ``history``: those that are not in force."""

    best: dict[int, Elements]
    counts: dict[str, int]
    history: list[Elements]
    notes: list[str]

    def note(self, text: str) -> None:
        """Tell it, if not too much was told already."""
        if len(self.notes) < _MOST_NOTES:
            self.notes.append(text)
        elif len(self.notes) == _MOST_NOTES:
            self.notes.append("and more of that kind")


def one_a_number(
    incoming: Sequence[Elements], before: Mapping[int, Elements]
) -> tuple[list[Elements], list[str]]:
    """The sets that can be kept, one object a number, and sentences about those that cannot.

    Of several objects under one provisional number, as launches have, that whose name is known
    already is kept, else the first.
    """
    by_number: dict[int, list[str]] = {}
    for item in apart(incoming):
        by_number.setdefault(item.norad, []).append(item.name)
    kept_names: dict[int, str] = {}
    lost = []
    for norad, names in by_number.items():
        if len(names) > 1:
            known = before.get(norad)
            kept = known.name if known is not None and known.name in names else names[0]
            kept_names[norad] = kept
            others = ", ".join(name for name in names if name != kept)
            lost.append(
                f"{norad} is the number of {len(names)} objects: only {kept} is kept, not {others}"
                "; passes of all of them: groundstation passes --elements FILE"
            )
    kept_sets = [item for item in incoming if kept_names.get(item.norad, item.name) == item.name]
    return kept_sets, lost


def merge(before: Mapping[int, Elements], incoming: Iterable[Elements]) -> Merged:
    """What is in force when ``incoming`` has come to ``before``."""
    counts = {"added": 0, "updated": 0, "corrected": 0, "older": 0, "unchanged": 0}
    merged = Merged(dict(before), counts, [], [])
    names = _provisional(before)
    for item in incoming:
        kind = _take(merged, item)
        counts[kind] += 1
        if kind == "added":
            _move(merged, item, names)
    return merged


def _take(merged: Merged, item: Elements) -> str:
    known = merged.best.get(item.norad)
    if known is None:
        merged.best[item.norad] = item
        return "added"
    if known.epoch > item.epoch:
        merged.history.append(item)
        return "older"
    changed = _changes(known, item)
    if known.epoch == item.epoch:
        if not changed:
            return "unchanged"
        merged.note(f"{item.norad} {item.name}: of the same epoch, but {', '.join(changed)}")
        merged.best[item.norad] = item
        return "corrected"
    merged.best[item.norad] = item
    merged.history.append(known)
    return "updated"


def _changes(known: Elements, item: Elements) -> list[str]:
    """What differs, but for where the set comes from."""
    return [
        f"{field.name.replace('_', ' ')} {old!s} is now {new!s}"
        for field in fields(Elements)
        if field.name != "source"
        and (old := getattr(known, field.name)) != (new := getattr(item, field.name))
    ]


def _provisional(before: Mapping[int, Elements]) -> dict[str, int]:
    """Objects that have a provisional number only, by name."""
    return {
        item.name.casefold(): norad
        for norad, item in before.items()
        if norad in PROVISIONAL and _is_a_name(item)
    }


def _is_a_name(item: Elements) -> bool:
    name = item.name.casefold()
    return name != str(item.norad) and not name.startswith(_NOBODY)


def _move(merged: Merged, item: Elements, names: Mapping[str, int]) -> None:
    """An object that has got its own number leaves the provisional one."""
    norad = names.get(item.name.casefold())
    old = merged.best.get(norad) if norad is not None else None
    if norad is None or old is None or norad == item.norad or item.epoch < old.epoch:
        return
    del merged.best[norad]
    merged.history.append(old)
    merged.note(f"{item.name} has moved from the number {norad} to {item.norad}")
