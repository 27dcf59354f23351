"""Layouts of FoxTelem, which AMSAT's Fox satellites and the CubeSatSim kits use, as a definition.

A layout is a table with one row a field; a second table holds the conversion curves, polynomials
of up to the fifth degree; a ``.MASTER`` file names the satellite and has its constants. Fields
follow each other, the least significant bit first, behind a header of six bytes. Sources: layouts,
curves and properties that come with FoxTelem and CubeSatSim (their folders ``spacecraft``), and the
Fox frame header as AMSAT published it (id 3 bits, resets 16, uptime 25, type 4).
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from decoders.definition.interchange.conversion import Imported, Losses, without_empty
from decoders.definition.interchange.foxtelem_conversions import conversion
from decoders.definition.interchange.names import BOM, as_name
from decoders.errors import DefinitionError

COLUMNS = ("TYPE", "FIELD", "BITS", "UNIT", "CONVERSION", "MODULE")
CURVES = "CurveName"
MASTER = ".master"
_HEADER = (
    {"name": "satellite_id", "type": "u3", "group": "header"},
    {"name": "resets", "type": "u16", "group": "header", "label": "Resets"},
    {"name": "uptime", "type": "u25", "unit": "s", "group": "header", "label": "Uptime"},
    {"name": "frame_type", "type": "u4", "group": "header"},
)
_TYPE_BYTE = 5
#: Kind of payload -> the number of its type in the header.
_TYPES = {"RT": 1, "REALTIME": 1, "MAX": 2, "MIN": 3, "EXP": 4}
_UNITS = {"C": "°C", "dps": "°/s", "-": "", "none": "", "NONE": ""}
_MOST_COEFFICIENTS = 6
_MOST_BITS = 64
_MOST_GAP = 8 * 65_535


def is_layout(text: str) -> bool:
    """Whether ``text`` begins as a layout."""
    first = text.removeprefix(BOM).partition("\n")[0].upper()
    columns = [column.strip() for column in first.split(",")]
    return all(column in columns for column in COLUMNS)


def is_curves(text: str) -> bool:
    """Whether ``text`` is a table of curves, with or without a line of titles."""
    first = text.removeprefix(BOM).partition("\n")[0]
    if first.startswith(CURVES):
        return True
    cells = next(csv.reader(io.StringIO(first)), [])
    numbers = cells[1 : 1 + _MOST_COEFFICIENTS]
    return len(numbers) == _MOST_COEFFICIENTS and all(_number(cell) is not None for cell in numbers)


def from_foxtelem(files: Sequence[tuple[str, str]]) -> Imported:
    """The data of a definition from (name, text) of layouts, tables of curves and a ``.MASTER``.

    Raises DefinitionError naming file and line.
    """
    losses = Losses("FoxTelem")
    known = _Known()
    layouts = []
    for name, content in files:
        text = content.removeprefix(BOM)
        if name.lower().endswith(MASTER):
            known.master |= _properties(text)
        elif is_layout(text):
            layouts.append((name, text))
        elif is_curves(text):
            known.curves |= _curves(name, text)
        else:
            raise DefinitionError(
                f"is neither a layout ({', '.join(COLUMNS)}, …) nor a table of curves", source=name
            )
    if not layouts:
        raise DefinitionError("there is no layout among the files", source=files[0][0])
    packets = [_packet(name, text, known, losses) for name, text in layouts]
    _note_missing(known.master, [name for name, _ in files], losses)
    data = {
        "satellite": _satellite(known.master, [name for name, _ in layouts]),
        "downlinks": [_downlink(known.master)],
        "groups": {name: {"label": label} for name, label in known.groups.items()},
        "packets": packets,
    }
    losses.add("the frame's header is taken as six bytes (DUV); check it against a received frame")
    return Imported(data, losses.sentences())


@dataclass(slots=True)
class _Known:
    """What the files say besides the layouts, and the names that are taken."""

    curves: dict[str, list[float]] = field(default_factory=dict)
    master: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=lambda: {"header": "Header"})
    packets: set[str] = field(default_factory=set)


def _properties(text: str) -> dict[str, str]:
    """``key=value`` of each line; those of comments are none."""
    pairs = (line.strip().partition("=") for line in text.splitlines())
    return {k.strip(): v.strip() for k, sign, v in pairs if sign and not k.startswith(("#", "!"))}


def _satellite(master: Mapping[str, str], layouts: Sequence[str]) -> dict[str, Any]:
    names = [re.split(r"[/\\]", layout)[-1] for layout in layouts]
    stem = re.split(r"[_.]", names[0])[0]
    norad = master.get("catalogNumber", "")
    return without_empty(
        {
            "name": master.get("displayName") or master.get("name") or stem,
            "norad": int(norad) if re.fullmatch(r"[1-9]\d{0,8}", norad) else None,
            "source": f"FoxTelem layout {', '.join(names)}",
        }
    )


def _downlink(master: Mapping[str, str]) -> dict[str, Any]:
    frequency = _number(master.get("telemetryDownlinkFreqkHz"))
    known = {"frequency_hz": round(frequency * 1000)} if frequency and 1 <= frequency < 1e8 else {}
    return {"name": "downlink", **known}


def _note_missing(master: Mapping[str, str], names: Sequence[str], losses: Losses) -> None:
    """Files that the satellite's properties name and that are not there."""
    given = {re.split(r"[/\\]", name)[-1].lower() for name in names}
    for key, value in master.items():
        wanted = re.fullmatch(r"layout\d+\.filename", key) or key == "conversionCurvesFileName"
        if wanted and value and value.lower() not in given:
            losses.add("files that the satellite has and that were not given", value)


def _curves(name: str, text: str) -> dict[str, list[float]]:
    curves: dict[str, list[float]] = {}
    for line, row in enumerate(csv.reader(io.StringIO(text)), 1):
        if len(row) < 2 or row[0].strip() == CURVES:
            continue
        numbers = [_number(cell) for cell in row[1 : 1 + _MOST_COEFFICIENTS]]
        if any(number is None for number in numbers):
            problem = f"{row[0]}: {', '.join(row[1:7])} are not all numbers"
            raise DefinitionError(problem, source=name, line=line)
        curves[row[0].strip()] = [number for number in numbers if number is not None]
    return curves


def _number(text: str | None) -> float | None:
    """A finite number, or None."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _packet(name: str, text: str, known: _Known, losses: Losses) -> dict[str, Any]:
    rows = list(_rows(name, text, losses))
    kind = str(rows[0]["TYPE"]).strip().upper() if rows else ""
    number = _TYPES.get(kind)
    match: dict[str, Any] = {}
    if number is not None:
        match = {"bytes": [{"at": _TYPE_BYTE, "mask": 0xF0, "value": number << 4}]}
    else:
        losses.add("kinds of payload without a known number match every frame", kind or name)
    packet = as_name(kind or name, known.packets)
    known.packets.add(packet)
    fields: list[dict[str, Any]] = [dict(row) for row in _HEADER]
    names = {str(row["name"]) for row in fields}
    for row in rows:
        fields.append(_field(name, row, known, names, losses))
        names.add(str(fields[-1].get("name", "")))
    return {"name": packet, "match": match, "bit_order": "lsb", "parameters": fields}


def _rows(name: str, text: str, losses: Losses) -> Iterator[dict[str, Any]]:
    """Records by column; the first cell of the first line says how many there are."""
    lines = csv.reader(io.StringIO(text))
    header = [cell.strip().upper() for cell in next(lines)]
    count = 0
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        record: dict[str, Any] = dict(zip(header[1:], cells[1:], strict=False))
        missing = [column for column in COLUMNS if column not in record]
        if missing:
            raise DefinitionError(f"has no {missing[0]}", source=name, line=lines.line_num)
        record["line"] = lines.line_num
        yield record
    if header[0].isdecimal() and int(header[0][:9]) != count:
        losses.add(f"{name} says that it has {header[0][:9]} fields, and has {count}")


def _field(
    source: str, row: Mapping[str, Any], known: _Known, names: set[str], losses: Losses
) -> dict[str, Any]:
    theirs, told = row["FIELD"].strip(), row["BITS"].strip()
    bits = int(told) if re.fullmatch(r"\d{1,6}", told) else 0
    if not 0 < bits <= _MOST_GAP:
        problem = f"{theirs}: {row['BITS']!r} is not a number of bits"
        raise DefinitionError(problem, source=source, line=row["line"])
    pad = theirs.lower().startswith("pad")
    if pad or bits > _MOST_BITS:
        if not pad:
            losses.add(f"fields of more than {_MOST_BITS} bits are passed over", theirs)
        return {"skip": bits}
    text = row["CONVERSION"].strip()
    keys = conversion(text, theirs, bits, known.curves, known.master)
    unit = _UNITS.get(row["UNIT"].strip(), row["UNIT"].strip())
    if keys is None:
        losses.add(f"conversion {text!r} is not known, so values are raw and have no unit", theirs)
        keys, unit = {"type": f"u{bits}"}, ""
    return without_empty(
        {"name": as_name(theirs, names), **keys, "unit": unit, **_about(row, known)}
    )


def _about(row: Mapping[str, Any], known: _Known) -> dict[str, str]:
    """Label, explanation and group of a field."""
    module = row["MODULE"].strip()
    group = ""
    if module not in ("", "NONE"):
        group = as_name(module.replace("+", "plus ").replace("-", "minus "))
        known.groups.setdefault(group, module)
    short, long = (str(row.get(key) or "").strip() for key in ("SHORT_NAME", "DESCRIPTION"))
    label = "" if short.upper() == "NONE" else short
    return {
        "label": f"{module}: {label}" if group and label and module[:1] in "+-" else label,
        "doc": "" if long.upper() == "NONE" else long,
        "group": group,
    }
