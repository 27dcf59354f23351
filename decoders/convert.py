"""Raw value to engineering value and state, and back, for one row of a definition."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from decoders.bits import Array
from decoders.definition.limits import INVALID, NOMINAL
from decoders.definition.model import Parameter
from decoders.errors import EncodeError
from decoders.value import Engineering, Raw

_LATEST = datetime(9999, 12, 31, tzinfo=UTC)


def engineering(row: Parameter, raw: Raw) -> Engineering:
    """The engineering value, None when ``raw`` means 'no value' or gives no finite number."""
    if row.sentinel and raw in row.sentinel:
        return None
    if isinstance(raw, str):
        return raw.rstrip("\0 ")
    if isinstance(raw, bytes):
        return raw
    special = _SPECIAL.get(row.kind)
    if special is not None:
        return special(row, raw)
    value: Engineering = row.calibration.apply(raw) if row.calibration else raw
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _bool(row: Parameter, raw: float) -> Engineering:
    if row.calibration and not row.calibration.numeric:
        value: Engineering = row.calibration.apply(raw)
        return value
    return bool(raw)


def _bcd(row: Parameter, raw: float) -> Engineering:
    """Nibbles as decimal digits; a nibble over 9 is no value."""
    digits = f"{int(raw):x}"
    if not digits.isdecimal():
        return None
    number = int(digits)
    value: Engineering = row.calibration.apply(number) if row.calibration else number
    return value


def _time(row: Parameter, raw: float) -> Engineering:
    seconds = row.calibration.apply(raw) if row.calibration else float(raw)
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
        return _calibrated(calibration.apply)
    if limits is None:
        return lambda raw: _with_state(engineering(row, raw))

    def limited(raw: Raw) -> tuple[Engineering, str]:
        value = engineering(row, raw)
        return value, limits.state(value)

    return limited


def _with_state(value: Engineering) -> tuple[Engineering, str]:
    return value, INVALID if value is None else NOMINAL


def _calibrated(apply: Callable[[Any], Any]) -> Callable[[Raw], tuple[Engineering, str]]:
    def calibrated(raw: Raw) -> tuple[Engineering, str]:
        value = apply(raw)
        if isinstance(value, float) and not math.isfinite(value):
            return None, INVALID
        return value, NOMINAL

    return calibrated


def engineering_column(row: Parameter, raw: Array) -> tuple[Array, Array]:
    """Values and states (numbers into ``limits.STATES``) of a column; equal to one by one.

    Numeric values come as numbers with NaN for None; words and texts as an object array.
    """
    numeric = row.kind in ("u", "i", "f") and (row.calibration is None or row.calibration.numeric)
    if not numeric:
        return _by_distinct(row, raw)
    values = raw if row.calibration is None else row.calibration.column(raw)
    invalid = np.isin(raw, row.sentinel) if row.sentinel else None
    if values.dtype.kind == "f":
        broken = ~np.isfinite(values)
        if broken.any():
            invalid = broken if invalid is None else invalid | broken
    states = np.zeros(len(raw), np.uint8) if row.limits is None else row.limits.states(values)
    if invalid is not None and invalid.any():
        states[invalid] = 3
        values = values.astype(np.float64)
        values[invalid] = math.nan
    return values, states


def _by_distinct(row: Parameter, raw: Array) -> tuple[Array, Array]:
    """Convert each distinct raw value once: states and texts repeat."""
    convert = converter(row) or (lambda raw: (raw, NOMINAL))
    known: dict[Raw, tuple[Engineering, int]] = {}
    values, states = np.empty(len(raw), object), np.zeros(len(raw), np.uint8)
    for index, item in enumerate(raw.tolist()):
        if item not in known:
            value, state = convert(item)
            known[item] = value, _STATE_NUMBERS[state]
        values[index], states[index] = known[item]
    return values, states


_STATE_NUMBERS = {"nominal": 0, "warning": 1, "critical": 2, "invalid": 3}


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


def _to_text(row: Parameter, bits: int, value: Engineering) -> Raw:
    content = value.encode("latin-1", "replace") if isinstance(value, str) else value
    if not isinstance(content, bytes):
        raise EncodeError(f"{value!r} is not {'text' if row.kind == 'ascii' else 'bytes'}")
    size = bits // 8 if bits else len(content)
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
