"""Limits of a parameter, and the state of a reading held against them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

#: Within its limits, outside of them, no value, and: nobody has said what is normal.
NOMINAL, WARNING, CRITICAL, INVALID = "nominal", "warning", "critical", "invalid"
UNLIMITED = "unlimited"
#: State of a column entry by its number. Stores keep the numbers: they never change.
STATES = (NOMINAL, WARNING, CRITICAL, INVALID, UNLIMITED)
STATE_NUMBERS = {state: number for number, state in enumerate(STATES)}

Range: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Limits:
    """A number outside ``critical`` is critical, else outside ``warning`` a warning.

    Ranges are inclusive, in engineering units; an open end is infinite; None: no such range.
    ``warning_words`` and ``critical_words`` do the same for the words of an enum or of flags.
    Ranges judge numbers and words judge words: a value of the other sort stays unlimited.
    """

    warning: Range | None = None
    critical: Range | None = None
    warning_words: frozenset[str] = frozenset()
    critical_words: frozenset[str] = frozenset()

    def state(self, value: object) -> str:
        """State of one engineering value; invalid for None, unlimited where nothing judges it."""
        if value is None:
            return INVALID
        if isinstance(value, str):
            return self._state_of_words((value,))
        if isinstance(value, tuple):
            return self._state_of_words(value)
        if not isinstance(value, int | float) or not (self.critical or self.warning):
            return UNLIMITED
        if self.critical and not self.critical[0] <= value <= self.critical[1]:
            return CRITICAL
        if self.warning and not self.warning[0] <= value <= self.warning[1]:
            return WARNING
        return NOMINAL

    def _state_of_words(self, words: tuple[str, ...]) -> str:
        if not (self.critical_words or self.warning_words):
            return UNLIMITED
        if not self.critical_words.isdisjoint(words):
            return CRITICAL
        if not self.warning_words.isdisjoint(words):
            return WARNING
        return NOMINAL

    def states(self, values: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Numbers into STATES for a column of numbers; what NaN is, is left to the caller."""
        if not (self.critical or self.warning):
            return unlimited(len(values))
        states = np.full(values.shape, STATE_NUMBERS[NOMINAL], np.uint8)
        for state, span in ((WARNING, self.warning), (CRITICAL, self.critical)):
            if span:
                states[~((values >= span[0]) & (values <= span[1]))] = STATE_NUMBERS[state]
        return states


def unlimited(length: int) -> NDArray[np.uint8]:
    """States of a column that nothing judges."""
    return np.full(length, STATE_NUMBERS[UNLIMITED], np.uint8)
