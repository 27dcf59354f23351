"""Pictures of a pass as SVG: its way through the sky, and frames over time.

Colours come from classes (see report.css); numbers are where they belong without any script.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from html import escape
from typing import Any

from groundstation.model.pass_report import PassReport, TrackPoint
from groundstation.passes.frames import Heard
from groundstation.words.language import Language

_RADIUS = 100.0
_EDGE = 18.0
_WIDTH, _LEFT, _RIGHT = 720.0, 58.0, 10.0
#: How wide a digit of a time is, at most.
_LETTER = 7.5
_ELEVATION_TOP, _ELEVATION_HEIGHT = 12.0, 170.0
_DOPPLER_TOP, _DOPPLER_HEIGHT = 216.0, 110.0
#: More dots than this hide each other.
_MOST_DOTS = 2000


def sky_plot(report: PassReport, frames: Sequence[Heard], words: Language) -> str:
    """The sky as on a map laid flat: north up, east right, the zenith in the middle."""
    way = [_in_sky(point[1], point[2]) for point in report["track"]]
    size = _RADIUS + _EDGE
    letters = (
        (words.pgettext("letter", "N"), 0, -1),
        (words.pgettext("letter", "E"), 1, 0),
        (words.pgettext("letter", "S"), 0, 1),
        (words.pgettext("letter", "W"), -1, 0),
    )
    far = _RADIUS + _EDGE / 2
    parts = [
        f'<svg class="sky" viewBox="{-size} {-size} {2 * size} {2 * size}" role="img"'
        f' aria-label="{escape(words("Sky"))}">',
        f'<circle class="dome" r="{_RADIUS}"/>',
        *(f'<circle class="grid" r="{_RADIUS * (90 - deg) / 90:.1f}"/>' for deg in (30, 60)),
        f'<path class="grid" d="M0 {-_RADIUS}V{_RADIUS}M{-_RADIUS} 0H{_RADIUS}"/>',
        *(
            f'<text class="small" x="10" y="{-_RADIUS * (90 - deg) / 90 + 6:.1f}">{deg}°</text>'
            for deg in (30, 60)
        ),
        *(
            f'<text class="cardinal" x="{x * far}" y="{y * far}">{letter}</text>'
            for letter, x, y in letters
        ),
        f'<path class="way" d="{_line(way)}"/>',
        *(
            f'<circle class="dot {item.status}" r="1.7" cx="{x:.1f}" cy="{y:.1f}"/>'
            for item in _thinned(frames)
            for x, y in [_in_sky(item.azimuth_deg, item.elevation_deg)]
        ),
        _arrow(way),
        "</svg>",
    ]
    return "".join(parts)


def _in_sky(azimuth_deg: float, elevation_deg: float) -> tuple[float, float]:
    distance = _RADIUS * (90 - max(0.0, elevation_deg)) / 90
    angle = math.radians(azimuth_deg)
    return distance * math.sin(angle), -distance * math.cos(angle)


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else ""


def _arrow(way: Sequence[tuple[float, float]]) -> str:
    """A head at the end of the way: which direction it went."""
    if len(way) < 2:
        return ""
    (x0, y0), (x, y) = way[-2:]
    turn = math.degrees(math.atan2(y - y0, x - x0))
    place = f"translate({x:.1f} {y:.1f}) rotate({turn:.0f})"
    return f'<path class="head" d="M0 0L-8 4L-8 -4Z" transform="{place}"/>'


def _thinned(frames: Sequence[Heard]) -> Sequence[Heard]:
    return frames[:: max(1, -(-len(frames) // _MOST_DOTS))]


class Timeline:
    """Elevation above, Doppler below, both over time, with a dot for each frame."""

    def __init__(
        self, report: PassReport, frames: Sequence[Heard], words: Language, zone: tzinfo
    ) -> None:
        self.report, self.frames, self.words, self.zone = report, frames, words, zone
        self.aos = datetime.fromisoformat(report["predicted"]["aos"])
        self.los = datetime.fromisoformat(report["predicted"]["los"])
        times = [item.when for item in frames]
        self.begin = min([self.aos, *times])
        self.end = max([self.los, *times, self.begin + timedelta(seconds=1)])
        self.track: list[TrackPoint] = report["track"]

    def svg(self) -> str:
        """The picture."""
        doppler = self.report["frequency_hz"] is not None
        height = _DOPPLER_TOP + _DOPPLER_HEIGHT + 24 if doppler else _DOPPLER_TOP + 10
        label = escape(self.words("Frames over time"))
        return "".join(
            (
                f'<svg class="timeline" viewBox="0 0 {_WIDTH:g} {height:g}" role="img"'
                f' aria-label="{label}">',
                *self._gaps(height),
                *self._elevation(),
                *(self._doppler() if doppler else ()),
                *self._times(height),
                "</svg>",
            )
        )

    def _x(self, when: datetime) -> float:
        share: float = (when - self.begin) / (self.end - self.begin)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def _track_x(self, point: Sequence[Any]) -> float:
        return self._x(self.aos + timedelta(seconds=point[0]))

    def _gaps(self, height: float) -> list[str]:
        """Silence longer than the account's threshold, as shaded columns."""
        result = []
        for gap in self.report["heard"]["gaps"]:
            left = self._x(datetime.fromisoformat(gap["from"]))
            right = self._x(datetime.fromisoformat(gap["to"]))
            result.append(
                f'<rect class="gap" x="{left:.1f}" y="{_ELEVATION_TOP:g}"'
                f' width="{right - left:.1f}" height="{height - 24 - _ELEVATION_TOP:g}"/>'
            )
        return result

    def _elevation(self) -> list[str]:
        top = max(point[2] for point in self.track)
        high = next(step for step in (10, 20, 30, 45, 60, 90) if top <= step or step == 90)

        def y(elevation: float) -> float:
            return _ELEVATION_TOP + _ELEVATION_HEIGHT * (1 - max(0.0, elevation) / high)

        marks = [(value, f"{value:g}°") for value in (0, high / 2, high)]
        way = [(self._track_x(point), y(point[2])) for point in self.track]
        dots = [(item, y(item.elevation_deg)) for item in _thinned(self.frames)]
        return self._panel(y, marks, way, dots, _ELEVATION_TOP, self.words("elevation"))

    def _doppler(self) -> list[str]:
        most = max(abs(point[4] or 0.0) for point in self.track) or 1.0
        high = next(n * 10**k for k in range(9) for n in (1, 2, 5) if n * 10**k >= most)

        def y(shift: float) -> float:
            share = float(max(-1.0, min(1.0, shift / high)))
            return _DOPPLER_TOP + _DOPPLER_HEIGHT * (1 - share) / 2

        marks = [
            (
                value,
                f"{self.words.number(value / 1000, 0 if high >= 1000 else 3)} {self.words('kHz')}",
            )
            for value in (-high, 0, high)
        ]
        way = [(self._track_x(point), y(point[4] or 0.0)) for point in self.track]
        dots = [(item, y(item.doppler_hz or 0.0)) for item in _thinned(self.frames)]
        return self._panel(y, marks, way, dots, _DOPPLER_TOP, self.words("Doppler shift"))

    def _panel(
        self,
        y: Any,
        marks: Sequence[tuple[float, str]],
        way: Sequence[tuple[float, float]],
        dots: Sequence[tuple[Heard, float]],
        top: float,
        title: str,
    ) -> list[str]:
        right = _WIDTH - _RIGHT
        return [
            *(
                f'<path class="grid" d="M{_LEFT:g} {y(value):.1f}H{right:g}"/>'
                f'<text class="scale" x="{_LEFT - 6:g}" y="{y(value):.1f}">{text}</text>'
                for value, text in marks
            ),
            f'<text class="title" x="{_LEFT + 4:g}" y="{top - 4:g}">{escape(title)}</text>',
            f'<path class="way" d="{_line(way)}"/>',
            *(
                f'<circle class="dot {item.status}" r="2.4"'
                f' cx="{self._x(item.when):.1f}" cy="{place:.1f}"/>'
                for item, place in dots
            ),
        ]

    def _times(self, height: float) -> list[str]:
        """Ticks at whole minutes, some six of them."""
        length_s = (self.end - self.begin).total_seconds()
        step = next(s for s in (15, 30, 60, 120, 300, 600, 1800, 3600, 86400) if length_s / s <= 8)
        first = self.begin.timestamp()
        moment = -(-first // step) * step
        result = []
        while moment <= first + length_s:
            when = datetime.fromtimestamp(moment, self.zone)
            x = self._x(when)
            text = f"{when:%H:%M:%S}" if step < 60 else f"{when:%H:%M}"
            last = _WIDTH - len(text) * _LETTER / 2  # none runs out of the picture
            result.append(
                f'<path class="grid" d="M{x:.1f} {_ELEVATION_TOP:g}V{height - 24:g}"/>'
                f'<text class="tick" x="{min(x, last):.1f}" y="{height - 8:g}">{text}</text>'
            )
            moment += step
        return result
