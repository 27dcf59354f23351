"""A data folder whose alarms are followed, as a station does it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from groundstation.alarms.rules import Settings
from groundstation.followers.alarms import AlarmWork
from groundstation.model.alarms import Alarm
from groundstation.storage.telemetry import alarms
from groundstation.storage.telemetry.reader import TelemetryReader
from tests.alarms.cases import ID, Sent
from tests.storage.interpreted import Folder


class AlarmFolder(Folder):
    """As :class:`Folder`; ``follow`` interprets, and brings the alarms up to date."""

    def __init__(self, path: Path, text: str, settings: Settings, batch: int = 20_000):
        super().__init__(path, **{ID: text})
        self.settings, self.batch = settings, batch
        self.alarms = self._alarms()

    def _alarms(self) -> AlarmWork:
        return AlarmWork(self.work, self.catalog, self.settings, batch=self.batch)

    def send(self, packets: Sequence[Sent]) -> None:
        """Put packets into the journal."""
        frames = [item.frame() for item in packets]
        self.receive(frames, [item.time_us for item in packets], satellite=ID)

    def follow(self) -> None:
        """Until nothing is left to be done."""
        self.interpret()
        self.alarms.open()
        while self.alarms.advance():
            self.alarms.open()

    def restart(self, batch: int = 1000) -> None:
        """Another process."""
        self.alarms.close()
        super().restart(batch)
        self.alarms = self._alarms()

    def close(self) -> None:
        """End it all."""
        self.alarms.close()
        super().close()


def kept(path: Path) -> list[Alarm]:
    """All alarms of a folder, oldest first."""
    reader = TelemetryReader(path)
    with reader.connection() as connection:
        found = alarms.history(connection, 1_000_000)
    reader.close()
    return found[::-1]


def events(found: Sequence[Alarm]) -> list[str]:
    """What happened to alarms, in order, as the table of cases writes it."""
    told: list[tuple[int, str, int, str]] = []
    for one in found:
        key = one.key
        name = f"{key.rule} {key.parameter} #{key.seq}"
        first = "warning" if one.raised_us else one.severity
        told.append((key.seq, f"{key.rule} {key.parameter}", 0, f"triggered {first} {name}"))
        if one.raised_seq is not None:
            told.append((one.raised_seq, key.parameter, 1, f"raised {one.severity} {name}"))
        if one.returned_seq is not None:
            told.append((one.returned_seq, key.parameter, 2, f"returned {one.severity} {name}"))
    return [f"{seq} {text}" for seq, *_, text in sorted(told)]


def expected(case: dict[str, Any]) -> list[str]:
    """The events of a case, in the same order."""
    return sorted(case["events"], key=lambda text: int(text.split()[0]))
