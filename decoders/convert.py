"""Raw value to engineering value and state, and back, for one row of a definition."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from decoders.bits import Array
from decoders.definition.calibration import Calibration, Divide, Linear, TextNumber
from decoders.definition.limits import INVALID, STATE_NUMBERS, UNLIMITED
from decoders.definition.model import Parameter
from decoders.errors import EncodeError
from decoders.value import Engineering, Raw

_MOST_WORDS = 1024
_LATEST = datetime(9999, 12, 31, tzinfo=UTC)


def engineering(row: Parameter, raw: Raw) -> Engineering:
    """The engineering value, None when ``raw`` means 'no value' or gives no finite number.

    Also None where its calibration cannot be computed.
    """
    try:
        return _engineering(row, raw)
    except (ArithmeticError, ValueError):
        return None


def _engineering(row: Parameter, raw: Raw) -> Engineering:
    if row.sentinel and raw in row.sentinel:
        return None
    if isinstance(raw, str):
        return _text(row, raw)
    if isinstance(raw, bytes):
        return raw.partition(row.until)[0] if row.until else raw
    special = _SPECIAL.get(row.kind)
    if special is not None:
        return special(row, raw)
    value: Engineering = row.calibration.apply(raw) if row.calibration else raw
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _text(row: Parameter, raw: str) -> Engineering:
    text = shown_text(row, raw)
    if row.calibration is None or text is None:
        return text
    value: Engineering = row.calibration.apply(text)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def shown_text(row: Parameter, raw: str) -> str | None:
    """What a raw text says, without its end and its fill; None: not in the row's encoding."""
    if row.until:
        raw = raw.partition(row.until.decode("latin-1"))[0]
    if row.encoding:
        try:
            raw = raw.encode("latin-1").decode(row.encoding)
        except UnicodeDecodeError:
            return None
    return raw.rstrip("\0 ")


def _bool(row: Parameter, raw: float) -> Engineering:
    value: Engineering = row.calibration.apply(raw) if row.calibration else raw
    if isinstance(value, float):
        return bool(value) if math.isfinite(value) else None
    return bool(value) if isinstance(value, int) else value


def _bcd(row: Parameter, raw: float) -> Engineering:
    """Nibbles as decimal digits; a nibble over 9 is no value."""
    digits = f"{int(raw):x}"
    if not digits.isdecimal():
        return None
    number = int(digits)
    value: Engineering = row.calibration.apply(number) if row.calibration else number
    return value


def _time(row: Parameter, raw: float) -> Engineering:
    seconds: Any = row.calibration.apply(raw) if row.calibration else float(raw)
    try:
        when = datetime.fromisoformat(row.epoch) + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return None
    return time_text(when) if when < _LATEST else None


def time_text(when: datetime) -> str:
    """ISO 8601 with ``Z``, with a fraction only where there is one."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


_SPECIAL: dict[str, Callable[[Parameter, float], Engineering]] = {
    "bool": _bool,
    "bcd": _bcd,
    "time": _time,
}


def converter(row: Parameter) -> Callable[[Raw], tuple[Engineering, str]] | None:
    """A function from raw to (value, state), or None where value = raw and nothing is limited."""
    limits, calibration = row.limits, row.calibration
    plain = row.kind in ("u", "i") and not row.sentinel
    if plain and calibration is None:
        return None if limits is None else lambda raw: (raw, limits.state(raw))
    if plain and calibration is not None and limits is None:
        return _calibrated(calibration)
    if limits is None:
        return lambda raw: _with_state(engineering(row, raw))

    def limited(raw: Raw) -> tuple[Engineering, str]:
        value = engineering(row, raw)
        return value, limits.state(value)

    return limited


def _with_state(value: Engineering) -> tuple[Engineering, str]:
    return value, INVALID if value is None else UNLIMITED


def _calibrated(calibration: Calibration) -> Callable[[Raw], tuple[Engineering, str]]:
    apply = calibration.apply
    if not calibration.numeric:
        known: dict[Raw, tuple[Engineering, str]] = {}

        def remembered(raw: Raw) -> tuple[Engineering, str]:
            """Words repeat: each is made once, as far as there is room."""
            found = known.get(raw)
            if found is None:
                found = _computed(apply, raw)
                if len(known) < _MOST_WORDS:
                    known[raw] = found
            return found

        return remembered
    if calibration.finite:
        return lambda raw: (apply(raw), UNLIMITED)

    return lambda raw: _computed(apply, raw)


def _computed(apply: Callable[[Any], Any], raw: Raw) -> tuple[Engineering, str]:
    """The value that a calibration gives, and its state: invalid where it gives none."""
    try:
        value: Engineering = apply(raw)
    except (ArithmeticError, ValueError):
        return None, INVALID
    if isinstance(value, float) and not math.isfinite(value):
        return None, INVALID
    return value, UNLIMITED


def engineering_column(
    row: Parameter, raw: Array, unlimited: NDArray[np.uint8]
) -> tuple[Array, NDArray[np.uint8]]:
    """Values and states (numbers into ``limits.STATES``) of a column; equal to one by one.

    Numeric values come as numbers with NaN for None; words and texts as an object array.
    ``unlimited``: that state, given back where nothing is limited or invalid.
    """
    calibration = row.calibration
    if row.kind not in ("u", "i", "f") or (calibration and not calibration.numeric):
        return _by_distinct(row, raw)
    values = raw if calibration is None else calibration.column(raw)
    invalid = np.isin(raw, row.sentinel) if row.sentinel else None
    # Integers through a calibration that is finite everywhere need not be looked at.
    may_break = row.kind == "f" or (calibration is not None and not calibration.finite)
    if may_break:
        broken = ~np.isfinite(values)
        invalid = broken if invalid is None else invalid | broken
    states = unlimited if row.limits is None else row.limits.states(values)
    if invalid is not None and invalid.any():
        states = states.copy()
        states[invalid] = STATE_NUMBERS[INVALID]
        values = values.astype(np.float64)
        values[invalid] = math.nan
    return values, states


def _by_distinct(row: Parameter, raw: Array) -> tuple[Array, NDArray[np.uint8]]:
    """Convert each distinct raw value once: states and texts repeat."""
    convert = converter(row) or (lambda raw: (raw, UNLIMITED))
    if raw.dtype in (np.uint8, np.int8):
        distinct: Array = np.arange(256, dtype=np.uint8).view(raw.dtype)
        index: Array = raw.view(np.uint8)
        used = np.zeros(256, bool)
        used[index] = True
    elif raw.dtype == object:
        places: dict[Raw, int] = {}
        index = np.array([places.setdefault(item, len(places)) for item in raw.tolist()], np.intp)
        distinct = np.empty(len(places), object)
        distinct[:] = list(places)
        used = np.ones(len(places), bool)
    else:
        distinct, index = np.unique(raw, return_inverse=True)
        used = np.ones(len(distinct), bool)
    values, states = np.empty(len(distinct), object), np.zeros(len(distinct), np.uint8)
    for number in np.flatnonzero(used).tolist():
        value, state = convert(distinct[number : number + 1].tolist()[0])
        values[number], states[number] = value, STATE_NUMBERS[state]
    return values[index], states[index]


def raw_range(row: Parameter, bits: int) -> tuple[int, int]:
    """Lowest and highest raw number of an integer row."""
    if row.kind == "i":
        return -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    return 0, (1 << bits) - 1


def to_raw(row: Parameter, bits: int, value: Engineering) -> Raw:
    """The raw value that gives ``value``; raises EncodeError naming range or words.

    The nearest raw value is taken where ``value`` lies between two.
    """
    if row.kind in ("ascii", "bytes"):
        return _to_text(row, bits, value)
    if value is None:
        if not row.sentinel:
            raise EncodeError("has no raw value that means 'no value'")
        return row.sentinel[0]
    low, high = raw_range(row, bits) if row.kind != "f" else (-math.inf, math.inf)
    if row.kind == "time":
        value = _to_seconds(row, value)
    number: Any = value
    if row.calibration is not None:
        if row.calibration.numeric and not isinstance(value, int | float):
            raise EncodeError(f"{value!r} is not a number")
        number = row.calibration.invert(value, low, high)
    if not isinstance(number, int | float) or not math.isfinite(number):
        raise EncodeError(f"{value!r} is not a number")
    if row.kind == "f":
        return float(number)
    if row.kind == "bcd":
        number = int(str(round(number)), 16)
    whole: int = round(number)
    if not low <= whole <= high:
        raise EncodeError(f"{value!r} needs the raw value {number:g}, which is not {low}..{high}")
    return whole


def raw_column(row: Parameter, bits: int, values: Array) -> Array:
    """The raw values of a column of engineering values; equal to :func:`to_raw` of each."""
    calibration = row.calibration
    plain = row.kind in ("u", "i") and values.dtype != object
    if plain and calibration is None and values.dtype.kind in "ui":
        return values
    if plain and isinstance(calibration, Linear | Divide) and bits <= 32 and not row.sentinel:
        numbers = np.rint(calibration.invert_column(values))
        low, high = raw_range(row, bits)
        if len(numbers) and not (numbers.min() >= low and numbers.max() <= high):
            wrong = int(np.flatnonzero(~((numbers >= low) & (numbers <= high)))[0])
            to_raw(row, bits, values[wrong].item())  # raises with the range
        whole: Array = numbers.astype(np.int64)
        return whole
    if row.kind == "f" and calibration is None and values.dtype != object:
        return values
    known: dict[Engineering, Raw] = {}
    found = np.empty(len(values), object)
    for index, item in enumerate(map(_none_for_nan, values.tolist())):
        if item not in known:
            known[item] = to_raw(row, bits, item)
        found[index] = known[item]
    return found


def _none_for_nan(value: Any) -> Engineering:
    """Numeric columns hold NaN where one value holds None."""
    if isinstance(value, float) and math.isnan(value):
        return None
    item: Engineering = value
    return item


def _to_text(row: Parameter, bits: int, value: Engineering) -> Raw:
    if isinstance(row.calibration, TextNumber):
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise EncodeError(f"{value!r} is not a number")
        width = 0 if row.until else bits // 8
        # Nothing is the raw number 0, as for other rows.
        number = TextNumber(row.calibration.base) if value == "" else row.calibration
        value = number.text(0 if value == "" else value, width)
    if isinstance(value, str) and row.encoding:
        try:
            value = value.encode(row.encoding).decode("latin-1")
        except UnicodeEncodeError:
            raise EncodeError(f"{value!r} cannot be written in {row.encoding}") from None
    ended = row.until.decode("latin-1") if isinstance(value, str) else row.until
    sized = row.bits or row.size_from is not None
    if row.until and isinstance(value, str | bytes):
        # A text that fills its field needs no end there.
        fills = sized and 8 * len(value) == bits
        value = value if fills else value + ended  # type: ignore[operator]
    return text_raw(row, bits, value)


def text_raw(row: Parameter, bits: int, content: object) -> Raw:
    """Raw text or bytes, filled with zero bytes up to ``bits`` (0: as long as it is)."""
    value = content
    if isinstance(content, str):
        content = content.encode("latin-1", "replace")
    if not isinstance(content, bytes):
        raise EncodeError(f"{value!r} is not {'text' if row.kind == 'ascii' else 'bytes'}")
    size = bits // 8 if bits or row.size_from is not None else len(content)
    if len(content) > size:
        raise EncodeError(f"{value!r} is longer than {size} bytes")
    content = content.ljust(size, b"\0")
    return content.decode("latin-1") if row.kind == "ascii" else content


def _to_seconds(row: Parameter, value: Engineering) -> float:
    try:
        when = datetime.fromisoformat(str(value))
        return (when - datetime.fromisoformat(row.epoch)).total_seconds()
    except (ValueError, TypeError):
        raise EncodeError(f"{value!r} is not a time such as '2026-05-01T12:00:00Z'") from None
