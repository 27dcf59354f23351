"""Layers of many frames peeled at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from decoders.coding.crc import crc_column
from decoders.definition.model import Match
from decoders.errors import DecodeError
from decoders.frame_columns import FrameColumns, Mask, Numbers, Packets, Rows, distinct
from decoders.known import Layers
from decoders.layers.csp import CSP
from decoders.layers.peeled import Peeled
from decoders.layers.registry import LAYERS
from decoders.layers.space_packet import UNSEGMENTED

#: Matches of which at least one must hold.
Wanted: TypeAlias = Sequence[Match]
_ANYTHING: Wanted = (Match(),)
#: Bytes of the CRC at the end of a CSP packet, which the header's last bit announces, and of the
#: HMAC before it.
_CSP_CRC = 4
_CSP_HMAC = 4
_XTEA_BIT, _HMAC_BIT = 4, 8
_IDLE = 0x7FF  # the APID of idle space packets
_OCF = 4  # bytes of a TM frame's operational control field
_NO_PACKET = 0x7FE  # first header pointers from here on: fill, or no packet begins


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

    def unsegmented(self, places: Rows) -> Mask:
        return self.outer.unsegmented(self.keep[places])

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
        words = self.words[places]
        found: Mask = (words & np.uint64(_XTEA_BIT | 1)) == 0
        hashed = np.flatnonzero((words & np.uint64(_XTEA_BIT | _HMAC_BIT)) == _HMAC_BIT)
        if len(hashed):
            found[hashed] = super()._sound(places[hashed])
        announced = np.flatnonzero((words & np.uint64(_XTEA_BIT | _HMAC_BIT | 1)) == 1)
        sizes = self.size[places[announced]]
        for size in distinct(sizes):
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


class _SpacePacket(_Header):
    """Below a space packet's header."""

    def unsegmented(self, places: Rows) -> Mask:
        flags = _field(self.words[places], self.layer, "sequence_flags")
        assert flags is not None
        whole: Mask = flags == UNSEGMENTED
        return whole & super().unsegmented(places)


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
        elif layer in CSP:
            packets = _below_csp(packets, layer)
        elif layer == "space-packet":
            packets = _below_space_packet(packets, layer)
        else:
            once = layers.count(layer) == 1  # else a rule is about the innermost
            peel = _below_tm if layer == "tm-frame" else _below_any
            packets = peel(packets, layer, wanted if once else _ANYTHING)
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
    tail += _CSP_HMAC * ((words & np.uint64(_HMAC_BIT)) != 0)
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
    found = _SpacePacket(outer, layer, keep, start + size, start + whole)
    found.words = words[right]
    return found


def _below_tm(outer: Packets, layer: str, wanted: Wanted) -> Packets:
    """As :func:`decoders.layers.transfer_frame.peel_tm`, which does it itself where it is odd."""
    size = LAYERS[layer].header_bytes
    keep = np.flatnonzero(outer.size >= size)
    words = _words(outer, layer, keep)
    header = {name: _signed(words, layer, name) for name, _ in LAYERS[layer].header}
    odd: Mask = header["secondary_header_flag"] == 1
    if np.any(odd & _may_match(words, layer, wanted)):
        return _below_any(outer, layer, wanted)
    end = outer.size[keep] - _OCF * header["ocf_flag"]
    packets: Mask = header["synchronisation_flag"] == 0
    start = size + np.where(packets, header["first_header_pointer"], 0)
    begins = ~packets | (start < end) & (header["first_header_pointer"] < _NO_PACKET)
    right = ~odd & (header["version"] == 0) & (size <= end) & begins
    keep, offset = keep[right], outer.start[keep[right]]
    found = _Header(outer, layer, keep, offset + start[right], offset + end[right])
    found.words = words[right]
    return found


def _signed(words: NDArray[np.uint64], layer: str, field: str) -> Numbers:
    column = _field(words, layer, field)
    assert column is not None
    return column.astype(np.int64)


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
