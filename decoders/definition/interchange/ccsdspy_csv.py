"""The packet tables of the Python package ccsdspy: name, type and bits of each field.

Source: documentation of ccsdspy 2.0, "Loading packet definitions from a CSV file". The table begins
after the primary header of the space packet.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from decoders.definition.interchange.conversion import Exported, Imported, Losses, without_empty
from decoders.definition.interchange.fixed import fixed_part
from decoders.definition.interchange.names import as_name
from decoders.definition.model import PacketLayout, Satellite
from decoders.errors import DefinitionError

COLUMNS = ("name", "data_type", "bit_length")
OFFSET = "bit_offset"
_HEADER_BITS = 48
_ARRAY = re.compile(r"(\w+)\((.+)\)")
_KINDS = {"u": "uint", "bool": "uint", "time": "uint", "bcd": "uint", "i": "int", "f": "float"}
_FLOATS = (16, 32, 64)
_MOST_BITS = 64


def to_ccsdspy(satellite: Satellite, packet: str | None = None) -> Exported:
    """The table of one packet (the only one, when ``packet`` is None), and what it cannot say.

    Raises DefinitionError when ``packet`` must be chosen.
    """
    layout = one_packet(satellite, packet)
    losses = Losses("ccsdspy")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    fixed = fixed_part(layout, losses)
    end = 0
    for field in fixed.fields:
        row = field.row
        start, bits = field.frame_bits(0)
        if start > end:
            writer.writerow((f"fill_{end}", "fill", start - end))
        writer.writerow((field.name, _KINDS.get(row.kind, "str"), bits))
        end = start + bits
        if row.endian == "little" and bits > 8:
            losses.add("the order of bytes is left out: set byte_order", field.name)
        if row.calibration is not None or row.sentinel:
            losses.add("calibrations and words are left out, values are raw", field.name)
    if fixed.rest is not None:
        writer.writerow((fixed.rest.name, "uint(expand)", 8))
    losses.add("units, limits, labels, match rules and derived values are left out")
    return Exported(out.getvalue(), losses.sentences())


def one_packet(satellite: Satellite, name: str | None) -> PacketLayout:
    """The packet ``name``, or the only one. Raises DefinitionError that lists them."""
    names = [packet.name for packet in satellite.packets]
    if name is None and len(names) == 1:
        name = names[0]
    if name not in names:
        problem = "choose one packet" if name is None else f"there is no packet {name!r}"
        raise DefinitionError(f"{problem}: {', '.join(names) or 'it has none'}")
    return satellite.packets[names.index(name)]


def from_ccsdspy(text: str, *, name: str, source: str = "table") -> Imported:
    """The data of a definition with one packet called ``name``. Raises DefinitionError."""
    losses = Losses("ccsdspy")
    reader = csv.DictReader(io.StringIO(text), skipinitialspace=True)
    columns = [column.strip() for column in reader.fieldnames or ()]
    if not set(COLUMNS) <= set(columns):
        raise DefinitionError(f"needs the columns {', '.join(COLUMNS)}", source=source, line=1)
    reader.fieldnames = columns
    rows: list[dict[str, Any]] = []
    names: dict[str, str] = {}
    cursor, base = 0, None
    for record in reader:
        place: dict[str, Any] = {"source": source, "line": reader.line_num}
        for column in COLUMNS:
            if not record[column]:
                raise DefinitionError(f"{column} is missing", **place)
        bits = _whole(record["bit_length"], **place)
        keys = dict(_row(record, bits, names, losses, place))
        if OFFSET in columns:
            offset = _whole(record[OFFSET], **place)
            base = (_HEADER_BITS if offset == _HEADER_BITS else 0) if base is None else base
            if offset - base > cursor:
                rows.append({"skip": offset - base - cursor})
                cursor = offset - base
        rows.append(keys)
        cursor += bits * int(keys.get("repeat", 1))
    data = {
        "satellite": {"name": name, "source": f"imported from {source}"},
        "downlinks": [{"name": "downlink", "layers": ["space-packet"]}],
        "packets": [{"name": as_name(name), "parameters": rows}],
    }
    return Imported(data, losses.sentences())


def _row(
    record: dict[str, str],
    bits: int,
    names: dict[str, str],
    losses: Losses,
    place: dict[str, Any],
) -> Iterator[tuple[str, Any]]:
    theirs, kind = record["name"].strip(), record["data_type"].strip()
    array = _ARRAY.fullmatch(kind)
    if array is not None:
        kind = array[1]
    if kind == "fill":
        yield "skip", bits
        return
    yield "name", names.setdefault(theirs, as_name(theirs, names.values()))
    if array is not None and array[2] == "expand" and bits == 8:
        yield "type", "bytes"
        return
    yield from _type(kind, bits, theirs, losses, place).items()
    if array is None:
        return
    shape = array[2]
    if shape == "expand":
        yield "repeat", "end"
    elif shape in names:
        yield "count_from", names[shape]
    else:
        count = 1
        for part in shape.split(","):
            count *= _whole(part, **place)
        if "," in shape:
            losses.add("arrays of more than one dimension become a row of numbers", theirs)
        yield "repeat", count


def _type(kind: str, bits: int, name: str, losses: Losses, place: dict[str, Any]) -> dict[str, Any]:
    if kind == "str":
        if bits % 8:
            raise DefinitionError(f"{name}: a str of {bits} bits is not whole bytes", **place)
        return {"type": "bytes", "size": bits // 8}
    if kind == "float" and bits in _FLOATS:
        return {"type": f"f{bits}"}
    if kind in ("uint", "int") and bits <= _MOST_BITS:
        return {"type": f"{'i' if kind == 'int' and bits > 1 else 'u'}{bits}"}
    if kind not in ("uint", "int", "float"):
        raise DefinitionError(
            f"{name}: {kind!r} is not a type; allowed: uint, int, float, str, fill", **place
        )
    if bits % 8:
        raise DefinitionError(f"{name}: a {kind} of {bits} bits is not possible", **place)
    losses.add("numbers of unusual length become bytes", name)
    return without_empty({"type": "bytes", "size": bits // 8})


def _whole(text: str | None, *, source: str, line: int) -> int:
    try:
        return int(str(text))
    except ValueError:
        raise DefinitionError(f"{text!r} is not a whole number", source=source, line=line) from None
