"""How much a definition may be, and how much work one frame may cost.

A definition is somebody's file, and a frame is what a radio heard: neither may take memory or time
without end. What is beyond a limit is refused with the limit's number, never cut off in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from decoders.definition.locate import Path
from decoders.definition.model import Group, Item

#: Characters of a definition; the largest that comes with the program has 60,000.
MOST_TEXT = 4_000_000
#: Tables and lists inside each other; rows of a group are at the fifth.
MOST_NESTING = 40
#: Rows of all packets of a definition, and groups inside each other.
MOST_ROWS, MOST_DEPTH = 20_000, 8
#: Values of one packet; the largest golden frame has 218.
MOST_FIELDS = 4_096
#: Rows, gaps and repetitions that are gone through to place the values of one packet.
MOST_STEPS = 65_536
#: Bytes of one packet: those of a space packet, the longest of all.
MOST_BYTES = 65_542
#: Headers inside each other.
MOST_LAYERS = 8
#: Mistakes that are told of one file.
MOST_MISTAKES = 200
#: Years in which an epoch may lie, so that a time that counts from it can be written.
EPOCH_YEARS = range(1900, 2200)

#: All but tabulator and line feed (C0, DEL, C1): a terminal would obey them.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
#: Keys whose texts are bytes of a frame, which may be any.
_RAW = frozenset(("const", "until", "sentinel", "match", "expect"))
_WHOLE = range(-(1 << 63), 1 << 64)


def excess(data: Mapping[str, Any]) -> tuple[Path, str] | None:
    """Where the data of a file go beyond a limit, and which; None: nowhere."""
    rows = 0
    for path, value in _walk(data):
        if len(path) > MOST_NESTING:
            return path, f"tables and lists are more than {MOST_NESTING} inside each other"
        if isinstance(value, int) and value not in _WHOLE:
            return path, "the number does not fit into 64 bits"
        if isinstance(value, str) and _RAW.isdisjoint(path) and (found := _CONTROL.search(value)):
            return path, f"has the control character U+{ord(found[0]):04X}, which no text needs"
        rows += len(path) > 3 and path[-2] == "parameters" and isinstance(value, Mapping)
        if rows > MOST_ROWS:
            return path, f"has more than {MOST_ROWS} rows"
    return None


def _walk(data: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Every value with its path, without recursion."""
    waiting: list[tuple[Path, Any]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        if path:
            yield path, value
        if isinstance(value, Mapping):
            waiting += [((*path, str(key)), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, index), inner) for index, inner in enumerate(value)]


class Measure(NamedTuple):
    """What a packet has at least: values, steps to place them, bits; how deep its groups are."""

    fields: int
    steps: int
    bits: int
    depth: int


def measure(items: tuple[Item, ...]) -> Measure:
    """What every packet with these rows has; repetitions whose number varies count once."""
    fields = steps = bits = depth = 0
    for item in items:
        if isinstance(item, Group):
            inner, times = measure(item.items), item.count or 1
            fields += times * inner.fields
            steps += 1 + times * (1 + inner.steps)
            bits += times * max(inner.bits, item.bits)
            depth = max(depth, 1 + inner.depth)
        else:
            fields += item.kind != "skip"
            steps += 1
            bits += item.bits
    return Measure(fields, steps, bits, depth)


def beyond(items: tuple[Item, ...]) -> str:
    """Which limit the rows of a packet go beyond, or empty."""
    found = measure(items)
    for what, number, most in (
        ("values", found.fields, MOST_FIELDS),
        ("rows, gaps and repetitions", found.steps, MOST_STEPS),
        ("bytes", (found.bits + 7) // 8, MOST_BYTES),
        ("groups inside each other", found.depth, MOST_DEPTH),
    ):
        if number > most:
            return f"has {number} {what}, more than {most}"
    return ""
