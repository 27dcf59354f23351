"""The live stream on the real server: order, resumption, speed, many listeners."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from flask.testing import FlaskClient

from dashboard.web.context import Context
from groundstation.storage.telemetry.place import read_place
from groundstation.storage.telemetry.reader import TelemetryReader
from tests.dashboard.conftest import Served, wait_until
from tests.dashboard.sse import EventStream
from tests.dashboard.station_folder import StationFolder

Serve = Callable[..., Served]


def test_snapshot_comes_first_then_each_reception(station: StationFolder, serve: Serve) -> None:
    with EventStream(serve(station.folder).port) as stream:
        snapshot = stream.next()
        assert (snapshot.name, snapshot.id) == ("snapshot", 23)
        assert snapshot.data["satellites"]["classroom-1"]["battery_voltage"]["value"] == 3.4
        assert snapshot.data["frames"][0]["seq"] == 23
        station.receive(battery_voltage=3.7)
        station.receive_damaged()
        good, damaged = stream.next("frame"), stream.next("frame")
        assert (good.id, good.data["values"]["battery_voltage"]["value"]) == (24, 3.7)
        assert good.data["simulated"]
        assert (damaged.id, damaged.data["status"], damaged.data["values"]) == (25, "damaged", {})


def test_resumes_after_the_last_event_without_loss_or_double(
    station: StationFolder, serve: Serve
) -> None:
    served = serve(station.folder)
    with EventStream(served.port) as stream:
        stream.next("snapshot")
        station.receive()
        seen = [stream.next("frame").id]
    for _ in range(450):  # more than one batch of the journal
        station.receive()
    with EventStream(served.port, last_event_id=seen[-1]) as stream:
        while seen[-1] != 474:
            seen.append(stream.next("frame").id)
        station.receive()
        seen.append(stream.next("frame").id)
    assert seen == list(range(24, 476))


def test_a_seq_from_another_journal_gets_a_fresh_snapshot(
    station: StationFolder, serve: Serve
) -> None:
    with EventStream(serve(station.folder).port, last_event_id=10_000) as stream:
        assert stream.next().id == 23


def test_status_changes_are_told_at_once(station: StationFolder, serve: Serve) -> None:
    with EventStream(serve(station.folder).port) as stream:
        assert stream.next("snapshot").data["status"]["line"] == ["open", "receiving"]
        station.link_state = "waiting"
        station.write_status()
        status = stream.next("status").data
        while status["line"][0] != "waiting":
            status = stream.next("status").data
        assert ["warning", "link", "tnc: there is no /dev/ttyUSB0"] in status["notices"]


def test_waits_for_a_journal_that_does_not_exist_yet(tmp_path: Path, serve: Serve) -> None:
    folder = StationFolder(tmp_path)
    served = serve(folder.folder)
    with EventStream(served.port) as stream:
        assert not stream.next("snapshot").data["status"]["journal"]
        time.sleep(0.6)
        folder.receive()
        # What was there when the journal appeared is in the next snapshot, news come as events.
        wait_until(lambda: b'"seq":1,' in served.get("/api/v1/news"))
        folder.receive()
        assert stream.next("frame").data["seq"] == 2
    folder.close()


def test_an_event_follows_each_commit(station: StationFolder, serve: Serve) -> None:
    with EventStream(serve(station.folder).port) as stream:
        stream.next("snapshot")
        delays_ms = []
        for _ in range(40):
            station.receive()
            committed = time.perf_counter()
            stream.next("frame")
            delays_ms.append((time.perf_counter() - committed) * 1000)
            time.sleep(0.013)  # so that commits fall on all moments between two looks
    print(f"median {statistics.median(delays_ms):.1f} ms, worst {max(delays_ms):.1f} ms")


def test_many_pages_hear_everything(station: StationFolder, serve: Serve) -> None:
    served = serve(station.folder)
    with ExitStack() as stack:
        streams = [stack.enter_context(EventStream(served.port)) for _ in range(300)]
        for stream in streams:
            stream.next("snapshot")
        started = time.perf_counter()
        for _ in range(3):
            station.receive()
        seen = [[stream.next("frame").id for _ in range(3)] for stream in streams]
        print(f"3 events at 300 pages after {(time.perf_counter() - started) * 1000:.0f} ms")
        assert seen == [[24, 25, 26]] * 300
        # Ordinary pages are served meanwhile.
        assert b"Classroom-1" in served.get("/")


def test_beyond_the_cap_pages_are_told_to_poll(client: FlaskClient) -> None:
    answer = client.get("/api/v1/live")  # no server here that could hand a connection over
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    news = client.get("/api/v1/news?after=21").json
    assert news
    assert [item["seq"] for item in news["frames"]] == [22, 23]
    assert news["frames"][1]["values"]["battery_voltage"]["value"] == 3.4


def test_just_after_a_restart_the_stream_resumes(station: StationFolder, serve: Serve) -> None:
    """The first answer of a new process knows the newest number; nothing is sent from 0 on."""
    for _ in range(3):
        served = serve(station.folder)
        with EventStream(served.port, last_event_id=21) as stream:
            assert stream.next().name == "snapshot"
            assert [stream.next("frame").id for _ in range(2)] == [22, 23]
        with EventStream(served.port) as stream:
            assert stream.next("snapshot").id == 23


def test_another_journal_in_the_same_place_is_noticed(
    station: StationFolder, client: FlaskClient, tmp_path: Path
) -> None:
    context: Context = client.application.extensions["groundstation"]
    other = StationFolder(tmp_path / "other")
    other.receive()
    other.close()
    station.journal.close()
    station.close()
    for name in ("journal.db", "telemetry.db"):
        for suffix in ("-wal", "-shm"):
            (station.folder / f"{name}{suffix}").unlink(missing_ok=True)
        (other.folder / name).replace(station.folder / name)
    wait_until(lambda: context.tail.seq == 1)
    assert len(context.tail.recent.frames()) == 1


def test_a_connection_of_a_file_that_was_replaced_is_not_kept(
    station: StationFolder, tmp_path: Path
) -> None:
    """It was taken before, others have noticed the new file since, then it is given back."""
    other = StationFolder(tmp_path / "other")
    other.receive()
    other.close()
    station.journal.close()
    station.close()
    reader = TelemetryReader(station.folder)
    with reader.connection() as before:
        assert read_place(before).seq == 23
        (other.folder / "telemetry.db").replace(station.folder / "telemetry.db")
        with reader.connection() as after:
            assert read_place(after).seq == 1
    for _ in range(2):
        with reader.connection() as now:
            assert read_place(now).seq == 1
    reader.close()
