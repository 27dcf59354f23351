"""A data folder that is received into and interpreted as a station does it, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from groundstation.catalog import SatelliteCatalog
from groundstation.interpret.work import InterpreterWork
from groundstation.model import Reception
from groundstation.storage.frames import FrameReader
from groundstation.storage.journal import JournalReader, JournalWriter
from groundstation.storage.telemetry.reader import TelemetryReader

SECOND = 1_000_000
#: A Sunday, 2026-11-22T12:00:00Z.
START = 1_795_348_800 * SECOND
YEAR = 366 * 86_400 * SECOND


class Folder:
    """``receive`` puts frames into the journal; ``interpret`` does all that there is to do."""

    def __init__(self, path: Path, **definitions: str):
        self.path = path
        (path / "satellites").mkdir(parents=True, exist_ok=True)
        self.said: list[str] = []
        for id, text in definitions.items():
            self.define(id.replace("_", "-"), text)
        self.catalog = SatelliteCatalog(path)
        assert not self.catalog.problems
        self.journal = JournalWriter(path)
        self.work = self._work()
        self._readers: list[TelemetryReader] = []

    def _work(self, batch: int = 1000) -> InterpreterWork:
        return InterpreterWork(self.path, self.catalog, say=self.said.append, batch=batch)

    def define(self, id: str, text: str | None) -> None:
        """Write a definition, or take it away."""
        path = self.path / "satellites" / f"{id}.toml"
        if text is None:
            path.unlink()
        else:
            path.write_text(text, "utf-8")

    def receive(
        self,
        frames: Sequence[bytes],
        times_us: Sequence[int] | None = None,
        satellite: str | None = None,
        **more: Any,
    ) -> list[Reception]:
        """Frames a second apart, or at these times."""
        times = times_us or [START + n * SECOND for n in range(len(frames))]
        return self.journal.append(
            [
                Reception(0, time_us, "tnc", frame, satellite, **more)
                for time_us, frame in zip(times, frames, strict=True)
            ]
        )

    def interpret(self) -> None:
        """Until nothing is left to be done."""
        self.work.open()
        while self.work.advance():
            self.work.open()

    def restart(self, batch: int = 1000) -> None:
        """Another process: definitions are read anew."""
        self.work.close()
        self.catalog = SatelliteCatalog(self.path)
        self.work = self._work(batch)

    def reader(self) -> TelemetryReader:
        """A reader as the dashboard has it."""
        reader = TelemetryReader(self.path, SatelliteCatalog(self.path))
        self._readers.append(reader)
        return reader

    def close(self) -> None:
        """End it all."""
        self.work.close()
        self.journal.close()
        for reader in self._readers:
            reader.close()


def interpret(path: Path) -> None:
    """Interpret all that a folder's journal has, as a station does."""
    work = InterpreterWork(path, SatelliteCatalog(path))
    work.open()
    while work.advance():
        pass
    work.close()


def told(path: Path) -> dict[str, Any]:
    """Everything that a folder's telemetry says, in a form that can be compared."""
    catalog = SatelliteCatalog(path)
    telemetry = TelemetryReader(path, catalog)
    with FrameReader(JournalReader(path), telemetry) as frames:
        rows = frames.after(0, 1_000_000)
    found: dict[str, Any] = {
        "frames": [
            (row.seq, row.satellite, row.packet, row.error, row.candidates, row.simulated)
            for row in rows
        ]
    }
    for satellite in telemetry.satellites():
        latest = dict(telemetry.latest(satellite))
        found[f"{satellite} latest"] = latest
        seqs = [row.seq for row in rows if row.satellite == satellite]
        found[f"{satellite} samples"] = {
            seq: sorted(samples, key=lambda sample: sample.parameter)
            for seq, samples in telemetry.samples(satellite, seqs).items()
        }
        for parameter in latest:
            for points in (1_000_000, 50, 3):
                series = telemetry.series(satellite, parameter, START - YEAR, START + YEAR, points)
                found[f"{satellite} {parameter} {points}"] = (
                    *(list(series.times_us), list(series.minimum), list(series.maximum)),
                    [float(f"{value:.9g}") for value in series.mean],
                )
    telemetry.close()
    return found
