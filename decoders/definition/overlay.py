"""Limits that a station lays over a definition without copying it: ``ID.limits.toml``.

.. code-block:: toml

    source = "the operator's handbook, table 4"     # may be left out
    battery_voltage = { warning = [3.5, 4.2], critical = [3.3, 4.25] }
    mode = { warning = ["safe"] }

A name is a row's, without the number of a repetition; the limits are those of the row in every
packet, and replace the definition's own. Values stay as they are: only their states change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from decoders.definition.limit_table import check_limits, limits
from decoders.definition.limits import Limits
from decoders.definition.model import Derived, Group, Item, PacketLayout, Parameter, Satellite
from decoders.definition.node import Node, Problems, toml_data
from decoders.errors import DefinitionError
from decoders.suggest import nearest

SOURCE = "source"


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


def _limits(node: Node, satellite: Satellite) -> dict[str, Limits]:
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
        new = limits(node, name)
        for row in rows[name]:
            check_limits(node, replace(row, limits=new), name)
        if new is not None and len(node.problems.errors) == known:
            found[name] = new
    return found


def _packet(packet: PacketLayout, found: Mapping[str, Limits]) -> PacketLayout:
    derived = tuple(replace(row, limits=found.get(row.name, row.limits)) for row in packet.derived)
    return replace(packet, items=_items(packet.items, "", found), derived=derived)


def _items(items: tuple[Item, ...], prefix: str, found: Mapping[str, Limits]) -> tuple[Item, ...]:
    return tuple(_item(item, prefix, found) for item in items)


def _item(item: Item, prefix: str, found: Mapping[str, Limits]) -> Item:
    if isinstance(item, Group):
        inner = f"{prefix}{item.name}_" if item.name else prefix
        return replace(item, items=_items(item.items, inner, found))
    name = (prefix + item.name).rstrip("_")
    return replace(item, limits=found[name]) if name in found else item
