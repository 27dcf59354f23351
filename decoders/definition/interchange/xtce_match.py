"""Restriction criteria of XTCE, which compare parameters, as match rules on bytes and headers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from decoders.definition.interchange.conversion import Losses, without_empty
from decoders.definition.interchange.told_apart import MARK
from decoders.definition.interchange.xtce_rows import bits_of

#: Rows longer than this are not compared bit by bit.
_MOST_BITS = 1024


@dataclass(slots=True)
class Read:
    """One entry of a flattened container: its XTCE name and its row, or a repeated group."""

    theirs: str
    keys: dict[str, Any]
    at: int | None


def match_of(
    packet: str,
    rules: Sequence[tuple[str, str, str]],
    header: Mapping[str, str],
    body: Sequence[Read],
    losses: Losses,
) -> tuple[dict[str, Any], int]:
    """The match, and how many rows at the start it makes needless (a mark)."""
    fields: dict[str, int] = {}
    masked: dict[int, list[int]] = {}
    prefix = ""
    places = _places(body)
    for reference, operator, value in rules:
        name = reference.rpartition("/")[2]
        if operator != "==":
            losses.add("restrictions other than '==' are left out", packet)
        elif name in header:
            fields[f"space-packet.{header[name]}"] = int(value)
        elif name == MARK and places.get(name, (1, 0))[0] == 0 and places[name][1] <= _MOST_BITS:
            bits = places[name][1]
            prefix = (int(value) % (1 << bits)).to_bytes(bits // 8).hex(" ").upper()
        elif name in places and places[name][1] <= _MOST_BITS:
            start, bits, is_text = places[name]
            _mask(masked, start, _fixed_bits(value, bits, is_text))
        else:
            losses.add("restrictions on rows whose place varies are left out", packet)
    rule_list = [
        {"at": byte, **({} if mask == 0xFF else {"mask": mask}), "value": fixed}
        for byte, (mask, fixed) in sorted(masked.items())
    ]
    match: dict[str, Any] = {"prefix": prefix, "bytes": rule_list, "fields": fields}
    return without_empty(match), 1 if prefix else 0


def _places(body: Sequence[Read]) -> dict[str, tuple[int, int, bool]]:
    """(first bit, bits, is text) of big-endian rows before the first whose length varies."""
    places: dict[str, tuple[int, int, bool]] = {}
    cursor = 0
    for read in body:
        bits = bits_of(read.keys)
        if bits is None or "when" in read.keys or "repeat" in read.keys:
            break
        cursor = cursor if read.at is None else read.at
        if "endian" not in read.keys:
            places.setdefault(read.theirs, (cursor, bits, read.keys.get("type") == "ascii"))
        cursor += bits
    return places


def _fixed_bits(value: str, bits: int, is_text: bool) -> str:
    """``bits`` zeros and ones that a row with ``value`` has."""
    if is_text:
        number = int.from_bytes(value.encode("latin-1", "replace")[: bits // 8].ljust(bits // 8))
    else:
        number = int(value) & (1 << bits) - 1
    return f"{number:0{bits}b}"


def _mask(masked: dict[int, list[int]], start: int, fixed: str) -> None:
    """Note that the bits from ``start`` on must be ``fixed``."""
    for index, bit in enumerate(fixed):
        byte, place = divmod(start + index, 8)
        rule = masked.setdefault(byte, [0, 0])
        rule[0] |= 1 << (7 - place)
        rule[1] |= int(bit) << (7 - place)
