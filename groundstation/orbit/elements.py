"""Orbital elements as text: TLE, 3LE and OMM (CSV, JSON, XML, KVN), recognised by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from groundstation.errors import ElementsError
from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.omm import read_json, read_kvn, read_xml
from groundstation.orbit.omm_csv import read_csv, to_omm_csv
from groundstation.orbit.tle import read_tle, to_tle_lines

__all__ = [
    "Elements",
    "ElementsText",
    "newest",
    "parse_elements",
    "read_elements",
    "to_omm_csv",
    "to_tle_lines",
]


@dataclass(frozen=True, slots=True)
class ElementsText:
    """What a text held: the usable sets, what was refused, and what was accepted with a doubt."""

    elements: list[Elements]
    errors: list[ElementsError]
    warnings: list[str]


def parse_elements(text: str, *, source: str = "") -> list[Elements]:
    """All element sets of ``text`` in order, in any format. ``source`` names it in messages.

    Strict: raises ElementsError, quoting the line, for the first thing that is wrong, and when
    there is no set at all.
    """
    found = read_elements(text, source=source)
    if found.errors:
        raise found.errors[0]
    return found.elements


def read_elements(text: str, *, source: str = "") -> ElementsText:
    """All usable element sets of ``text`` in order, and what was wrong with the others."""
    text = text.removeprefix("\ufeff")
    errors: list[ElementsError] = []
    warnings: list[str] = []
    found: list[Elements]
    start = text.lstrip()
    if start[:1] == "<" and re.search(r"<(\w+:)?(ndm|omm)\b", text):
        found = list(read_xml(text, source, errors))
    elif start[:1] in ("[", "{"):
        found = list(read_json(text, source, errors))
    elif "NORAD_CAT_ID" in start.partition("\n")[0] and "=" not in start.partition("\n")[0]:
        found = list(read_csv(text, source, errors))
    elif re.match(r"(COMMENT\b|[A-Z_]+\s*=)", start):
        found = list(read_kvn(text, source, errors))
    else:
        found = list(read_tle(text, source, errors, warnings))
    if not found and not errors:
        errors.append(ElementsError("there are no elements in it", source=source))
    return ElementsText(found, errors, warnings)


def newest(elements: Iterable[Elements]) -> dict[int, Elements]:
    """One set for each catalogue number: the one with the newest epoch (the later of equals)."""
    best: dict[int, Elements] = {}
    for item in elements:
        if item.norad not in best or item.epoch >= best[item.norad].epoch:
            best[item.norad] = item
    return best
