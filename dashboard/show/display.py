"""Values as people read them: labels, decimals, groups, and which ones matter most."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from dashboard.data import present
from dashboard.data.records import LimitsRecord
from dashboard.show.i18n import gettext as _
from decoders.definition.calibration import Divide, Enumeration, Flags, Formula, Linear
from decoders.definition.limits import Limits
from decoders.definition.model import Derived, Parameter, Satellite, in_rows
from decoders.value_text import NOTHING, shown
from groundstation.model import Sample, Scalar, iso
from groundstation.storage.samples import engineering
from groundstation.words.language import in_language
from groundstation.words.values import is_clock, translated, worded

Row = Parameter | Derived
#: How ``display`` of a definition's row puts a value on the first page.
MAIN = "main"
#: A value is called stale after this long, seconds.
STALE_S = 300
_SIGNIFICANT = 4
_MOST_DIGITS = 4
_INDEX = re.compile(r"_\d+(?=_|$)")


def find_row(rows: Mapping[str, Row], name: str) -> Row | None:
    """The row that a reading's name comes from; repetitions carry numbers: ``panel_current_2``."""
    found = in_rows(name, rows)
    return None if found is None else rows[found]


def label(name: str, row: Row | None, code: str) -> str:
    """The label in a language; a repetition keeps its numbers."""
    if row is None:
        return name.replace("_", " ")
    text = row.label(code) or _INDEX.sub("", name).replace("_", " ")
    numbers = "".join(_INDEX.findall(name)) if row.name != name else ""
    return f"{text}{numbers.replace('_', ' ')}"


def digits(row: Row | None, rows: Mapping[str, Row]) -> int | None:
    """Decimals that the steps of a value fill; None: four significant digits.

    ``rows``: those of the satellite, of which a sum is made.
    """
    if row is None:
        return None
    if isinstance(row, Derived):
        return _digits_of_sum(row, rows)
    calibration = row.calibration
    if calibration is None:
        return 0 if row.kind in ("u", "i", "bcd", "bool") else None
    if isinstance(calibration, Linear):
        return _decimals(calibration.scale)
    if isinstance(calibration, Divide):
        return _decimals(1 / calibration.divisor)
    return None


def _digits_of_sum(row: Derived, rows: Mapping[str, Row]) -> int | None:
    """As many as the finest of what is added; None where it is no sum of such."""
    if not row.expression.is_sum:
        return None
    parts = [digits(find_row(rows, name), rows) for name in row.expression.names]
    known = [part for part in parts if part is not None]
    return max(known) if len(known) == len(parts) else None


def _decimals(step: float) -> int | None:
    if step == 0 or not math.isfinite(step):
        return None
    # 0.001 fills three decimals; 1/2.55 needs one to tell its steps apart.
    return min(_MOST_DIGITS, max(0, math.ceil(-math.log10(abs(step)) - 1e-9)))


def significant(value: float) -> int:
    """Decimals for four significant digits; the same rule as in ``static/js/format.js``."""
    size = abs(value)
    if size == 0 or size >= 1000:
        return 0
    return min(6, max(0, _SIGNIFICANT - 1 - math.floor(math.log10(size))))


def value_text(value: Scalar, row: Row | None, rows: Mapping[str, Row], code: str) -> str:
    """A value as people read it, without its unit; ``rows``: all of its satellite."""
    found = engineering(value, row)
    if isinstance(found, bool):
        return _("yes") if found else _("no")
    if isinstance(found, int | float):
        places = digits(row, rows)
        return in_language(code).number(found, significant(found) if places is None else places)
    return worded(found, row, in_language(code)) or NOTHING


def raw_text(raw: Scalar, code: str) -> str:
    """A raw value: as the bits say it, its number as the steps of an explanation write it."""
    return in_language(code).exact(raw) if isinstance(raw, int | float) else shown(raw)


def limits_text(limits: Limits | None, code: str) -> str:
    """The nominal range in words: the warning limits, else the critical ones."""
    span = (limits.warning or limits.critical) if limits else None
    if span is None:
        return ""
    number = in_language(code).number
    low, high = ("" if math.isinf(end) else number(end, _plain(end)) for end in span)
    if not low:
        return f"≤ {high}"
    return f"{low} … {high}" if high else f"≥ {low}"


def _plain(number: float) -> int:
    text = f"{number:.6f}".rstrip("0")
    return len(text.partition(".")[2])


def is_numeric(row: Row | None) -> bool:
    """Whether a chart can show it."""
    if row is None or isinstance(row, Derived):
        return True
    if isinstance(row.calibration, Enumeration | Flags):
        return False
    return row.kind in ("u", "i", "f", "bcd") or isinstance(row.calibration, Formula)


@dataclass(frozen=True, slots=True)
class Card:
    """All that a page shows of one parameter; ``state`` and ``time`` None: no value yet."""

    name: str
    label: str
    doc: str
    group: str
    unit: str
    numeric: bool
    text: str
    raw_text: str
    limits_text: str
    state: str | None
    time: str | None
    simulated: bool


@dataclass(frozen=True, slots=True)
class CardGroup:
    """Cards of one group; ``label`` may be empty."""

    label: str
    cards: list[Card]


def card(
    name: str, row: Row | None, rows: Mapping[str, Row], sample: Sample | None, code: str
) -> Card:
    """The card of one parameter; ``rows``: all of its satellite."""
    return Card(
        name=name,
        label=label(name, row, code),
        doc=row.doc(code) if row else "",
        group=row.group if row else "",
        unit=in_language(code).unit(sample.unit if sample else (row.unit if row else "")),
        numeric=is_numeric(row),
        text=value_text(sample.value, row, rows, code) if sample else NOTHING,
        raw_text=raw_text(sample.raw, code) if sample else NOTHING,
        limits_text=limits_text(row.limits, code) if row else "",
        state=sample.state if sample else None,
        time=iso(sample.time_us) if sample else None,
        simulated=bool(sample and sample.simulated),
    )


class ScriptParameter(TypedDict):
    """What the scripts need to show new readings of a parameter."""

    label: str
    doc: str
    digits: int | None
    boolean: bool
    flags: bool
    clock: bool
    words: dict[str, str]
    limits: LimitsRecord | None


def script_parameter(
    name: str, row: Row | None, rows: Mapping[str, Row], code: str
) -> ScriptParameter:
    """That of one parameter; ``rows``: all of its satellite."""
    return {
        "label": label(name, row, code),
        "doc": row.doc(code) if row else "",
        "digits": digits(row, rows),
        "boolean": isinstance(row, Parameter) and row.kind == "bool" and row.calibration is None,
        "flags": isinstance(row, Parameter) and isinstance(row.calibration, Flags),
        "clock": is_clock(row),
        "words": translated(row, in_language(code)),
        "limits": present.limits(row.limits) if row else None,
    }


def named_rows(satellite: Satellite, known: Mapping[str, Sample]) -> dict[str, Row | None]:
    """Every parameter in the order of the definition, repetitions as they were received."""
    rows = satellite.rows()
    repeated: dict[str, list[str]] = {}
    strays: list[str] = []
    owners = {id(row): name for name, row in rows.items()}
    for name in known:
        row = find_row(rows, name)
        if row is None:
            strays.append(name)
        else:
            repeated.setdefault(owners[id(row)], []).append(name)
    result: dict[str, Row | None] = {}
    for name, row in rows.items():
        for full in sorted(repeated.get(name, [name]), key=_natural):
            result[full] = row
    result.update(dict.fromkeys(strays))
    return result


def _natural(name: str) -> list[tuple[int, str]]:
    parts = re.split(r"(\d+)", name)
    return [(int(part), "") if part.isdigit() else (0, part) for part in parts]


def groups(satellite: Satellite, cards: list[Card], code: str) -> list[CardGroup]:
    """Cards by group: first those that the definition lists, in its order, then the others."""
    found: dict[str, list[Card]] = {name: [] for name in satellite.group_labels}
    for item in cards:
        found.setdefault(item.group, []).append(item)
    return [
        CardGroup(satellite.group_label(name, code) if name else "", items)
        for name, items in found.items()
        if items
    ]
