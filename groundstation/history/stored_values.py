"""Values of one satellite in columns, in the order in which they were sent, some at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from decoders.definition.model import Derived, Parameter
from decoders.suggest import nearest
from groundstation.errors import SelectionError
from groundstation.history.selection import Selection
from groundstation.storage.telemetry.reader import PacketRows, TelemetryReader

#: Receptions whose values are read at once.
CHUNK = 5000


@dataclass(frozen=True, slots=True)
class StoredValues:
    """``names`` of parameters in the order of their packets, and their ``units``."""

    satellite: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    chosen: Selection

    def chunks(self, reader: TelemetryReader) -> Iterator[list[PacketRows]]:
        """The packets of some receptions after the other, one entry a packet and shape.

        Raises StoreError.
        """
        chosen = self.chosen
        for low, high in reader.stretches(self.satellite, CHUNK):
            yield reader.rows(
                *(self.satellite, self.names, low, high),
                packet=chosen.packet,
                since_us=chosen.since_us,
                until_us=chosen.until_us,
            )


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
    return StoredValues(satellite, tuple(names), tuple(rows[name].unit for name in names), chosen)


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
