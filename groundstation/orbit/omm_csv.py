"""Orbit Mean-Elements Messages as a table: CelesTrak's CSV, read by columns where all is in order.

A table in which anything at all is out of the ordinary is read row by row by the rules of
:mod:`groundstation.orbit.omm`, which tell each mistake and know every way to write a number.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from groundstation.errors import ElementsError
from groundstation.orbit.mean_elements import Elements
from groundstation.orbit.omm import ALLOWED, REQUIRED, attempt

#: The column order of CelesTrak's CSV, which other programs read too.
CSV_COLUMNS = (
    "OBJECT_NAME",
    "OBJECT_ID",
    "EPOCH",
    "MEAN_MOTION",
    "ECCENTRICITY",
    "INCLINATION",
    "RA_OF_ASC_NODE",
    "ARG_OF_PERICENTER",
    "MEAN_ANOMALY",
    "EPHEMERIS_TYPE",
    "CLASSIFICATION_TYPE",
    "NORAD_CAT_ID",
    "ELEMENT_SET_NO",
    "REV_AT_EPOCH",
    "BSTAR",
    "MEAN_MOTION_DOT",
    "MEAN_MOTION_DDOT",
)
#: With no other characters ``float`` and ``int`` take what those rules take, and nothing else.
_OF_NUMBERS = frozenset("0123456789+-.eE")
_OF_INTEGERS = frozenset("0123456789")
_EPOCHS = re.compile(r"(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3}|\.\d{6})?\n)*\Z", re.ASCII)

#: A row of cells and the number of its line.
_Row = tuple[int, list[str]]


def read_csv(text: str, source: str, errors: list[ElementsError]) -> Iterator[Elements]:
    """Elements of a CSV text whose first row names the columns; bad rows go to ``errors``."""
    rows, broken = _rows(text, source)
    if rows:
        header = [cell.strip().upper() for cell in rows[0][1]]
        missing = [name for name in REQUIRED if name not in header]
        if missing:
            problem = f"the first row lacks {', '.join(missing)}"
            errors.append(ElementsError(problem, source=source, line=1))
            return
        found = _by_columns(header, rows[1:], source)
        yield from _by_rows(header, rows[1:], source, errors) if found is None else found
    errors += broken


def _rows(text: str, source: str) -> tuple[list[_Row], list[ElementsError]]:
    """The rows that are not empty, until one that is no CSV, which is told."""
    reader = csv.reader(io.StringIO(text))
    rows: list[_Row] = []
    try:
        for row in reader:
            if row and row != [""]:
                rows.append((reader.line_num, row))
    except csv.Error as error:
        return rows, [ElementsError(f"not CSV: {error}", source=source, line=reader.line_num)]
    return rows, []


def _by_rows(
    header: list[str], rows: Iterable[_Row], source: str, errors: list[ElementsError]
) -> Iterator[Elements]:
    for line, row in rows:
        quote = ",".join(row)
        if len(row) != len(header):
            problem = f"the row has {len(row)} columns, the first row {len(header)}"
            errors.append(ElementsError(problem, source=source, line=line, quote=quote))
        else:
            fields = dict(zip(header, row, strict=True))
            yield from attempt(fields, source, line, quote, errors)


def _by_columns(header: list[str], rows: Sequence[_Row], source: str) -> list[Elements] | None:
    """All sets of the table; None where a cell is not plainly what belongs there."""
    width = len(header)
    if not rows or len(set(header)) != width or any(len(row) != width for _, row in rows):
        return None
    cells = dict(zip(header, zip(*(row for _, row in rows), strict=True), strict=True))
    if any(any(cells.get(name, ())) for name in ALLOWED):
        return None
    try:
        return list(map(Elements, *_values(cells, len(rows), source)))
    except (ValueError, ElementsError):  # a cell or a set that the rows' reader will name
        return None


def _values(cells: dict[str, tuple[str, ...]], count: int, source: str) -> list[Iterable[Any]]:
    """What Elements take, a column each, in their order. Raises ValueError."""

    def numbers(name: str, default: str = "") -> list[float]:
        return list(map(float, _spelled(cells.get(name, (default,) * count), _OF_NUMBERS)))

    def integers(name: str, default: str = "") -> list[int]:
        column = [cell or default for cell in cells.get(name, ("",) * count)]
        return list(map(int, _spelled(column, _OF_INTEGERS)))

    def texts(name: str, default: Sequence[str]) -> list[str]:
        column = cells.get(name, ("",) * count)
        return [cell.strip() or other for cell, other in zip(column, default, strict=True)]

    norads = integers("NORAD_CAT_ID")
    return [
        texts("OBJECT_NAME", [str(norad) for norad in norads]),
        norads,
        _epochs(cells["EPOCH"]),
        numbers("MEAN_MOTION"),
        numbers("ECCENTRICITY"),
        numbers("INCLINATION"),
        numbers("RA_OF_ASC_NODE"),
        numbers("ARG_OF_PERICENTER"),
        numbers("MEAN_ANOMALY"),
        numbers("BSTAR"),
        texts("OBJECT_ID", ("",) * count),
        numbers("MEAN_MOTION_DOT", "0"),
        numbers("MEAN_MOTION_DDOT", "0"),
        texts("CLASSIFICATION_TYPE", ("U",) * count),
        integers("EPHEMERIS_TYPE", "0"),
        integers("ELEMENT_SET_NO", "999"),
        integers("REV_AT_EPOCH", "0"),
        texts("SOURCE", (source,) * count),
    ]


def _spelled(column: Sequence[str], characters: frozenset[str]) -> Sequence[str]:
    """``column`` again; raises ValueError where it has other characters than these."""
    if not characters.issuperset("".join(column)):
        raise ValueError
    return column


def _epochs(column: Sequence[str]) -> list[datetime]:
    """Times that are written to the second, milli- or microsecond. Raises ValueError for others."""
    if not _EPOCHS.match("\n".join(column) + "\n"):
        raise ValueError
    return [datetime.fromisoformat(cell + "+00:00") for cell in column]


def to_omm_csv(elements: Sequence[Elements]) -> str:
    """The sets as CSV: CelesTrak's columns and SOURCE. Reads back to equal Elements."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*CSV_COLUMNS, "SOURCE"])
    writer.writerows(_row(item) for item in elements)
    return out.getvalue()


def _row(item: Elements) -> list[str]:
    return [
        item.name,
        item.object_id,
        item.epoch.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f"),
        repr(item.mean_motion_rev_day),
        repr(item.eccentricity),
        repr(item.inclination_deg),
        repr(item.raan_deg),
        repr(item.argument_of_perigee_deg),
        repr(item.mean_anomaly_deg),
        str(item.ephemeris_type),
        item.classification,
        str(item.norad),
        str(item.element_set),
        str(item.revolution_at_epoch),
        repr(item.bstar_per_earth_radius),
        repr(item.mean_motion_dot_rev_day2),
        repr(item.mean_motion_ddot_rev_day3),
        item.source,
    ]
