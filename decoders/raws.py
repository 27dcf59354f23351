"""Raw values that were kept, made into values again: what a store does when it is asked.

The same calibrations, limits and expressions as for packets (:mod:`decoders.shape`,
:mod:`decoders.columns`), so that a value that was stored and one that is decoded cannot disagree.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from decoders.bits import Array
from decoders.columns import Column, derived_columns, native
from decoders.convert import converter, engineering_column
from decoders.definition.limits import INVALID, UNLIMITED, unlimited
from decoders.definition.model import Derived, Parameter
from decoders.shape import computable, derived_values
from decoders.value import Raw, Value


class Raws:
    """The rows of packets of one shape, by name, and what is derived from them.

    A raw value None is a number that was not finite.
    """

    def __init__(self, rows: Sequence[tuple[str, Parameter]], derived: Sequence[Derived] = ()):
        self.rows = tuple(rows)
        self.derived = computable(derived, {name for name, _ in self.rows})
        self._converters = [converter(row) for _, row in self.rows]

    def values(self, raws: Sequence[Raw | None]) -> tuple[Value, ...]:
        """The values of one packet, from raw values in the order of ``rows``."""
        values = [self.one(index, raw) for index, raw in enumerate(raws)]
        values += derived_values(self.derived, values)
        return tuple(values)

    def one(self, index: int, raw: Raw | None) -> Value:
        """The value of one of ``rows`` from its raw value."""
        name, row = self.rows[index]
        if raw is None:
            return Value(name, None, None, row.unit, INVALID, None, row)
        convert = self._converters[index]
        value, state = (raw, UNLIMITED) if convert is None else convert(raw)
        return Value(name, raw, value, row.unit, state, None, row)

    def columns(self, raws: Mapping[str, Array], length: int) -> dict[str, Column]:
        """Columns of ``length`` packets from columns of raw values (all of ``rows``)."""
        free = unlimited(length)
        free.flags.writeable = False  # shared by all columns that nothing judges
        found: dict[str, Column] = {}
        with np.errstate(all="ignore"):  # what is not finite comes out as invalid
            for name, row in self.rows:
                raw = native(raws[name]) if raws[name].dtype.kind in "uif" else raws[name]
                value, state = engineering_column(row, raw, free)
                found[name] = Column(raw, value, state, row.unit)
            derived_columns(self.derived, found, length)
        return found


def raw_column(row: Parameter, raws: Sequence[Raw | None]) -> Array:
    """A column for :meth:`Raws.columns` of raw values as they were kept, None for not finite."""
    if row.kind in ("ascii", "bytes"):
        texts = np.empty(len(raws), object)
        texts[:] = raws
        return texts
    if row.kind == "f":
        return np.array([math.nan if raw is None else raw for raw in raws], np.float64)
    try:
        return np.array(raws, np.int64)
    except OverflowError:  # from 2**63 on
        return np.array(raws, np.uint64)
