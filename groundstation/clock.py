"""Time of the station. A demo may run faster than the world; everything else is real time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Clock:
    """``station time = station_origin_us + (real time - real_origin_us) * speed``.

    The default is real UTC. All times are integer microseconds since 1970-01-01T00:00:00Z.
    """

    real_origin_us: int = 0
    station_origin_us: int = 0
    speed: float = 1.0

    def now_us(self) -> int:
        """Station time now."""
        return self.at_real_us(time.time_ns() // 1000)

    def at_real_us(self, real_us: int) -> int:
        """Station time at a real time."""
        if self.speed == 1.0:
            return real_us + self.station_origin_us - self.real_origin_us
        return self.station_origin_us + round((real_us - self.real_origin_us) * self.speed)

    def as_json(self) -> dict[str, float]:
        """For ``status.json``, from which the dashboard and the browser take it."""
        return {
            "real_origin_us": self.real_origin_us,
            "station_origin_us": self.station_origin_us,
            "speed": self.speed,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`as_json`."""
        return cls(
            int(data["real_origin_us"]), int(data["station_origin_us"]), float(data["speed"])
        )
