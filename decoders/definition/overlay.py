"""Limits that a station lays over a definition without copying it: ``ID.limits.toml``.

.. code-block:: toml

    source = "the operator's handbook, table 4"     # may be left out
    battery_voltage = { warning = [3.5, 4.2], critical = [3.3, 4.25] }
    mode = { warning = ["safe"], alarm = { count = 1 } }

A name is a row's, without the number of a repetition; the limits are those of the row in every
packet, and replace the definition's own; so does ``alarm``. Values stay as they are: only their
states change, and when they call somebody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from decoders.definition.alarm import Alarm
from decoders.definition.alarm_table import alarm, check_alarm
from decoders.definition.limit_table import LEVELS, check_level_limits, level_limits
from decoders.definition.limits import Limits
from decoders.definition.model import Derived, Group, Item, PacketLayout, Parameter, Satellite
from decoders.definition.node import Node, Problems, toml_data
from decoders.errors import DefinitionError
from decoders.suggest import nearest

SOURCE = "source"
_Row = TypeVar("_Row", bound=Parameter | Derived)


@dataclass(frozen=True, slots=True)
class _Laid:
    """What a line of the file says of a row; None: nothing."""

    limits: Limits | None
    alarm: Alarm | None

    def over(self, row: _Row) -> _Row:
        """The row with it."""
        return replace(row, limits=self.limits or row.limits, alarm=self.alarm or row.alarm)


def lay_over(
    satellite: Satellite, text: str, source: str
) -> tuple[Satellite, list[DefinitionError]]:
    """``satellite`` with the limits of ``text``, a file named ``source``, and every mistake in it.

    Limits in which there is a mistake are left out.
    """
    try:
        data = toml_data(text, source)
    except DefinitionError as error:
        return satellite, [error]
    problems = Problems(text, source, data)
    node = Node(data, (), problems)
    found = _limits(node, satellite)
    packets = tuple(_packet(packet, found) for packet in satellite.packets)
    return replace(satellite, packets=packets), problems.errors


def _limits(node: Node, satellite: Satellite) -> dict[str, _Laid]:
    rows: dict[str, list[Parameter | Derived]] = {}
    for packet in satellite.packets:
        for name, row in packet.rows().items():
            rows.setdefault(name, []).append(row)
    found = {}
    for name, value in node.data.items():
        if name == SOURCE and isinstance(value, str):
            continue
        if name not in rows:
            node.wrong(name, f"{satellite.id} has no row {name!r}; {nearest(name, rows)}")
            continue
        known = len(node.problems.errors)
        inner = node.child(name)
        inner.only((*LEVELS, "alarm"))
        said = "alarm" not in inner.data or any(level in inner.data for level in LEVELS)
        new = _Laid(level_limits(inner) if said else None, alarm(inner))
        for row in rows[name]:
            if new.limits is not None:
                check_level_limits(inner, new.limits, row)
        # In one packet the row may have limits of its own, in another none.
        laid = [new.over(row) for row in rows[name]]
        for over in [row for row in laid if row.limits] or laid[:1]:
            check_alarm(inner, over)
        if len(node.problems.errors) == known:
            found[name] = new
    return found


def _packet(packet: PacketLayout, found: Mapping[str, _Laid]) -> PacketLayout:
    derived = tuple(
        found[row.name].over(row) if row.name in found else row for row in packet.derived
    )
    return replace(packet, items=_items(packet.items, "", found), derived=derived)


def _items(items: tuple[Item, ...], prefix: str, found: Mapping[str, _Laid]) -> tuple[Item, ...]:
    return tuple(_item(item, prefix, found) for item in items)


def _item(item: Item, prefix: str, found: Mapping[str, _Laid]) -> Item:
    if isinstance(item, Group):
        inner = f"{prefix}{item.name}_" if item.name else prefix
        return replace(item, items=_items(item.items, inner, found))
    name = (prefix + item.name).rstrip("_")
    return found[name].over(item) if name in found else item
