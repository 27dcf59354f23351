"""A calibration curve as a picture: raw value to the right, value up, limits as bands."""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape
from typing import Any

from decoders.convert import raw_range
from decoders.definition.calibration import Calibration, Table
from decoders.definition.model import Parameter
from decoders.document.content import curve_of
from decoders.document.notation import number
from decoders.words import Words

_WIDTH, _HEIGHT = 360, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 14, 40
_POINTS = 160
_SAMPLES = 4000
#: A part of the range smaller than this is drawn alone.
_ZOOM = 0.6
_TICKS = 4
#: Raw values drawn of a row whose raw value is a float or a text, which have no range of their own.
_UNBOUNDED = (0.0, 1000.0)


def curve(row: Parameter, title: str, words: Words) -> str:
    """An SVG picture; empty when fewer than two points have a value."""
    points = _points(row)
    if len(points) < 2:
        return ""
    low, high = _padded(points)
    left, right = points[0][0], points[-1][0]

    def x(raw: float) -> float:
        return _LEFT + (raw - left) / (right - left or 1) * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        inside = _HEIGHT - _TOP - _BOTTOM
        return _TOP + (high - min(max(value, low), high)) / (high - low or 1) * inside

    parts = []
    for level, top, bottom in _bands(row, low, high):
        height = y(bottom) - y(top)
        if height > 0:
            parts.append(
                f'<rect class="band {level}" x="{_LEFT}" y="{y(top):.1f}" '
                f'width="{_WIDTH - _LEFT - _RIGHT}" height="{height:.1f}"/>'
            )
    for value in ticks(low, high):
        parts.append(f'<path class="grid" d="M{_LEFT} {y(value):.1f}H{_WIDTH - _RIGHT}"/>')
        parts.append(
            f'<text class="tick end" x="{_LEFT - 6}" y="{y(value) + 4:.1f}">{number(value)}</text>'
        )
    for raw in ticks(left, right):
        parts.append(
            f'<path class="grid" d="M{x(raw):.1f} {_HEIGHT - _BOTTOM}v4"/>'
            f'<text class="tick" x="{x(raw):.1f}" y="{_HEIGHT - _BOTTOM + 17}">{number(raw)}</text>'
        )
    path = " ".join(f"{x(raw):.1f},{y(value):.1f}" for raw, value in points)
    parts.append(f'<polyline class="curve" points="{path}"/>')
    calibration = curve_of(row)
    if isinstance(calibration, Table):
        parts += [
            f'<circle class="point" cx="{x(raw):.1f}" cy="{y(value):.1f}" r="3.5"/>'
            for raw, value in calibration.points
            if left <= raw <= right
        ]
    parts.append(
        f'<text class="axis" x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 6}">{words("raw value")} →</text>'
        f'<text class="axis start" x="4" y="11">↑ {escape(words.unit(row.unit))}</text>'
    )
    return (
        f'<svg class="plot" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


def _points(row: Parameter) -> list[tuple[float, float]]:
    """Points of the curve: of the whole raw range, or of its part around the limits."""
    calibration = curve_of(row)
    if calibration is None:
        return []
    low, high = _raw_span(row, calibration)
    points = _sampled(row, calibration, low, high)
    inside = [raw for raw, value in points if _near_limits(row, value)]
    if inside and len(inside) < _ZOOM * len(points):
        points = _sampled(row, calibration, inside[0], inside[-1])
    kept = set(points[:: max(1, len(points) // _POINTS)]) | {points[-1]} if points else set()
    corners = {raw for raw, _ in calibration.points} if isinstance(calibration, Table) else set()
    return sorted(kept | {point for point in points if point[0] in corners})


def _raw_span(row: Parameter, calibration: Calibration) -> tuple[float, float]:
    if row.kind in ("u", "i", "bool", "bcd", "time"):
        low, high = map(float, raw_range(row, row.bits))
    else:
        low, high = _UNBOUNDED
    if isinstance(calibration, Table):
        span = calibration.points[-1][0] - calibration.points[0][0]
        low = max(low, calibration.points[0][0] - span / 8)
        high = min(high, calibration.points[-1][0] + span / 8)
    return low, high


def _sampled(
    row: Parameter, calibration: Calibration, low: float, high: float
) -> list[tuple[float, float]]:
    raws = {low + (high - low) * n / _SAMPLES for n in range(_SAMPLES + 1)}
    if row.kind != "f":
        raws = {round(raw) for raw in raws}
    if isinstance(calibration, Table):
        raws |= {raw for raw, _ in calibration.points if low <= raw <= high}
    apply: Callable[[float], Any] = calibration.apply  # of numbers only
    found = [(raw, float(apply(raw))) for raw in sorted(raws)]
    return [(raw, value) for raw, value in found if math.isfinite(value)]


def _near_limits(row: Parameter, value: float) -> bool:
    """Whether ``value`` lies inside of the limits or half their width outside."""
    span = row.limits and (row.limits.critical or row.limits.warning)
    if not span or not all(map(math.isfinite, span)):
        return True
    margin = (span[1] - span[0]) / 2
    return span[0] - margin <= value <= span[1] + margin


def _padded(points: list[tuple[float, float]]) -> tuple[float, float]:
    values = [value for _, value in points]
    low, high = min(values), max(values)
    space = (high - low) / 20 or abs(high) / 20 or 1
    return low - space, high + space


def _bands(row: Parameter, low: float, high: float) -> list[tuple[str, float, float]]:
    """(level, top, bottom) of the values that raise an alarm."""
    limits = row.limits
    if limits is None:
        return []
    bands = []
    inner = {"warning": limits.critical or (-math.inf, math.inf), "critical": (-math.inf, math.inf)}
    for level, span in (("warning", limits.warning), ("critical", limits.critical)):
        if span is not None:
            bands.append((level, min(high, inner[level][1]), max(span[1], low)))
            bands.append((level, min(span[0], high), max(low, inner[level][0])))
    return [(level, top, bottom) for level, top, bottom in bands if top > bottom]


def ticks(low: float, high: float) -> list[float]:
    """Round numbers from ``low`` to ``high``, about four."""
    span = high - low
    if span <= 0 or not math.isfinite(span):
        return [low]
    rough = span / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    first = math.ceil(low / step)
    count = math.floor(high / step) - first + 1
    return [round((first + n) * step, 12) for n in range(count)]
