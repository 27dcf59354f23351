"""A column of values held against the limits that apply to each: one code a value."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from decoders.bits import Array
from decoders.columns import Column
from decoders.definition.alarm import ECLIPSE
from decoders.definition.limits import INVALID, STATE_NUMBERS, STATES, Limits
from groundstation.alarms.rules import Rule

#: Nothing judges the value; far enough within to return; within, but in the dead band; outside.
UNJUDGED, BACK, BAND, WARNING, CRITICAL = -1, 0, 1, 2, 3
#: Whether the Sun shines on the satellite, a frame each.
LIT, DARK, UNKNOWN = 1, 0, -1
Codes = NDArray[np.int8]

_CODES = {"nominal": BACK, "warning": WARNING, "critical": CRITICAL}
_OF_STATE = np.array([_CODES.get(state, UNJUDGED) for state in STATES], np.int8)
_INVALID = STATE_NUMBERS[INVALID]


class Judged:
    """``codes`` of a column, and which limits each comes from: ``which`` counts the rule's sets
    from 1, 0 is the row's own. ``sunless``: what could not be judged for want of elements."""

    __slots__ = ("codes", "rule", "sunless", "which")

    def __init__(self, rule: Rule, codes: Codes, which: Codes | None, sunless: int = 0):
        self.rule, self.codes, self.which, self.sunless = rule, codes, which, sunless

    def limits(self, index: int) -> Limits | None:
        """The limits that judged one value."""
        which = 0 if self.which is None else int(self.which[index])
        return self.rule.alarm.sets[which - 1].limits if which else self.rule.limits


def judge(rule: Rule, column: Column, others: Mapping[str, Array], sun: Codes) -> Judged:
    """Codes of a column by ``rule``. ``others``: numbers of the values that conditions name; a
    set whose condition names one that is not there does not apply. ``sun``: as :data:`LIT`."""
    if not rule.alarm.sets:
        codes = _codes(rule.limits, rule.alarm.dead_band, column)
        return Judged(rule, codes, None)
    length = len(column.state)
    which = np.zeros(length, np.int8)
    free, doubt = np.ones(length, bool), np.zeros(length, bool)
    for number, one in enumerate(rule.alarm.sets, 1):
        holds = free.copy()
        if one.when is not None:
            if not one.when.names <= others.keys():
                continue
            result = one.when.column(others, length)
            holds &= (result != 0) & ~np.isnan(result)
        if one.sun:
            doubt |= holds & (sun == UNKNOWN)
            holds &= (sun == (DARK if one.sun == ECLIPSE else LIT)) & ~doubt
        which[holds] = number
        free &= ~holds
    codes = _codes(rule.limits, rule.alarm.dead_band, column)
    for number, one in enumerate(rule.alarm.sets, 1):
        mine = which == number
        if mine.any():
            codes[mine] = _codes(one.limits, rule.alarm.dead_band, column)[mine]
    codes[doubt] = UNJUDGED
    return Judged(rule, codes, which, int(doubt.sum()))


def _codes(limits: Limits | None, dead_band: float, column: Column) -> Codes:
    if limits is None:
        return np.full(len(column.state), UNJUDGED, np.int8)
    value = column.value
    if value.dtype == object:
        return _codes_of_words(limits, value)
    numbers = value.astype(np.float64, copy=False)
    codes = _OF_STATE[limits.states(numbers)]
    span = limits.warning or limits.critical
    if dead_band and span:
        near = ~((numbers >= span[0] + dead_band) & (numbers <= span[1] - dead_band))
        codes[near & (codes == BACK)] = BAND
    codes[(column.state == _INVALID) | np.isnan(numbers)] = UNJUDGED
    return codes


def _codes_of_words(limits: Limits, values: Array) -> Codes:
    known: dict[object, int] = {}
    codes = np.empty(len(values), np.int8)
    for index, value in enumerate(values.tolist()):
        code = known.get(value)
        if code is None:
            code = known[value] = _CODES.get(limits.state(value), UNJUDGED)
        codes[index] = code
    return codes
