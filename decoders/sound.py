"""Packets of many frames that apply and have nothing wrong, found in columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from decoders import evidence
from decoders.bits import Array, Field, read, read_column
from decoders.coding.crc import crc_column
from decoders.errors import DecodeError
from decoders.frame_columns import FrameColumns, Mask, Numbers, Packets, Rows, distinct
from decoders.identify import Identifier
from decoders.known import KnownPacket, KnownSatellite
from decoders.layer_columns import below
from decoders.plan import Plan
from decoders.shape import Shape
from decoders.value import LayerHeader, Raw

#: Different causes of shapes among packets of one size; more are looked at one by one.
_MOST_CAUSES = 64


class Sound(NamedTuple):
    """Frames whose packet is ``packet``'s with nothing wrong: ``data`` is N x needed bytes.

    ``start`` and ``end``: where the packets lie in their frames, in bytes.
    """

    known: KnownSatellite
    packet: KnownPacket
    shape: Shape
    rows: Rows
    bits: Numbers
    data: NDArray[np.uint8]
    start: Numbers
    end: Numbers

    def those(self, places: Rows) -> Sound:
        """Some of the frames."""
        rows, bits, data = self.rows[places], self.bits[places], self.data[places]
        start, end = self.start[places], self.end[places]
        return self._replace(rows=rows, bits=bits, data=data, start=start, end=end)


def fits(
    columns: FrameColumns, known: KnownSatellite, caller: LayerHeader | None, rows: Rows
) -> Iterator[Sound]:
    """The sound ones of the frames to which a packet of ``known`` applies."""
    left = rows
    for layers in known.layers_for(caller):
        known_packets = known.paths[layers]
        if not len(left):
            return
        packets = below(columns, left, layers, [packet.match for packet in known_packets])
        free = np.ones(len(packets.rows), bool)
        for packet in known_packets:
            places = packets.matching(packet.match, np.flatnonzero(free))
            free[places] = False
            extra = Identifier.callsign_bits(known, caller, packet)
            yield from sound_parts(known, packet, packets, places, extra)
        left = np.setdiff1d(left, packets.rows[~free], assume_unique=True)


def sound_parts(
    known: KnownSatellite, packet: KnownPacket, packets: Packets, places: Rows, extra: int
) -> Iterator[Sound]:
    """Those of ``places`` that ``packet`` decodes with nothing wrong, by their shapes."""
    places = places[packets.sound(places)]
    for shape, those in _shapes(packet.plan, packets, places):
        some = those[packets.size[those] >= shape.needed_bytes]
        if not len(some):
            continue
        data = packets.first_bytes(some, shape.needed_bytes)
        right = _right(shape, data)
        if not right.all():
            some, data = some[right], data[right]
        if len(some):
            bits = extra + _bits(known, packet, shape, packets, some)
            where = packets.start[some], packets.end[some]
            yield Sound(known, packet, shape, packets.rows[some], bits, data, *where)


def _shapes(plan: Plan, packets: Packets, places: Rows) -> Iterator[tuple[Shape, Rows]]:
    if plan.size is not None:
        yield plan.shape(b""), places
        return
    sizes = packets.size[places]
    for size in distinct(sizes):
        yield from _shapes_of(plan, packets, places[sizes == size], size)


def _shapes_of(
    plan: Plan, packets: Packets, places: Rows, size: int
) -> Iterator[tuple[Shape, Rows]]:
    """Packets of one size: each shape is worked out once for all that have the same causes."""
    data = packets.first_bytes(places, size)
    for _ in range(_MOST_CAUSES):
        if not len(places):
            return
        first = data[0].tobytes()
        shape, causes = plan.shape_and_causes(first)
        if causes is None:
            break
        alike = _alike(data, first, causes)
        if shape is not None:
            yield shape, places[alike]
        places, data = places[~alike], data[~alike]
    yield from _shapes_one_by_one(plan, packets, places)


def _alike(data: NDArray[np.uint8], first: bytes, causes: tuple[Field, ...]) -> Mask:
    """Which packets have what the first one has in ``causes``, as far as they reach."""
    alike = np.ones(len(data), bool)
    for cause in causes:
        if cause.end_byte <= data.shape[1]:
            alike &= _is(read_column(data, cause), read(first, cause))
    alike[0] = True  # even if what it has is not a number
    return alike


def _shapes_one_by_one(plan: Plan, packets: Packets, places: Rows) -> Iterator[tuple[Shape, Rows]]:
    found: dict[int, tuple[Shape, list[int]]] = {}
    for place in places.tolist():
        try:
            shape = plan.shape(packets.data(place))
        except DecodeError:
            continue
        found.setdefault(id(shape), (shape, []))[1].append(place)
    for shape, some in found.values():
        yield shape, np.array(some, np.intp)


def _right(shape: Shape, data: NDArray[np.uint8]) -> Mask:
    """Where all constants and check values hold."""
    right = np.ones(len(data), bool)
    for one in shape.checked:
        raw = read_column(data, one)
        if one.row.const is not None:
            right &= _is(raw, one.row.const)
        if one.row.crc:
            right &= raw == crc_column(one.row.crc, data[:, : one.start // 8])
    return right


def _is(raw: Array, wanted: Raw) -> Mask:
    if isinstance(wanted, str | bytes):  # numpy would cut the zeros at its end
        return np.array([each == wanted for each in raw.tolist()], bool)
    equal: Mask = raw == wanted
    return equal


def _bits(
    known: KnownSatellite, packet: KnownPacket, shape: Shape, packets: Packets, places: Rows
) -> Numbers:
    """The evidence for each of ``places``; as :meth:`KnownSatellite.evidence_bits`."""
    match = packet.match
    bits = np.empty(len(places), np.int64)
    if any(offset < 0 for offset, _, _ in match.masked):
        sizes = packets.size[places]
        for size in distinct(sizes):
            bits[sizes == size] = packet.evidence_bits(size, shape)
    else:
        bits[:] = packet.evidence_bits(0, shape)
    addresses, unknown = known.sketch.csp_addresses, np.ones(len(places), bool)
    layers = [layer for layer in packets.layers if layer != "ax25"] if addresses else []
    for layer in layers:
        from_it = unknown & np.any(
            [packets.equal(layer, "source", each)[places] for each in addresses], axis=0
        )
        if f"{layer}.source" not in match.fields:
            bits[from_it] += evidence.addressed_bits(addresses)
        unknown &= ~from_it
    return bits
