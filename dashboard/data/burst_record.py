"""The last burst in JSON, step by step."""

from __future__ import annotations

from typing import TypedDict


class WaveRecord(TypedDict):
    """``low`` and ``high`` of each stretch of ``step_ms``; the frame begins at ``frame_ms``.

    ``near``: single samples, ``near_step_ms`` apart, from the begin of the frame.
    """

    step_ms: float
    frame_ms: float
    low: list[float]
    high: list[float]
    near: list[float]
    near_step_ms: float


class SpectrumRecord(TypedDict):
    """Decibels in bands from ``from_hz``, ``step_hz`` wide; ``rows``: 0 to 255, a row a stretch of
    ``row_ms``, over the same bands."""

    from_hz: float
    step_hz: float
    db: list[float]
    rows: list[list[int]]
    row_ms: float


class BurstStepsRecord(TypedDict):
    """``eye``: traces over two symbols; ``path``: phase in half turns over ``path_step`` symbols;
    ``dots``: I and Q at the symbols, for modulations of phase. Empty where there is none.

    ``symbols``: soft, -1 to 1, from the begin of the frame on; ``bits``: what they say,
    ``bits_per_symbol`` each.
    """

    wave: WaveRecord
    spectrum: SpectrumRecord
    eye: list[list[float]]
    path: list[float]
    path_step: float
    dots: list[list[float]]
    symbols: list[float]
    bits: str
    bits_per_symbol: int


class BurstRecord(BurstStepsRecord):
    """``way``: modulation, baud and framing. ``seq``: the reception that it became, if that is
    known."""

    link: str
    way: str
    satellite: str | None
    simulated: bool
    received: str | None
    seq: int | None
    frame: str
    iq: bool
