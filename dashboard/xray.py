"""The X-ray of a frame: its bytes, the parts they belong to, and how each value came about."""

from __future__ import annotations

from typing import Any

from dashboard import display, present
from dashboard.i18n import gettext as _
from dashboard.station_data import StationData
from decoders.definition.model import Derived, Parameter, Satellite
from decoders.explain import converting
from decoders.value import Decoded, LayerHeader, Value
from groundstation.model import FrameRow, Reception
from groundstation.storage.samples import scalar

_LINE = 8
_BYTE_ORDER_FROM_BITS = 16


class Xray:
    """One reception decoded for show. A damaged one has bytes and a reason, but no values."""

    def __init__(self, data: StationData, reception: Reception):
        self.reception = reception
        self.satellite: Satellite | None = None
        self.decoded: Decoded | None = None
        if not reception.damaged:
            self.decoded = data.decode(reception)
            self.satellite = data.satellite(self.decoded.satellite or "")
        self._rows = self.satellite.rows() if self.satellite else {}

    @property
    def layers(self) -> tuple[LayerHeader, ...]:
        """Headers from the outside in."""
        return self.decoded.layers if self.decoded else ()

    @property
    def values(self) -> tuple[Value, ...]:
        """Readings in the order of the packet."""
        return self.decoded.values if self.decoded else ()

    @property
    def mark(self) -> tuple[int, int] | None:
        """The bits that tell which packet it is: what its definition says it begins with."""
        if self.satellite is None or self.decoded is None or self.decoded.payload is None:
            return None
        for packet in self.satellite.packets:
            if packet.name == self.decoded.packet and packet.match.prefix:
                return self.decoded.payload[0], 8 * len(packet.match.prefix)
        return None

    @property
    def error(self) -> str | None:
        """Why not all of it is understood, by today's definitions, or None."""
        if self.decoded is None:
            return self.reception.error
        return self.decoded.error

    @property
    def simulated(self) -> bool:
        """Whether it comes from a simulator."""
        return self.reception.simulated or bool(self.decoded and self.decoded.simulated)

    @property
    def row(self) -> FrameRow:
        """The reception with its interpretation."""
        item, found = self.reception, self.decoded
        happened = (item.seq, item.received_us, item.link, item.raw)
        if found is None:
            return FrameRow(*happened, None, None, item.error, item.damaged, item.simulated)
        return FrameRow(
            *happened,
            satellite=found.satellite,
            packet=found.packet,
            error=found.error,
            simulated=self.simulated,
            candidates=found.candidates,
            evidence_bits=found.evidence_bits,
        )

    def record(self, code: str) -> dict[str, Any]:
        """All of it as JSON."""
        item = present.reception(self.row)
        item["raw"] = self.reception.raw.hex()
        item["candidates"] = list(self.row.candidates)
        item["evidence_bits"] = self.row.evidence_bits
        item["layers"] = [
            {"layer": header.layer, "bits": list(header.bits), "fields": dict(header.fields)}
            for header in self.layers
        ]
        item["parameters"] = {value.name: self._parameter(value, code) for value in self.values}
        return item

    def _parameter(self, value: Value, code: str) -> dict[str, Any]:
        return {
            "label": display.label(value.name, self._row(value), code),
            "raw": scalar(value.raw) if value.raw is not None else None,
            "value": scalar(value.value),
            "unit": value.unit,
            "state": value.state,
            "bits": list(value.bits) if value.bits else None,
            "steps": [list(step) for step in self.steps(value, code)],
            "limits": present.limits(value.row.limits),
        }

    def _row(self, value: Value) -> display.Row:
        return display.find_row(self._rows, value.name) or value.row

    def steps(self, value: Value, code: str) -> list[tuple[str, str]]:
        """How the value came about: (kind, words), kinds as ``static/js/xray.js`` names them."""
        row = value.row
        steps: list[tuple[str, str]] = []
        if value.raw is not None:
            steps.append(("raw", f"{display.raw_text(scalar(value.raw))}  ({kind(row)})"))
        steps += converting(value, self.decoded.named if self.decoded else {})
        text = display.value_text(scalar(value.value), row, self._rows, code)
        steps.append(("value", f"{text} {value.unit}".rstrip()))
        if limits := display.limits_text(row.limits, code):
            steps.append(("limits", f"{limits} {value.unit}".rstrip()))
        return steps

    def parts(self, code: str) -> list[dict[str, Any]]:
        """Layers, then values, as the scripts light them up."""
        found: list[dict[str, Any]] = [
            {"label": layer_name(header.layer), "bits": list(header.bits), "steps": []}
            for header in self.layers
        ]
        if self.mark:
            found.append({"label": _("kind of packet"), "bits": list(self.mark), "steps": []})
        for value in self.values:
            row = self._row(value)
            found.append(
                {
                    "label": display.label(value.name, row, code),
                    "doc": row.doc(code),
                    "bits": list(value.bits) if value.bits else None,
                    "state": value.state,
                    "steps": self.steps(value, code),
                }
            )
        return found

    def layer_cards(self) -> list[dict[str, Any]]:
        """Headers, and what marks the packet, for the page."""
        cards = [
            {
                "part": index,
                "name": layer_name(header.layer),
                "summary": _summary(header),
                "fields": [(name, str(value)) for name, value in header.fields.items()],
            }
            for index, header in enumerate(self.layers)
        ]
        if self.mark:
            start = self.mark[0] // 8
            prefix = self.reception.raw[start : start + self.mark[1] // 8]
            cards.append(
                {
                    "part": len(cards),
                    "name": _("kind of packet"),
                    "summary": prefix.hex(" ").upper(),
                    "fields": [],
                }
            )
        return cards

    def value_cards(self, code: str) -> list[dict[str, Any]]:
        """Readings for the page; a raw value that is the value itself is not repeated."""
        first = len(self.layers) + (self.mark is not None)
        cards = []
        for index, value in enumerate(self.values):
            row = self._row(value)
            raw = display.raw_text(scalar(value.raw)) if value.bits else ""
            text = display.value_text(scalar(value.value), row, self._rows, code)
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

    def lines(self) -> list[dict[str, Any]]:
        """The bytes in lines of eight, each byte with the kind of part that it belongs to."""
        kinds = self._kinds()
        raw = self.reception.raw
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

    def undescribed(self) -> bool:
        """Whether some bytes belong to no part."""
        return "plain" in self._kinds()

    def _kinds(self) -> list[str]:
        kinds = ["plain"] * len(self.reception.raw)
        parts = [("layer", header.bits) for header in self.layers]
        if self.mark:
            parts.append(("layer", self.mark))
        parts += [
            (("even", "odd")[index % 2], value.bits)
            for index, value in enumerate(self.values)
            if value.bits
        ]
        for name, (start, length) in parts:
            for index in range(start // 8, min(len(kinds), -(-(start + length) // 8))):
                kinds[index] = name
        return kinds


def kind(row: Parameter | Derived) -> str:
    """The type of a row as definitions write it, such as ``u16 little``."""
    if isinstance(row, Derived):
        return ""
    word = f"{row.kind}{row.bits or ''}" if row.kind in ("u", "i", "f") else row.kind
    ordered = row.kind in ("u", "i", "f") and row.bits >= _BYTE_ORDER_FROM_BITS
    return f"{word} {row.endian}" if ordered else word


def layer_name(layer: str) -> str:
    """``ax25`` as people write it."""
    return {"ax25": "AX.25", "csp": "CSP"}.get(layer, layer)


def _summary(header: LayerHeader) -> str:
    fields = header.fields
    if "source" in fields and "destination" in fields:
        return f"{_address(fields, 'source')} → {_address(fields, 'destination')}"
    return ""


def _address(fields: Any, name: str) -> str:
    ssid = fields.get(f"{name}_ssid")
    return f"{fields[name]}-{ssid}" if ssid else str(fields[name])
