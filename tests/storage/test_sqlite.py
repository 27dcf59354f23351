"""The SQLite store: the contract, and what is its own."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundstation.config import StorageConfig
from groundstation.errors import StoreError
from groundstation.storage.registry import open_store
from groundstation.storage.sqlite import SqliteStore
from groundstation.storage.store import TelemetryStore
from tests.storage.store_contract import SECOND, START, StoreContract, sample


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[TelemetryStore]:
        found = open_store(StorageConfig(), tmp_path)
        yield found
        found.close()


def test_reader_sees_what_the_writer_wrote(tmp_path: Path) -> None:
    writer = SqliteStore(tmp_path)
    reader = SqliteStore(tmp_path, read_only=True)
    writer.write([sample(1, 4.1)])
    assert reader.latest("quetzal-1")["voltage"].value == 4.1
    with pytest.raises(StoreError, match="readonly"):
        reader.write([sample(2, 4.2)])
    writer.close()
    reader.close()


def test_a_year_is_drawn_from_rollups_alone(tmp_path: Path) -> None:
    """Samples are taken away behind the store's back: the envelope must not need them."""
    store = SqliteStore(tmp_path)
    store.write([sample(h, float(h), time_us=START + h * 3600 * SECOND) for h in range(24 * 60)])
    with sqlite3.connect(tmp_path / "telemetry.db") as raw:
        kept = raw.execute("SELECT count(*) FROM rollups WHERE width_us=86400000000").fetchone()[0]
    raw.close()
    assert kept == 61  # sixty days that begin and end at noon
    series = store.series("quetzal-1", "voltage", START, START + 60 * 86_400 * SECOND, 61)
    assert series.bucket_us == 86_400 * SECOND
    assert series.maximum[-1] == 24 * 60 - 1
    store.close()


def test_nothing_of_a_failed_write_stays(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    with pytest.raises(OverflowError):
        store.write([sample(1, 1.0), sample(2, 1 << 70)])
    store.write([sample(3, 3.0)])
    series = store.series("quetzal-1", "voltage", START, START + 9 * SECOND, 10)
    assert list(series.mean) == [3.0]
    store.close()


@pytest.mark.parametrize("read_only", [True, False])
def test_a_file_that_is_no_database(tmp_path: Path, read_only: bool) -> None:
    (tmp_path / "telemetry.db").write_bytes(b"this is no database at all" * 100)
    with pytest.raises(StoreError, match=r"telemetry.db cannot be used: file is not a database"):
        SqliteStore(tmp_path, read_only)


def test_another_versions_file(tmp_path: Path) -> None:
    SqliteStore(tmp_path).close()
    with sqlite3.connect(tmp_path / "telemetry.db") as raw:
        raw.execute("PRAGMA user_version=99")
    raw.close()
    with pytest.raises(StoreError, match="has schema 99, this program has 1"):
        SqliteStore(tmp_path)
