"""``/metrics`` as Prometheus' own parser reads it, and the same counters on the page."""

from __future__ import annotations

from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from tests.dashboard.station_folder import StationFolder

FOLLOWERS = {
    "telemetry": {"seq": 1204, "lag": 0},
    "influx": {"seq": 1193, "lag": 11, "set_apart": "3 set apart, the last: …", "left_out": 3},
}


def read(client: FlaskClient) -> dict[tuple[str, str], float]:
    """Each sample by its name and the value of its label."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    found = {}
    for family in text_string_to_metric_families(answer.text):
        assert family.documentation
        for sample in family.samples:
            found[sample.name, "".join(sample.labels.values())] = sample.value
    return found


def test_every_counter_is_there(station: StationFolder, client: FlaskClient) -> None:
    clock = {"synchronised": False, "wrong": "it says 1970", "stepped_at_us": None, "step_us": 0}
    station.write_status(followers=FOLLOWERS, timekeeping=clock)
    found = read(client)
    assert found["groundstation_up", ""] == 1
    assert found["groundstation_receptions_total", ""] == 23
    assert found["groundstation_link_bytes_total", "tnc"] == 12_345
    assert found["groundstation_link_frames_total", "tnc"] == 200
    assert found["groundstation_link_damaged_total", "tnc"] == 3
    assert found["groundstation_link_open", "tnc"] == 1
    assert found["groundstation_follower_seq", "influx"] == 1193
    assert found["groundstation_follower_lag", "influx"] == 11
    assert found["groundstation_follower_set_apart", "influx"] == 3
    assert found["groundstation_follower_waiting", "telemetry"] == 0
    assert found["groundstation_clock_synchronised", ""] == 0
    assert found["groundstation_clock_wrong", ""] == 1
    assert found["groundstation_disk_free_bytes", ""] > 0
    assert found["groundstation_last_frame_time_seconds", "classroom-1"] > 1e9


def test_what_is_unwell_is_a_number(station: StationFolder, client: FlaskClient) -> None:
    station.link_state, station.journal_error = "waiting", "the disk is full"
    station.write_status()
    found = read(client)
    assert found["groundstation_link_open", "tnc"] == 0
    assert found["groundstation_journal_refused", ""] == 1


def test_a_station_that_does_not_run(station: StationFolder, client: FlaskClient) -> None:
    (station.folder / "status.json").unlink()
    found = read(client)
    assert found["groundstation_up", ""] == 0
    assert ("groundstation_link_open", "tnc") not in found
    assert found["groundstation_receptions_total", ""] == 23


def test_the_page_says_the_same(station: StationFolder, client: FlaskClient) -> None:
    station.write_status(followers=FOLLOWERS)
    shown = {code: client.get(f"/status?lang={code}").text for code in ("en", "ru", "ky")}
    assert (
        "received 23 · interpreted 1204 · sent to InfluxDB 1190 · waiting 11 · set apart 3"
        in shown["en"]
    )
    assert "принято 23 · разобрано 1" in shown["ru"]
    assert "кабыл алынды 23" in shown["ky"]


def test_the_page_says_what_the_clock_is_worth(station: StationFolder, client: FlaskClient) -> None:
    def page(**clock: object) -> str:
        known = {"synchronised": True, "wrong": "", "stepped_at_us": None, "step_us": 0}
        station.write_status(timekeeping={**known, **clock})
        return client.get("/status").text

    assert "kept by the network" in page()
    assert "times are as right as it was set" in page(synchronised=False)
    assert "does not say whether it is set" in page(synchronised=None)
    wrong = page(synchronised=False, wrong="it says 1970-01-01, and cannot be right: set it")
    assert "it says 1970-01-01" in wrong
    assert "This computer&#39;s clock seems wrong" in wrong
    assert "-86,400" in page(stepped_at_us=1_795_348_800_000_000, step_us=-86_400_000_000).replace(
        "\N{MINUS SIGN}", "-"
    )
    station.write_status(timekeeping=None)
    assert "kept by the network" not in client.get("/status").text
