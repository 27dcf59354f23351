"""Which elements a command works with: what there is, and what the words on its line mean."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from decoders.sketch import Sketch
    from groundstation.orbit.mean_elements import Elements


def known_elements(path: Path | None, data: Path) -> tuple[list[Elements], int]:
    """Newest elements of each object, and how many problems were told."""
    from groundstation.elements import ElementsCatalog, load_elements_file
    from groundstation.orbit.elements import newest, read_elements

    if path is None:
        catalog = ElementsCatalog(data / "elements")
        known, problems = catalog.all(), list(catalog.problems)
        if not known and not problems:
            problems = [
                f"there are no elements in {catalog.folder}; get them with "
                "'groundstation elements update' or 'groundstation elements import FILE'"
            ]
    elif str(path) == "-":
        found = read_elements(sys.stdin.read(), source="standard input")
        known, problems = list(newest(found.elements).values()), [str(e) for e in found.errors]
    else:
        known, problems = load_elements_file(path)
    for problem in problems:
        click.echo(problem, err=True)
    return known, len(problems)


class DefinitionNumbers:
    """NORAD numbers by the ids of definitions; these are looked at when one is asked for."""

    def __init__(self, data: Path) -> None:
        self._data = data

    @cached_property
    def _satellites(self) -> Mapping[str, Sketch]:
        from groundstation.catalog import SatelliteCatalog

        return SatelliteCatalog(self._data).index

    def norad(self, id: str) -> int | None:
        """The number in the definition of that id, if there is one."""
        satellite = self._satellites.get(id)
        return None if satellite is None else satellite.norad


def chosen_elements(
    words: tuple[str, ...], known: list[Elements], numbers: DefinitionNumbers
) -> tuple[list[Elements], int]:
    """The elements of the satellites asked for (all, without words); how many were not found."""
    if not words:
        return known, 0
    chosen: dict[int, Elements] = {}
    missing = 0
    for word in words:
        found = _find(word, known, numbers)
        if found:
            chosen.update((item.norad, item) for item in found)
        else:
            click.echo(f"no elements of {word!r} among the {len(known)} objects known", err=True)
            missing += 1
    return list(chosen.values()), missing


def _find(word: str, known: list[Elements], numbers: DefinitionNumbers) -> list[Elements]:
    """By NORAD number, whole name, definition id, or part of a name."""
    from groundstation.elements import named

    if word.isascii() and word.isdigit():
        return [item for item in known if item.norad == int(word)]
    name = word.casefold().strip()
    whole = [item for item in known if item.name.casefold() == name]
    if whole:
        return whole
    norad = numbers.norad(word)
    if norad is not None:
        return [item for item in known if item.norad == norad]
    return named(word, known)
