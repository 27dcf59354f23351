"""Find the damaged byte: a frame in which one bit was turned over, between two that are whole.

The bit is such that it can be found by thinking: its value leaves its limits, or jumps away from
where it was before and is afterwards, and nothing else changes but what is computed from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from decoders.value import Decoded, Value

#: Bits that are tried, each of which is decoded.
_MOST_TRIED = 40
#: A value that jumps so many times as far as it moved between the frames around it.
_FAR = 20
_BAD = ("critical", "invalid")


@dataclass(frozen=True, slots=True)
class Damage:
    """``bit`` of the frame was turned over; ``name``: the value that it spoils."""

    bit: int
    name: str

    @property
    def byte(self) -> int:
        """The byte to be found."""
        return self.bit // 8


def damage(
    decoded: Decoded,
    before: Decoded,
    after: Decoded,
    decode: Callable[[int], Decoded],
    seed: int,
) -> Damage | None:
    """A bit to be turned over in ``decoded``, between two frames of the same packet; None: there is
    none that can be found. ``decode``: the frame with a bit turned over. The same for one ``seed``.
    """
    near = [found.named for found in (before, after)]
    bits = [
        (value.bits[0] + place, value.name)
        for value in decoded.values
        if value.bits is not None and _fits(value, near)
        for place in _places(value)
    ]
    Random(seed).shuffle(bits)
    for bit, name in bits[:_MOST_TRIED]:
        if _stands_out(decoded.named, decode(bit), near, name):
            return Damage(bit, name)
    return None


def _places(value: Value) -> Sequence[int]:
    """The two highest bits of each byte of a value: those that change much."""
    length = value.bits[1] if value.bits else 0
    return [8 * byte + high for byte in range(length // 8) for high in (0, 1)]


def _fits(value: Value, near: Sequence[Mapping[str, Value]]) -> bool:
    """Numbers of whole bytes that the frames around have too."""
    return (
        value.bits is not None
        and value.bits[0] % 8 == 0
        and value.bits[1] in (8, 16, 24, 32)
        and _number(value) is not None
        and value.state not in _BAD
        and all(_number(values.get(value.name)) is not None for values in near)
    )


def _number(value: Value | None) -> float | None:
    found = value.value if value else None
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return float(found) if math.isfinite(found) else None


def _stands_out(
    whole: Mapping[str, Value], spoilt: Decoded, near: Sequence[Mapping[str, Value]], name: str
) -> bool:
    if spoilt.error is not None or spoilt.named.keys() != whole.keys():
        return False
    for other, value in spoilt.named.items():
        if value.bits is not None and other != name and value.raw != whole[other].raw:
            return False
    found = spoilt.named[name]
    return found.state in _BAD or _is_far(found, whole[name], near, name)


def _is_far(found: Value, whole: Value, near: Sequence[Mapping[str, Value]], name: str) -> bool:
    """Whether the value lies far outside of what it is around."""
    now, here = _number(found), _number(whole)
    around = [number for values in near if (number := _number(values[name])) is not None]
    if now is None or here is None:
        return False
    numbers = [*around, here]
    moved = max(numbers) - min(numbers)
    size = max(abs(number) for number in numbers)
    return min(abs(now - number) for number in numbers) > max(_FAR * moved, size / 2, 2)
