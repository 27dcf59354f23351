"""Limits of a parameter, and the state of a reading held against them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

NOMINAL, WARNING, CRITICAL, INVALID = "nominal", "warning", "critical", "invalid"
#: State of a column entry by its number.
STATES = (NOMINAL, WARNING, CRITICAL, INVALID)

Range: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Limits:
    """A number outside ``critical`` is critical, else outside ``warning`` a warning.

    Ranges are inclusive, in engineering units; an open end is infinite; None: no such range.
    ``warning_words`` and ``critical_words`` do the same for the words of an enum or of flags.
    """

    warning: Range | None = None
    critical: Range | None = None
    warning_words: frozenset[str] = frozenset()
    critical_words: frozenset[str] = frozenset()

    def state(self, value: object) -> str:
        """State of one engineering value: nominal, warning, critical, or invalid for None."""
        if value is None:
            return INVALID
        if isinstance(value, str):
            return self._state_of_words((value,))
        if isinstance(value, tuple):
            return self._state_of_words(value)
        if not isinstance(value, int | float):
            return NOMINAL
        if self.critical and not self.critical[0] <= value <= self.critical[1]:
            return CRITICAL
        if self.warning and not self.warning[0] <= value <= self.warning[1]:
            return WARNING
        return NOMINAL

    def _state_of_words(self, words: tuple[str, ...]) -> str:
        if not self.critical_words.isdisjoint(words):
            return CRITICAL
        if not self.warning_words.isdisjoint(words):
            return WARNING
        return NOMINAL

    def states(self, values: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Numbers into STATES for a column; NaN is not nominal but left to the caller."""
        states = np.zeros(values.shape, np.uint8)
        for number, span in ((1, self.warning), (2, self.critical)):
            if span:
                states[~((values >= span[0]) & (values <= span[1]))] = number
        return states
