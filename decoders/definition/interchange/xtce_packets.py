"""A container that has been read as a table of the definition file.

Rows that begin as the header of a space packet become a layer, unless something depends on them
that a layer does not tell the rows inside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from decoders.definition.interchange.conversion import without_empty
from decoders.definition.interchange.told_apart import MARK
from decoders.definition.interchange.xtce_containers import Packet
from decoders.definition.interchange.xtce_match import Way, match_of
from decoders.definition.interchange.xtce_names import HEADER, HEADER_BITS
from decoders.definition.interchange.xtce_rows import Rows

SPACE_PACKET = "space-packet"
_EXPRESSIONS = ("when", "size_from", "count_from", "expression")
#: The length field of a space packet counts its bytes less one, as rows inside it know ``length``.
_LENGTH, _LENGTH_INSIDE = "length", "(length - 1)"


def packet_data(packet: Packet, name: str, *, own: bool) -> dict[str, Any]:
    """The table under ``[[packets]]``. ``own``: of a document that we have written."""
    header = _header(packet.rows)
    rows, derived = packet.rows.block.rows, packet.rows.derived
    bare = _without_header(rows, derived, header) if header else None
    if bare is not None:
        rows = bare
    else:
        header = {}
    way, prefix = packet.way, ""
    if own and rows and rows[0].get("name") == MARK:
        way, prefix = _prefix(packet.way)
        rows = rows[1:] if prefix else rows
    match = {"prefix": prefix, **match_of(way, header, HEADER_BITS if header else 0)}
    label = packet.container.get("shortDescription", "")
    about = {
        "name": name,
        "label": "" if label == str(packet.container.get("name")).replace("_", " ") else label,
        "match": without_empty(match),
        "undescribed": "what XTCE says and a definition cannot" if packet.rows.cut else "",
        "layers": [SPACE_PACKET] if header else [],
    }
    return {**without_empty(about), "parameters": rows, **without_empty({"derived": derived})}


def _header(rows: Rows) -> dict[str, str]:
    """Row -> our field, when the rows begin with the header of a space packet."""
    end, header = 0, {}
    for placed, (_, ours, bits) in zip(rows.placed, HEADER, strict=False):
        keys = placed.scalar.keys
        plain = str(keys.get("type"))[0] in ("u", "b") and "endian" not in keys
        if placed.start != end or placed.bits != bits or not plain or placed.scalar.contexts:
            return {}
        end += bits
        header[placed.name] = ours
    listed = [row.get("name") for row in rows.block.rows[: len(HEADER)]]
    return header if end == HEADER_BITS and listed == list(header) else {}


def _without_header(
    rows: Sequence[Mapping[str, Any]],
    derived: Sequence[Mapping[str, Any]],
    header: Mapping[str, str],
) -> list[dict[str, Any]] | None:
    """The rows behind the header; None when one of them needs a value of it."""
    length = next(name for name, ours in header.items() if ours == _LENGTH)
    others = set(header) - {length}
    behind = [dict(row) for row in rows[len(HEADER) :]]
    if any(_names(row) & others for row in behind) or any(_names(d) & set(header) for d in derived):
        return None
    for row in behind:
        if "at" in row:
            row["at"] -= HEADER_BITS
            if row["at"] < 0:
                return None
    return [_with(row, length) for row in behind]


def _names(row: Mapping[str, Any]) -> set[str]:
    """Words of the expressions of a row, and of those inside it."""
    found = {word for key in _EXPRESSIONS for word in re.findall(r"\w+", str(row.get(key, "")))}
    return found.union(*map(_names, row.get("parameters", ())))


def _with(row: Mapping[str, Any], length: str) -> dict[str, Any]:
    """The row with the header's length told by that of the packet."""
    changed = dict(row)
    for key in _EXPRESSIONS:
        if key in row:
            changed[key] = re.sub(rf"\b{length}\b", _LENGTH_INSIDE, row[key])
    if "parameters" in row:
        changed["parameters"] = [_with(inner, length) for inner in row["parameters"]]
    return changed


def _prefix(way: Way) -> tuple[Way, str]:
    """The rules without the one that the first row, a mark, is held to; the mark in hex."""
    marks = [rule for rule in way.equal if rule.placed.name == MARK]
    if len(marks) != 1 or not isinstance(marks[0].raw, int):
        return way, ""
    content = marks[0].raw.to_bytes((marks[0].placed.bits or 0) // 8)
    rest = tuple(rule for rule in way.equal if rule not in marks)
    return Way(rest, way.differ), content.hex(" ").upper()


def named(packets: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Packets with a ``layers`` key only where they differ from the downlink's."""
    mixed = any(packet.get("layers") for packet in packets)
    for packet in packets:
        if mixed and "layers" not in packet:
            rows = {key: packet[key] for key in packet if key != "parameters"}
            yield {**rows, "layers": [], "parameters": packet["parameters"]}
        else:
            yield packet
