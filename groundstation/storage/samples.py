"""From a reception to samples: the one rule for stores and for live pages."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Protocol

from decoders.reassembly import Reassembler
from decoders.value import Decoded, Engineering, Raw, Value
from groundstation.model import Reception, Sample, Scalar

#: What SQLite keeps as an integer; the exact bits of a bigger one are in the journal.
_INTEGERS = range(-(1 << 63), 1 << 63)


class FrameDecoder(Protocol):
    """What makes values of a frame: :class:`decoders.decode.Decoder`."""

    def decode(
        self, frame: bytes, satellite: str | None = None, received_us: int | None = None
    ) -> Decoded:
        """Decode ``frame``, of ``satellite`` if that is known, by the layout of its time."""
        ...


def samples(
    decoder: FrameDecoder, reception: Reception, reassembler: Reassembler | None = None
) -> Iterator[Sample]:
    """The samples of one reception: none of a damaged, unknown or undecodable one.

    Nor of one whose check value is wrong: its values would look true. With a ``reassembler`` also
    those of what the reception completes.
    """
    if reception.damaged:
        return
    try:
        decoded = decoder.decode(reception.raw, reception.satellite, reception.received_us)
    except KeyError:  # its definition was removed since
        return
    yield from _of_decoded(decoded, reception)
    if reassembler is not None and (whole := reassembler.feed(decoded)) is not None:
        yield from _of_decoded(whole, reception)


def _of_decoded(decoded: Decoded, reception: Reception) -> Iterator[Sample]:
    if decoded.satellite is None or decoded.error is not None:
        return
    for value in decoded.values:
        yield _sample(decoded.satellite, reception, value, decoded.simulated)


def _sample(satellite: str, reception: Reception, value: Value, simulated: bool) -> Sample:
    engineering = scalar(value.value)
    # NaN and infinity come down from satellites; no database and no JSON takes them.
    invalid = engineering is None or value.state == "invalid"
    return Sample(
        satellite=satellite,
        parameter=value.name,
        seq=reception.seq,
        time_us=reception.received_us,
        raw=scalar(value.raw),
        value=None if invalid else engineering,
        unit=value.unit,
        state="invalid" if invalid else value.state,
        simulated=simulated or reception.simulated,
    )


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


def _finite(value: float) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
