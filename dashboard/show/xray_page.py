"""The page of an X-ray: cards of headers and values, and the bytes in lines with their colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.show import display
from dashboard.show.i18n import current
from dashboard.show.i18n import gettext as _
from dashboard.show.xray import Xray
from decoders.layers.registry import layer_title
from decoders.value import LayerHeader, Value
from groundstation.storage.samples import scalar
from groundstation.words.values import is_clock

_LINE = 8


@dataclass(frozen=True, slots=True)
class LayerCard:
    """A header, or what marks the packet. ``part``: its place among the parts of the X-ray."""

    part: int
    name: str
    title: str
    summary: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ValueCard:
    """A reading; ``raw_text`` is empty where it is the value itself. ``shade``: its colour.

    ``was``: what it is in the frame as it was received, where bits were turned over since;
    ``clock``: it is a moment.
    """

    part: int
    label: str
    raw_text: str
    text: str
    unit: str
    state: str
    shade: str
    name: str
    was: str
    clock: bool


@dataclass(frozen=True, slots=True)
class Byte:
    """One byte, and the kind of part that it belongs to; ``changed``: some of its bits were
    turned over."""

    index: int
    hex: str
    kind: str
    lit: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class ByteLine:
    """Eight bytes. ``offset``: the number of the first."""

    offset: str
    bytes: tuple[Byte, ...]
    ascii: str

    @property
    def lit(self) -> bool:
        """Whether some of it is chosen."""
        return any(byte.lit for byte in self.bytes)


def layer_cards(xray: Xray) -> list[LayerCard]:
    """Headers, and what marks the packet, for the page."""
    cards = [
        LayerCard(
            part=index,
            name=header.layer,
            title=layer_title(header.layer, current()),
            summary=_summary(header),
            fields=tuple((name, str(value)) for name, value in header.fields.items()),
        )
        for index, header in enumerate(xray.layers)
    ]
    if xray.mark:
        start = xray.mark[0] // 8
        prefix = xray.reception.raw[start : start + xray.mark[1] // 8]
        cards.append(LayerCard(len(cards), "packet", _("kind of packet"), prefix.hex(" ").upper()))
    return cards


def value_cards(xray: Xray, code: str) -> list[ValueCard]:
    """Readings for the page; a raw value that is the value itself is not repeated."""
    first = len(xray.layers) + (xray.mark is not None)
    before = {value.name: value for value in xray.received.values} if xray.flips else {}
    cards = []
    for index, value in enumerate(xray.values):
        row = xray.row_of(value)
        raw = display.raw_text(scalar(value.raw), code) if value.bits else ""
        text = xray.text(value, code)
        cards.append(
            ValueCard(
                part=first + index,
                label=display.label(value.name, row, code),
                raw_text="" if raw.strip("\0 ") == text else raw,
                text=text,
                unit=current().unit(value.unit),
                state=value.state,
                shade="derived" if value.bits is None else ("even", "odd")[index % 2],
                name=value.name,
                was=_was(xray, before.get(value.name), text, code),
                clock=is_clock(row),
            )
        )
    return cards


def _was(xray: Xray, before: Value | None, text: str, code: str) -> str:
    """What a value was before bits were turned over, where it is another one now."""
    if before is None:
        return ""
    return "" if xray.text(before, code) == text else xray.measured(before, code)


def byte_lines(xray: Xray, lit: tuple[int, int] | None) -> list[ByteLine]:
    """The bytes in lines of eight. ``lit``: first bit and number of bits of what is chosen."""
    kinds = _kinds(xray)
    raw = xray.reception.raw
    chosen = range(lit[0] // 8, -(-sum(lit) // 8)) if lit else range(0)
    changed = {bit // 8 for bit in xray.flips}
    cells = [
        Byte(index, f"{byte:02X}", kinds[index], index in chosen, index in changed)
        for index, byte in enumerate(raw)
    ]
    return [
        ByteLine(
            offset=str(start),
            bytes=tuple(cells[start : start + _LINE]),
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
