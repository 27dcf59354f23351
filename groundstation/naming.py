"""What a word for a satellite means: the id of a definition, a NORAD number, or a name.

The one place that commands, settings and pages ask.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decoders.sketch import Sketch
    from groundstation.orbit.mean_elements import Elements

_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Followed:
    """A satellite that somebody names. ``id``: its definition's, or its number where it has none.

    ``norad`` is None where no number is known. ``note``: what they should know, or empty.
    """

    id: str
    name: str
    norad: int | None
    sketch: Sketch | None = None
    note: str = ""


def is_number(word: str) -> bool:
    """Whether it is a NORAD number."""
    return word.isascii() and word.isdigit()


def elements_named(
    word: str, known: Iterable[Elements], norad_of: Callable[[str], int | None]
) -> list[Elements]:
    """All elements that ``word`` means: of that number, whole name, definition, part of a name.

    ``norad_of``: the number in the definition of an id. One whose satellite has no elements
    stands in the way of no name.
    """
    everything = list(known)
    if is_number(word):
        return [item for item in everything if item.norad == int(word)]
    if whole := _of_name(word, everything):
        return whole
    norad = norad_of(word)
    return [item for item in everything if item.norad == norad] or named(word, everything)


def named(name: str, known: Iterable[Elements]) -> list[Elements]:
    """Objects of that name (capitals or not); else those with it as words, or as a part.

    ``ISS`` is the whole name of ``ISS (ZARYA)``, too: what stands in brackets is a part of it.
    """
    everything = list(known)
    wanted = name.casefold().strip()
    words = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    return (
        _of_name(name, everything)
        or _docked([item for item in everything if _without_part(item.name) == wanted])
        or [item for item in everything if words.search(item.name.casefold())]
        or [item for item in everything if wanted in item.name.casefold()]
    )


def _of_name(name: str, known: Iterable[Elements]) -> list[Elements]:
    wanted = name.casefold().strip()
    return [item for item in known if item.name.casefold() == wanted]


def _without_part(name: str) -> str:
    """``iss`` of ``ISS (ZARYA)``; empty where nothing is in brackets."""
    head, bracket, _ = name.casefold().partition(" (")
    return head if bracket else ""


def _docked(parts: Sequence[Elements]) -> list[Elements]:
    """Of parts that fly as one, the one with the lowest number: they have the same elements."""
    first: dict[tuple[object, ...], Elements] = {}
    for item in sorted(parts, key=lambda item: item.norad):
        orbit = (item.mean_motion_rev_day, item.inclination_deg, item.raan_deg)
        first.setdefault((item.epoch, *orbit, item.mean_anomaly_deg), item)
    return list(first.values())


def followed(
    word: str,
    index: Mapping[str, Sketch],
    has_elements: Callable[[int], bool],
    known: Callable[[], Sequence[Elements]],
) -> Followed | None:
    """The one satellite that ``word`` means; None where nothing of that name is known (yet).

    ``index``: the definitions by id. ``known``: all elements there are, asked only where a number
    or a definition, whose satellite has elements, does not answer.
    """
    if is_number(word):
        return _numbered(int(word), index, known)
    if sketch := index.get(word) or _defined_as(word, index):
        if sketch.norad is not None and has_elements(sketch.norad):
            return Followed(sketch.id, sketch.name, sketch.norad, sketch)
        same = _of_name(word, known()) or _of_name(sketch.name, known())
        return Followed(sketch.id, sketch.name, same[0].norad if same else sketch.norad, sketch)
    found = sorted(named(word, known()), key=lambda item: item.norad)
    return _first(word, found, index) if found else None


def _numbered(
    norad: int, index: Mapping[str, Sketch], known: Callable[[], Sequence[Elements]]
) -> Followed:
    if sketch := _with_number(norad, index):
        return Followed(sketch.id, sketch.name, norad, sketch)
    name = next((item.name for item in known() if item.norad == norad), f"NORAD {norad}")
    return Followed(str(norad), name, norad)


def _first(word: str, found: Sequence[Elements], index: Mapping[str, Sketch]) -> Followed:
    first = found[0]
    sketch = _with_number(first.norad, index)
    id = sketch.id if sketch else str(first.norad)
    return Followed(id, first.name, first.norad, sketch, _several(word, found))


def _with_number(norad: int, index: Mapping[str, Sketch]) -> Sketch | None:
    return next((item for item in index.values() if item.norad == norad), None)


def _defined_as(name: str, index: Mapping[str, Sketch]) -> Sketch | None:
    """The definition of a satellite of this name."""
    wanted = name.casefold().strip()
    return next((item for item in index.values() if item.name.casefold() == wanted), None)


def _several(word: str, found: Sequence[Elements]) -> str:
    if len(found) == 1:
        return ""
    names = ", ".join(f"{item.norad} {item.name}" for item in found[:_MOST_NAMED])
    more = ", …" if len(found) > _MOST_NAMED else ""
    return (
        f"{word!r} is in the names of {len(found)} satellites ({names}{more}): "
        f"{found[0].name} is followed; write its number to be sure"
    )


def near_names(word: str, names: Iterable[str], cutoff: float = 0.75) -> str:
    """``; did you mean 'METEOR-M2 3'?``, or empty. Blanks, hyphens and capitals do not count.

    ``cutoff``: how like they must be, up to 1 for the same letters.
    """
    by_letters: dict[str, str] = {}
    for name in names:
        by_letters.setdefault(_letters(name), name)
    wanted = _letters(word)
    close = get_close_matches(wanted, by_letters, n=3, cutoff=cutoff) if wanted else []
    if not close:
        return ""
    return f"; did you mean {' or '.join(repr(by_letters[letters]) for letters in close)}?"


def near_ids(id: str, ids: Iterable[str]) -> str:
    """As :func:`near_names` for ids of definitions; where none is near, what lists them."""
    return near_names(id, ids) or "; 'groundstation satellites list' shows those there are"


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
