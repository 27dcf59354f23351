"""InfluxDB as the store: a real 1.6.7, and its v2 write interface on a real VictoriaMetrics."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundstation.config import StorageConfig
from groundstation.errors import StoreError
from groundstation.storage.influx import InfluxStore, open_influx_store
from groundstation.storage.store import TelemetryStore
from tests.peers import free_port
from tests.storage.servers import InfluxServer, VictoriaServer
from tests.storage.store_contract import SECOND, START, StoreContract, sample

_numbers = itertools.count()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxServer]:
    server = InfluxServer(tmp_path_factory.mktemp("influx"))
    server.start()
    yield server
    server.close()


@pytest.fixture
def database() -> str:
    return f"station-{next(_numbers)}"


@pytest.fixture
def store(server: InfluxServer, database: str) -> Iterator[TelemetryStore]:
    store = InfluxStore(server.url, database)
    yield store
    store.close()


class TestInfluxStore(StoreContract):
    @pytest.fixture
    def store(self, server: InfluxServer, database: str) -> Iterator[TelemetryStore]:
        store = InfluxStore(server.url, database)
        yield store
        store.close()


def test_another_process_reads_what_was_written(
    server: InfluxServer, database: str, store: TelemetryStore
) -> None:
    store.write([sample(1, 4.1), sample(2, 4.2)])
    reader = InfluxStore(server.url, database)
    assert reader.latest("quetzal-1") == {"voltage": sample(2, 4.2)}
    reader.close()


def test_older_samples_do_not_become_the_newest(
    server: InfluxServer, database: str, store: TelemetryStore
) -> None:
    store.write([sample(5, 5.0)])
    again = InfluxStore(server.url, database)  # after a restart
    again.write([sample(3, 3.0)])
    assert again.latest("quetzal-1")["voltage"].value == 5.0
    again.write([sample(5, 5.5)])  # the same reception, decoded by a corrected definition
    assert again.latest("quetzal-1")["voltage"].value == 5.5
    again.close()


def test_a_corrected_definition_may_change_the_kind(store: TelemetryStore) -> None:
    store.write([sample(1, 3), sample(2, 255, raw=255)])
    store.write([sample(1, "nominal", raw=3), sample(2, None, raw="ff", state="invalid")])
    assert store.latest("quetzal-1")["voltage"] == sample(2, None, raw="ff", state="invalid")
    series = store.series("quetzal-1", "voltage", START, START + 9 * SECOND, 10)
    assert 255 not in series.mean


def test_what_others_see(server: InfluxServer, database: str, store: TelemetryStore) -> None:
    """One point a reception, as Grafana and SatNOGS dashboards expect it."""
    store.write(
        [
            sample(1001, 4.1, raw=4100, time_us=START),
            sample(1001, "safe", raw=0, name="mode", state="warning", time_us=START),
        ]
    )
    (series,) = server.query('SELECT * FROM "quetzal-1"', database)
    (row,) = series["values"]
    assert dict(zip(series["columns"], row, strict=True)) == {
        "time": START * 1000 + 1,
        "satellite": "quetzal-1",
        "simulated": "false",
        "voltage": 4.1,
        "voltage.raw": 4100,
        "voltage.state": "nominal",
        "mode.text": "safe",
        "mode.raw": 0,
        "mode.state": "warning",
    }


def test_a_big_batch(server: InfluxServer, database: str, store: TelemetryStore) -> None:
    text = "x" * 1000
    store.write([sample(n, text, name="log") for n in range(6000)])
    (series,) = server.query('SELECT count("log.text") FROM "quetzal-1"', database)
    assert series["values"][0][1] == 6000


def test_a_dropped_database_is_made_again(
    server: InfluxServer, database: str, store: TelemetryStore
) -> None:
    store.write([sample(1, 1.0)])
    server.query(f'DROP DATABASE "{database}"')
    assert store.latest("quetzal-1") == {}
    with pytest.raises(StoreError, match="database not found"):
        store.write([sample(2, 2.0)])
    store.write([sample(2, 2.0)])
    assert store.latest("quetzal-1")["voltage"].value == 2.0


def test_the_server_is_down(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    store = InfluxStore(url, "station")
    for operation in (lambda: store.write([]), lambda: store.latest("quetzal-1")):
        with pytest.raises(StoreError) as caught:
            operation()
        assert str(caught.value) == (
            f"InfluxDB at {url} (database station) cannot be reached: Connection refused; "
            "start it, or correct [storage] url"
        )
    store.close()


def test_no_token_where_one_was_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_TOKEN", raising=False)
    with pytest.raises(StoreError, match="the environment variable NO_SUCH_TOKEN, which"):
        open_influx_store(StorageConfig("influx", token_env="NO_SUCH_TOKEN"))


def test_old_samples_that_the_server_is_told_to_forget(
    server: InfluxServer, database: str, store: TelemetryStore
) -> None:
    server.query(f'CREATE DATABASE "{database}" WITH DURATION 1h')
    store.write([sample(1, 1.0, time_us=1_000_000_000 * SECOND)])
    assert store.latest("quetzal-1")["voltage"].value == 1.0


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InfluxServer]:
    server = InfluxServer(tmp_path_factory.mktemp("influx"), auth=True)
    server.start()
    server.query("CREATE USER boss WITH PASSWORD 'secret' WITH ALL PRIVILEGES")
    server.query("CREATE USER writer WITH PASSWORD 'pen'", user="boss:secret")
    server.query("CREATE DATABASE made", user="boss:secret")
    server.query("GRANT ALL ON made TO writer", user="boss:secret")
    yield server
    server.close()


class TestAccounts:
    def open(
        self, server: InfluxServer, monkeypatch: pytest.MonkeyPatch, database: str, token: str
    ) -> InfluxStore:
        monkeypatch.setenv("INFLUX_TOKEN", token)
        return open_influx_store(
            StorageConfig("influx", server.url, database, token_env="INFLUX_TOKEN")
        )

    @pytest.mark.parametrize(
        ("database", "token"), [("fresh", "boss:secret"), ("made", "writer:pen")]
    )
    def test_right(
        self, guarded: InfluxServer, monkeypatch: pytest.MonkeyPatch, database: str, token: str
    ) -> None:
        store = self.open(guarded, monkeypatch, database, token)
        store.write([sample(1, 4.1)])
        assert store.latest("quetzal-1") == {"voltage": sample(1, 4.1)}
        store.close()

    @pytest.mark.parametrize(
        ("database", "token", "problem"),
        [
            ("made", "boss:wrong", "refuses .401.: authorization failed; put the right token"),
            ("made", "nobody:pen", "refuses .401.: authorization failed; put the right token"),
            ("missing", "writer:pen", "writer.*not authorized.*; give that user the right"),
        ],
    )
    def test_wrong(
        self,
        guarded: InfluxServer,
        monkeypatch: pytest.MonkeyPatch,
        database: str,
        token: str,
        problem: str,
    ) -> None:
        store = self.open(guarded, monkeypatch, database, token)
        with pytest.raises(StoreError, match=problem) as caught:
            store.write([sample(1, 4.1)])
        assert "\n" not in str(caught.value)
        assert "secret" not in str(caught.value)
        store.close()


@pytest.fixture(scope="module")
def victoria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VictoriaServer]:
    server = VictoriaServer(tmp_path_factory.mktemp("victoria"))
    server.start()
    yield server
    server.close()


class TestVersion2:
    """VictoriaMetrics speaks the v2 write interface and shows what arrived."""

    def test_every_sample_arrives(self, victoria: VictoriaServer) -> None:
        store = InfluxStore(victoria.url, "station", "school", "token")
        expected = []
        for first in range(0, 5000, 500):
            batch = [sample(n, n / 4, raw=n) for n in range(first, first + 500)]
            store.write(batch)
            expected += [((START + n * SECOND) // 1000, n / 4) for n in range(first, first + 500)]
        store.write(batch)  # again, as after a crash
        store.close()
        assert sorted(set(victoria.export("quetzal-1_voltage"))) == expected
        raw = victoria.export("quetzal-1_voltage.raw")
        assert sorted(set(raw)) == [(time, value * 4) for time, value in expected]

    def test_it_says_that_it_cannot_read(self, victoria: VictoriaServer) -> None:
        store = InfluxStore(victoria.url, "station")
        with pytest.raises(StoreError, match="answers no InfluxQL query"):
            store.latest("quetzal-1")
        store.close()
