"""What was received last, in memory: latest values, their small charts, and the last frames."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence

from dashboard.data.records import EventRecord
from groundstation.model import Sample

#: Readings kept for the small chart of a parameter.
SPARK_POINTS = 60
#: Frames kept for the list on the first page.
LAST_FRAMES = 20


class Recent:
    """Filled by the tail, read by the pages; safe to use from several threads.

    It needs no telemetry store, so the first page shows values also while a database is down.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: dict[str, dict[str, Sample]] = {}
        self._sparks: dict[tuple[str, str], deque[tuple[int, float]]] = {}
        self._frames: deque[EventRecord] = deque(maxlen=LAST_FRAMES)
        self._heard: dict[str, tuple[int, int]] = {}
        self._last_us: int | None = None

    def clear(self) -> None:
        """Forget everything: another journal is read from now on."""
        with self._lock:
            self._latest.clear()
            self._sparks.clear()
            self._frames.clear()
            self._heard.clear()
            self._last_us = None

    def add(self, received_us: int, record: EventRecord, samples: Sequence[Sample]) -> None:
        """One reception as an event record, with its samples."""
        with self._lock:
            self._last_us = received_us
            self._frames.appendleft(record)
            for sample in samples:
                self._heard[sample.satellite] = (sample.seq, sample.time_us)
                self._latest.setdefault(sample.satellite, {})[sample.parameter] = sample
                if isinstance(sample.value, int | float):
                    key = (sample.satellite, sample.parameter)
                    spark = self._sparks.setdefault(key, deque(maxlen=SPARK_POINTS))
                    spark.append((sample.time_us, float(sample.value)))

    def latest(self, satellite: str) -> dict[str, Sample]:
        """Latest sample of each parameter that was heard lately."""
        with self._lock:
            return dict(self._latest.get(satellite, {}))

    def spark(self, satellite: str, parameter: str) -> list[tuple[int, float]]:
        """The last numeric readings with their times (microseconds), oldest first."""
        with self._lock:
            return list(self._sparks.get((satellite, parameter), ()))

    def frames(self) -> list[EventRecord]:
        """The last receptions as event records, newest first."""
        with self._lock:
            return list(self._frames)

    def heard(self) -> dict[str, int]:
        """Satellites heard lately, the last one first, with the time of their last frame."""
        with self._lock:
            order = sorted(self._heard.items(), key=lambda item: -item[1][0])
        return {satellite: time_us for satellite, (_, time_us) in order}

    def last_us(self) -> int | None:
        """When the newest reception came, or None."""
        with self._lock:
            return self._last_us
