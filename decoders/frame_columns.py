"""Many frames as one run of bytes, and match rules held against all of their packets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from decoders.definition.model import Match
from decoders.errors import DecodeError
from decoders.known import SEGMENTED, KnownPacket, KnownSatellite, Layers, PacketIndex
from decoders.layers.registry import LAYERS
from decoders.value import LayerHeader

Numbers: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
#: Numbers of frames, or places in what belongs to some of them.
Rows: TypeAlias = NDArray[np.intp]
_LONG_AGO = np.iinfo(np.int64).min
_ADDRESSES = 14  # bytes of an AX.25 destination and source
_LONGEST_HEADER = 72  # ten addresses, control, PID


def distinct(numbers: Numbers) -> list[int]:
    """Each different number once, ascending; ``np.unique`` would import masked arrays for it."""
    return sorted(set(numbers.tolist()))


class FrameColumns:
    """Frames as one run of bytes: frame N is ``flat[base[N]:base[N] + length[N]]``.

    ``received_us``: when each was received, the lowest number where that is not known.
    """

    def __init__(self, frames: Sequence[bytes], received_us: Sequence[int | None] | None = None):
        self.frames = frames
        self.length: Numbers = np.fromiter(map(len, frames), np.int64, len(frames))
        self.base: Numbers = np.cumsum(self.length) - self.length
        self.flat = np.frombuffer(b"".join(frames) + b"\0", np.uint8)
        self.received_us: Numbers | None = None
        if received_us is not None:
            times = (_LONG_AGO if time is None else time for time in received_us)
            self.received_us = np.fromiter(times, np.int64, len(frames))

    @cached_property
    def ax25(self) -> Ax25Columns:
        """The AX.25 headers of the frames that have one."""
        return Ax25Columns(self)


class Ax25Columns:
    """AX.25 headers, each distinct one peeled once: ``headers[number[N]]`` is that of frame N.

    ``number`` is -1 for a frame that is no AX.25.
    """

    def __init__(self, columns: FrameColumns):
        self.headers: list[LayerHeader] = []
        self.number: Numbers = np.full(len(columns.frames), -1)
        known: dict[bytes, int] = {}
        for row in np.flatnonzero(_may_be_ax25(columns)).tolist():
            frame = columns.frames[row]
            two = len(frame) >= _ADDRESSES + 2 and frame[_ADDRESSES - 1] & 1
            key = frame[: _ADDRESSES + 2 if two else _LONGEST_HEADER]
            number = known.get(key)
            if number is None:
                number = known[key] = self._peel(frame)
            self.number[row] = number

    def _peel(self, frame: bytes) -> int:
        try:
            peeled = LAYERS["ax25"].peel(frame)
        except DecodeError:
            return -1
        self.headers.append(LayerHeader("ax25", peeled.fields, (0, 8 * peeled.start)))
        return len(self.headers) - 1


def _may_be_ax25(columns: FrameColumns) -> Mask:
    """Frames whose first bytes are two shifted callsigns, the first without the end bit."""
    may: Mask = columns.length > _ADDRESSES
    rows = np.flatnonzero(may)
    for offset in range(_ADDRESSES - 1):
        rows = rows[columns.flat[columns.base[rows] + offset] & 1 == 0]
    may[:] = False
    may[rows] = True
    return may


class Packets:
    """What lies below some layers of those frames that have them: of frame ``rows[P]`` the bytes
    ``start[P]`` to ``end[P]``. P is a place here; ``matching`` takes and gives such places.
    """

    def __init__(self, columns: FrameColumns, rows: Rows, start: Numbers, end: Numbers):
        self.columns, self.rows, self.start, self.end = columns, rows, start, end
        self.size: Numbers = end - start
        self.layers: Layers = ()

    @staticmethod
    def whole(columns: FrameColumns, rows: Rows) -> Packets:
        """The frames themselves."""
        length = columns.length[rows]
        return Packets(columns, rows, np.zeros_like(length), length)

    def equal(self, layer: str, field: str, value: int | str) -> Mask:
        """Where the header field ``field`` of ``layer`` is ``value``; no such layer: nowhere."""
        return np.zeros(len(self.rows), bool)

    def sound(self, places: Rows) -> Mask:
        """Where the check values of all layers are right."""
        return np.ones(len(places), bool)

    def unsegmented(self, places: Rows) -> Mask:
        """Where the packet is no segment of a longer space packet."""
        return np.ones(len(places), bool)

    def data(self, place: int) -> bytes:
        """The packet at a place."""
        frame = self.columns.frames[int(self.rows[place])]
        return frame[int(self.start[place]) : int(self.end[place])]

    def first_bytes(self, places: Rows, count: int) -> NDArray[np.uint8]:
        """The first ``count`` bytes of packets that have so many: N x count."""
        if not len(places) or not count:
            return np.zeros((len(places), count), np.uint8)
        at = self.columns.base[self.rows[places]] + self.start[places]
        found: NDArray[np.uint8] = sliding_window_view(self.columns.flat, count)[at]
        return found

    def matching(self, match: Match, places: Rows) -> Rows:
        """Those of ``places`` for which every rule of ``match`` holds."""
        if match.minimum_length:
            places = places[self.size[places] >= match.minimum_length]
        if match.length:
            places = places[np.isin(self.size[places], match.length)]
        for offset, byte in enumerate(match.prefix):
            places = places[self._has(places, offset, 0xFF, byte)]
        for offset, mask, value in match.masked:
            places = places[self._has(places, offset, mask, value)]
        if "space-packet" in self.layers and SEGMENTED not in match.fields:
            places = places[self.unsegmented(places)]
        for name, wanted in match.fields.items():
            if len(places):
                layer, _, field = name.partition(".")
                places = places[self.equal(layer, field, wanted)[places]]
        return self._in_time(match, places)

    def _in_time(self, match: Match, places: Rows) -> Rows:
        times = self.columns.received_us
        if times is None or (match.valid_from_us is None and match.valid_until_us is None):
            return places
        at = times[self.rows[places]]
        wrong: Mask = np.zeros(len(places), bool)
        if match.valid_from_us is not None:
            wrong |= at < match.valid_from_us
        if match.valid_until_us is not None:
            wrong |= at >= match.valid_until_us
        still: Rows = places[~wrong | (at == _LONG_AGO)]
        return still

    def _has(self, places: Rows, offset: int, mask: int, value: int) -> Mask:
        """Where the packet has a byte at ``offset`` whose masked bits are ``value``."""
        edge, needed = (self.start, offset + 1) if offset >= 0 else (self.end, -offset)
        long_enough: Mask = self.size[places] >= needed
        at = self.columns.base[self.rows[places]] + edge[places] + offset
        at[~long_enough] = 0
        has: Mask = self.columns.flat[at] & mask == value
        return long_enough & has

    def by_index(self, index: PacketIndex) -> list[tuple[int, KnownSatellite, KnownPacket, Rows]]:
        """Every (order, satellite, packet) of ``index`` that applies somewhere, and where."""
        found = []
        everywhere = np.arange(len(self.rows))
        some = everywhere[self.size > 0]
        first = self.columns.flat[self.columns.base[self.rows[some]] + self.start[some]]
        order = np.argsort(first, kind="stable")
        some, first = some[order], first[order]
        different, begins = np.unique(first, return_index=True)
        for byte, where in zip(different.tolist(), np.split(some, begins[1:]), strict=False):
            found += [(entry, where) for entry in index.by_first.get(byte, ())]
        found += [(entry, everywhere) for entry in index.others]
        return [
            (number, known, packet, places)
            for (number, known, packet), where in found
            if len(places := self.matching(packet.match, where))
        ]
