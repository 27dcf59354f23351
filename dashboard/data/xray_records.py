"""A frame in JSON, seen through: its layers, its values with their steps, its check values."""

from __future__ import annotations

from typing import TypedDict

from dashboard.data.records import FrameBytes, LimitsRecord, ValueRecord


class LayerRecord(TypedDict):
    """One header; ``bits``: first bit in the frame, and how many."""

    layer: str
    bits: list[int]
    fields: dict[str, int | str | bool | None]


class StepRecord(TypedDict):
    """One step of how a value came about: what it is, how it is called, and its numbers.

    ``kind``: one of ``decoders.explain.KINDS``, or ``type``, ``warning``, ``critical`` (limits that
    the value was held against, ``ok``: whether it is inside), ``sentence``.
    """

    kind: str
    label: str
    text: str
    ok: bool | None


class XrayValue(ValueRecord):
    """A value with its way."""

    label: str
    bits: list[int] | None
    steps: list[StepRecord]
    limits: LimitsRecord | None


class CheckRecord(TypedDict):
    """A check value, as ``decoders.check_values`` has it; bytes as hex."""

    name: str
    algorithm: str
    bits: list[int] | None
    held: str
    computed: str
    ok: bool


class PacketRecord(TypedDict):
    """A packet of a frame: ``bits`` (first, number) are its place; ``note``: why it is none."""

    packet: str | None
    bits: list[int] | None
    error: str | None
    note: str | None


class XrayRecord(FrameBytes):
    """One packet of a frame decoded for show; ``packets``: all that the frame holds.

    ``flipped``: bits that were turned over before, so that it is no frame that was received.
    """

    flipped: list[int]
    checks: list[CheckRecord]
    candidates: list[str]
    evidence_bits: int
    packets: list[PacketRecord]
    layers: list[LayerRecord]
    parameters: dict[str, XrayValue]


#: What is known of a frame that nobody received.
EXAMPLE_KEYS = (
    *("satellite", "packet", "error", "length", "raw", "flipped", "checks", "packets", "layers"),
    *("parameters", "simulated"),
)
