"""Lessons and glossary: right questions about what was received, and right verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.data.station_data import StationData
from dashboard.web.app import close_app, create_app
from dashboard.web.learn import LESSONS
from groundstation.config import load_config
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.browser import PHONE, PROJECTOR, Browser, browser, driver, served

__all__ = ["browser", "driver", "served"]

#: What is right for the recorded examples: by hand, from the frames in the definitions.
RECORDED = {
    "orbit": "15",
    "pass": "9",
    "doppler": "8.75",
    # 0xCC: 128 + 64 + 8 + 4
    "bits": "204",
    # 7F 01, the low byte first: 1 × 256 + 127
    "order": "383",
    # 0xFED4: 65 236 − 65 536
    "sign": "-300",
    "calibration": "4.1",
    # 27 dBm: 1000 mW, halved; 27 = 30 − 3
    "decibel": "500",
}
#: Those that are about a value of a frame.
OF_A_FRAME = {"bits", "order", "sign", "calibration"}


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[FlaskClient]:
    """A station that has received nothing."""
    app = create_app(StationData(tmp_path))
    yield app.test_client()
    close_app(app)


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StationFolder]:
    folder = StationFolder(tmp_path_factory.mktemp("learn"))
    folder.launch(-100)
    folder.receive(battery_voltage=3.9, battery_current=-250, battery_charge=60.0)
    with folder.alive():
        yield folder
    folder.close()


@pytest.fixture(scope="module")
def client(station: StationFolder) -> Iterator[FlaskClient]:
    app = create_app(StationData(station.folder, load_config(station.config)))
    yield app.test_client()
    close_app(app)


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def verdict(html: str) -> str | None:
    found = re.search(r'class="verdict (\w+)"', html)
    return found[1] if found else None


def test_the_recorded_examples_are_all_of_the_lessons() -> None:
    assert set(RECORDED) == set(LESSONS)


@pytest.mark.parametrize("code", ["en", "ru", "ky"])
@pytest.mark.parametrize(("id", "answer"), RECORDED.items())
def test_without_data_a_recorded_example_is_asked_and_checked(
    empty: FlaskClient, id: str, answer: str, code: str
) -> None:
    html = page(empty, f"/learn/{id}?lang={code}")
    recorded = {"en": "Recorded example", "ru": "Записанный пример", "ky": "Жазылган мисал"}
    assert recorded[code] in html
    if id in OF_A_FRAME:  # which is a page of its own, with the value opened
        link = re.search(r'<a href="(/satellites/[\w-]+/examples/1\?value=\w+)">', html)
        assert link
        assert kept(html)["value"] in page(empty, link[1])
    assert verdict(html) is None
    assert verdict(page(empty, f"/learn/{id}?answer={answer}")) == "right"
    assert verdict(page(empty, f"/learn/{id}?answer=1")) == "wrong"
    assert verdict(page(empty, f"/learn/{id}?answer=many")) == "wrong"


def kept(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))


@pytest.mark.parametrize(
    ("id", "answer"),
    # 60 % are 153 steps; 3.9 V are 3900.
    [("bits", "153"), ("sign", "−250"), ("calibration", "3,9")],
)
def test_the_newest_frame_is_what_a_lesson_is_about(
    client: FlaskClient, station: StationFolder, id: str, answer: str
) -> None:
    html = page(client, f"/learn/{id}")
    first = station.journal_seq()
    asked = kept(html)
    assert f'href="/frames/{first}?value={asked["value"]}"' in html
    assert asked["frame"] == str(first)
    # Another frame comes in meanwhile: the question stays what it was.
    station.receive(battery_voltage=4.0, battery_current=-100, battery_charge=80.0)
    told = client.get(f"/learn/{id}", query_string={**asked, "answer": answer})
    assert verdict(told.get_data(as_text=True)) == "right"
    station.receive(battery_voltage=3.9, battery_current=-250, battery_charge=60.0)


def test_a_pass_of_the_station_is_asked(client: FlaskClient) -> None:
    html = page(client, "/learn/pass")
    assert "Recorded example" not in html
    query = {"rises": "2026-11-01T06:00:00Z", "sets": "2026-11-01T06:07:00Z", "answer": "7"}
    told = client.get("/learn/pass", query_string=query).get_data(as_text=True)
    assert verdict(told) == "right"
    assert "07:00" in told


def test_all_lessons_and_terms_are_listed(client: FlaskClient) -> None:
    html = page(client, "/learn")
    assert re.findall(r'class="panel" href="/learn/(\w+)"', html) == list(LESSONS)
    twin: dict[str, Any] = client.get("/learn.json").get_json()
    assert client.get("/api/v1/learn").get_json() == twin
    assert [item["id"] for item in twin["lessons"]] == list(LESSONS)
    assert [term["id"] for term in twin["glossary"]] == re.findall(
        r'class="panel" id="(\w+)"', html
    )
    assert html.count('class="picture"') == len(twin["glossary"]) == 9


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/learn/flux", 404),
        ("/learn/bits?frame=x", 400),
        ("/learn/pass?rises=never", 400),
        # A frame that is not there, and a value that no lesson is about: another one is asked.
        ("/learn/bits?frame=999999&value=battery_charge", 200),
        ("/learn/bits?frame=1&value=%00%3Cscript%3E", 200),
    ],
)
def test_addresses_that_somebody_has_changed(
    client: FlaskClient, address: str, status: int
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert "<script>" not in answer.get_data(as_text=True).split("</head>")[1].split("<footer")[0]


@pytest.mark.parametrize("text", ["4,1", "4.1", " 4.10 ", "+4,1"])
def test_numbers_as_people_write_them(empty: FlaskClient, text: str) -> None:
    told = empty.get("/learn/calibration", query_string={"answer": text})
    assert verdict(told.get_data(as_text=True)) == "right"


@pytest.mark.parametrize("text", ["nan", "1e999", "−4,1", "4.1.1", "0x10", "٤"])
def test_what_is_no_right_number_is_wrong(empty: FlaskClient, text: str) -> None:
    told = empty.get("/learn/calibration", query_string={"answer": text})
    assert verdict(told.get_data(as_text=True)) == "wrong"


@pytest.mark.parametrize("code", ["en", "ru", "ky"])
@pytest.mark.parametrize(
    "path", ["/learn", *(f"/learn/{id}?answer=1" for id in LESSONS), "/learn/decibel?answer=500"]
)
@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (PROJECTOR, "light")])
def test_pages_are_whole_and_accessible(
    browser: Browser, path: str, size: tuple[int, int], theme: str, code: str
) -> None:
    browser.open(f"{path}{'&' if '?' in path else '?'}lang={code}", size, theme)
    browser.wait_for_calm()
    assert browser.complaints() == []
    assert browser.run("return document.documentElement.scrollWidth") <= size[0]
    assert browser.run("return document.documentElement.scrollHeight") <= 10 * size[1]
    small = browser.run(
        "return [...document.querySelectorAll('main .button, main input:not([type=hidden])')]"
        ".filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
    )
    assert small == []
    outside = browser.run(
        "return [...document.querySelectorAll('.picture text')].filter(t => {"
        " const box = t.getBBox(); return box.x < 0 || box.x + box.width > 320"
        " || box.y + box.height > 180; }).map(t => t.textContent)"
    )
    assert outside == []
    assert browser.barriers() == []
