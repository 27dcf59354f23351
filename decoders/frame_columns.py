"""Layers of many frames peeled at once, and match rules held against all of their packets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from decoders.coding.crc import crc_column
from decoders.definition.model import Match
from decoders.errors import DecodeError
from decoders.known import KnownPacket, KnownSatellite, Layers, PacketIndex
from decoders.layers.peeled import Peeled
from decoders.layers.registry import LAYERS
from decoders.value import LayerHeader

Numbers: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
#: Numbers of frames, or places in what belongs to some of them.
Rows: TypeAlias = NDArray[np.intp]
#: Matches of which at least one must hold.
Wanted: TypeAlias = Sequence[Match]
_ANYTHING: Wanted = (Match(),)
_LONG_AGO = np.iinfo(np.int64).min
#: Layers without anything at their end but a CRC that the header's last bit announces.
_CSP = ("csp", "csp-swapped", "csp2")
_CSP_CRC = 4
_IDLE = 0x7FF  # the APID of idle space packets
_ADDRESSES = 14  # bytes of an AX.25 destination and source
_LONGEST_HEADER = 72  # ten addresses, control, PID


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


class _Below(Packets):
    """Packets below one more layer: ``keep`` are the places of ``outer`` that have it."""

    def __init__(self, outer: Packets, layer: str, keep: Rows, start: Numbers, end: Numbers):
        super().__init__(outer.columns, outer.rows[keep], start, end)
        self.outer, self.layer, self.keep = outer, layer, keep
        self.layers = (*outer.layers, layer)

    def equal(self, layer: str, field: str, value: int | str) -> Mask:
        if layer == self.layer:
            return self._equal(field, value)
        return self.outer.equal(layer, field, value)[self.keep]

    def sound(self, places: Rows) -> Mask:
        return self.outer.sound(self.keep[places]) & self._sound(places)

    def _equal(self, field: str, value: int | str) -> Mask:
        found = (peeled.fields.get(field) == value for peeled in self._peeled)
        return np.fromiter(found, bool, len(self.rows))

    def _sound(self, places: Rows) -> Mask:
        found = (self._peel(place).fields.get("crc_ok") is not False for place in places.tolist())
        return np.fromiter(found, bool, len(places))

    @cached_property
    def _peeled(self) -> list[Peeled]:
        return [self._peel(place) for place in range(len(self.rows))]

    def _peel(self, place: int) -> Peeled:
        return LAYERS[self.layer].peel(self.outer.data(int(self.keep[place])))


class _Ax25(_Below):
    """Below an outermost AX.25 header."""

    def _equal(self, field: str, value: int | str) -> Mask:
        ax25 = self.columns.ax25
        found = [header.fields.get(field) == value for header in ax25.headers]
        return np.array(found, bool)[ax25.number[self.rows]]

    def _sound(self, places: Rows) -> Mask:
        return np.ones(len(places), bool)


class _Header(_Below):
    """Below a layer whose header begins with fixed fields; ``words``: these as a number."""

    words: NDArray[np.uint64]

    def _equal(self, field: str, value: int | str) -> Mask:
        column = _field(self.words, self.layer, field)
        if column is None or isinstance(value, str):
            return super()._equal(field, value)
        equal: Mask = column == value
        return equal


class _Csp(_Header):
    """Below a CSP header: whether the CRC is right is worked out when it is asked for."""

    def _sound(self, places: Rows) -> Mask:
        found: Mask = (self.words[places] & np.uint64(1)) == 0
        announced = np.flatnonzero(~found)
        sizes = self.size[places[announced]]
        for size in np.unique(sizes).tolist():
            some = announced[sizes == size]
            found[some] = self._right_crc(places[some], size)
        return found

    def _right_crc(self, places: Rows, size: int) -> Mask:
        header = LAYERS[self.layer].header_bytes
        packets = self.outer.first_bytes(self.keep[places], header + size + _CSP_CRC)
        read = packets[:, -_CSP_CRC:].copy().view(">u4")[:, 0]
        payload, packet = packets[:, header:-_CSP_CRC], packets[:, :-_CSP_CRC]
        right: Mask = crc_column("crc32c", payload) == read
        right |= crc_column("crc32c", packet) == read
        return right


def _field(words: NDArray[np.uint64], layer: str, field: str) -> NDArray[np.uint64] | None:
    """A field of fixed headers, None when it is none of them."""
    left = 8 * LAYERS[layer].header_bytes
    for name, bits in LAYERS[layer].header:
        left -= bits
        if name == field:
            return words >> np.uint64(left) & np.uint64((1 << bits) - 1)
    return None


def _words(outer: Packets, layer: str, keep: Rows) -> NDArray[np.uint64]:
    """The fixed header of each packet in ``keep``, which is long enough, as a number."""
    size = LAYERS[layer].header_bytes
    at = outer.columns.base[outer.rows[keep]] + outer.start[keep]
    words = np.zeros(len(keep), np.uint64)
    for offset in range(size)[:: -1 if LAYERS[layer].swapped else 1]:
        words = words << np.uint64(8) | outer.columns.flat[at + offset]
    return words


def below(columns: FrameColumns, rows: Rows, layers: Layers, wanted: Wanted) -> Packets:
    """The packets below ``layers`` of those frames ``rows`` that have them.

    ``wanted``: the matches that will be asked for. Where a layer must be peeled one by one, this is
    done only where its header may satisfy one of them.
    """
    packets = Packets.whole(columns, rows)
    for depth, layer in enumerate(layers):
        if layer == "ax25" and depth == 0:
            packets = _below_ax25(packets)
        elif layer in _CSP:
            packets = _below_csp(packets, layer)
        elif layer == "space-packet":
            packets = _below_space_packet(packets, layer)
        else:
            once = layers.count(layer) == 1  # else a rule is about the innermost
            packets = _below_any(packets, layer, wanted if once else _ANYTHING)
    return packets


def _below_ax25(outer: Packets) -> Packets:
    ax25 = outer.columns.ax25
    keep = np.flatnonzero(ax25.number[outer.rows] >= 0)
    starts = np.array([header.bits[1] // 8 for header in ax25.headers], np.int64)
    return _Ax25(outer, "ax25", keep, starts[ax25.number[outer.rows[keep]]], outer.end[keep])


def _below_csp(outer: Packets, layer: str) -> Packets:
    size = LAYERS[layer].header_bytes
    keep = np.flatnonzero(outer.size >= size)
    words = _words(outer, layer, keep)
    tail: Numbers = _CSP_CRC * (words & np.uint64(1)).astype(np.int64)
    fits = outer.size[keep] >= size + tail
    keep, tail = keep[fits], tail[fits]
    found = _Csp(outer, layer, keep, outer.start[keep] + size, outer.end[keep] - tail)
    found.words = words[fits]
    return found


def _below_space_packet(outer: Packets, layer: str) -> Packets:
    """As :func:`decoders.layers.space_packet.peel`."""
    size = LAYERS[layer].header_bytes
    keep = np.flatnonzero(outer.size > size)
    words = _words(outer, layer, keep)
    whole = size + 1 + (words & np.uint64(0xFFFF)).astype(np.int64)
    known = (words >> np.uint64(45) == 0) & (words >> np.uint64(32) & np.uint64(0x7FF) != _IDLE)
    right = known & (whole <= outer.size[keep])
    keep, whole = keep[right], whole[right]
    start = outer.start[keep]
    found = _Header(outer, layer, keep, start + size, start + whole)
    found.words = words[right]
    return found


def _below_any(outer: Packets, layer: str, wanted: Wanted) -> Packets:
    """Peeled one by one, where the fixed part of the header allows one of ``wanted``."""
    size = LAYERS[layer].header_bytes
    keep = np.flatnonzero(outer.size >= size)
    words = _words(outer, layer, keep)
    may = _may_match(words, layer, wanted)
    places, starts, ends = [], [], []
    for place in np.flatnonzero(may).tolist():
        try:
            peeled = LAYERS[layer].peel(outer.data(int(keep[place])))
        except DecodeError:
            continue
        places.append(place)
        starts.append(peeled.start)
        ends.append(peeled.end)
    chosen = np.array(places, np.intp)
    keep, offset = keep[chosen], outer.start[keep[chosen]]
    found = _Header(
        outer, layer, keep, offset + np.array(starts, np.int64), offset + np.array(ends, np.int64)
    )
    found.words = words[chosen]
    return found


def _may_match(words: NDArray[np.uint64], layer: str, wanted: Wanted) -> Mask:
    may = np.zeros(len(words), bool)
    for match in wanted:
        ok = np.ones(len(words), bool)
        for name, value in match.fields.items():
            if name.partition(".")[0] == layer and isinstance(value, int):
                column = _field(words, layer, name.partition(".")[2])
                if column is not None:
                    ok &= column == value
        may |= ok
    return may
