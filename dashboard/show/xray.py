"""The X-ray of a frame: the parts that its bytes belong to, and how each value came about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from dashboard.data import present
from dashboard.data.station_data import StationData
from dashboard.data.xray_records import (
    CheckRecord,
    PacketRecord,
    StepRecord,
    XrayRecord,
    XrayValue,
)
from dashboard.show import display, step_words
from dashboard.show.i18n import gettext as _
from decoders.check_values import CheckValue, check_values
from decoders.definition.model import Satellite
from decoders.explain import Explanation, explain, mark
from decoders.layers.registry import layer_title
from decoders.steps import Writing
from decoders.value import Decoded, LayerHeader, Value
from groundstation.model import FrameRow, Reception
from groundstation.storage.samples import scalar
from groundstation.words.language import in_language
from groundstation.words.values import word_text

#: Bits that may be turned over at once.
MOST_FLIPS = 64


def _packet(found: Decoded) -> PacketRecord:
    bits = list(found.payload) if found.payload else None
    return {"packet": found.packet, "bits": bits, "error": found.error, "note": found.note}


def _check(found: CheckValue) -> CheckRecord:
    return {
        "name": found.name,
        "algorithm": found.algorithm,
        "bits": list(found.bits) if found.bits else None,
        "held": found.held.hex(),
        "computed": found.computed.hex(),
        "ok": found.ok,
    }


def _step(kind: str, label: str, text: str, ok: bool | None = None) -> StepRecord:
    return {"kind": kind, "label": label, "text": text, "ok": ok}


@dataclass(frozen=True, slots=True)
class Part:
    """What bits of a frame belong to: a header, what marks the packet, or a value (``found``)."""

    name: str
    label: str
    bits: tuple[int, int] | None
    found: Explanation | None = None


class Xray:
    """One reception decoded for show. A damaged one has bytes and a reason, but no values.

    ``packets``: all that the frame holds; ``number``: which of them is shown. Raises IndexError for
    one that is not there. ``flips``: bits that are turned over before, to see what would change,
    counted from the frame's first; it stays a frame of its satellite. ``received``: without them.
    """

    def __init__(
        self,
        data: StationData,
        reception: Reception,
        number: int = 0,
        flips: frozenset[int] = frozenset(),
        received: Xray | None = None,
    ):
        self.reception = reception
        self.number = number
        self.flips = flips
        self.received = self
        if flips:
            self.received = received or Xray(data, reception, number)
            known = self.received.decoded
            owner = (known.satellite if known else None) or reception.satellite
            self.reception = replace(reception, raw=flipped(reception.raw, flips), satellite=owner)
        self.satellite: Satellite | None = None
        self.packets = [] if reception.damaged else data.decode(self.reception)
        self.decoded: Decoded | None = None
        if number or self.packets:
            # Where a changed frame has fewer packets, its last one is shown.
            self.decoded = self.packets[min(number, len(self.packets) - 1) if flips else number]
            self.satellite = data.satellite(self.decoded.satellite or "")
        self.rows = self.satellite.rows() if self.satellite else {}
        self._writings: dict[str, tuple[dict[str, str], Writing]] = {}
        self.mark: tuple[int, int] | None = None
        self.explanations: tuple[Explanation, ...] = ()
        if self.satellite is not None and self.decoded is not None:
            self.mark = mark(self.satellite, self.decoded)
            self.explanations = explain(self.satellite, self.decoded)

    @property
    def checks(self) -> tuple[CheckValue, ...]:
        """Its check values, where its sender is known."""
        satellite, original = self.received.satellite, self.received.decoded
        if satellite is None or original is None or self.decoded is None:
            return ()
        return check_values(satellite, self.decoded, original)

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
            signal=item.signal,
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
            "flipped": sorted(self.flips),
            "checks": [_check(found) for found in self.checks],
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
            "steps": self.steps(found, code),
            "limits": present.limits(value.row.limits),
        }

    def row_of(self, value: Value) -> display.Row:
        """The row that names the value; a repetition has the row that is repeated."""
        return display.find_row(self.rows, value.name) or value.row

    def text(self, value: Value, code: str) -> str:
        """The engineering value as people read it."""
        return display.value_text(scalar(value.value), value.row, self.rows, code)

    def writing(self, value: Value, code: str) -> Writing:
        """How the steps of ``value`` are written in the language ``code``."""
        words = in_language(code)
        return replace(self._written(code)[1], word=lambda word: word_text(word, value.row, words))

    def measured(self, value: Value, code: str) -> str:
        """The engineering value with its unit."""
        return f"{self.text(value, code)} {in_language(code).unit(value.unit)}".rstrip()

    def _written(self, code: str) -> tuple[dict[str, str], Writing]:
        """Names of steps, and how they are written: made once for all values."""
        if code not in self._writings:
            labels = step_words.step_labels(in_language(code))
            self._writings[code] = labels, step_words.writing(self.rows, code)
        return self._writings[code]

    def steps(self, found: Explanation, code: str) -> list[StepRecord]:
        """How the value came about: its type, the steps of :mod:`decoders.explain`, its limits, a
        sentence; in words, and as the language writes numbers."""
        value = found.value
        words = in_language(code)
        labels = self._written(code)[0]
        writing, text = self.writing(value, code), self.measured(value, code)
        typed = step_words.type_text(found, words)
        steps = [_step("type", words("type"), typed)] if typed else []
        for step in found.steps:
            shown = text if step.kind == "value" else step.written(writing)
            steps.append(_step(step.kind, labels[step.kind], shown))
        for held in found.held:
            steps.append(_step(held.level, labels[held.level], held.step.written(writing), held.ok))
        label = display.label(value.name, self.row_of(value), code)
        said = step_words.sentence(found, label, text, words)
        return [*steps, _step("sentence", words("in words"), said)]

    def parts(self, code: str) -> list[Part]:
        """Layers, what marks the packet, then values, in the order of the page."""
        layers = [
            Part(header.layer, layer_title(header.layer, in_language(code)), header.bits)
            for header in self.layers
        ]
        if self.mark:
            layers.append(Part("packet", _("kind of packet"), self.mark))
        return layers + [
            Part(
                found.value.name,
                display.label(found.value.name, self.row_of(found.value), code),
                found.value.bits,
                found,
            )
            for found in self.explanations
        ]


def flipped(raw: bytes, flips: Collection[int]) -> bytes:
    """``raw`` with these bits turned over. Raises IndexError for one that it does not have."""
    changed = bytearray(raw)
    for bit in flips:
        changed[bit // 8] ^= 0x80 >> bit % 8
    return bytes(changed)
