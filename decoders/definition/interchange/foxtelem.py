"""Layouts of FoxTelem, which AMSAT's Fox satellites and the CubeSatSim kits use, as a definition.

A layout is a table with one row a field; a second table holds the conversion curves, polynomials
of up to the fifth degree. Fields follow each other, the least significant bit first, behind a
header of six bytes. Sources: layouts and curves that come with CubeSatSim (its folder
``spacecraft``), and the Fox frame header as AMSAT published it (id 3 bits, resets 16, uptime 25,
type 4).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from decoders.definition.interchange.conversion import Imported, Losses, without_empty
from decoders.definition.interchange.names import as_name
from decoders.definition.interchange.polynomials import polynomial_keys
from decoders.errors import DefinitionError

COLUMNS = ("TYPE", "FIELD", "BITS", "UNIT", "CONVERSION", "MODULE")
CURVES = "CurveName"
_HEADER = (
    {"name": "satellite_id", "type": "u3", "group": "header"},
    {"name": "resets", "type": "u16", "group": "header", "label": "Resets"},
    {"name": "uptime", "type": "u25", "unit": "s", "group": "header", "label": "Uptime"},
    {"name": "frame_type", "type": "u4", "group": "header"},
)
_TYPE_BYTE = 5
#: Kind of payload -> the number of its type in the header.
_TYPES = {"RT": 1, "REALTIME": 1, "MAX": 2, "MIN": 3, "EXP": 4}
#: Conversions by number that change nothing.
_NONE = ("0", "1", "12", "-", "NONE", "")
_UNITS = {"C": "°C", "dps": "°/s", "-": "", "none": ""}
_MOST_COEFFICIENTS = 6


def is_layout(text: str) -> bool:
    """Whether ``text`` begins as a layout."""
    return all(column in text.partition("\n")[0].upper().split(",") for column in COLUMNS)


def from_foxtelem(files: Sequence[tuple[str, str]]) -> Imported:
    """The data of a definition from (name, text) of layouts and tables of curves.

    Raises DefinitionError naming file and line.
    """
    losses = Losses("FoxTelem")
    curves: dict[str, list[float]] = {}
    layouts = []
    for name, text in files:
        if text.startswith(CURVES):
            curves |= _curves(name, text)
        elif is_layout(text):
            layouts.append((name, text))
        else:
            raise DefinitionError(
                f"is neither a layout ({', '.join(COLUMNS)}, …) nor a table of curves", source=name
            )
    if not layouts:
        raise DefinitionError("there is no layout among the files", source=files[0][0])
    groups: dict[str, str] = {"header": "Header"}
    taken: set[str] = set()
    packets = [_packet(name, text, curves, groups, taken, losses) for name, text in layouts]
    data = {
        "satellite": {
            "name": re.split(r"[_.]", layouts[0][0].rpartition("/")[2])[0],
            "source": f"FoxTelem layout {', '.join(name for name, _ in layouts)}",
        },
        "downlinks": [{"name": "downlink"}],
        "groups": {name: {"label": label} for name, label in groups.items()},
        "packets": packets,
    }
    losses.add("the frame's header is taken as six bytes (DUV); check it against a received frame")
    return Imported(data, losses.sentences())


def _curves(name: str, text: str) -> dict[str, list[float]]:
    curves: dict[str, list[float]] = {}
    rows = csv.reader(io.StringIO(text))
    next(rows)
    for line, row in enumerate(rows, 2):
        if len(row) > 1:
            try:
                curves[row[0]] = [float(cell) for cell in row[1 : 1 + _MOST_COEFFICIENTS]]
            except ValueError as error:
                raise DefinitionError(f"{row[0]}: {error}", source=name, line=line) from None
    return curves


def _packet(
    name: str,
    text: str,
    curves: Mapping[str, list[float]],
    groups: dict[str, str],
    taken: set[str],
    losses: Losses,
) -> dict[str, Any]:
    rows = list(_rows(name, text))
    kind = str(rows[0]["TYPE"]).strip().upper() if rows else ""
    number = _TYPES.get(kind)
    match: dict[str, Any] = {}
    if number is not None:
        match = {"bytes": [{"at": _TYPE_BYTE, "mask": 0xF0, "value": number << 4}]}
    else:
        losses.add("kinds of payload without a known number match every frame", kind or name)
    packet = as_name(kind or name, taken)
    taken.add(packet)
    fields: list[dict[str, Any]] = [dict(row) for row in _HEADER]
    names = {str(row["name"]) for row in fields}
    for row in rows:
        fields.append(_field(name, row, curves, groups, names, losses))
        names.add(str(fields[-1].get("name", "")))
    return {"name": packet, "match": match, "bit_order": "lsb", "parameters": fields}


def _rows(name: str, text: str) -> Iterator[dict[str, Any]]:
    """Records by column; the first cell of the first line says how many there are."""
    lines = csv.reader(io.StringIO(text))
    header = [cell.strip().upper() for cell in next(lines)]
    for line, cells in enumerate(lines, 2):
        if not any(cell.strip() for cell in cells):
            continue
        record: dict[str, Any] = dict(zip(header[1:], cells[1:], strict=False))
        missing = [column for column in COLUMNS if column not in record]
        if missing:
            raise DefinitionError(f"has no {missing[0]}", source=name, line=line)
        record["line"] = line
        yield record


def _field(
    source: str,
    row: Mapping[str, Any],
    curves: Mapping[str, list[float]],
    groups: dict[str, str],
    names: set[str],
    losses: Losses,
) -> dict[str, Any]:
    theirs = row["FIELD"].strip()
    try:
        bits = int(row["BITS"])
    except ValueError:
        problem = f"{theirs}: {row['BITS']!r} is not a number of bits"
        raise DefinitionError(problem, source=source, line=row["line"]) from None
    if theirs.lower().startswith("pad") or bits > 64:
        return {"skip": bits}
    module = row["MODULE"].strip()
    group = (
        ""
        if module in ("", "NONE")
        else as_name(module.replace("+", "plus ").replace("-", "minus "))
    )
    if group:
        groups.setdefault(group, module)
    short, long = (str(row.get(key, "")).strip() for key in ("SHORT_NAME", "DESCRIPTION"))
    label = "" if short.upper() == "NONE" else short
    unit = row["UNIT"].strip()
    return without_empty(
        {
            "name": as_name(theirs, names),
            "type": "bool" if bits == 1 else f"u{bits}",
            **_conversion(row["CONVERSION"].strip(), theirs, bits, curves, losses),
            "unit": _UNITS.get(unit, unit),
            "label": f"{module}: {label}" if group and label and module[:1] in "+-" else label,
            "doc": "" if long.upper() == "NONE" else long,
            "group": group,
        }
    )


def _conversion(
    text: str, field: str, bits: int, curves: Mapping[str, list[float]], losses: Losses
) -> dict[str, Any]:
    """``curve|FORMAT``: the curve is a calibration, the format only how it is shown."""
    name = text.partition("|")[0]
    if name in curves:
        return polynomial_keys(list(curves[name]))
    if name == "STATUS_ON_OFF" and bits == 1:
        return {"enum": {"0": "off", "1": "on"}}
    if name not in _NONE:
        losses.add(f"conversion {name!r} is not in the curves given, values are raw", field)
    return {}
