"""Old receptions in compressed blocks: nothing of them is lost, and they take less room.

A block is zlib (RFC 1950, whose checksum finds a damaged one) around a length, a JSON object of
columns, and the raw bytes of all receptions behind each other.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

from groundstation.errors import StoreError
from groundstation.model import Reception, Signal

#: Receptions in a block: what is alike within one takes little room, and a damaged page loses one.
PER_BLOCK = 200
#: No block that this program wrote is longer when it is unpacked.
MAX_BYTES = 256 * 1024 * 1024
_LEVEL = 9
#: What is often the same for many in a row.
_COUNTED = (
    *("link", "satellite", "supposed", "error"),
    *("damaged", "simulated", "imported", "unsynchronised"),
)


def pack(receptions: Sequence[Reception]) -> bytes:
    """A block of ``receptions`` in the order of their ``seq``, at least one."""
    columns = {
        "seq": _steps([item.seq for item in receptions]),
        "received_us": _steps([item.received_us for item in receptions]),
        "length": [len(item.raw) for item in receptions],
        "clock_us": [item.clock_us for item in receptions],
        "uptime_us": [item.uptime_us for item in receptions],
        **{name: _counted([getattr(item, name) for item in receptions]) for name in _COUNTED},
        # Blocks of schema 4 and before have no such column.
        "signal": _counted([_signal(item) for item in receptions]),
    }
    head = json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()
    raw = b"".join(item.raw for item in receptions)
    return zlib.compress(len(head).to_bytes(4, "big") + head + raw, _LEVEL)


def unpack(block: bytes) -> list[Reception]:
    """The inverse of :func:`pack`. Raises StoreError for a damaged block."""
    try:
        return _unpacked(block)
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"a block of compacted frames is damaged: {error}") from error


def _unpacked(block: bytes) -> list[Reception]:
    unpacking = zlib.decompressobj()
    content = unpacking.decompress(block, MAX_BYTES)
    if not unpacking.eof:
        raise ValueError("it is cut off, or longer than any of ours")
    size = int.from_bytes(content[:4], "big")
    columns = json.loads(content[4 : 4 + size])
    ends = [4 + size, *accumulate(columns["length"], initial=4 + size)][1:]
    if ends[-1] != len(content):
        raise ValueError("its lengths do not fill it")
    told = {name: _each(columns[name]) for name in _COUNTED}
    signals = _each(columns.get("signal", [[None, len(columns["length"])]]))
    rows = zip(
        accumulate(columns["seq"]),
        accumulate(columns["received_us"]),
        (content[start:end] for start, end in pairwise(ends)),
        columns["clock_us"],
        columns["uptime_us"],
        signals,
        *told.values(),
        strict=True,
    )
    return [
        Reception(
            seq=seq,
            received_us=received_us,
            raw=raw,
            clock_us=clock_us,
            uptime_us=uptime_us,
            signal=None if signal is None else Signal(*signal),
            **dict(zip(told, each, strict=True)),
        )
        for seq, received_us, raw, clock_us, uptime_us, signal, *each in rows
    ]


def _signal(item: Reception) -> list[float | None] | None:
    signal = item.signal
    return None if signal is None else [signal.eb_n0_db, signal.offset_hz, signal.repaired]


def _steps(numbers: Sequence[int]) -> list[int]:
    """The first number, and how far it is from each to the next."""
    return [numbers[0], *(after - before for before, after in pairwise(numbers))]


def _counted(values: Sequence[Any]) -> list[list[Any]]:
    """``[value, how often]`` for each stretch of equal values."""
    counted: list[list[Any]] = []
    for value in values:
        if counted and counted[-1][0] == value:
            counted[-1][1] += 1
        else:
            counted.append([value, 1])
    return counted


def _each(counted: Sequence[Sequence[Any]]) -> list[Any]:
    return [value for value, times in counted for _ in range(times)]
