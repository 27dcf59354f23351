"""Values of one satellite in columns, in the order in which they were sent, some at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from decoders.definition.model import Derived, Parameter
from decoders.suggest import nearest
from groundstation.errors import SelectionError
from groundstation.history.selection import Selection
from groundstation.storage.telemetry.keys import seqs_of
from groundstation.storage.telemetry.reader import PacketRows, TelemetryReader
from groundstation.storage.telemetry.rows import Rows

#: Receptions whose values are read at once.
CHUNK = 5000
#: What stands in a table before and behind the values. The marks, 1 or 0: sent by a simulator,
#: taken from a file of others, received while nothing had set the station's clock.
HEAD = ("time", "seq", "packet")
MARKS = ("simulated", "imported", "unsynchronised")
OWN_COLUMNS = (*HEAD, *MARKS)


@dataclass(frozen=True, slots=True)
class StoredValues:
    """``names`` of parameters in the order of their packets, and their ``rows``."""

    satellite: str
    names: tuple[str, ...]
    rows: tuple[Parameter | Derived, ...]
    chosen: Selection

    @property
    def headings(self) -> tuple[str, ...]:
        """The names as columns of a table that has some of its own."""
        return tuple(f"{name}.value" if name in OWN_COLUMNS else name for name in self.names)

    @property
    def units(self) -> tuple[str, ...]:
        """The units of the parameters."""
        return tuple(row.unit for row in self.rows)

    def chunks(self, reader: TelemetryReader) -> Iterator[tuple[int, int, list[PacketRows]]]:
        """The packets of some receptions after the other: of those above the first number, up to
        and with the second, one entry a packet and shape. Raises StoreError.
        """
        chosen = self.chosen
        for low, high in reader.stretches(self.satellite, CHUNK):
            found = reader.rows(
                *(self.satellite, self.names, low, high),
                packet=chosen.packet,
                since_us=chosen.since_us,
                until_us=chosen.until_us,
            )
            yield low, high, [_simulated(each) for each in found] if chosen.simulated else found


def stored_values(reader: TelemetryReader, chosen: Selection) -> StoredValues:
    """What is to be had of a satellite. Raises SelectionError, StoreError."""
    satellite = _satellite(reader, chosen.satellite)
    rows = reader.parameters(satellite, chosen.packet)
    if not rows and chosen.packet is not None:
        known = reader.packets(satellite)
        raise SelectionError(
            f"there is no packet {chosen.packet!r} of {satellite} here; "
            f"{nearest(chosen.packet, known)}"
        )
    names = [name for name, row in rows.items() if _is_wanted(name, row, chosen)]
    _refuse_unknown(chosen.parameters, rows)
    if not names:
        raise SelectionError(f"no parameter of {satellite} here is a {chosen.quantity}")
    return StoredValues(satellite, tuple(names), tuple(rows[name] for name in names), chosen)


def wanted_names(reader: TelemetryReader, chosen: Selection) -> dict[str, frozenset[str]] | None:
    """The parameters that are meant of each satellite; None: all.

    Raises SelectionError, StoreError.
    """
    if not chosen.parameters and chosen.quantity is None:
        return None
    heard = reader.satellites()
    of_each = {
        satellite: reader.parameters(satellite, chosen.packet)
        for satellite in heard
        if chosen.satellite in (None, satellite)
    }
    every = {name: row for rows in of_each.values() for name, row in rows.items()}
    _refuse_unknown(chosen.parameters, every)
    found = {
        satellite: frozenset(name for name, row in rows.items() if _is_wanted(name, row, chosen))
        for satellite, rows in of_each.items()
    }
    if not any(found.values()):
        raise SelectionError(f"no parameter here is a {chosen.quantity}")
    return found


def _simulated(packets: PacketRows) -> PacketRows:
    """Those of receptions that a simulator sent."""
    rows = packets.rows
    some = np.isin(seqs_of(rows.keys), list(packets.simulated))
    columns = {name: column.rows(some) for name, column in rows.columns.items()}
    return packets._replace(rows=Rows(rows.keys[some], rows.times_us[some], columns))


def _satellite(reader: TelemetryReader, wanted: str | None) -> str:
    heard = reader.satellites()
    if wanted is None:
        if len(heard) == 1:
            return next(iter(heard))
        known = ", ".join(heard) or "none"
        raise SelectionError(f"say whose values, with --satellite; heard were: {known}")
    if wanted not in heard:
        raise SelectionError(f"nothing was heard of {wanted!r}; {nearest(wanted, heard)}")
    return wanted


def _is_wanted(name: str, row: Parameter | Derived, chosen: Selection) -> bool:
    if chosen.quantity is not None and row.quantity != chosen.quantity:
        return False
    return not chosen.parameters or any(_is(name, wanted) for wanted in chosen.parameters)


def _is(name: str, wanted: str) -> bool:
    """Whether a name is the wanted one, or a repetition of it such as ``panel_3``."""
    head, _, number = name.rpartition("_")
    return name == wanted or (head == wanted and number.isdecimal())


def _refuse_unknown(wanted: Sequence[str], rows: dict[str, Parameter | Derived]) -> None:
    for each in wanted:
        if not any(_is(name, each) for name in rows):
            raise SelectionError(f"there is no parameter {each!r} here; {nearest(each, rows)}")
