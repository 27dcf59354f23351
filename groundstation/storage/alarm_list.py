"""The alarms of a data folder with what people made of them: ``telemetry.db`` and ``desk.db``."""

from __future__ import annotations

import json
from pathlib import Path

from groundstation.model.alarms import Alarm, AlarmKey
from groundstation.storage.desk import Desk, StandingAlarm
from groundstation.storage.telemetry import alarms
from groundstation.storage.telemetry.reader import TelemetryReader

#: Active alarms that are listed; a satellite has a few hundred values at most.
MOST_ACTIVE = 1000
#: What returned longer ago, though nobody has seen it, is history.
UNSEEN_US = 7 * 86_400_000_000


class AlarmList:
    """Reads both files; raises StoreError where one of them cannot be read.

    Without ``telemetry.db`` there are none.
    """

    def __init__(self, folder: Path, telemetry: TelemetryReader):
        self.desk = Desk(folder)
        self._telemetry = telemetry

    def current(self, now_us: int, satellite: str | None = None) -> list[StandingAlarm]:
        """Alarms that are active, and those of the last days that returned and nobody has seen."""
        if not self._telemetry.path.exists():
            return []
        with self._telemetry.connection() as connection:
            found = alarms.active(connection)[:MOST_ACTIVE]
            known = {alarm.key for alarm in found}
            late = alarms.history(connection, MOST_ACTIVE, satellite)
        since_us = now_us - UNSEEN_US
        found += [
            alarm
            for alarm in late
            if alarm.key not in known and (alarm.returned_us or 0) >= since_us
        ]
        mine = [alarm for alarm in found if satellite in (None, alarm.key.satellite)]
        return [item for item in self.desk.standings(mine, now_us) if item.standing != "cleared"]

    def history(
        self, now_us: int, limit: int, satellite: str | None = None, before_us: int | None = None
    ) -> list[StandingAlarm]:
        """Up to ``limit`` alarms, newest first, triggered before ``before_us``."""
        if not self._telemetry.path.exists():
            return []
        with self._telemetry.connection() as connection:
            found = alarms.history(connection, limit, satellite, before_us)
        stood = self.desk.standings(found, now_us)
        return sorted(stood, key=lambda item: -item.alarm.triggered_us)

    def one(self, key: AlarmKey) -> Alarm | None:
        """The alarm of this name, or None."""
        if not self._telemetry.path.exists():
            return None
        with self._telemetry.connection() as connection:
            return alarms.one(connection, key)

    def sunless(self) -> dict[tuple[str, str], int]:
        """How many values of a satellite's parameter could not be judged, because nobody knows
        whether the Sun shone on it."""
        if not self._telemetry.path.exists():
            return {}
        with self._telemetry.connection() as connection:
            places = alarms.places(connection)
        return {
            (satellite, name): count
            for satellite, place in places.items()
            for name, count in json.loads(place.state).get("sunless", {}).items()
        }
