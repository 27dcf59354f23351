"""Is the antenna where it was sent? Commanded against measured direction, and what is wrong.

Directions are compared, not numbers: controllers report modulo 360, from -180 to 180, another turn,
or jump between 0 and 360 where these are the same.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from groundstation.mount import Mount, nearest_turn
from groundstation.tracking.fit import reading_hint

#: Further off than this (deg) an antenna is not on its satellite.
OFF_DEG = 5.0
#: An antenna that is off and has not moved by MOVED_DEG within this time (s) is stuck.
STUCK_S = 6.0
MOVED_DEG = 0.5
#: An antenna that stays off this long (s) without coming nearer is too slow, or goes astray.
ASTRAY_S = 15.0
#: A motor may be this much faster than its description; more is a wrong report.
_FASTEST = 4.0
_SLACK_DEG = 10.0
#: Readings within these are directions in some way of counting, whatever the mount's range.
_ANY_COUNT_DEG = (-180.0, 360.0)
#: A motor that turns at this share of its speed and more is on its way, perhaps by the long side.
_ON_ITS_WAY = 0.5


@dataclass(frozen=True, slots=True)
class _Seen:
    """One measurement; ``azimuth_deg`` without jumps, ``error_deg`` off the command."""

    time_s: float
    azimuth_deg: float
    elevation_deg: float
    error_deg: float


@dataclass(slots=True)
class MotionWatch:
    """Feed it each measurement; it answers with one sentence when something is wrong."""

    mount: Mount
    _seen: deque[_Seen] = field(default_factory=deque)
    _off_since_s: float | None = None

    def begin(self, time_s: float, measured_deg: tuple[float, float]) -> None:
        """Where it stands before it is sent anywhere."""
        if not self._seen:
            self._seen.append(_Seen(time_s, *measured_deg, error_deg=0.0))

    def feed(
        self, time_s: float, commanded_deg: tuple[float, float], measured_deg: tuple[float, float]
    ) -> str | None:
        """What is wrong at ``time_s``, given azimuth and elevation commanded and measured."""
        reported, elevation = measured_deg
        azimuth = nearest_turn(reported, self._seen[-1].azimuth_deg) if self._seen else reported
        error = max(
            abs(nearest_turn(reported, commanded_deg[0]) - commanded_deg[0]),
            abs(elevation - commanded_deg[1]),
        )
        problem = self._out_of_range(reported, elevation) or self._jump(time_s, azimuth, elevation)
        self._remember(_Seen(time_s, azimuth, elevation, error))
        if problem or error <= OFF_DEG:
            return problem
        where = (
            f"sent to azimuth {commanded_deg[0]:.1f}, elevation {commanded_deg[1]:.1f}, "
            f"it reports {reported:.1f}, {elevation:.1f}"
        )
        if self._still(time_s):
            return f"the antenna does not move: {where}"
        if self._astray(time_s):
            return f"the antenna does not follow: {where}"
        return None

    def _remember(self, seen: _Seen) -> None:
        self._seen.append(seen)
        if seen.error_deg <= OFF_DEG:
            self._off_since_s = None
        elif self._off_since_s is None:
            self._off_since_s = seen.time_s
        while len(self._seen) > 1 and self._seen[1].time_s <= seen.time_s - ASTRAY_S:
            self._seen.popleft()

    def _out_of_range(self, azimuth: float, elevation: float) -> str | None:
        low = min(self.mount.lowest_azimuth_deg, _ANY_COUNT_DEG[0])
        high = max(self.mount.highest_azimuth_deg, _ANY_COUNT_DEG[1])
        if not low - _SLACK_DEG <= azimuth <= high + _SLACK_DEG:
            return (
                f"the rotator reports azimuth {azimuth:.1f}, the range of the mount "
                f"{self.mount.text!r} ends before{reading_hint(self.mount, azimuth)}"
            )
        if not -_SLACK_DEG <= elevation <= self.mount.highest_deg + _SLACK_DEG:
            flip = '; if it tilts over, write " flip" behind the mount' if elevation <= 190 else ""
            return (
                f"the rotator reports elevation {elevation:.1f}, its range is 0 to "
                f"{self.mount.highest_deg:g}{flip if self.mount.highest_deg == 90 else ''}"
            )
        return None

    def _jump(self, time_s: float, azimuth: float, elevation: float) -> str | None:
        if not self._seen:
            return None
        before = self._seen[-1]
        passed = max(time_s - before.time_s, 0.0)
        for label, moved, rate in (
            ("azimuth", abs(azimuth - before.azimuth_deg), self.mount.azimuth_rate_deg_s),
            ("elevation", abs(elevation - before.elevation_deg), self.mount.elevation_rate_deg_s),
        ):
            if moved > _FASTEST * rate * passed + _SLACK_DEG:
                return (
                    f"the rotator reports {label} changed by {moved:.0f} degrees in "
                    f"{passed:.1f} s, which no motor does"
                )
        return None

    def _off(self, moment_s: float) -> list[_Seen]:
        """What was seen since ``moment_s``, if all of it was off; else, or if too little, nothing.

        The first is the last one before that moment: looks may be seconds apart.
        """
        begin = sum(seen.time_s <= moment_s for seen in self._seen) - 1
        rows = list(self._seen)[begin:] if begin >= 0 else []
        return rows if rows and min(row.error_deg for row in rows) > OFF_DEG else []

    def _still(self, time_s: float) -> bool:
        rows = self._off(time_s - STUCK_S)
        if not rows:
            return False
        azimuths = [row.azimuth_deg for row in rows]
        elevations = [row.elevation_deg for row in rows]
        spans = max(azimuths) - min(azimuths), max(elevations) - min(elevations)
        return max(spans) < MOVED_DEG

    def _astray(self, time_s: float) -> bool:
        rows = self._off(time_s - ASTRAY_S)
        return (
            bool(rows)
            and rows[-1].error_deg > rows[0].error_deg - 1.0
            and not self._on_its_way(rows)
        )

    def _on_its_way(self, rows: list[_Seen]) -> bool:
        """Whether it turns as a motor does that goes round by the long side, and not for ever."""
        rate = self.mount.azimuth_rate_deg_s
        first, last = rows[0], rows[-1]
        turned = abs(last.azimuth_deg - first.azimuth_deg)
        if turned < _ON_ITS_WAY * rate * (last.time_s - first.time_s):
            return False
        span = self.mount.highest_azimuth_deg - self.mount.lowest_azimuth_deg
        assert self._off_since_s is not None
        return last.time_s - self._off_since_s < min(span, 720.0) / rate / _ON_ITS_WAY
