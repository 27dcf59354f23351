"""The tables under ``[[packets]]``: when a packet applies, and its rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from decoders.definition import rows
from decoders.definition.alarm_table import check_alarm_names
from decoders.definition.bounds import MOST_LAYERS, beyond
from decoders.definition.model import (
    Derived,
    Group,
    Item,
    Match,
    PacketLayout,
    Parameter,
    Spans,
    controls,
    in_order,
    in_rows,
)
from decoders.definition.node import Node, told
from decoders.layers.registry import LAYERS
from decoders.suggest import nearest

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PACKET_KEYS = (
    *("name", "match", "endian", "bit_order", "layers", "parameters", "derived", "undescribed"),
    *("label", "label_ru", "label_ky", "spans", "unproved", "glued"),
)
MATCH_KEYS = (
    *("prefix", "bytes", "length", "minimum_length", "fields", "valid_from", "valid_until"),
)
SPANS_KEYS = ("packet", "data", "index", "count", "set", "first")


def packet_layout(node: Node) -> PacketLayout:
    """One entry of ``[[packets]]``."""
    node.only(PACKET_KEYS)
    bit_order = node.choice("bit_order", ("msb", "lsb"), "msb")
    natural = "little" if bit_order == "lsb" else "big"
    endian = node.choice("endian", ("big", "little"), natural)
    defaults = {"endian": endian, "bit_order": bit_order}
    items = rows.items(node.children("parameters"), defaults)
    if problem := beyond(items):
        node.wrong("parameters", problem)
        items = ()
    _check_controls(node, items)
    derived = tuple(
        found for child in node.children("derived") if (found := rows.derived(child)) is not None
    )
    known = _names(items)
    unique(node, "parameters", [*known, *(value.name for value in derived)])
    for index, value in enumerate(derived):
        _check_names(node, index, value, known)
        known.append(value.name)
    parameters = [item for item in in_order(items) if isinstance(item, Parameter)]
    check_alarm_names(node, (*parameters, *derived), known)
    return PacketLayout(
        name=node.text("name", required=True),
        match=_match(node.child("match")),
        items=items,
        derived=derived,
        labels=node.labels(),
        layers=layers(node),
        undescribed=node.text("undescribed"),
        spans=_spans(node, known),
        unproved=node.flag("unproved"),
        glued=node.flag("glued"),
    )


def _check_names(node: Node, index: int, value: Derived, known: list[str]) -> None:
    """A derived value may use parameters and the derived values before it."""
    for name in sorted(value.expression.names):
        if in_rows(name, known) is None:
            path = (*node.path, "derived", index, "expression")
            node.problems.add(path, f"there is no parameter {name!r}; {nearest(name, known)}")


def _check_controls(node: Node, items: tuple[Item, ...]) -> None:
    """Conditions, counts and sizes need numbers that the packet has."""
    known = set(_names(items))
    rows = [item for item in in_order(items) if isinstance(item, Parameter)]
    texts = {row.name for row in rows if row.kind in ("ascii", "bytes")}
    known |= {item.name for item in in_order(items)} | {"length"}
    for name in sorted(frozenset().union(*map(controls, in_order(items)))):
        if name in texts:
            node.wrong("parameters", f"{name!r} is no number, so nothing can depend on it")
        elif in_rows(name, known) is None:
            problem = f"something depends on {name!r}, which is no row; {nearest(name, known)}"
            node.wrong("parameters", problem)


def _names(items: tuple[Item, ...], prefix: str = "") -> list[str]:
    names: list[str] = []
    for item in items:
        if isinstance(item, Group):
            names += _names(item.items, f"{prefix}{item.name}_" if item.name else prefix)
        elif item.kind != "skip":
            names.append((prefix + item.name).rstrip("_"))
    return names


def _match(node: Node) -> Match:
    node.only(MATCH_KEYS)
    masked = []
    for child in node.children("bytes"):
        child.only(("at", "mask", "value"))
        masked.append(
            (
                child.integer("at", 0, -65_535, 65_535) or 0,
                child.integer("mask", 0xFF, 1, 0xFF) or 0xFF,
                child.integer("value", 0, 0, 0xFF) or 0,
            )
        )
    fields = node.child("fields")
    for name, value in fields.data.items():
        if name.partition(".")[0] not in LAYERS:
            fields.wrong(name, 'is not LAYER.FIELD, such as "csp.source"')
        elif not isinstance(value, int | str):
            fields.wrong(name, f"{told(value)} is not a whole number or a text")
    return Match(
        prefix=node.hex("prefix"),
        masked=tuple(masked),
        length=node.integers("length", 0, 65_535),
        minimum_length=node.integer("minimum_length", 0, 0, 65_535) or 0,
        fields={name: v for name, v in fields.data.items() if isinstance(v, int | str)},
        valid_from_us=_time_us(node, "valid_from"),
        valid_until_us=_time_us(node, "valid_until"),
    )


def _time_us(node: Node, key: str) -> int | None:
    """A day or a UTC time as microseconds since 1970; missing: None."""
    if key not in node.data:
        return None
    text = node.moment(key)
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        node.wrong(key, f"{text!r} is not a day or UTC time such as '2026-05-01'")
        return None
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    return (when - _EPOCH) // timedelta(microseconds=1)


def _spans(node: Node, known: list[str]) -> Spans | None:
    if "spans" not in node.data:
        return None
    child = node.child("spans")
    child.only(SPANS_KEYS)
    for key in ("data", "index", "set", "count"):
        name = child.data.get(key)
        if isinstance(name, str) and name not in known:
            child.wrong(key, f"there is no parameter {name!r}; {nearest(name, known)}")
    count = child.data.get("count")
    if not isinstance(count, str):
        count = child.integer("count", None, 1, 65_535)
        if count is None and "count" not in child.data:
            child.wrong("", "the key 'count' is missing")
    return Spans(
        packet=child.text("packet", required=True),
        data=child.text("data", required=True),
        index=child.text("index", required=True),
        count=count or 1,
        set=child.text("set"),
        first=child.integer("first", 0, 0, 1) or 0,
    )


def check_spans(top: Node, packets: tuple[PacketLayout, ...]) -> None:
    """A packet that is a part names the layout of the whole."""
    names = [packet.name for packet in packets]
    for index, packet in enumerate(packets):
        if packet.spans is not None and packet.spans.packet not in names:
            problem = f"there is no packet {packet.spans.packet!r}; "
            path = ("packets", index, "spans", "packet")
            top.problems.add(path, problem + nearest(packet.spans.packet, names))


def layers(node: Node) -> tuple[str, ...] | None:
    """The names under ``layers``; None when the key is missing."""
    if "layers" not in node.data:
        return None
    names = node.texts("layers")
    if len(names) > MOST_LAYERS:
        node.wrong("layers", f"has {len(names)} layers, more than {MOST_LAYERS}")
        return ()
    for name in names:
        if name not in LAYERS:
            node.wrong("layers", f"there is no layer {name!r}; {nearest(name, LAYERS)}")
    return tuple(name for name in names if name in LAYERS)


def unique(node: Node, key: str, names: list[str]) -> None:
    """A name that is used twice is a mistake at ``key``."""
    seen: set[str] = set()
    for name in names:
        if name and name in seen:
            node.wrong(key, f"the name {name!r} is used twice")
        seen.add(name)
