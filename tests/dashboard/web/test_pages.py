"""Every page in every language, full and empty; what guards them; how much they weigh."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.data.tail import PRELOAD
from dashboard.web.app import CONTENT_SECURITY_POLICY
from tests.dashboard.conftest import wait_until
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.whole_station import PAGES as EVERY_PAGE

PAGES = (
    "/",
    "/satellites",
    "/satellites/classroom-1",
    "/passes",
    "/passes/last",
    "/frames",
    "/frames/5",
    "/status",
)
MAX_PAGE_BYTES = 250_000


#: What answers without a page: files of the program, a way to a frame, figures for Prometheus.
NO_PAGES = {"static", "charts.frame_at", "metrics.all_metrics"}


def test_every_page_is_among_those_that_are_looked_at(client: FlaskClient) -> None:
    """In a browser, for the pictures of the documents, for the budgets."""
    rules = client.application.url_map
    routes = rules.bind("localhost")
    looked_at = {routes.match(urlsplit(path).path)[0] for path in EVERY_PAGE.values()}
    own = {
        rule.endpoint
        for rule in rules.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.rule.startswith("/api/")
        and "." not in rule.rule.rpartition("/")[2]
    }
    assert own - looked_at == NO_PAGES


@pytest.mark.parametrize("path", PAGES)
def test_page_is_served_guarded_and_marked(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Referrer-Policy" in answer.headers
    assert 'class="notice simulated"' in answer.text


@pytest.mark.parametrize("path", ["/", "/satellites/quetzal-1", "/frames", "/frames/1", "/status"])
def test_real_frames_carry_no_mark(
    tmp_path: Path, make_app: Callable[[StationFolder], Flask], path: str
) -> None:
    folder = StationFolder(tmp_path)
    folder.receive_real()
    folder.write_status(simulated=False, links=[], satellites=["quetzal-1"], schedule=None)
    html = make_app(folder).test_client().get(path).text
    assert "Quetzal-1" in html or path == "/status"
    shown = html.partition('id="words"')[0].replace("Classroom-1 (simulated)", "")
    assert "simulated" not in shown
    folder.close()


def test_imported_frames_are_marked_and_not_among_what_was_heard(
    tmp_path: Path, make_app: Callable[[StationFolder], Flask]
) -> None:
    folder = StationFolder(tmp_path)
    folder.append(replace(folder.beacon(), imported=True))
    app = make_app(folder)
    client = app.test_client()
    assert '<span class="mark">imported</span>' in client.get("/frames").text
    assert '<span class="mark">imported</span>' in client.get("/frames/1").text
    (frame,) = client.get("/frames.json").get_json()["frames"]
    assert (frame["imported"], frame["unsynchronised"]) == (True, False)
    assert client.get("/now.json").get_json()["frames"] == []
    listed = client.get("/satellites.json").get_json()["satellites"]
    assert [item["heard"] for item in listed if item["id"] == "classroom-1"] == [None]
    recent = app.extensions["groundstation"].tail.recent
    assert recent.last_us() is None
    latest = "/api/v1/satellites/classroom-1/latest"
    assert client.get(latest).get_json()["parameters"]["mode"]["seq"] == 1  # nothing was heard
    folder.receive(mode="safe")
    wait_until(lambda: len(client.get("/now.json").get_json()["frames"]) == 1)
    for _ in range(3):
        folder.append(replace(folder.beacon(mode="nominal"), imported=True))
    mode = client.get(latest).get_json()["parameters"]["mode"]
    assert (mode["seq"], mode["value"]) == (2, "safe")
    assert "safe" in client.get("/satellites/classroom-1").text
    for _ in range(PRELOAD // 10):
        many = [replace(folder.beacon(), imported=True) for _ in range(10)]
        folder.journal.append(many)
    folder.append(replace(folder.beacon(), imported=True))
    later = make_app(folder).test_client()
    assert [frame["seq"] for frame in later.get("/now.json").get_json()["frames"]] == [2]
    folder.close()


@pytest.mark.parametrize("path", PAGES)
def test_page_obeys_its_own_policy(client: FlaskClient, path: str) -> None:
    html = client.get(path).text
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"\son\w+=", html)
    for script in re.findall(r"<script[^>]*>", html):
        assert "src=" in script or 'type="application/json"' in script
    # Nothing is asked of another server: all addresses are paths.
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


def size_of(client: FlaskClient, path: str) -> int:
    with client.get(path) as answer:
        assert answer.status_code == 200
        return len(answer.data)


@pytest.mark.parametrize("path", PAGES)
def test_first_load_is_light(client: FlaskClient, path: str) -> None:
    html = client.get(path).text
    assets = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', html))
    if "map.js" in html:
        map_script = next(asset for asset in assets if asset.endswith("js/map.js"))
        assets.add(map_script.replace("js/map.js", "vendor/land-110m.json"))
    sizes = {asset: size_of(client, asset) for asset in assets}
    assert all(sizes.values())
    assert len(html.encode()) + sum(sizes.values()) < MAX_PAGE_BYTES


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("code", "word"), [("en", "Frames"), ("ru", "Кадры"), ("ky", "Кадрлар")])
def test_page_speaks_each_language(client: FlaskClient, path: str, code: str, word: str) -> None:
    answer = client.get(f"{path}?lang={code}")
    assert f'<html lang="{code}"' in answer.text
    assert word in answer.text
    # The choice is kept.
    assert f'<html lang="{code}"' in client.get(path).text


def test_language_of_the_browser_then_of_the_station(
    station: StationFolder, make_app: Callable[[StationFolder], Flask]
) -> None:
    client = make_app(station).test_client()
    html = client.get("/", headers={"Accept-Language": "ky-KG,ky;q=0.9"}).text
    assert '<html lang="ky"' in html
    assert '<html lang="en"' in client.get("/", headers={"Accept-Language": "fr"}).text


@pytest.mark.parametrize(
    "path", ["/", "/satellites", "/satellites/classroom-1", "/passes", "/frames"]
)
def test_page_of_an_empty_folder_says_that_it_waits(
    tmp_path: Path, make_app: Callable[[StationFolder], Flask], path: str
) -> None:
    folder = StationFolder(tmp_path)
    client = make_app(folder).test_client()
    answer = client.get(path)
    assert answer.status_code == 200
    assert "waiting for the station to start its journal" in answer.text


def test_now_shows_values_states_and_the_pass(client: FlaskClient) -> None:
    html = client.get("/").text
    card = re.search(r'data-parameter="battery_voltage".*?</article>', html, re.DOTALL)
    assert card
    assert "3.400" in card[0]
    assert 'data-state="warning"' in card[0]
    assert "simulated" in card[0]
    assert "data-countdown" in html
    assert "Uptime" not in html  # not marked for the first page


def test_a_value_without_limits_stands_without_a_state(client: FlaskClient) -> None:
    html = client.get("/satellites/classroom-1").text
    row = re.search(r'data-parameter="uptime".*?</tr>', html, re.DOTALL)
    assert row
    assert '<span class="state" data-state="unlimited"></span>' in row[0]
    assert "nominal" not in row[0]
    latest = client.get("/api/v1/satellites/classroom-1/latest").get_json()["parameters"]
    assert latest["uptime"]["state"] == "unlimited"
    assert latest["battery_charge"]["state"] == "nominal"


def test_numbers_and_labels_follow_the_language(client: FlaskClient) -> None:
    html = client.get("/?lang=ru").text
    assert "3,400" in html
    assert "Напряжение батареи" in html


def test_frames_are_honest_about_damaged_and_unknown_ones(client: FlaskClient) -> None:
    html = client.get("/frames").text
    assert "the check sequence is wrong" in html
    assert "no definition knows this frame" in html
    assert html.index(">23<") < html.index(">22<")  # newest first


def test_frames_page_by_seq_and_satellite(station: StationFolder, client: FlaskClient) -> None:
    station.fill(60)
    html = client.get("/frames?satellite=classroom-1").text
    older = re.search(r'rel="next" href="([^"]+)"', html)
    assert older
    assert "no definition knows" not in html
    second = client.get(older[1].replace("&amp;", "&")).text
    assert "/frames/1" in second


def test_frame_shows_bytes_beside_values(client: FlaskClient) -> None:
    html = client.get("/frames/5").text
    assert len(re.findall(r'data-byte="\d+"', html)) == 53
    assert "AX.25" in html
    assert "SIMSAT-1 → CQ" in html


def test_damaged_frame_shows_bytes_and_reason_but_no_values(client: FlaskClient) -> None:
    html = client.get("/frames/21").text
    assert "the check sequence is wrong" in html
    assert 'class="readings"' not in html


def test_text_from_space_is_escaped(station: StationFolder, client: FlaskClient) -> None:
    reception = station.receive_unknown()
    html = client.get(f"/frames/{reception.seq}").text
    assert "<script>" not in html
    html = client.get("/?satellite=<script>alert(1)</script>").text
    assert "<script>alert" not in html


def test_missing_things_are_a_sentence(client: FlaskClient) -> None:
    page = client.get("/satellites/nobody")
    assert page.status_code == 404
    assert "there is no satellite" in page.text
    assert client.get("/frames/9999").status_code == 404
    assert client.get("/nothing").status_code == 404
    assert client.get("/frames?before=x").status_code == 400


def test_station_page_names_what_is_wrong(station: StationFolder, client: FlaskClient) -> None:
    station.link_state = "waiting"
    station.write_status(
        followers={"telemetry": {"seq": 3, "lag": 20, "error": "the database does not answer"}}
    )
    html = client.get("/status").text
    assert "there is no /dev/ttyUSB0" in html
    assert "the database does not answer" in html
    assert "Waiting for the radio" in html


def test_stopped_station_is_said(station: StationFolder, client: FlaskClient) -> None:
    (station.folder / "status.json").unlink()
    html = client.get("/").text
    assert "The station is not running" in html
    assert "3.400" in html


def test_wrong_clock_is_said(station: StationFolder, client: FlaskClient) -> None:
    station.write_status(
        clock={"real_origin_us": 0, "station_origin_us": -1_500_000_000_000_000, "speed": 1.0}
    )
    assert "clock seems wrong" in client.get("/").text


def test_projector_and_theme_are_remembered(client: FlaskClient) -> None:
    assert "data-projector" in client.get("/?projector=1").text
    assert "data-projector" in client.get("/frames").text
    client.set_cookie("theme", "dark")
    html = client.get("/").text
    assert 'data-theme="dark"' in html
    assert 'css/dark.css" media="all"' in html


def test_limits_of_the_station_judge_what_was_stored_before(
    station: StationFolder, make_app: Callable[[StationFolder], Flask]
) -> None:
    """Nothing is interpreted again for them: the values stay, their states are today's."""
    client = make_app(station).test_client()
    path = "/api/v1/satellites/classroom-1/latest"
    before = client.get(path).get_json()["parameters"]["uptime"]
    folder = station.folder / "satellites"
    folder.mkdir(exist_ok=True)
    (folder / "classroom-1.limits.toml").write_text("uptime = { critical = [-2, -1] }")

    def is_critical() -> bool:
        state = client.get(path).get_json()["parameters"]["uptime"]["state"]
        return bool(state == "critical")

    wait_until(is_critical)
    after = client.get(path).get_json()["parameters"]["uptime"]
    assert before["state"] == "unlimited"
    assert {**after, "state": ""} == {**before, "state": ""}


def test_satellites_mine_first_the_others_by_a_search(client: FlaskClient) -> None:
    def listed(path: str) -> list[str]:
        return re.findall(r'<th scope="row"><a href="/satellites/([^"]+)"', client.get(path).text)

    assert listed("/satellites") == ["classroom-1"]
    for wish in ("quetzal", "QUETZAL", "45598"):
        assert listed(f"/satellites?q={wish}") == ["classroom-1", "quetzal-1"], wish
    assert listed("/satellites?q=nothing-of-that-name") == ["classroom-1"]
    assert "No satellite here is called so." in client.get("/satellites?q=nothing-of").text
    every = client.get("/api/v1/satellites").json
    assert every is not None
    assert sorted(listed("/satellites?all=1")[1:]) == sorted(x["id"] for x in every["satellites"])
    assert "&lt;script&gt;" in client.get("/satellites?q=<script>").text


def test_packets_are_called_as_the_reader_calls_them(client: FlaskClient) -> None:
    assert "<td>Beacon</td>" in client.get("/frames?lang=en").text
    page = client.get("/frames?lang=ky").text
    assert "<td>Маяк</td>" in page
    assert '"packets": {"classroom-1": {"beacon": "\\u041c\\u0430\\u044f\\u043a"' in page


def test_a_satellite_that_was_never_heard_says_so_and_what_there_is_instead(
    station: StationFolder, client: FlaskClient
) -> None:
    never = "No values of this satellite were received here yet."
    html = client.get("/satellites/quetzal-1").text
    assert never in html
    assert "Its orbital elements are not here" in html
    examples = '<a class="button" href="/satellites/quetzal-1/examples/1">Example frames</a>'
    assert examples in html
    assert 'id="history" hidden' in html
    charted = client.get("/satellites/quetzal-1?parameter=bq1_bat_volt").text
    assert 'id="history" hidden' not in charted
    html = client.get("/satellites/classroom-1").text
    assert never not in html
    assert 'id="history" hidden' not in html


def test_a_satellite_that_was_never_heard_says_when_it_comes(
    tmp_path: Path, make_app: Callable[[StationFolder], Flask]
) -> None:
    folder = StationFolder(tmp_path)
    folder.launch(600.0)
    client = make_app(folder).test_client()
    html = client.get("/satellites/classroom-1").text
    first = client.get("/api/v1/passes").get_json()["passes"][0]
    assert f'<a href="/passes?norad=999999999"><time datetime="{first["aos"]}">' in html
    assert f"up to {round(first['max_elevation_deg'])}°" in html


def test_a_clock_that_runs_apart_says_whose_time_it_is(
    station: StationFolder, client: FlaskClient
) -> None:
    def clock(**changes: object) -> str:
        station.write_status(**changes)
        return str(client.get("/api/v1/status").get_json()["clock"])

    assert clock() == "real"
    assert '<span id="clock-kind"></span>' in client.get("/").text
    station.clock.jump_to_us(station.clock.now_us() + 54_500_000)
    wait_until(lambda: clock() == "simulated")
    assert '<span id="clock-kind">simulated time</span>' in client.get("/").text
    assert "simulated time, 54 s ahead of the real one" in client.get("/status").text
    station.clock.jump_to_us(station.clock.now_us() - 3 * 86_400_000_000)
    wait_until(lambda: clock(simulated=False) == "recorded")
    assert "time of the recording, 2 d behind the real one" in client.get("/status").text
