"""Orbital elements as text: TLE, 3LE and OMM (CSV, JSON, XML, KVN), recognised by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from groundstation.errors import ElementsError
from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.omm import read_json, read_kvn, read_xml
from groundstation.orbit.omm_csv import read_csv, to_omm_csv
from groundstation.orbit.tle import read_tle, to_tle_lines

__all__ = [
    "Elements",
    "ElementsText",
    "apart",
    "newest",
    "parse_elements",
    "read_elements",
    "text_of",
    "to_omm_csv",
    "to_tle_lines",
    "told",
]

#: Sentences about what is wrong in one text.
MOST_TOLD = 20
_PAGE_BEGINS = 2000


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


def text_of(data: bytes) -> str:
    """The text of a file of elements: UTF-8, UTF-16 (as PowerShell writes), or else Latin-1."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", *(("utf-16-le", "utf-16-be") if b"\0" in data else ())):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    return data.decode("latin-1")


def read_elements(text: str, *, source: str = "") -> ElementsText:
    """All usable element sets of ``text`` in order, and what was wrong with the others."""
    text = text.removeprefix("\ufeff")
    errors: list[ElementsError] = []
    warnings: list[str] = []
    found: list[Elements]
    start = text.lstrip()
    first_line = start.partition("\n")[0]
    if start[:1] == "<" and re.search(r"<(\w+:)?(ndm|omm)\b", text):
        found = list(read_xml(start, source, errors))
    elif start[:1] in ("[", "{"):
        found = list(read_json(text, source, errors, warnings))
    elif "NORAD_CAT_ID" in first_line.upper() and "=" not in first_line:
        found = list(read_csv(start, source, errors))
    elif re.match(r"(COMMENT\b|[A-Z_]+\s*=)", start):
        found = list(read_kvn(text, source, errors))
    else:
        found = list(read_tle(text, source, errors, warnings))
    if not found and not errors:
        page = re.search(r"<(!doctype|html)\b", text[:_PAGE_BEGINS], re.IGNORECASE)
        problem = "this is a web page, not elements" if page else "there are no elements in it"
        errors.append(ElementsError(problem, source=source))
    return ElementsText(found, errors, warnings)


def told(errors: Sequence[ElementsError]) -> list[str]:
    """What is wrong in a text, in sentences: the first MOST_TOLD, and how many more."""
    sentences = [str(error) for error in errors[:MOST_TOLD]]
    if len(errors) > MOST_TOLD:
        sentences.append(f"{errors[0].source or 'elements'}: and {len(errors) - MOST_TOLD} more")
    return sentences


def apart(elements: Iterable[Elements]) -> list[Elements]:
    """One set for each object, in the order in which they come first: the one with the newest
    epoch (the later of equals). Several objects under one number, as launches have, are told apart
    by their names where their orbits of one moment differ."""
    best: dict[int, dict[str, Elements]] = {}
    for item in elements:
        _keep(best.setdefault(item.norad, {}), item)
    return [item for same in best.values() for item in same.values()]


def _keep(same: dict[str, Elements], item: Elements) -> None:
    """Take a set among those of its number, by name."""
    known = same.get(item.name)
    if known is None and len(same) == 1:
        (only,) = same.values()
        if not _are_two(only, item):
            known = only
    if known is None:
        same[item.name] = item
    elif item.epoch >= known.epoch:
        if item.name != known.name:
            del same[known.name]
        same[item.name] = item


def _are_two(one: Elements, other: Elements) -> bool:
    """Whether two sets of one number are of two objects."""
    if one.name == other.name or one.epoch != other.epoch:
        return False
    return _orbit(one) != _orbit(other)


def _orbit(item: Elements) -> tuple[float, ...]:
    angles = (item.inclination_deg, item.raan_deg, item.argument_of_perigee_deg)
    return (item.mean_motion_rev_day, item.eccentricity, *angles, item.mean_anomaly_deg)


def newest(elements: Iterable[Elements]) -> dict[int, Elements]:
    """One set for each catalogue number: the one with the newest epoch (the later of equals)."""
    best: dict[int, Elements] = {}
    for item in elements:
        if item.norad not in best or item.epoch >= best[item.norad].epoch:
            best[item.norad] = item
    return best
