"""The page of an X-ray: cards of headers and values, and the bytes in lines with their colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.show import display
from dashboard.show.i18n import current
from dashboard.show.i18n import gettext as _
from dashboard.show.xray import Xray
from decoders.layers.registry import layer_title
from decoders.value import LayerHeader
from groundstation.storage.samples import scalar

_LINE = 8


def layer_cards(xray: Xray) -> list[dict[str, Any]]:
    """Headers, and what marks the packet, for the page."""
    cards = [
        {
            "part": index,
            "name": layer_title(header.layer, current()),
            "summary": _summary(header),
            "fields": [(name, str(value)) for name, value in header.fields.items()],
        }
        for index, header in enumerate(xray.layers)
    ]
    if xray.mark:
        start = xray.mark[0] // 8
        prefix = xray.reception.raw[start : start + xray.mark[1] // 8]
        cards.append(
            {
                "part": len(cards),
                "name": _("kind of packet"),
                "summary": prefix.hex(" ").upper(),
                "fields": [],
            }
        )
    return cards


def value_cards(xray: Xray, code: str) -> list[dict[str, Any]]:
    """Readings for the page; a raw value that is the value itself is not repeated."""
    first = len(xray.layers) + (xray.mark is not None)
    cards = []
    for index, value in enumerate(xray.values):
        row = xray.row_of(value)
        raw = display.raw_text(scalar(value.raw)) if value.bits else ""
        text = xray.text(value, code)
        cards.append(
            {
                "part": first + index,
                "label": display.label(value.name, row, code),
                "raw_text": "" if raw == text else raw,
                "text": text,
                "unit": value.unit,
                "state": value.state,
                "shade": "derived" if value.bits is None else ("even", "odd")[index % 2],
            }
        )
    return cards


def byte_lines(xray: Xray) -> list[dict[str, Any]]:
    """The bytes in lines of eight, each byte with the kind of part that it belongs to."""
    kinds = _kinds(xray)
    raw = xray.reception.raw
    return [
        {
            "offset": f"{start:04X}",
            "bytes": [
                {"index": start + n, "hex": f"{byte:02X}", "kind": kinds[start + n]}
                for n, byte in enumerate(raw[start : start + _LINE])
            ],
            "ascii": "".join(
                chr(byte) if 32 <= byte < 127 else "·" for byte in raw[start : start + _LINE]
            ),
        }
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
        return f"{_address(fields, 'source')} → {_address(fields, 'destination')}"
    return ""


def _address(fields: Mapping[str, object], name: str) -> str:
    ssid = fields.get(f"{name}_ssid")
    return f"{fields[name]}-{ssid}" if ssid else str(fields[name])
