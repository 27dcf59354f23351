"""Calibrations: raw value to engineering value, and back.

One value and a column give the same bits: both use the same operations in the same order on 64-bit
floats; where numpy's own functions could differ in the last bit, columns go through Python's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar, TypeAlias

import numpy as np

from decoders.definition.expression import Expression
from decoders.errors import EncodeError

#: Whole numbers written as text that are larger than every floating point number are none.
_MOST_WHOLE = 10**308


class _Calibration:
    """What all calibrations have.

    ``numeric``: engineering values are numbers. ``finite``: every integer gives a finite one.
    """

    numeric: ClassVar[bool] = True
    finite: ClassVar[bool] = False

    def apply(self, raw: Any) -> Any:
        """Engineering value of one raw number."""
        raise NotImplementedError

    def column(self, raw: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Engineering values of a column of raw numbers."""
        return np.array([self.apply(value) for value in raw.tolist()])

    def invert(self, value: Any, low: float, high: float) -> float:
        """A raw number in ``low..high`` that calibrates to ``value``, unrounded.

        Raises EncodeError when the calibration is not invertible there.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Linear(_Calibration):
    """``raw × scale + offset``."""

    scale: float
    offset: float = 0.0
    finite: ClassVar[bool] = True

    def apply(self, raw: Any) -> float:
        """See the class."""
        return float(raw) * self.scale + self.offset

    def column(self, raw: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """See the class."""
        result: np.ndarray[Any, Any] = np.multiply(raw, self.scale, dtype=np.float64)
        if self.offset:
            result += self.offset
        return result

    def invert(self, value: Any, low: float, high: float) -> float:
        """Exact inverse."""
        return (float(value) - self.offset) / self.scale

    def invert_column(self, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The inverse of a column, equal to one by one."""
        result: np.ndarray[Any, Any] = (values.astype(np.float64) - self.offset) / self.scale
        return result


@dataclass(frozen=True, slots=True)
class Divide(_Calibration):
    """``raw / divisor + offset``: decimal fractions without the rounding of a scale."""

    divisor: float
    offset: float = 0.0
    finite: ClassVar[bool] = True

    def apply(self, raw: Any) -> float:
        """See the class."""
        return float(raw) / self.divisor + self.offset

    def column(self, raw: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """See the class."""
        result: np.ndarray[Any, Any] = np.divide(raw, self.divisor, dtype=np.float64)
        if self.offset:
            result += self.offset
        return result

    def invert(self, value: Any, low: float, high: float) -> float:
        """Exact inverse."""
        return (float(value) - self.offset) * self.divisor

    def invert_column(self, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The inverse of a column, equal to one by one."""
        result: np.ndarray[Any, Any] = (values.astype(np.float64) - self.offset) * self.divisor
        return result


@dataclass(frozen=True, slots=True)
class Polynomial(_Calibration):
    """``c0 + c1·raw + c2·raw² + …`` by Horner's rule."""

    coefficients: tuple[float, ...]

    def apply(self, raw: Any) -> float:
        """See the class."""
        x, result = float(raw), 0.0
        for coefficient in reversed(self.coefficients):
            result = result * x + coefficient
        return result

    def column(self, raw: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """See the class."""
        x = raw.astype(np.float64)
        result = np.zeros_like(x)
        for coefficient in reversed(self.coefficients):
            result = result * x + coefficient
        return result

    def invert(self, value: Any, low: float, high: float) -> float:
        """By bisection; needs a polynomial that only rises or only falls over ``low..high``."""
        slope = [n * c for n, c in enumerate(self.coefficients)][1:]
        turns = np.roots(slope[::-1]) if len(slope) > 1 else np.array([])
        if any(abs(r.imag) < 1e-12 and low < r.real < high for r in turns):
            raise EncodeError("its polynomial turns inside the raw range: give the raw value")
        return _bisect(self.apply, float(value), low, high)


@dataclass(frozen=True, slots=True)
class Table(_Calibration):
    """Straight lines between (raw, value) points, raw rising; held constant beyond both ends."""

    points: tuple[tuple[float, float], ...]
    finite: ClassVar[bool] = True

    def apply(self, raw: Any) -> float:
        """See the class."""
        return float(np.interp(float(raw), *self._axes()))

    def column(self, raw: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """See the class."""
        # One by one: numpy computes the slopes of long and short inputs in different orders.
        values, index = np.unique(raw, return_inverse=True)
        result: np.ndarray[Any, Any] = np.array([self.apply(value) for value in values.tolist()])
        return result[index]

    def _axes(self) -> tuple[list[float], list[float]]:
        return [x for x, _ in self.points], [y for _, y in self.points]

    def invert(self, value: Any, low: float, high: float) -> float:
        """Between the two points that enclose ``value``; needs rising or falling values."""
        raws, values = self._axes()
        if values[0] > values[-1]:
            raws, values = raws[::-1], values[::-1]
        if any(a >= b for a, b in pairwise(values)):
            raise EncodeError("its table does not rise or fall throughout: give the raw value")
        if not values[0] <= value <= values[-1]:
            raise EncodeError(f"{value!r} is not {values[0]:g}..{values[-1]:g}, its table's range")
        return float(np.interp(float(value), values, raws))


@dataclass(frozen=True, slots=True)
class Logarithm(_Calibration):
    """``scale × log_base(raw × gain) + offset``."""

    scale: float = 1.0
    base: float = 10.0
    gain: float = 1.0
    offset: float = 0.0

    def apply(self, raw: Any) -> float:
        """See the class; NaN for a raw value that has no logarithm."""
        argument = float(raw) * self.gain
        if argument <= 0:
            return math.nan
        try:
            logarithm = math.log10(argument) if self.base == 10 else math.log(argument, self.base)
        except (ArithmeticError, ValueError):
            return math.nan
        return self.scale * logarithm + self.offset

    def invert(self, value: Any, low: float, high: float) -> float:
        """Exact inverse."""
        return float(self.base ** ((float(value) - self.offset) / self.scale) / self.gain)


@dataclass(frozen=True, slots=True)
class Formula(_Calibration):
    """Any expression of ``raw``; not invertible: the encoder asks for the raw value."""

    expression: Expression

    def apply(self, raw: Any) -> float:
        """See the class."""
        return float(self.expression.number({"raw": raw}))

    def column(self, raw: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """See the class."""
        return np.array(self.expression.column({"raw": raw}, len(raw)))

    def invert(self, value: Any, low: float, high: float) -> float:
        """Always raises EncodeError."""
        raise EncodeError(
            f"its formula {self.expression.text!r} has no inverse: give the raw value"
        )


@dataclass(frozen=True, slots=True)
class TextNumber(_Calibration):
    """A number written as text, in base 10 (also with a fraction) or 16, then calibrated further.

    Text that is no number, or one that no floating point number comes near, reads NaN.
    """

    base: int
    further: Calibration | None = None

    def apply(self, raw: Any) -> Any:
        """See the class."""
        number = self._number(str(raw))
        if self.further is None or not math.isfinite(number):
            return number
        return self.further.apply(number)

    def _number(self, text: str) -> float:
        try:
            number = int(text, self.base)
            return number if abs(number) < _MOST_WHOLE else math.nan
        except ValueError:
            pass
        try:
            return float(text) if self.base == 10 else math.nan
        except ValueError:
            return math.nan

    def invert(self, value: Any, low: float, high: float) -> float:
        """The number that the text must say."""
        if self.further is None:
            return float(value)
        return self.further.invert(value, -math.inf, math.inf)

    def text(self, value: Any, width: int) -> str:
        """The text for ``value``, filled with zeros in front up to ``width`` characters."""
        number = value if self.further is None else self.invert(value, -math.inf, math.inf)
        if self.base == 16:
            return f"{round(number):0{max(width, 1)}X}"
        if isinstance(number, int) or (self.further is not None and number == round(number)):
            return f"{round(number):0{max(width, 1)}d}"
        return f"{number:g}".zfill(width)


@dataclass(frozen=True, slots=True)
class Enumeration(_Calibration):
    """A word for each raw value; a value without a word reads ``unknown (7)``."""

    words: Mapping[int, str]
    numeric: ClassVar[bool] = False

    def apply(self, raw: Any) -> str:
        """See the class."""
        return self.words.get(int(raw)) or f"unknown ({int(raw)})"

    def invert(self, value: Any, low: float, high: float) -> float:
        """The raw value of the word; raises EncodeError that lists the words."""
        for raw, word in self.words.items():
            if word == value:
                return raw
        if isinstance(value, str) and value.startswith("unknown (") and value[9:-1].isdecimal():
            return int(value[9:-1])
        raise EncodeError(f"{value!r} is not one of: {', '.join(self.words.values())}")


@dataclass(frozen=True, slots=True)
class Flags(_Calibration):
    """A word for each bit of the raw value, bit 0 the least significant; set bits are listed."""

    words: Mapping[int, str]
    numeric: ClassVar[bool] = False

    def apply(self, raw: Any) -> tuple[str, ...]:
        """See the class; a set bit without a word reads ``bit 5``."""
        number = int(raw)
        return tuple(
            self.words.get(bit, f"bit {bit}")
            for bit in range(number.bit_length())
            if number >> bit & 1
        )

    def invert(self, value: Any, low: float, high: float) -> float:
        """The number with the bits of these words; raises EncodeError for an unknown word."""
        bits = {word: bit for bit, word in self.words.items()}
        number = 0
        for word in value.split(",") if isinstance(value, str) else value:
            name = word.strip()
            if name in bits:
                number |= 1 << bits[name]
            elif name.startswith("bit ") and name[4:].isdecimal():
                number |= 1 << int(name[4:])
            elif name:
                raise EncodeError(f"{name!r} is not one of: {', '.join(bits)}")
        return number


#: Every calibration. Who handles them one by one ends with ``assert_never``, so that a new one that
#: is forgotten somewhere is an error of the type checker.
Calibration: TypeAlias = (
    Linear | Divide | Polynomial | Table | Logarithm | Formula | TextNumber | Enumeration | Flags
)


def _bisect(function: Callable[[float], float], value: float, low: float, high: float) -> float:
    """``x`` in ``low..high`` with ``function(x)`` nearest to ``value``; ``function`` monotone."""
    rising = function(high) >= function(low)
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if (function(middle) < value) == rising:
            low = middle
        else:
            high = middle
    return low if abs(function(low) - value) <= abs(function(high) - value) else high
