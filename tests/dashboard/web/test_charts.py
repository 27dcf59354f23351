"""Several parameters over one time: the interface, and what the page makes of the address."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from groundstation.model import iso
from tests.dashboard.station_folder import StationFolder

PATH = "/api/v1/satellites/classroom-1/chart"
MakeApp = Callable[[StationFolder], Flask]


def ask(client: FlaskClient, **query: Any) -> Any:
    return client.get(PATH, query_string=query).get_json()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_two_numbers_and_a_word_on_one_axis(client: FlaskClient) -> None:
    found = ask(client, parameters="battery_voltage,battery_current,mode", range="10m")
    assert moment(found["end"]) - moment(found["start"]) == timedelta(minutes=10)
    voltage, current, mode = found["series"]
    assert (voltage["unit"], current["unit"]) == ("V", "mA")
    assert voltage["times"] == current["times"]
    assert voltage["mean"][-1] == 3.4
    assert voltage["bands"] is None
    assert [band["value"] for band in mode["bands"]] == ["nominal"]


def test_the_pass_that_is_on_and_the_last_one(station: StationFolder, client: FlaskClient) -> None:
    (coming,) = client.get("/api/v1/passes?limit=1").get_json()["passes"]
    now = ask(client, parameters="mode", range="pass")
    beside = timedelta(seconds=30)
    assert moment(now["start"]) == moment(coming["aos"]) - beside
    assert moment(now["end"]) == moment(coming["los"]) + beside
    assert {"aos": coming["aos"], "los": coming["los"]} in now["passes"] or len(now["passes"]) == 1
    (flown,) = client.get("/api/v1/passes/flown").get_json()["passes"]
    last = ask(client, parameters="mode", range="last")
    assert abs(moment(last["start"]) + beside - moment(flown["aos"])) < timedelta(seconds=1)


def test_all_begins_with_the_first_frame(client: FlaskClient) -> None:
    found = ask(client, parameters="battery_voltage", range="all")
    assert found["start"] == found["series"][0]["times"][0]
    assert len(found["series"][0]["times"]) == 21


def test_shadows_of_that_time(client: FlaskClient) -> None:
    now = client.get("/api/v1/satellites/classroom-1/now").get_json()
    end = moment(now["time"])
    found = ask(
        client, parameters="mode", start=iso_of(end - timedelta(minutes=1)), end=now["time"]
    )
    dark = [s for s in found["shadows"] if moment(s["end"]) >= end - timedelta(seconds=1)]
    assert bool(dark) == (now["where"]["sunlit"] is False)
    long = ask(client, parameters="mode", range="30d")
    assert long["shadows"] == []
    assert long["shadows_known"] is False
    assert long["passes"] == []


def iso_of(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ({"parameters": ""}, 400, "1 to 4 names"),
        ({"parameters": "a,b,c,d,e"}, 400, "1 to 4 names"),
        ({"parameters": "nothing"}, 404, "no parameter 'nothing'"),
        ({"parameters": "mode", "range": "soon"}, 400, "pass (the one that is on), last, all"),
        ({"parameters": "mode", "range": "999999w"}, 400, "pass (the one that is on), last, all"),
        ({"parameters": "mode", "start": "2026-01-02", "end": "2026-01-01"}, 409, "before end"),
        ({"parameters": "mode", "points": "0"}, 400, "points"),
    ],
)
def test_what_cannot_be_drawn_is_a_sentence(
    client: FlaskClient, query: dict[str, str], status: int, words: str
) -> None:
    answer = client.get(PATH, query_string=query)
    assert answer.status_code == status
    assert words in answer.get_json()["error"]


def test_no_pass_is_said(tmp_path: Path, make_app: MakeApp) -> None:
    folder = StationFolder(tmp_path)
    folder.receive()
    client = make_app(folder).test_client()
    assert "not over the station now" in ask(client, parameters="mode", range="pass")["error"]
    assert "no pass of" in ask(client, parameters="mode", range="last")["error"]
    folder.close()


def test_a_point_opens_its_frame(station: StationFolder, client: FlaskClient) -> None:
    times = ask(client, parameters="battery_voltage", range="all")["series"][0]["times"]
    answer = client.get("/satellites/classroom-1/frame", query_string={"at": times[4]})
    assert answer.headers["Location"] == "/frames/5"
    before = iso(station.clock.now_us() - 86_400_000_000)
    answer = client.get("/satellites/classroom-1/frame", query_string={"at": before})
    assert answer.status_code == 404
    assert client.get("/satellites/classroom-1/frame?at=x").status_code == 400
    assert client.get("/satellites/nobody/frame?at=2026-01-01").status_code == 404


def page_data(html: str) -> Any:
    found = re.search(r'<script type="application/json" id="page">(.*?)</script>', html)
    assert found
    return json.loads(found[1])


def test_the_address_says_what_is_drawn(client: FlaskClient) -> None:
    path = "/satellites/classroom-1"
    assert page_data(client.get(path).text)["chosen"] == ["battery_voltage"]
    found = page_data(client.get(f"{path}?parameters=mode,uptime,nonsense&range=7d&xy=1").text)
    assert (found["chosen"], found["time"], found["xy"]) == (
        ["mode", "uptime"],
        {"range": "7d"},
        True,
    )
    zoomed = page_data(client.get(f"{path}?parameter=mode&start=2026-01-01&end=2026-01-02").text)
    assert zoomed["time"] == {"start": "2026-01-01", "end": "2026-01-02"}
    assert zoomed["chosen"] == ["mode"]


def test_a_satellite_of_many_rows_is_folded(client: FlaskClient) -> None:
    html = client.get("/satellites/cpsat").text
    groups = re.findall(r'<details class="panel parameters" id="(group-\d+)"( open)?>', html)
    assert len(groups) == 8
    assert sum(bool(is_open) for _, is_open in groups) < 4
    first = html.partition('id="group-1"')[2].partition('class="further"')[0]
    assert first.count("<tr data-parameter") == 40
    assert html.count("<tr data-parameter") == 748
    assert html.count("data-jump") == 8
