"""Data folders of older versions open, and show what they showed."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from groundstation.catalog import SatelliteCatalog
from groundstation.errors import StoreError
from groundstation.interpret.work import InterpreterWork
from groundstation.storage.frames import FrameReader
from groundstation.storage.journal import JournalReader, JournalWriter
from groundstation.storage.telemetry.reader import TelemetryReader

FOLDERS = Path(__file__).parents[1] / "data" / "folders"


class Opened:
    """A folder of an older schema opened by this program."""

    def __init__(self, path: Path):
        self.path = path
        JournalWriter(path).close()
        catalog = SatelliteCatalog(path)
        self.said: list[str] = []
        work = InterpreterWork(path, catalog, say=self.said.append)
        work.open()
        while work.advance():
            pass
        work.close()
        self.telemetry = TelemetryReader(path, catalog)


@pytest.fixture(params=(1, 2, 4))
def schema(request: pytest.FixtureRequest) -> int:
    number: int = request.param
    return number


@pytest.fixture
def old(tmp_path: Path, schema: int) -> Path:
    with zipfile.ZipFile(FOLDERS / f"schema-{schema}.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path


@pytest.fixture
def shown(old: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((old / "shown.json").read_text("utf-8"))
    return found


@pytest.fixture
def opened(old: Path) -> Iterator[Opened]:
    found = Opened(old)
    yield found
    found.telemetry.close()


def test_every_frame_is_there_and_means_the_same(opened: Opened, shown: dict[str, Any]) -> None:
    with FrameReader(JournalReader(opened.path), opened.telemetry) as frames:
        rows = frames.after(0, 1000)
    assert [row.raw.hex() for row in rows] == shown["raw"]
    for row, before in zip(rows, shown["frames"], strict=True):
        assert (row.seq, row.link) == (before["seq"], before["link"])
        assert (row.satellite, row.packet) == (before["satellite"], before["packet"])
        assert (row.damaged, row.simulated) == (before["damaged"], before["simulated"])
        assert bool(row.error) == bool(before["error"])
        if row.damaged:
            assert row.error == before["error"]


def test_values_are_the_same(opened: Opened, shown: dict[str, Any]) -> None:
    for satellite, before in shown["latest"].items():
        now = opened.telemetry.latest(satellite)
        assert now.keys() == before.keys()
        for name, sample in now.items():
            for part in ("seq", "time_us", "raw", "value", "unit", "simulated"):
                assert getattr(sample, part) == before[name][part], (satellite, name, part)


def test_history_is_the_same(opened: Opened, shown: dict[str, Any]) -> None:
    start = 1_780_000_000_000_000
    reader = opened.telemetry
    one = reader.series("classroom-1", "battery_voltage", start, start + 10**10, 1000)
    assert [list(one.times_us), list(one.mean)] == shown["battery_voltage"]
    few = reader.series("classroom-1", "battery_voltage", start, start + 10**10, 4)
    assert [few.bucket_us, list(few.times_us), list(few.minimum), list(few.maximum)] == shown[
        "battery_voltage_4"
    ]


def test_flown_passes_are_kept(opened: Opened) -> None:
    with JournalReader(opened.path) as journal:
        (flown,) = journal.passes()
    assert (flown.satellite, flown.report["kept"]) == ("classroom-1", True)


def test_what_a_link_was_set_to_is_kept(opened: Opened) -> None:
    with JournalReader(opened.path) as journal:
        named = {item.satellite for item in journal.after(0) if item.link == "recording"}
        others = {item.satellite for item in journal.after(0) if item.link != "recording"}
    assert (named, others) == ({"cute"}, {None})


def test_only_once(opened: Opened) -> None:
    with JournalReader(opened.path) as journal:
        before = journal.id, journal.after(0)
    again = Opened(opened.path)
    with JournalReader(again.path) as journal:
        assert (journal.id, journal.after(0)) == before
    assert again.said == []
    again.telemetry.close()


def test_a_reader_does_not_migrate(old: Path, schema: int) -> None:
    with pytest.raises(StoreError, match="start the station or 'groundstation redecode'"):
        JournalReader(old)
    with sqlite3.connect(old / "journal.db") as raw:
        assert raw.execute("PRAGMA user_version").fetchone() == (schema,)
    raw.close()


@pytest.mark.parametrize("schema", [1, 2], indirect=True)
def test_a_failed_step_changes_nothing(old: Path, schema: int) -> None:
    with sqlite3.connect(old / "journal.db") as raw:
        # In the way of the last statement of the step, or the last but one.
        raw.execute(f"CREATE TABLE {'about' if schema == 1 else 'corrections'} (x)")
    raw.close()
    before = (old / "journal.db").read_bytes()
    with pytest.raises(StoreError, match="cannot write the journal"):
        JournalWriter(old)
    with sqlite3.connect(old / "journal.db") as raw:
        names = {row[1] for row in raw.execute("PRAGMA table_info(receptions)")}
        assert raw.execute("PRAGMA user_version").fetchone() == (schema,)
        assert raw.execute("SELECT count(*) FROM receptions").fetchone() == (56,)
    raw.close()
    assert ("packet" in names) == (schema == 1) and "clock_us" not in names
    assert before[:16] == b"SQLite format 3\0"
