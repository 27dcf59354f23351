"""Numbers in and out of bit fields of a packet: one packet, or a column of packets.

Bit 0 of a packet is the most significant bit of its first byte; with ``bit_order`` lsb it is the
least significant one, and numbers grow towards the more significant bits, as C bit fields on
little-endian processors do.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from decoders.definition.model import Parameter
from decoders.errors import EncodeError
from decoders.value import Raw

Array: TypeAlias = np.ndarray[Any, Any]

_FLOAT_CODES = {16: "e", 32: "f", 64: "d"}


class Field(NamedTuple):
    """A parameter at its place: ``start`` and ``bits`` in bits from the packet's first bit."""

    name: str
    row: Parameter
    start: int
    bits: int

    @property
    def end_byte(self) -> int:
        """How many bytes a packet must have to contain the field."""
        return (self.start + self.bits + 7) // 8

    @property
    def plain(self) -> bool:
        """Whole bytes of a size that ``struct`` and numpy know."""
        if self.start % 8 or (self.row.bit_order == "lsb" and self.row.endian == "big"):
            return False
        if self.row.kind in ("ascii", "bytes"):
            return True
        return self.bits in (8, 16, 32, 64)

    @property
    def code(self) -> str:
        """The ``struct`` code of a plain field."""
        kind, bits = self.row.kind, self.bits
        if kind in ("ascii", "bytes"):
            return f"{bits // 8}s"
        if kind == "f":
            return _FLOAT_CODES[bits]
        letter = {8: "b", 16: "h", 32: "i", 64: "q"}[bits]
        return letter if kind == "i" else letter.upper()

    def frame_bits(self, offset: int) -> tuple[int, int]:
        """(first bit, number of bits), most significant bit first, ``offset`` bits further on.

        A least-significant-first field that crosses bytes is not one run of bits in that
        order: then all bits of its bytes are given.
        """
        if self.row.bit_order == "msb" or (self.start % 8 == 0 and self.bits % 8 == 0):
            return offset + self.start, self.bits
        first, last = self.start // 8, self.end_byte
        if last - first == 1:
            return offset + 8 * first + 8 - self.start % 8 - self.bits, self.bits
        return offset + 8 * first, 8 * (last - first)


def read(data: bytes, field: Field) -> Raw:
    """The raw value of ``field`` in one packet that is long enough."""
    row, bits = field.row, field.bits
    if row.kind in ("ascii", "bytes"):
        content = read_bytes(data, field.start, bits)
        return content.decode("latin-1") if row.kind == "ascii" else content
    first, last = field.start // 8, field.end_byte
    if row.bit_order == "lsb":
        word = int.from_bytes(data[first:last], "little") >> field.start % 8
    else:
        word = int.from_bytes(data[first:last], "big") >> (8 * last - field.start - bits)
    return _number(word & (1 << bits) - 1, row, bits)


def read_bytes(data: bytes, start: int, bits: int) -> bytes:
    """``bits`` (whole bytes) from bit ``start``, which need not be a byte's first."""
    first, last = start // 8, (start + bits + 7) // 8
    if start % 8 == 0:
        return data[first:last]
    word = int.from_bytes(data[first:last]) >> (8 * last - start - bits)
    return (word & (1 << bits) - 1).to_bytes(bits // 8)


def _swaps(row: Parameter, bits: int) -> bool:
    """Whether the bytes of the extracted word stand the wrong way round."""
    natural = "little" if row.bit_order == "lsb" else "big"
    return row.endian != natural and bits > 8


def _number(word: int, row: Parameter, bits: int) -> Raw:
    if _swaps(row, bits):
        word = int.from_bytes(word.to_bytes(bits // 8, "little"))
    if row.kind == "i" and word >> (bits - 1):
        return word - (1 << bits)
    if row.kind == "f":
        value: float = struct.unpack(f">{_FLOAT_CODES[bits]}", word.to_bytes(bits // 8))[0]
        return value
    return word


def write(buffer: bytearray, field: Field, raw: Raw) -> None:
    """Put ``raw``, which is in range, into ``buffer``; the bits there must be 0."""
    row, bits = field.row, field.bits
    first, last = field.start // 8, field.end_byte
    if isinstance(raw, str):
        raw = raw.encode("latin-1")
    if isinstance(raw, bytes):
        word = int.from_bytes(raw)
        shift = 8 * last - field.start - bits
        order = "big"
    else:
        word = _word(raw, row, bits)
        lsb = row.bit_order == "lsb"
        shift = field.start % 8 if lsb else 8 * last - field.start - bits
        order = "little" if lsb else "big"
    size = last - first
    old = int.from_bytes(buffer[first:last], order)  # type: ignore[arg-type]
    buffer[first:last] = (old | word << shift).to_bytes(size, order)  # type: ignore[arg-type]


def _word(raw: float, row: Parameter, bits: int) -> int:
    if row.kind == "f":
        word = int.from_bytes(struct.pack(f">{_FLOAT_CODES[bits]}", raw))
    else:
        word = int(raw) & (1 << bits) - 1
    if _swaps(row, bits):
        word = int.from_bytes(word.to_bytes(bits // 8, "little"))
    return word


def read_column(frames: NDArray[np.uint8], field: Field) -> Array:
    """The raw values of ``field`` in ``frames`` (N packets x bytes): N numbers or bytes objects.

    Integers come as the narrowest of numpy's types, floats as their own; equal to :func:`read`.
    Plain fields are views into ``frames``, in the byte order that they have there.
    """
    if field.row.kind in ("ascii", "bytes"):
        return _bytes_column(frames, field)
    if field.plain:
        return plain_view(field)(frames)
    return _bits_column(frames, field)


def plain_view(field: Field) -> Callable[[NDArray[np.uint8]], Array]:
    """What :func:`read_column` does for a plain field, to be called again and again."""
    order = ">" if field.row.endian == "big" else "<"
    dtype = np.dtype(order + field.code)  # struct and numpy use the same letters
    first = field.start // 8

    def view(frames: NDArray[np.uint8]) -> Array:
        return np.ndarray((len(frames),), dtype, frames, first, frames.strides[:1])

    return view


def _bits_column(frames: NDArray[np.uint8], field: Field) -> Array:
    row, bits = field.row, field.bits
    first, last = field.start // 8, field.end_byte
    if last - first > 8:  # a field of 58 to 64 bits over nine bytes
        return np.array([read(bytes(frame), field) for frame in frames])
    indexes = range(first, last) if row.bit_order == "msb" else range(last - 1, first - 1, -1)
    word = np.zeros(len(frames), np.uint64)
    for index in indexes:
        word = word << np.uint64(8) | frames[:, index].astype(np.uint64)
    lsb = row.bit_order == "lsb"
    shift = field.start % 8 if lsb else 8 * last - field.start - bits
    word >>= np.uint64(shift)
    word &= np.uint64((1 << bits) - 1)
    if _swaps(row, bits):
        word = word.byteswap() >> np.uint64(64 - bits)
    if row.kind == "f":
        unsigned = {16: np.uint16, 32: np.uint32, 64: np.uint64}[bits]
        return word.astype(unsigned).view(f"=f{bits // 8}")
    if row.kind == "i":
        top = np.uint64(64 - bits)
        return (word << top).view(np.int64) >> np.int64(64 - bits)
    return word


def _bytes_column(frames: NDArray[np.uint8], field: Field) -> Array:
    rows = np.empty(len(frames), object)
    if field.start % 8 == 0:
        rows[:] = _whole_bytes(frames[:, field.start // 8 : field.end_byte], field.row.kind)
        return rows
    for index, frame in enumerate(frames):
        rows[index] = read(frame.tobytes(), field)
    return rows


def _whole_bytes(content: NDArray[np.uint8], kind: str) -> list[Raw]:
    """The text or bytes of each row."""
    joined, width = content.tobytes(), content.shape[1]
    whole = joined.decode("latin-1") if kind == "ascii" else joined
    return [whole[place * width : (place + 1) * width] for place in range(len(content))]


def write_column(packets: NDArray[np.uint8], field: Field, raw: Array) -> None:
    """Put a column of raw values into ``packets`` (N x bytes), where the bits must be 0.

    Equal to :func:`write` of each. Raises EncodeError for a number out of range.
    """
    if field.row.kind in ("ascii", "bytes") or raw.dtype == object or not field.plain:
        _write_each(packets, field, raw)
        return
    view = plain_view(field)(packets)
    if field.row.kind != "f" and len(raw):
        limits = np.iinfo(view.dtype)
        if not (limits.min <= raw.min() and raw.max() <= limits.max):
            raise EncodeError(f"a raw value is not {limits.min}..{limits.max}")
    view[:] = raw


def _write_each(packets: NDArray[np.uint8], field: Field, raw: Array) -> None:
    first, last = field.start // 8, field.end_byte
    local = field._replace(start=field.start - 8 * first)
    for packet, value in zip(packets[:, first:last], raw.tolist(), strict=True):
        buffer = bytearray(packet.tobytes())
        write(buffer, local, value)
        packet[:] = np.frombuffer(bytes(buffer), np.uint8)
