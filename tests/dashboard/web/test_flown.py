"""Flown passes, the calendar of those to come, and doubt about the clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from groundstation.elements import ElementsCatalog
from groundstation.orbit.omm_csv import to_omm_csv
from tests.dashboard.station_folder import SCHEDULE, StationFolder

ALARM = "the antenna does not move: sent to azimuth 10.0, elevation 5.0"


def test_the_list_and_the_report(client: FlaskClient, station: StationFolder) -> None:
    (brief,) = client.get("/api/v1/passes/flown").get_json()["passes"]
    key = brief["pass"]
    report = client.get(f"/api/v1/passes/flown/{key}").get_json()
    assert report == client.get("/passes/last.json").get_json()
    assert report["heard"]["frames"] == brief["frames"] > 3
    assert report["heard"]["bad_frames"] == 1
    listed = client.get("/passes").text
    assert f'href="/passes/{key}"' in listed
    html = client.get(f"/passes/{key}").text
    assert html.count('<circle class="dot decoded"') == 3 * brief["frames"]
    assert ALARM in html
    assert 'href="/frames/' in html
    assert 'class="mark simulated"' in html
    rows = client.get(f"/passes/{key}.csv").text.splitlines()
    assert len(rows) == 1 + brief["frames"] + 1 + 1  # a damaged and an unknown one
    assert client.get("/api/v1/passes/flown?satellite=quetzal-1").get_json() == {"passes": []}


@pytest.mark.parametrize("key", ["1-20260101T000000Z", "nothing", "1-20269999T000000Z"])
def test_a_pass_that_is_not_there(client: FlaskClient, key: str) -> None:
    answer = client.get(f"/passes/{key}")
    assert answer.status_code == 404
    assert "there is no flown pass" in answer.text
    assert client.get(f"/passes/{key}.json").status_code == 404


def test_nothing_flown_yet(tmp_path: Path, make_app: Callable[[StationFolder], Flask]) -> None:
    folder = StationFolder(tmp_path)
    client = make_app(folder).test_client()
    assert client.get("/api/v1/passes/flown").get_json() == {"passes": []}
    assert "none yet" in client.get("/passes").text
    assert client.get("/passes/last").status_code == 404
    folder.close()


def uids(text: str) -> list[str]:
    return re.findall(r"^UID:(.*)$", text.replace("\r\n ", ""), re.MULTILINE)


def test_the_calendar_keeps_its_names_when_elements_change(
    station: StationFolder, client: FlaskClient
) -> None:
    from dataclasses import replace

    answer = client.get("/passes.ics?lang=ky")
    assert answer.mimetype == "text/calendar"
    first = answer.text
    passes = client.get("/api/v1/passes").get_json()["passes"]
    assert len(set(uids(first))) == len(uids(first)) >= len(passes) > 5
    assert all(len(line.encode()) <= 75 for line in first.split("\r\n"))
    assert "караңыз" in first.replace("\r\n ", "")
    newer = replace(
        station.elements,
        epoch=station.elements.epoch + timedelta(seconds=1),
        mean_anomaly_deg=station.elements.mean_anomaly_deg + 0.0633 + 0.05,  # a second, and a bit
    )
    ElementsCatalog(station.folder / "elements").import_text(to_omm_csv([newer]), "newer")
    second = client.get("/passes.ics?lang=ky").text
    assert second != first
    assert set(uids(first)[1:-1]) <= set(uids(second))


def test_a_wrong_clock_makes_passes_untrustworthy(
    station: StationFolder, client: FlaskClient
) -> None:
    assert all(item["trusted"] for item in client.get("/api/v1/passes").get_json()["passes"])
    doubt = "this computer's clock says 2020-01-01, but there are elements of 2026-08-22: set it"
    station.write_status(schedule={**SCHEDULE, "doubt": doubt})
    assert not any(item["trusted"] for item in client.get("/api/v1/passes").get_json()["passes"])
    for path in ("/", "/passes", "/status"):
        assert "clock seems wrong" in client.get(path).text.replace("&#39;", "'")
    assert doubt in client.get("/status").text.replace("&#39;", "'")


def test_an_alarm_of_the_antenna_is_on_every_page(
    station: StationFolder, client: FlaskClient
) -> None:
    page = client.get("/status").text
    assert "209.7°, 35.2°" in page
    assert "437.509123" in page
    assert "The antenna follows Classroom-1" in client.get("/").text
    station.write_status(schedule={**SCHEDULE, "antenna": None, "alarms": [ALARM]})
    for path in ("/", "/passes", "/frames"):
        assert f"Antenna or radio: {ALARM}" in client.get(path).text
    assert ["critical", "antenna", ALARM] in client.get("/status.json").get_json()["notices"]


def test_a_station_that_follows_nothing(station: StationFolder, client: FlaskClient) -> None:
    station.write_status(schedule=None)
    assert client.get("/status.json").get_json()["schedule"] is None
    assert "Antenna and schedule" not in client.get("/status").text
