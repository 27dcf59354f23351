"""Values as records that pages, reports and sinks read."""

from __future__ import annotations

import math

from decoders.definition.calibration import Flags
from decoders.definition.limits import INVALID
from decoders.definition.model import Derived, Parameter
from decoders.value import Engineering, Raw, Value
from groundstation.model import Sample, Scalar

#: What a database keeps as an integer; the exact bits of a bigger one are in the journal.
_INTEGERS = range(-(1 << 63), 1 << 63)


def sample_of(
    satellite: str, seq: int, time_us: int, value: Value, simulated: bool, number: int = 0
) -> Sample:
    """A value of packet ``number`` of reception ``seq`` as a sample."""
    name, state, engineering, raw = reading_of(value)
    return Sample(
        satellite=satellite,
        parameter=name,
        seq=seq,
        number=number,
        time_us=time_us,
        raw=raw,
        value=engineering,
        unit=value.unit,
        state=state,
        simulated=simulated,
    )


def reading_of(value: Value) -> tuple[str, str, Scalar, Scalar]:
    """Name, state, engineering and raw value, as a store keeps them."""
    return reading(value.name, value.state, value.value, value.raw)


def reading(
    name: str, state: str, value: Engineering, raw: Raw | None
) -> tuple[str, str, Scalar, Scalar]:
    """What :func:`reading_of` gives for a value of these."""
    engineering = scalar(value)
    # NaN and infinity come down from satellites; no database and no JSON takes them.
    if engineering is None or state == INVALID:
        return name, INVALID, None, scalar(raw)
    return name, state, engineering, scalar(raw)


def scalar(value: Raw | Engineering) -> Scalar:
    """What a store keeps of a raw or engineering value.

    Flags become the set words with commas, bytes hexadecimal text, truth 1 or 0, an integer
    beyond 64 bits the nearest float, and a number that is not finite None.
    """
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, float) or (isinstance(value, int) and value not in _INTEGERS):
        return _finite(value)
    return value


def engineering(stored: Scalar, row: Parameter | Derived | None) -> Engineering:
    """The engineering value of ``row`` that a store keeps as ``stored``; see :func:`scalar`."""
    if isinstance(row, Parameter) and stored is not None:
        if isinstance(row.calibration, Flags) and isinstance(stored, str):
            return tuple(stored.split(",")) if stored else ()
        if row.kind == "bool" and row.calibration is None:
            return bool(stored)
    return stored


def _finite(value: float) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
