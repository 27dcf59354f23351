"""Is the antenna where it was sent? Commanded against measured position, and what is wrong."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from groundstation.tracking.mount import Mount

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


@dataclass(slots=True)
class MotionWatch:
    """Feed it each measurement; it answers with one sentence when something is wrong."""

    mount: Mount
    _seen: deque[tuple[float, float, float, float]] = field(default_factory=deque)

    def feed(
        self, time_s: float, commanded_deg: tuple[float, float], measured_deg: tuple[float, float]
    ) -> str | None:
        """What is wrong at ``time_s``, given azimuth and elevation commanded and measured."""
        azimuth, elevation = measured_deg
        error = max(abs(azimuth - commanded_deg[0]), abs(elevation - commanded_deg[1]))
        problem = self._impossible(time_s, azimuth, elevation)
        self._seen.append((time_s, azimuth, elevation, error))
        while len(self._seen) > 1 and self._seen[1][0] <= time_s - ASTRAY_S:
            self._seen.popleft()
        if problem:
            return problem
        if error <= OFF_DEG:
            return None
        where = (
            f"sent to azimuth {commanded_deg[0]:.1f}, elevation {commanded_deg[1]:.1f}, "
            f"it reports {azimuth:.1f}, {elevation:.1f}"
        )
        if self._still(time_s):
            return f"the antenna does not move: {where}"
        if self._astray(time_s, error):
            return f"the antenna does not follow: {where}"
        return None

    def _impossible(self, time_s: float, azimuth: float, elevation: float) -> str | None:
        low, high = self.mount.lowest_azimuth_deg, self.mount.highest_azimuth_deg
        if not low - _SLACK_DEG <= azimuth <= high + _SLACK_DEG:
            return f"the rotator reports azimuth {azimuth:.1f}, its range is {low:g} to {high:g}"
        if not -_SLACK_DEG <= elevation <= self.mount.highest_deg + _SLACK_DEG:
            return (
                f"the rotator reports elevation {elevation:.1f}, "
                f"its range is 0 to {self.mount.highest_deg:g}"
            )
        if self._seen:
            before_s, before_azimuth, before_elevation, _ = self._seen[-1]
            passed = max(time_s - before_s, 0.0)
            for label, moved, rate in (
                ("azimuth", abs(azimuth - before_azimuth), self.mount.azimuth_rate_deg_s),
                ("elevation", abs(elevation - before_elevation), self.mount.elevation_rate_deg_s),
            ):
                if moved > _FASTEST * rate * passed + _SLACK_DEG:
                    return (
                        f"the rotator reports {label} changed by {moved:.0f} degrees in "
                        f"{passed:.1f} s, which no motor does"
                    )
        return None

    def _off_since(self, moment_s: float) -> list[tuple[float, float, float, float]]:
        """What was seen since ``moment_s``, if all of it was off; else, or if too little, nothing.

        The first row is the last one before that moment: looks may be seconds apart.
        """
        begin = sum(row[0] <= moment_s for row in self._seen) - 1
        rows = list(self._seen)[begin:] if begin >= 0 else []
        return rows if rows and min(row[3] for row in rows) > OFF_DEG else []

    def _still(self, time_s: float) -> bool:
        rows = self._off_since(time_s - STUCK_S)
        spans = (max(row[i] for row in rows) - min(row[i] for row in rows) for i in (1, 2) if rows)
        return max(spans, default=MOVED_DEG) < MOVED_DEG

    def _astray(self, time_s: float, error: float) -> bool:
        rows = self._off_since(time_s - ASTRAY_S)
        return bool(rows) and error > rows[0][3] - 1.0
