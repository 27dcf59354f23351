"""Columns: every parameter of many packets of one shape at once, by numpy."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from decoders.bits import Array, Field, plain_view, read_column, write_column
from decoders.convert import engineering_column, raw_column
from decoders.definition.limits import INVALID, STATE_NUMBERS, STATES, unlimited
from decoders.definition.model import Derived
from decoders.errors import EncodeError
from decoders.shape import Shape, as_number


class Column:
    """One parameter of N packets.

    ``raw`` (None for derived values) and ``value`` have N entries; ``value`` has numbers with NaN
    for 'no value', or objects for words and texts. ``state``: numbers into
    :data:`decoders.definition.limits.STATES`. Words and texts are made when they are asked for.
    """

    __slots__ = ("_convert", "_raw", "_value", "state", "unit")

    def __init__(
        self,
        raw: Array | None,
        value: Array | None,
        state: NDArray[np.uint8],
        unit: str,
        convert: Callable[[], tuple[Array, Array]] | None = None,
    ):
        self._raw, self._value, self._convert = raw, value, convert
        self.state, self.unit = state, unit

    @property
    def raw(self) -> Array | None:
        """Raw values."""
        self._make()
        if self._raw is not None and self._raw.dtype.kind in "uif" and self._raw.base is not None:
            self._raw = native(self._raw)
        return self._raw

    @property
    def value(self) -> Array:
        """Engineering values."""
        self._make()
        assert self._value is not None
        return self._value

    def rows(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Column:
        """The column of some of the packets."""
        raw = None if self.raw is None else self.raw[chosen]
        return Column(raw, self.value[chosen], self.state[chosen], self.unit)

    def states(self) -> list[str]:
        """The states in words."""
        return [STATES[number] for number in self.state.tolist()]

    def _make(self) -> None:
        if self._convert is not None:
            self._raw, self._value = self._convert()
            self._convert = None


_Maker: TypeAlias = Callable[[NDArray[np.uint8], NDArray[np.uint8]], Column]


def decode_columns(shape: Shape, packets: NDArray[np.uint8]) -> dict[str, Column]:
    """Every parameter of N packets (N x bytes, long enough); equal to one by one."""
    found: dict[str, Column] = {}
    _keep_pages(8 * len(shape.fields) * len(packets))
    free = unlimited(len(packets))
    free.flags.writeable = False  # shared by all columns in which nothing is limited
    with np.errstate(all="ignore"):  # what is not finite comes out as invalid
        shape.column_makers = shape.column_makers or [_maker(field) for field in shape.fields]
        for field, make in zip(shape.fields, shape.column_makers, strict=True):
            found[field.name] = make(packets, free)
        derived_columns(shape.derived, found, len(packets))
    return found


def _keep_pages(size: int) -> None:
    """Have the C library keep the pages of one chunk's columns for those of the next.

    Else it gives them back each time, and to get thousands of pages anew takes as long as to
    decode. glibc keeps free twice as much as the largest block that was ever freed (mallopt(3),
    M_MMAP_THRESHOLD, up to 32 MiB); elsewhere this does nothing. The block is never touched.
    """
    np.empty(size, np.uint8)


def _maker(field: Field) -> _Maker:
    """What makes the column of a field, all that does not hang on the packets worked out before."""
    row, calibration = field.row, field.row.calibration
    never_judged = row.limits is None and not row.sentinel
    # Every byte is a letter of the usual encoding; of another one, a text may be none.
    text = row.kind in ("ascii", "bytes") and calibration is None and not row.encoding
    words = text or (calibration is not None and not calibration.numeric)
    if never_judged and words:
        return partial(_made_later, field)
    whole = field.plain and row.kind in ("u", "i")
    if never_judged and whole and (calibration is None or calibration.finite):
        return _plain(field)
    return partial(_with_states, field)


def _plain(field: Field) -> _Maker:
    """Numbers of whole bytes, all of which have a value, and no limits."""
    view, unit, calibration = plain_view(field), field.row.unit, field.row.calibration
    convert = native if calibration is None else calibration.column

    def make(packets: NDArray[np.uint8], free: NDArray[np.uint8]) -> Column:
        raw = view(packets)
        value = convert(raw)
        return Column(value if convert is native else raw, value, free, unit)

    return make


def _made_later(field: Field, packets: NDArray[np.uint8], free: NDArray[np.uint8]) -> Column:
    """Words and texts, which cost much and which few ask for."""

    def convert() -> tuple[Array, Array]:
        raw = read_column(packets, field)
        return raw, engineering_column(field.row, raw, free)[0]

    return Column(None, None, free, field.row.unit, convert)


def _with_states(field: Field, packets: NDArray[np.uint8], free: NDArray[np.uint8]) -> Column:
    row = field.row
    raw = read_column(packets, field)
    if row.calibration is None:
        raw = native(raw)
    value, state = engineering_column(row, raw, free)
    return Column(raw, value, state, row.unit)


def native(column: Array) -> Array:
    """``column`` as an array of its own, in this machine's byte order."""
    return column.astype(column.dtype.newbyteorder("="))


def derived_columns(derived: Sequence[Derived], found: dict[str, Column], length: int) -> None:
    """Add to the columns ``found`` of ``length`` packets what is computed from them."""
    needed = {name for row in derived for name in row.expression.names}
    scope = {name: numbers_of(column) for name, column in found.items() if name in needed}
    for row in derived:
        numbers = np.array(row.expression.column(scope, length))
        broken = ~np.isfinite(numbers)
        numbers[broken] = math.nan
        state = row.limits.states(numbers) if row.limits else unlimited(length)
        state[broken] = STATE_NUMBERS[INVALID]
        scope[row.name] = numbers
        found[row.name] = Column(None, numbers, state, row.unit)


def numbers_of(column: Column) -> Array:
    """A column for expressions: as one by one, see :func:`decoders.shape.as_number`."""
    if column.value.dtype != object:
        return column.value
    raw = [None] * len(column.value) if column.raw is None else column.raw.tolist()
    values = zip(column.value.tolist(), raw, strict=True)
    return np.array([as_number(value, number) for value, number in values], object)


def encode_columns(
    fields: Sequence[Field],
    packets: NDArray[np.uint8],
    values: Mapping[str, Array],
    raw: Mapping[str, Array],
) -> None:
    """Write columns into ``packets`` (N x bytes, zeros where a field goes).

    Raises EncodeError naming the parameter for a value that does not fit.
    """
    for field in fields:
        if field.name in raw:
            column = raw[field.name]
        elif field.name in values:
            try:
                column = raw_column(field.row, field.bits, values[field.name])
            except EncodeError as error:
                raise EncodeError(f"{field.name}: {error}") from error
        elif isinstance(field.row.const, int):
            column = np.full(len(packets), field.row.const)
        else:
            continue
        try:
            write_column(packets, field, column)
        except EncodeError as error:
            raise EncodeError(f"{field.name}: {error}") from error
