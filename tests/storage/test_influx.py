"""InfluxDB as a sink: a real 1.6.7, and its v2 write interface on a real VictoriaMetrics."""

from __future__ import annotations

import itertools
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundstation.config import StorageConfig
from groundstation.errors import RefusedSampleError, StoreError
from groundstation.model import Sample, Scalar
from groundstation.storage.influx import InfluxSink, open_influx_sink
from tests.peers import free_port
from tests.storage.interpreted import SECOND, START
from tests.storage.servers import InfluxServer, VictoriaServer

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
def sink(server: InfluxServer, database: str) -> Iterator[InfluxSink]:
    sink = InfluxSink(server.url, database)
    yield sink
    sink.close()


def sample(
    seq: int,
    value: Scalar,
    *,
    time_us: int | None = None,
    name: str = "voltage",
    state: str = "nominal",
    raw: Scalar = 7,
    simulated: bool = False,
    satellite: str = "quetzal-1",
) -> Sample:
    when = START + seq * SECOND if time_us is None else time_us
    unit = "V" if name == "voltage" else ""
    return Sample(satellite, name, seq, when, raw, value, unit, state, simulated)


def test_writing_again_changes_nothing(
    server: InfluxServer, database: str, sink: InfluxSink
) -> None:
    for _ in range(3):
        sink.write([sample(n, n / 4) for n in range(50)])
    (series,) = server.query('SELECT voltage FROM "quetzal-1"', database)
    assert [row[1] for row in series["values"]] == [n / 4 for n in range(50)]


def test_a_corrected_definition_may_change_the_kind(
    server: InfluxServer, database: str, sink: InfluxSink
) -> None:
    sink.write([sample(1, 3), sample(2, 255, raw=255)])
    sink.write([sample(1, "nominal", raw=3), sample(2, None, raw="ff", state="invalid")])
    (series,) = server.query('SELECT "voltage.text", "voltage.raw.text" FROM "quetzal-1"', database)
    assert [row[1:] for row in series["values"]] == [["nominal", None], [None, "ff"]]


def test_a_satellite_is_forgotten_whole(
    server: InfluxServer, database: str, sink: InfluxSink
) -> None:
    sink.write([sample(1, 1.0), sample(1, 5, name="gone"), sample(2, 2.0, satellite="cute")])
    sink.forget("quetzal-1")
    sink.forget("never-heard")
    sink.write([sample(1, 1.5)])
    (series,) = server.query('SELECT * FROM "quetzal-1"', database)
    assert len(series["values"]) == 1
    assert server.query('SELECT gone FROM "quetzal-1"', database) == []
    (fields,) = server.query('SHOW FIELD KEYS FROM "quetzal-1"', database)
    assert {name.partition(".")[0] for name, _ in fields["values"]} == {"voltage"}
    (series,) = server.query('SELECT voltage FROM "cute"', database)
    assert [row[1] for row in series["values"]] == [2.0]


def test_a_point_that_the_server_never_takes(
    server: InfluxServer, database: str, sink: InfluxSink
) -> None:
    """Another program wrote a field of another type: it is refused with the server's own words."""
    sink.open()
    body = b'quetzal-1 voltage="text" 1'
    urllib.request.urlopen(f"{server.url}/write?db={database}", body, timeout=10).close()
    with pytest.raises(RefusedSampleError, match=r"field type conflict.*voltage"):
        sink.write([sample(1, 4.1, time_us=0)])


@pytest.mark.parametrize("name", ["time", "satellite", "simulated"])
def test_a_parameter_of_a_name_that_points_have(
    server: InfluxServer, database: str, sink: InfluxSink, name: str
) -> None:
    sink.write([sample(1, 12.0, raw=12, name=name)])
    (series,) = server.query(f'SELECT "{name}.value", "{name}.raw" FROM "quetzal-1"', database)
    assert series["values"][0][1:] == [12.0, 12.0]


def test_what_others_see(server: InfluxServer, database: str, sink: InfluxSink) -> None:
    """One point a reception, as Grafana and SatNOGS dashboards expect it."""
    sink.write(
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


def test_a_big_batch(server: InfluxServer, database: str, sink: InfluxSink) -> None:
    text = "x" * 1000
    sink.write([sample(n, text, name="log") for n in range(6000)])
    (series,) = server.query('SELECT count("log.text") FROM "quetzal-1"', database)
    assert series["values"][0][1] == 6000


def test_a_dropped_database_is_made_again(
    server: InfluxServer, database: str, sink: InfluxSink
) -> None:
    sink.write([sample(1, 1.0)])
    server.query(f'DROP DATABASE "{database}"')
    with pytest.raises(StoreError, match="database not found"):
        sink.write([sample(2, 2.0)])
    sink.write([sample(2, 2.0)])
    (series,) = server.query('SELECT voltage FROM "quetzal-1"', database)
    assert [row[1] for row in series["values"]] == [2.0]


def test_the_server_is_down(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    sink = InfluxSink(url, "station")
    for operation in (sink.open, lambda: sink.forget("quetzal-1")):
        with pytest.raises(StoreError) as caught:
            operation()
        assert str(caught.value) == (
            f"InfluxDB at {url} (database station) cannot be reached: Connection refused; "
            "start it, or correct [storage] url"
        )
    sink.close()


def test_no_token_where_one_was_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_TOKEN", raising=False)
    with pytest.raises(StoreError, match="the environment variable NO_SUCH_TOKEN, which"):
        open_influx_sink(StorageConfig("influx", token_env="NO_SUCH_TOKEN"))


def test_old_samples_that_the_server_is_told_to_forget(
    server: InfluxServer, database: str, sink: InfluxSink
) -> None:
    server.query(f'CREATE DATABASE "{database}" WITH DURATION 1h')
    sink.write([sample(1, 1.0, time_us=1_000_000_000 * SECOND)])
    assert server.query('SELECT voltage FROM "quetzal-1"', database) == []


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
    ) -> InfluxSink:
        monkeypatch.setenv("INFLUX_TOKEN", token)
        return open_influx_sink(
            StorageConfig("influx", server.url, database, token_env="INFLUX_TOKEN")
        )

    @pytest.mark.parametrize(
        ("database", "token"), [("fresh", "boss:secret"), ("made", "writer:pen")]
    )
    def test_right(
        self, guarded: InfluxServer, monkeypatch: pytest.MonkeyPatch, database: str, token: str
    ) -> None:
        sink = self.open(guarded, monkeypatch, database, token)
        sink.write([sample(1, 4.1)])
        (series,) = guarded.query('SELECT voltage FROM "quetzal-1"', database, "boss:secret")
        assert [row[1] for row in series["values"]] == [4.1]
        sink.forget("quetzal-1")
        assert guarded.query('SELECT voltage FROM "quetzal-1"', database, "boss:secret") == []
        sink.close()

    @pytest.mark.parametrize(
        ("database", "token", "problem"),
        [
            ("made", "boss:wrong", "refuses .401.: authorization failed; put the right token"),
            ("made", "nobody:pen", "refuses .401.: authorization failed; put the right token"),
            ("missing", "writer:pen", "refuses .404.: database not found: .*; create it there"),
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
        sink = self.open(guarded, monkeypatch, database, token)
        with pytest.raises(StoreError, match=problem) as caught:
            sink.write([sample(1, 4.1)])
        assert "\n" not in str(caught.value)
        assert "secret" not in str(caught.value)
        sink.close()


@pytest.fixture(scope="module")
def victoria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VictoriaServer]:
    server = VictoriaServer(tmp_path_factory.mktemp("victoria"))
    server.start()
    yield server
    server.close()


class TestVersion2:
    """VictoriaMetrics speaks the v2 write interface and shows what arrived."""

    def test_every_sample_arrives(self, victoria: VictoriaServer) -> None:
        sink = InfluxSink(victoria.url, "station", "school", "token")
        expected = []
        for first in range(0, 5000, 500):
            batch = [sample(n, n / 4, raw=n) for n in range(first, first + 500)]
            sink.write(batch)
            expected += [((START + n * SECOND) // 1000, n / 4) for n in range(first, first + 500)]
        sink.write(batch)  # again, as after a crash
        sink.close()
        assert sorted(set(victoria.export("quetzal-1_voltage"))) == expected
        raw = victoria.export("quetzal-1_voltage.raw")
        assert sorted(set(raw)) == [(time, value * 4) for time, value in expected]

    def test_a_server_that_cannot_delete_keeps_what_it_has(self, victoria: VictoriaServer) -> None:
        sink = InfluxSink(victoria.url, "station", "school", "token")
        sink.forget("quetzal-1")
        sink.close()
