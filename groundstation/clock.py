"""Time of the station. A demo may run faster than the world, or jump; otherwise it is real time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Self


class Clock:
    """``station time = station_origin_us + (real time - real_origin_us) * speed``.

    The default is real UTC. All times are integer microseconds since 1970-01-01T00:00:00Z.
    Threads may share it; readers see a jump whole or not at all.
    """

    def __init__(
        self, real_origin_us: int = 0, station_origin_us: int = 0, speed: float = 1.0
    ) -> None:
        self._line = (real_origin_us, station_origin_us, speed)

    def now_us(self) -> int:
        """Station time now."""
        return self.at_real_us(time.time_ns() // 1000)

    def at_real_us(self, real_us: int) -> int:
        """Station time at a real time."""
        real_origin_us, station_origin_us, speed = self._line
        if speed == 1.0:
            return real_us + station_origin_us - real_origin_us
        return station_origin_us + round((real_us - real_origin_us) * speed)

    def jump_to_us(self, station_us: int) -> None:
        """From now on it is ``station_us``: how a demo skips the hours between passes."""
        self._line = (time.time_ns() // 1000, station_us, self._line[2])

    @property
    def is_real(self) -> bool:
        """Whether it is the computer's own clock."""
        return self._line == (0, 0, 1.0)

    @property
    def is_apart(self) -> bool:
        """Whether it tells another time than the computer's clock, by a second or by its pace."""
        real_origin_us, station_origin_us, speed = self._line
        return speed != 1.0 or abs(station_origin_us - real_origin_us) >= 1_000_000

    @property
    def speed(self) -> float:
        """Station seconds in a real second."""
        return self._line[2]

    def as_json(self) -> dict[str, float]:
        """For ``status.json``, from which the dashboard and the browser take it."""
        real_origin_us, station_origin_us, speed = self._line
        return {
            "real_origin_us": real_origin_us,
            "station_origin_us": station_origin_us,
            "speed": speed,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`as_json`."""
        return cls(
            int(data["real_origin_us"]), int(data["station_origin_us"]), float(data["speed"])
        )
