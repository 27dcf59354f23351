"""The page of an X-ray: cards of headers and values, and the bytes in lines with their colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.show import display
from dashboard.show.i18n import current
from dashboard.show.i18n import gettext as _
from dashboard.show.xray import Xray
from decoders.layers.registry import layer_title
from decoders.value import LayerHeader
from groundstation.storage.samples import scalar

_LINE = 8


@dataclass(frozen=True, slots=True)
class LayerCard:
    """A header, or what marks the packet. ``part``: its place among the parts of the X-ray."""

    part: int
    name: str
    summary: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ValueCard:
    """A reading; ``raw_text`` is empty where it is the value itself. ``shade``: its colour."""

    part: int
    label: str
    raw_text: str
    text: str
    unit: str
    state: str
    shade: str


@dataclass(frozen=True, slots=True)
class Byte:
    """One byte, and the kind of part that it belongs to."""

    index: int
    hex: str
    kind: str


@dataclass(frozen=True, slots=True)
class ByteLine:
    """Eight bytes."""

    offset: str
    bytes: tuple[Byte, ...]
    ascii: str


def layer_cards(xray: Xray) -> list[LayerCard]:
    """Headers, and what marks the packet, for the page."""
    cards = [
        LayerCard(
            part=index,
            name=layer_title(header.layer, current()),
            summary=_summary(header),
            fields=tuple((name, str(value)) for name, value in header.fields.items()),
        )
        for index, header in enumerate(xray.layers)
    ]
    if xray.mark:
        start = xray.mark[0] // 8
        prefix = xray.reception.raw[start : start + xray.mark[1] // 8]
        cards.append(LayerCard(len(cards), _("kind of packet"), prefix.hex(" ").upper()))
    return cards


def value_cards(xray: Xray, code: str) -> list[ValueCard]:
    """Readings for the page; a raw value that is the value itself is not repeated."""
    first = len(xray.layers) + (xray.mark is not None)
    cards = []
    for index, value in enumerate(xray.values):
        row = xray.row_of(value)
        raw = display.raw_text(scalar(value.raw)) if value.bits else ""
        text = xray.text(value, code)
        cards.append(
            ValueCard(
                part=first + index,
                label=display.label(value.name, row, code),
                raw_text="" if raw.strip("\0 ") == text else raw,
                text=text,
                unit=value.unit,
                state=value.state,
                shade="derived" if value.bits is None else ("even", "odd")[index % 2],
            )
        )
    return cards


def byte_lines(xray: Xray) -> list[ByteLine]:
    """The bytes in lines of eight."""
    kinds = _kinds(xray)
    raw = xray.reception.raw
    return [
        ByteLine(
            offset=f"{start:04X}",
            bytes=tuple(
                Byte(start + n, f"{byte:02X}", kinds[start + n])
                for n, byte in enumerate(raw[start : start + _LINE])
            ),
            ascii="".join(
                chr(byte) if 32 <= byte < 127 else "·" for byte in raw[start : start + _LINE]
            ),
        )
        for start in range(0, len(raw), _LINE)
    ]


def undescribed(xray: Xray) -> bool:
    """Whether some bytes belong to no part."""
    return "plain" in _kinds(xray)


def _kinds(xray: Xray) -> list[str]:
    kinds = ["plain"] * len(xray.reception.raw)
    parts = [("layer", header.bits) for header in xray.layers]
    if xray.mark:
        parts.append(("layer", xray.mark))
    parts += [
        (("even", "odd")[index % 2], value.bits)
        for index, value in enumerate(xray.values)
        if value.bits
    ]
    for name, (start, length) in parts:
        for index in range(start // 8, min(len(kinds), -(-(start + length) // 8))):
            kinds[index] = name
    return kinds


def _summary(header: LayerHeader) -> str:
    fields = header.fields
    if "source" in fields and "destination" in fields:
        source, destination = _address(fields, "source"), _address(fields, "destination")
        # A satellite may leave both empty; an arrow alone says nothing.
        return f"{source} → {destination}" if source or destination else ""
    return ""


def _address(fields: Mapping[str, object], name: str) -> str:
    ssid = fields.get(f"{name}_ssid")
    return f"{fields[name]}-{ssid}" if ssid else str(fields[name])
