"""The page of alarms and its interface, and who may change something."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.web.context import Context
from dashboard.web.openapi import DESCRIPTION
from groundstation.storage.desk import Desk
from tests.dashboard.conftest import wait_until
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.test_api import check

HERE = {"Host": "127.0.0.1:8080", "Origin": "http://127.0.0.1:8080"}


@pytest.fixture
def alarmed(station: StationFolder) -> StationFolder:
    """A station whose satellite has a nearly empty battery."""
    for _ in range(2):
        station.receive(battery_voltage=3.2)
    station.watch()
    return station


@pytest.fixture
def app(alarmed: StationFolder, make_app: Callable[[StationFolder], Flask]) -> Flask:
    return make_app(alarmed)


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()


def alarms(visitor: FlaskClient) -> dict[str, Any]:
    found = visitor.get("/api/v1/alarms", headers={"Host": HERE["Host"]}).json
    assert found is not None
    return dict(found)


def only(visitor: FlaskClient) -> dict[str, Any]:
    (one,) = alarms(visitor)["active"]
    return dict(one)


def post(visitor: FlaskClient, act: str, **body: Any) -> Any:
    headers = {**HERE, "X-Groundstation-Token": alarms(visitor)["change"]["token"]}
    return visitor.post(f"/api/v1/alarms/{act}", json=body, headers=headers)


def test_the_answer_is_as_described(visitor: FlaskClient) -> None:
    get = DESCRIPTION["paths"]["/api/v1/alarms"]["get"]
    schema = get["responses"]["200"]["content"]["application/json"]["schema"]
    found = visitor.get("/api/v1/alarms", headers={"Host": HERE["Host"]})
    check(json.loads(found.text, parse_constant=pytest.fail), schema, "alarms")
    one = only(visitor)
    assert (one["rule"], one["parameter"], one["severity"], one["standing"]) == (
        *("limits", "battery_voltage", "critical", "unacknowledged"),
    )
    assert (one["value"], one["limits"], one["simulated"]) == (3.2, [3.3, 4.25], True)
    assert "battery is nearly empty" in one["means"]


def test_the_table_says_what_is_simulated(visitor: FlaskClient) -> None:
    answer = visitor.get("/alarms.csv")
    assert "-simulated.csv" in answer.headers["Content-Disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert (row["value"], row["limits"], row["simulated"]) == ("3.2", "3.3 … 4.25", "1")


def test_every_page_says_it(visitor: FlaskClient) -> None:
    for path in ("/", "/satellites", "/passes", "/frames", "/status", "/alarms"):
        text = visitor.get(path).text
        assert "<title>(1) " in text, path
        assert re.search(
            r'<p class="notice critical">.*<a href="/alarms">Alarms that nobody has seen: 1</a>',
            text,
        ), path


def test_without_alarms_no_page_says_anything(
    station: StationFolder, make_app: Callable[[StationFolder], Flask]
) -> None:
    text = make_app(station).test_client().get("/alarms").text
    assert "No alarm. What is watched is within its limits." in text
    assert "<title>Alarms" in text
    assert 'href="/alarms">Alarms that' not in text


@pytest.mark.parametrize("code", ["ru", "ky"])
def test_in_the_other_languages(visitor: FlaskClient, code: str) -> None:
    text = visitor.get(f"/alarms?lang={code}").text
    word = {"ru": "Батарея почти пуста", "ky": "Батарея дээрлик бош"}[code]
    assert word in text
    assert "nearly empty" not in text


def test_seen(visitor: FlaskClient, alarmed: StationFolder) -> None:
    id = only(visitor)["id"]
    done = post(visitor, "acknowledge", alarm=id, name="Aida", reason="we know")
    assert (done.status_code, done.json) == (200, {"changed": [id]})
    one = only(visitor)
    assert (one["standing"], one["acknowledged_by"]) == ("acknowledged", "Aida")
    text = visitor.get("/").text
    assert "<title>(1) " in text
    assert 'href="/alarms">Alarms that' not in text


def test_put_aside_and_back(visitor: FlaskClient) -> None:
    id = only(visitor)["id"]
    assert post(visitor, "shelve", alarm=id, minutes=60, reason="a test").status_code == 200
    assert (only(visitor)["standing"], only(visitor)["shelved_reason"]) == ("shelved", "a test")
    assert "<title>Alarms" in visitor.get("/alarms").text
    assert post(visitor, "unshelve", alarm=id).status_code == 200
    assert only(visitor)["standing"] == "unacknowledged"


def test_the_buttons_of_the_page(visitor: FlaskClient) -> None:
    page = visitor.get("/alarms", headers={"Host": HERE["Host"]}).text
    form = re.search(r'<form method="post" action="/alarms/acknowledge">(.*?)</form>', page)
    assert form
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1]))
    done = visitor.post("/alarms/acknowledge", data=fields, headers=HERE)
    assert (done.status_code, done.headers["Location"]) == (303, "/alarms?done=acknowledge")
    assert only(visitor)["standing"] == "acknowledged"


def test_live_pages_hear_of_it(app: Flask, alarmed: StationFolder) -> None:
    here: Context = app.extensions["groundstation"]
    heard: list[str] = []

    def hear() -> bool:
        heard[:] = [item.data.decode() for item in here.tail.news(0, 1000) or ()]
        return any('"unseen":2' in text for text in heard)

    for _ in range(2):
        alarmed.receive(battery_voltage=3.2, battery_charge=5)
    alarmed.watch()
    wait_until(hear)
    assert '["critical","alarms","2"]' in heard[-1]


REFUSED = {
    "from another computer": ({}, {}, "10.0.0.7", 403, "from this computer alone"),
    "by another name": ({"Host": "station.local:8080"}, {}, None, 403, "does not go by the name"),
    "by an address of the network": ({"Host": "10.0.0.2:8080"}, {}, None, 403, "this computer"),
    "handed on": ({"X-Forwarded-For": "10.0.0.7"}, {}, None, 403, "from this computer alone"),
    "by a proxy": ({"Via": "1.1 proxy"}, {}, None, 403, "from this computer alone"),
    "from a page elsewhere": (
        {"Origin": "http://evil.example"}, {}, None, 403, "a page of another server",
    ),
    "from another port": (
        {"Origin": "http://127.0.0.1:9999"}, {}, None, 403, "a page of another server",
    ),
    "from nowhere": ({"Origin": "null"}, {}, None, 403, "a page of another server"),
    "with another token": ({"X-Groundstation-Token": "x"}, {}, None, 403, "load it again"),
    "with a strange token": ({"X-Groundstation-Token": "\xe4"}, {}, None, 403, "load it again"),
    "without a token": ({"X-Groundstation-Token": None}, {}, None, 403, "load it again"),
    "a field too many": ({}, {"colour": "red"}, None, 400, "'colour' is no field"),
    "too long a name": ({}, {"name": "x" * 81}, None, 400, "name is longer than 80"),
    "nobody's alarm": ({}, {"alarm": "a/limits/b/1"}, None, 404, "no alarm 'a/limits/b/1'"),
    "no alarm": ({}, {"alarm": "../../etc"}, None, 404, "there is no alarm"),
    "too long": ({}, {"minutes": 527_041}, None, 400, "from 1 to 527040"),
    "too large": ({}, {"reason": "x" * 17_000}, None, 413, "longer than 16384 bytes"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_who_may_not(visitor: FlaskClient, alarmed: StationFolder, what: str) -> None:
    headers, body, address, status, said = REFUSED[what]
    found = alarms(visitor)
    usual = {**HERE, "X-Groundstation-Token": found["change"]["token"]}
    given = {k: v for k, v in {**usual, **headers}.items() if v is not None}
    told = {"alarm": found["active"][0]["id"], **body}
    answer = visitor.post(
        "/api/v1/alarms/shelve",
        json=told,
        headers=given,
        environ_overrides={"REMOTE_ADDR": address or "127.0.0.1"},
    )
    assert answer.status_code == status, answer.text
    assert answer.json and said in answer.json["error"]
    assert Desk(alarmed.folder).stamp() is None


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "127.8.9.1"])
def test_this_computer_is_known(visitor: FlaskClient, address: str) -> None:
    found = visitor.get(
        "/api/v1/alarms",
        headers={"Host": "localhost:8080"},
        environ_overrides={"REMOTE_ADDR": address},
    ).json
    assert found and found["change"]["allowed"]


def test_others_see_no_buttons(visitor: FlaskClient) -> None:
    page = visitor.get("/alarms", environ_overrides={"REMOTE_ADDR": "10.0.0.7"}).text
    assert "<form" not in page
    assert 'name="token"' not in page
    assert "Only who sits at the station" in page
    found = visitor.get("/api/v1/alarms", environ_overrides={"REMOTE_ADDR": "10.0.0.7"}).json
    assert found and found["change"] == {"allowed": False, "token": None}


def test_a_form_without_origin_is_refused(visitor: FlaskClient) -> None:
    token = alarms(visitor)["change"]["token"]
    data = {"token": token, "alarm": "all"}
    answer = visitor.post("/alarms/acknowledge", data=data, headers={"Host": HERE["Host"]})
    assert answer.status_code == 403


def test_a_get_changes_nothing(visitor: FlaskClient) -> None:
    assert visitor.get("/api/v1/alarms/acknowledge").status_code == 405
    assert visitor.get("/alarms/acknowledge").status_code == 405


def test_a_hostile_detail_is_text(
    station: StationFolder, make_app: Callable[[StationFolder], Flask]
) -> None:
    from groundstation.model.alarms import Fault

    told = "<script>alert(1)</script>"
    station.journal.add_fault(Fault(0, 1, "store", told, "warning", told, True))
    station.watch()
    text = make_app(station).test_client().get("/alarms").text
    assert told not in text
    assert "&lt;script&gt;alert(1)" in text
