"""A packet layout compiled: one plan decodes one packet, decodes columns, and encodes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from decoders.bits import Array, Field, write
from decoders.coding.crc import crc
from decoders.columns import Column, decode_columns, encode_columns
from decoders.convert import raw_range, text_raw, to_raw
from decoders.definition.model import PacketLayout
from decoders.demanded import Wanted, demanded_length, fill, said
from decoders.errors import DecodeError, EncodeError
from decoders.layout import is_static, place, reader, require, text_ends
from decoders.shape import Shape
from decoders.suggest import nearest
from decoders.value import Engineering, Raw, Value

_MOST_SHAPES = 256


class Plan:
    """A packet layout ready to decode and encode. Shapes of varying layouts are kept, bounded."""

    def __init__(self, layout: PacketLayout):
        self.layout = layout
        self._static = (
            Shape(place(layout, 0, _never), layout.derived) if is_static(layout.items) else None
        )
        self._shapes: OrderedDict[tuple[tuple[str, int, int], ...], Shape] = OrderedDict()

    @property
    def size(self) -> int | None:
        """Bytes that the rows fill, None when that differs between packets."""
        return self._static.needed_bytes if self._static is not None else None

    def shape(self, packet: bytes) -> Shape:
        """The shape of this packet; raises DecodeError when it does not fit the layout."""
        if self._static is not None:
            return self._static
        fields = place(self.layout, len(packet), reader(packet), None, text_ends(packet))
        return self._shape(fields)

    def shape_and_causes(self, packet: bytes) -> tuple[Shape | None, tuple[Field, ...] | None]:
        """The shape of this packet (None: it does not fit), and the fields that it hangs on.

        Every packet of the same length that has the same raw values in these fields has the same
        shape. None for the fields: it hangs on where a text ends.
        """
        read, ends = reader(packet), text_ends(packet)
        causes: list[Field] = []
        texts = False

        def noted(field: Field) -> Raw:
            causes.append(field)
            return read(field)

        def noted_end(field: Field) -> int:
            nonlocal texts
            texts = True
            return ends(field)

        try:
            shape = self._shape(place(self.layout, len(packet), noted, None, noted_end))
        except DecodeError:
            shape = None
        return shape, None if texts else tuple(causes)

    def _shape(self, fields: tuple[Field, ...]) -> Shape:
        if self._static is not None:
            return self._static
        key = tuple((field.name, field.start, field.bits) for field in fields)
        shape = self._shapes.get(key)
        if shape is None:
            shape = self._shapes[key] = Shape(fields, self.layout.derived)
            if len(self._shapes) > _MOST_SHAPES:
                self._shapes.popitem(last=False)
        return shape

    def decode(self, packet: bytes, offset: int = 0) -> tuple[tuple[Value, ...], str | None]:
        """Values of one packet ``offset`` bits into its frame, and what is wrong with it or None.

        Raises DecodeError when the packet does not fit the layout.
        """
        shape = self.shape(packet)
        values = shape.values(packet, offset)
        return values, "; ".join(shape.problems(packet)) or None

    def columns(self, packets: Sequence[bytes] | NDArray[np.uint8]) -> dict[str, Column]:
        """Columns of N packets of one length and shape; raises DecodeError otherwise."""
        if not isinstance(packets, np.ndarray):
            if len({len(packet) for packet in packets}) > 1:
                raise DecodeError("columns need packets of one length")
            flat = np.frombuffer(b"".join(packets), np.uint8)
            packets = flat.reshape(len(packets), -1)
        if self._static is not None or len(packets) == 0:
            shape = self._static or Shape((), ())
        else:
            shapes = {id(s): s for s in (self.shape(packet.tobytes()) for packet in packets)}
            if len(shapes) > 1:
                raise DecodeError("columns need packets with the same fields at the same places")
            shape = next(iter(shapes.values()))
        if packets.shape[1] < shape.needed_bytes:
            require(bytes(packets.shape[1]), shape.fields)
        return decode_columns(shape, packets)

    def encode_columns(
        self, values: Mapping[str, Array], raw: Mapping[str, Array] | None = None
    ) -> NDArray[np.uint8]:
        """N packets (N x bytes) from columns of N entries; equal to :meth:`encode` of each.

        Only for layouts whose fields always lie at the same places. Raises EncodeError naming the
        parameter.
        """
        raw = raw or {}
        if self._static is None:
            raise EncodeError(f"packet {self.layout.name!r} varies: encode its packets one by one")
        known = {field.name for field in self._static.fields}
        for name in sorted({*values, *raw} - known):
            raise EncodeError(
                f"packet {self.layout.name!r} has no parameter {name!r}; {nearest(name, known)}"
            )
        length = {len(column) for column in (*values.values(), *raw.values())}
        if len(length) != 1:
            raise EncodeError("columns need one length")
        match, fields = self.layout.match, self._static.fields
        size = demanded_length(match, self._static.needed_bytes)
        packets = np.zeros((length.pop(), size), np.uint8)
        encode_columns([f for f in fields if not f.row.crc], packets, values, raw)
        fill(packets, match, said(fields, {*values, *raw}))
        for field in fields:
            if field.row.crc:
                covered = (packet.tobytes() for packet in packets[:, : field.start // 8])
                checks = np.array([crc(field.row.crc, data) for data in covered])
                encode_columns([field], packets, {}, {field.name: checks})
        return packets

    def encode(
        self,
        values: Mapping[str, Engineering],
        raw: Mapping[str, Raw] | None = None,
        length: int = 0,
    ) -> bytes:
        """The packet with these engineering ``values``; ``raw`` values go before them.

        What is not given is what the packet's match wants, its ``const``, or 0; check values are
        computed. ``length``: bytes to fill up to with zeros. Raises EncodeError naming the
        parameter.
        """
        raw = raw or {}
        names = {*values, *raw}
        fields = self._fields_for(values, raw, length)
        known = {field.name for field in fields} | {d.name for d in self.layout.derived}
        for name in sorted(names - known):
            raise EncodeError(
                f"packet {self.layout.name!r} has no parameter {name!r} here; "
                f"{nearest(name, known)}"
            )
        match = self.layout.match
        size = demanded_length(match, max([length, *(field.end_byte for field in fields)]))
        packet = bytearray(size)
        for field in fields:
            if not field.row.crc:
                write(packet, field, _raw_for(field, values, raw))
        fill(np.frombuffer(packet, np.uint8)[np.newaxis], match, said(fields, names))
        for field in fields:
            if field.row.crc:
                write(packet, field, crc(field.row.crc, bytes(packet[: field.start // 8])))
        return bytes(packet)

    def _fields_for(
        self, values: Mapping[str, Engineering], raw: Mapping[str, Raw], length: int
    ) -> tuple[Field, ...]:
        if self._static is not None:
            return self._static.fields
        names = {*values, *raw}
        match = self.layout.match
        wanted = Wanted(match)

        def control(field: Field) -> Raw:
            demanded = wanted.raw(field) if field.name not in names else None
            return _raw_for(field, values, raw) if demanded is None else demanded

        try:
            fields = place(
                self.layout,
                length or min(match.length, default=match.minimum_length),
                control,
                lambda prefix: any(n == prefix or n.startswith(f"{prefix}_") for n in names),
                lambda field: _text_bits(_raw_for(field, values, raw)),
            )
        except DecodeError as error:
            raise EncodeError(str(error)) from error
        return _sized(fields, values, raw)


def _sized(
    fields: tuple[Field, ...], values: Mapping[str, Engineering], raw: Mapping[str, Raw]
) -> tuple[Field, ...]:
    """Give a last text or bytes field that takes the rest of the packet the size of its value."""
    row = fields[-1].row if fields else None
    if row is None or row.bits or row.until or row.size_from is not None:
        return fields
    last = fields[-1]
    if row.kind not in ("ascii", "bytes"):
        return fields
    bits = _text_bits(_raw_for(last._replace(bits=0), values, raw))
    return (*fields[:-1], last._replace(bits=max(bits, last.bits)))


def _raw_for(field: Field, values: Mapping[str, Engineering], raw: Mapping[str, Raw]) -> Raw:
    row = field.row
    if field.name in raw:
        return _in_range(field, raw[field.name])
    try:
        if field.name in values:
            return to_raw(row, field.bits, values[field.name])
        if row.const is not None:
            return _in_range(field, row.const)
        return to_raw(row, field.bits, "") if row.kind in ("ascii", "bytes") else 0
    except EncodeError as error:
        raise EncodeError(f"{field.name}: {error}") from error


def _in_range(field: Field, raw: Raw) -> Raw:
    if isinstance(raw, str | bytes):
        return text_raw(field.row, field.bits, raw)
    if field.row.kind == "f":
        return float(raw)
    low, high = raw_range(field.row, field.bits)
    if raw != int(raw) or not low <= raw <= high:
        raise EncodeError(f"{field.name}: the raw value {raw!r} is not {low}..{high}")
    return int(raw)


def _text_bits(raw: Raw) -> int:
    return 8 * len(raw) if isinstance(raw, str | bytes) else 0


def _never(field: Field) -> Raw:
    raise AssertionError(f"a static layout reads no field while it is placed: {field.name}")
