"""The X-ray of a frame: the parts that its bytes belong to, and how each value came about."""

from __future__ import annotations

from dataclasses import replace
from typing import NotRequired, TypedDict

from dashboard.data import present
from dashboard.data.records import PacketRecord, XrayRecord, XrayValue
from dashboard.data.station_data import StationData
from dashboard.show import display
from dashboard.show.i18n import gettext as _
from decoders.definition.model import Satellite
from decoders.explain import Explanation, explain, mark, typed
from decoders.layers.registry import layer_title
from decoders.value import Decoded, LayerHeader, Value
from groundstation.model import FrameRow, Reception
from groundstation.storage.samples import scalar
from groundstation.words.language import in_language


def _packet(found: Decoded) -> PacketRecord:
    bits = list(found.payload) if found.payload else None
    return {"packet": found.packet, "bits": bits, "error": found.error, "note": found.note}


class Part(TypedDict):
    """What bits of a frame belong to, for ``static/js/xray.js``; ``steps`` are (kind, words)."""

    label: str
    bits: list[int] | None
    steps: list[tuple[str, str]]
    doc: NotRequired[str]
    state: NotRequired[str]


class Xray:
    """One reception decoded for show. A damaged one has bytes and a reason, but no values.

    ``packets``: all that the frame holds; ``number``: which of them is shown. Raises IndexError for
    one that is not there.
    """

    def __init__(self, data: StationData, reception: Reception, number: int = 0):
        self.reception = reception
        self.number = number
        self.satellite: Satellite | None = None
        self.packets = [] if reception.damaged else data.decode(reception)
        self.decoded: Decoded | None = None
        if number or self.packets:
            self.decoded = self.packets[number]
            self.satellite = data.satellite(self.decoded.satellite or "")
        self.rows = self.satellite.rows() if self.satellite else {}
        self.mark: tuple[int, int] | None = None
        self.explanations: tuple[Explanation, ...] = ()
        if self.satellite is not None and self.decoded is not None:
            self.mark = mark(self.satellite, self.decoded)
            self.explanations = explain(self.satellite, self.decoded)

    @property
    def layers(self) -> tuple[LayerHeader, ...]:
        """Headers from the outside in."""
        return self.decoded.layers if self.decoded else ()

    @property
    def values(self) -> tuple[Value, ...]:
        """Readings in the order of the packet."""
        return tuple(found.value for found in self.explanations)

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
        happened = FrameRow(
            *(item.seq, item.received_us, item.link, item.raw, None, None, item.error),
            damaged=item.damaged,
            simulated=self.simulated,
            imported=item.imported,
            unsynchronised=item.unsynchronised,
        )
        if found is None:
            return happened
        return replace(
            happened,
            satellite=found.satellite,
            packet=found.packet,
            error=found.error,
            candidates=found.candidates,
            evidence_bits=found.evidence_bits,
            note=found.note,
        )

    def record(self, code: str) -> XrayRecord:
        """All of it as JSON."""
        return {
            **present.reception(self.row),
            "raw": self.reception.raw.hex(),
            "candidates": list(self.row.candidates),
            "evidence_bits": self.row.evidence_bits,
            "packets": [_packet(found) for found in self.packets],
            "layers": [
                {"layer": header.layer, "bits": list(header.bits), "fields": dict(header.fields)}
                for header in self.layers
            ],
            "parameters": {
                found.value.name: self._parameter(found, code) for found in self.explanations
            },
        }

    def _parameter(self, found: Explanation, code: str) -> XrayValue:
        value = found.value
        return {
            "label": display.label(value.name, self.row_of(value), code),
            "raw": scalar(value.raw) if value.raw is not None else None,
            "value": scalar(value.value),
            "unit": value.unit,
            "state": value.state,
            "bits": list(value.bits) if value.bits else None,
            "steps": [list(step) for step in self.steps(found, code)],
            "limits": present.limits(value.row.limits),
        }

    def row_of(self, value: Value) -> display.Row:
        """The row that names the value; a repetition has the row that is repeated."""
        return display.find_row(self.rows, value.name) or value.row

    def text(self, value: Value, code: str) -> str:
        """The engineering value as people read it."""
        return display.value_text(scalar(value.value), value.row, self.rows, code)

    def steps(self, found: Explanation, code: str) -> list[tuple[str, str]]:
        """How the value came about: (kind, words), kinds as ``static/js/xray.js`` names them.

        The steps of :mod:`decoders.explain`, but the value and its limits as the language writes
        numbers.
        """
        value = found.value
        steps = [(step.kind, typed(step, value.row)) for step in found.way]
        steps.append(("value", f"{self.text(value, code)} {value.unit}".rstrip()))
        if limits := display.limits_text(value.row.limits, code):
            steps.append(("limits", f"{limits} {value.unit}".rstrip()))
        return steps

    def parts(self, code: str) -> list[Part]:
        """Layers, then values, as the scripts light them up."""
        found: list[Part] = [
            {
                "label": layer_title(header.layer, in_language(code)),
                "bits": list(header.bits),
                "steps": [],
            }
            for header in self.layers
        ]
        if self.mark:
            found.append({"label": _("kind of packet"), "bits": list(self.mark), "steps": []})
        for explanation in self.explanations:
            value = explanation.value
            row = self.row_of(value)
            found.append(
                {
                    "label": display.label(value.name, row, code),
                    "doc": row.doc(code),
                    "bits": list(value.bits) if value.bits else None,
                    "state": value.state,
                    "steps": self.steps(explanation, code),
                }
            )
        return found
