"""The first page: whose it is, what it says, what it marks."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.data.order import configured
from dashboard.data.station_data import StationData
from groundstation.config import load_config
from tests.dashboard.conftest import wait_until
from tests.dashboard.station_folder import CONFIG, StationFolder

MakeApp = Callable[[StationFolder], Flask]


def story(client: FlaskClient, code: str = "en") -> str:
    html = client.get(f"/?lang={code}").text
    found = re.search(r'id="story"[^>]*>([^<]+)<', html)
    assert found
    return found[1]


def test_the_page_says_what_the_interface_says(client: FlaskClient) -> None:
    now = client.get("/api/v1/satellites/classroom-1/now").get_json()
    assert now["sentence"] == story(client).replace("&#39;", "'")
    assert "warning: Battery voltage" in now["sentence"]
    assert "normal" not in now["sentence"]
    assert now["outside"] == ["battery_voltage"]
    assert now["judged"] == 10
    assert now["where"]["altitude_km"] > 300
    assert now["pass"]["satellite_id"] == "classroom-1"
    assert len(now["values"]) == 6


def test_each_language_has_its_own_sentence(client: FlaskClient) -> None:
    said = {code: story(client, code) for code in ("en", "ru", "ky")}
    assert len(set(said.values())) == 3
    assert "Напряжение батареи" in said["ru"]
    assert not re.search("[a-z]", said["ru"] + said["ky"])


def test_a_silent_satellite_is_told_of_as_it_was(tmp_path: Path, make_app: MakeApp) -> None:
    folder = StationFolder(tmp_path)
    folder.launch()
    folder.receive(at_us=folder.clock.now_us() - 3600 * 1_000_000)
    said = story(make_app(folder).test_client())
    assert "were normal" in said
    assert "harging" not in said  # nobody knows whether it still does
    folder.close()


def test_without_elements_only_the_values_are_told(tmp_path: Path, make_app: MakeApp) -> None:
    folder = StationFolder(tmp_path)
    folder.receive()
    client = make_app(folder).test_client()
    assert re.fullmatch(r"(Not charging|Charging)[,;] all judged .*\.", story(client)), story(
        client
    )
    assert client.get("/api/v1/satellites/classroom-1/now").get_json()["where"] is None
    folder.close()


def test_the_station_s_own_come_first_by_priority_then_those_heard(
    tmp_path: Path, make_app: MakeApp
) -> None:
    folder = StationFolder(tmp_path)
    folder.config.write_text(
        CONFIG + '\n[[satellites]]\nid = "cpsat"\npriority = 5\n'
        "\n[[satellites]]\nid = 99999999\npriority = 9\n",
        "utf-8",
    )
    data = StationData(folder.folder, load_config(folder.config))
    assert configured(data) == ["cpsat", "classroom-1"]
    data.close()
    folder.receive()
    folder.receive_real()  # Quetzal-1, later, and not configured
    folder.write_status(satellites=["classroom-1", "cpsat"])
    html = make_app(folder).test_client().get("/").text
    # CPSat was never heard: the first that was.
    assert '<h1 id="name"><a href="/satellites/classroom-1">' in html
    others = re.findall(r'href="/\?satellite=([^"]+)"', html)
    assert others == ["cpsat", "quetzal-1"]
    folder.close()


def test_a_station_that_follows_all_shows_the_one_heard_last(
    tmp_path: Path, make_app: MakeApp
) -> None:
    folder = StationFolder(tmp_path)
    folder.config.write_text(CONFIG.partition("[[satellites]]")[0], "utf-8")
    folder.receive()
    folder.receive_real()
    folder.write_status(satellites=sorted(folder.catalog.index))
    assert '<a href="/satellites/quetzal-1">' in make_app(folder).test_client().get("/").text
    folder.close()


def test_simulated_is_said_once_where_all_is(tmp_path: Path, make_app: MakeApp) -> None:
    folder = StationFolder(tmp_path)
    folder.launch()
    folder.fill(3)
    client = make_app(folder).test_client()
    html = client.get("/").text
    assert '<body data-simulated="all"' in html
    assert "Nothing on this page comes from space." in html
    folder.receive_real()
    wait_until(lambda: "/frames/4" in client.get("/").text)
    assert "<body data-icons" in client.get("/").text
    folder.close()


def test_alarms_say_what_they_mean_and_what_to_do(
    station: StationFolder, client: FlaskClient
) -> None:
    assert 'class="wrong"' not in client.get("/").text
    for _ in range(3):
        station.receive(battery_voltage=3.2)
    station.watch()
    html = client.get("/").text
    found = re.search(r'<ul class="wrong">.*?</ul>', html, re.DOTALL)
    assert found
    assert "Battery voltage" in found[0]
    assert 'href="/alarms#' in found[0]


@pytest.mark.parametrize("lines", ["night", "seen", "flown", "ahead"])
def test_the_map_is_drawn_without_scripts(client: FlaskClient, lines: str) -> None:
    html = client.get("/").text
    path = re.search(rf'data-line="{lines}" d="(M[^"]+)"', html)
    assert path
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path[1])]
    assert len(numbers) > 20
    assert all(-90 <= latitude <= 90 for latitude in numbers[1::2])


@pytest.mark.parametrize(
    ("lead_s", "told", "when"),
    [
        (-60.0, "Pass now", r"sets \d\d:\d\d:\d\d"),
        (1800.0, "Next pass", r"[A-Z][a-z]{2} \d+, 20\d\d \d\d:\d\d:\d\d"),
    ],
)
def test_a_pass_is_told_as_what_it_is_without_scripts(
    tmp_path: Path, make_app: MakeApp, lead_s: float, told: str, when: str
) -> None:
    """That it goes on and when it ends, or when the next one begins."""
    folder = StationFolder(tmp_path)
    folder.launch(lead_s)
    folder.receive()
    html = make_app(folder).test_client().get("/").text
    title = re.search(r'id="pass-title">([^<]+)<', html)
    countdown = re.search(r"data-countdown[^>]*>([^<]+)<", html)
    assert title and countdown
    assert title[1] == told
    assert re.fullmatch(when, countdown[1])
    folder.close()
