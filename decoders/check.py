"""Whether a definition tells the truth: its examples decode to what it expects, and encode back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from decoders.decode import Decoder
from decoders.definition.model import Example, Satellite
from decoders.encode import Encoder
from decoders.errors import EncodeError
from decoders.value import Decoded, Engineering, Value

_RELATIVE = 1e-9


class ExampleProblem(NamedTuple):
    """What is wrong with a definition's golden frame ``number`` (from 1), one sentence."""

    number: int
    packet: str
    problem: str

    def __str__(self) -> str:
        return f"example {self.number} ({self.packet}): {self.problem}"


def check_examples(satellite: Satellite) -> list[ExampleProblem]:
    """Everything that is wrong with the golden frames; empty: all is well."""
    decoder = Decoder([satellite])
    return [
        ExampleProblem(number, example.packet, problem)
        for number, example in enumerate(satellite.examples, 1)
        for problem in _check(satellite, decoder, example)
    ]


def unrecognized(satellite: Satellite) -> list[str]:
    """Packets that would not be known again as they are encoded, one sentence each."""
    encoder, decoder = Encoder(satellite), Decoder([satellite])
    joined = {packet.spans.packet for packet in satellite.packets if packet.spans}
    found = []
    for packet in satellite.packets:
        if packet.name in joined:
            continue
        try:
            decoded = decoder.decode(encoder.encode(packet.name, {}), satellite.id)
        except EncodeError:  # it needs values, which nobody has given
            continue
        if decoded.packet != packet.name:
            taken = f"is taken for {decoded.packet}" if decoded.packet else "fits no packet"
            found.append(f"{packet.name}: what encode makes of it {taken}")
    return found


def _check(satellite: Satellite, decoder: Decoder, example: Example) -> Iterator[str]:
    decoded = decoder.decode(example.frame, satellite.id)
    if decoded.error:
        yield decoded.error
    if decoded.packet != example.packet:
        yield f"decodes as packet {decoded.packet!r}"
        return
    if not decoded.values:
        return
    for name, expected in example.expect.items():
        found = decoded.named.get(name)
        if found is None:
            yield f"has no parameter {name!r}"
        elif not agrees(found, expected):
            yield f"{name} is {found.value!r} (raw {found.raw!r}), expected {expected!r}"
    layout = satellite.packet(example.packet)
    assert layout is not None  # parsing refuses an example of a packet that is not there
    if not layout.undescribed and not layout.glued:
        yield from _round_trip(satellite, decoded)


def agrees(found: Value, expected: object) -> bool:
    """Equal, numbers within 1e-9 relative; flags also as a list; 'no value' as ``"invalid"``.

    ``{"value": 4.0, "within": 0.01}``: a number at most so far from that value.
    """
    value: Engineering = found.value
    if isinstance(expected, Mapping):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and abs(value - expected["value"]) <= expected["within"]
    if isinstance(value, bool) or isinstance(expected, bool):
        return value == expected
    if isinstance(value, int | float) and isinstance(expected, int | float):
        return math.isclose(value, expected, rel_tol=_RELATIVE, abs_tol=1e-12)
    if isinstance(value, tuple):
        return list(value) == expected
    if isinstance(value, bytes):
        return value.hex() == str(expected).replace(" ", "").lower()
    if value is None:
        return expected == "invalid"
    return value == expected


def _round_trip(satellite: Satellite, decoded: Decoded) -> Iterator[str]:
    try:
        again = Encoder(satellite).again(decoded)
    except EncodeError as error:
        yield f"cannot be encoded again: {error}"
        return
    if again != decoded.frame:
        differing = [
            index
            for index in range(max(len(again), len(decoded.frame)))
            if again[index : index + 1] != decoded.frame[index : index + 1]
        ]
        yield (
            f"encoding it again changes {len(differing)} of its bytes, first byte {differing[0]}; "
            "describe these bytes, or say which are left out with the key 'undescribed'"
        )
