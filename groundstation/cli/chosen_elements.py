"""Which elements a command works with: what there is, and what the words on its line mean."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from decoders.sketch import Sketch
    from groundstation.naming import Followed
    from groundstation.orbit.mean_elements import Elements


def known_elements(path: Path | None, data: Path) -> tuple[list[Elements], int]:
    """Newest elements of each object, and how many problems were told."""
    from groundstation.elements import ElementsCatalog, load_elements_file
    from groundstation.orbit.elements import apart, read_elements, text_of, told

    if path is None:
        catalog = ElementsCatalog(data / "elements")
        known, problems = catalog.all(), list(catalog.problems)
        if not known and not problems:
            problems = [
                f"there are no elements in {catalog.folder}; get them with "
                "'groundstation elements update' or 'groundstation elements import FILE'"
            ]
    elif str(path) == "-":
        found = read_elements(text_of(sys.stdin.buffer.read()), source="standard input")
        known, problems = apart(found.elements), told(found.errors)
    else:
        known, problems = load_elements_file(path)
    for problem in problems:
        click.echo(problem, err=True)
    return known, len(problems)


class DefinitionNumbers:
    """Definitions by what words may mean them; these are looked at when one is asked for."""

    def __init__(self, data: Path) -> None:
        self._data = data

    @cached_property
    def index(self) -> Mapping[str, Sketch]:
        """What is known of all definitions, by id."""
        from groundstation.catalog import SatelliteCatalog

        return SatelliteCatalog(self._data).index

    def norad(self, id: str) -> int | None:
        """The number in the definition of that id, if there is one."""
        satellite = self.index.get(id)
        return None if satellite is None else satellite.norad

    def followed(self, word: str, known: list[Elements]) -> Followed | None:
        """The one satellite that ``word`` in the settings means, as the station takes it."""
        from groundstation.naming import followed

        numbers = {item.norad for item in known}
        return followed(word, self.index, numbers.__contains__, lambda: known)


def chosen_elements(
    words: tuple[str, ...], known: list[Elements], numbers: DefinitionNumbers
) -> tuple[list[Elements], int]:
    """The elements of the satellites asked for (all, without words); how many were not found."""
    from groundstation.naming import elements_named

    if not words:
        return known, 0
    chosen: dict[tuple[int, str], Elements] = {}
    missing = 0
    for word in words:
        found = elements_named(word, known, numbers.norad)
        if not found:
            _tell_missing(word, known, numbers)
            missing += 1
        chosen.update(((item.norad, item.name), item) for item in found)
    return list(chosen.values()), missing


def settings_elements(
    words: Sequence[str], known: list[Elements], numbers: DefinitionNumbers
) -> tuple[list[Elements], int]:
    """The elements of what the settings name, one satellite a word; how many have none."""
    by_norad = {item.norad: item for item in known}
    chosen: dict[int, Elements] = {}
    missing = 0
    for word in words:
        found = numbers.followed(word, known)
        item = by_norad.get(found.norad) if found and found.norad is not None else None
        if found and found.note:
            click.echo(f"station.toml: {found.note}", err=True)
        if item is None:
            _tell_missing(word, known, numbers)
            missing += 1
        else:
            chosen[item.norad] = item
    return list(chosen.values()), missing


def _tell_missing(word: str, known: list[Elements], numbers: DefinitionNumbers) -> None:
    from groundstation.naming import is_number, near_names

    near = ""
    if not is_number(word):
        names = (item.name for item in known)
        near = near_names(word, names) or near_names(word, set(numbers.index) - {word})
    click.echo(f"no elements of {word!r} among the {len(known)} objects known{near}", err=True)
