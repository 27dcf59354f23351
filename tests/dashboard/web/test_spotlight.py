"""A teacher shows one page on all screens: who may, what can be shown, answers, real browsers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from dashboard.data.spotlight import MOST_PUPILS, Spotlight
from dashboard.web.openapi import DESCRIPTION
from dashboard.web.spotlight import MOST_PATH
from groundstation.storage.accounts import Accounts
from groundstation.storage.audit import Actor, changes
from groundstation.storage.boards import Boards
from tests.dashboard.conftest import Served
from tests.dashboard.station_folder import StationFolder
from tests.dashboard.web.browser import PHONE, PROJECTOR, Browser, opened
from tests.dashboard.web.school import HOST, PASSWORD, Screen, app, pupil, teacher
from tests.dashboard.web.test_api import check
from tests.dashboard.web.whole_station import BOARD

__all__ = ["app", "pupil", "teacher"]


def shown(screen: Screen) -> Any:
    return screen.get("/api/v1/spotlight").json["spotlight"]


def test_only_a_teacher_shows_a_page(
    station: StationFolder, teacher: Screen, pupil: Screen
) -> None:
    assert pupil.post("/api/v1/spotlight", {"path": "/frames/5"}).status_code == 403
    assert shown(pupil) is None
    assert "Show this page on all screens" not in pupil.get("/frames/5").text
    assert "Show this page on all screens" in teacher.get("/frames/5").text
    teacher.post("/api/v1/spotlight", {"path": "/frames/5"})
    nobody = {"opened": 0, "answered": 0, "right": 0}
    assert shown(pupil) == {"id": 1, "path": "/frames/5", **nobody}
    assert '<a href="/frames/5">Frame 5</a>' in pupil.get("/").text  # without a script, too
    assert pupil.get("/api/v1/status").json["spotlight"]["path"] == "/frames/5"
    assert pupil.post("/api/v1/spotlight/end", {}).status_code == 403
    teacher.post("/api/v1/spotlight/end", {})
    assert shown(pupil) is None
    assert "/frames/5" not in pupil.get("/passes").text
    acts = [(one.by, one.act, one.subject) for one in changes(station.folder, 2)]
    assert acts == [("Aida", "spotlight ended", "/frames/5"), ("Aida", "spotlight", "/frames/5")]


def test_the_buttons(teacher: Screen) -> None:
    path = "/frames/5?value=battery_voltage&lang=ru&projector=1"
    done = teacher.press("/spotlight", path=path)
    assert (done.status_code, done.headers["Location"]) == (303, "/frames/5?value=battery_voltage")
    assert "End it" in teacher.get("/frames/5?value=battery_voltage").text
    done = teacher.press("/spotlight/end")
    assert done.status_code == 303
    assert shown(teacher) is None


@pytest.mark.parametrize(
    "path",
    [
        "",
        "frames",
        "//evil.example/",
        "http://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/nothing",
        "/api/v1/status",
        "/frames.json",
        "/frames.csv",
        "/metrics",
        "/login",
        "/static/x",
        "/alarms/acknowledge",
        "/frames/5\r\nSet-Cookie: a=b",
        "/frames/" + "5" * 600,
    ],
)
def test_what_cannot_be_shown(teacher: Screen, path: str) -> None:
    answer = teacher.post("/api/v1/spotlight", {"path": path})
    is_address = path.startswith("/") and path.isprintable() and len(path) <= MOST_PATH
    assert answer.status_code == (404 if is_address else 400)
    told = "no page that can be shown" if is_address else "path is "
    assert told in answer.json["error"]
    assert shown(teacher) is None


def test_where_nobody_else_sees_the_pages_there_is_no_button(
    station: StationFolder, make_app: Callable[[StationFolder], Flask]
) -> None:
    text = make_app(station).test_client().get("/", headers={"Host": "127.0.0.1"}).text
    assert "on all screens" not in text


def test_answers_are_counted_once_a_browser(app: Flask, teacher: Screen, pupil: Screen) -> None:
    """The last answer counts; those on other pages, and those of other exercises, do not."""
    exercise = "/exercises/damaged-byte?frame=5"
    pupil.get(f"{exercise}&byte=1")
    teacher.post("/api/v1/spotlight", {"path": exercise})
    assert shown(teacher)["answered"] == 0
    raw = teacher.get("/api/v1/exercises?frame=5").json["damaged_byte"]
    for byte in range(3):
        pupil.get(f"{exercise}&byte={byte}")
    others = [Screen(app) for _ in range(4)]
    right = _right_byte(teacher, exercise, len(bytes.fromhex(raw["raw"])))
    for other in others:
        other.get(f"{exercise}&byte={right}")
        other.get("/exercises/damaged-byte?frame=6&byte=1")
    pupil.get(exercise)  # looked at without an answer
    assert shown(teacher) == {
        "id": 1,
        "path": exercise,
        "opened": 5,
        "answered": 5,
        "right": 4,
    }
    Screen(app).get(exercise)
    teacher.get(exercise)  # who leads the class is none of it, nor is the wall
    Screen(app).get(f"{exercise}&projector=1")
    assert "5 of 6 have answered, right: 4" in teacher.get(exercise).text
    pupil.get(f"{exercise}&byte={right}")
    assert shown(teacher)["right"] == 5
    teacher.post("/api/v1/spotlight", {"path": exercise})
    assert shown(teacher) == {
        "id": 2,
        "path": exercise,
        "opened": 0,
        "answered": 0,
        "right": 0,
    }
    assert "0 of 0 have answered" in teacher.get(exercise).text


def _right_byte(screen: Screen, exercise: str, length: int) -> int:
    for byte in range(length):
        if 'class="solved"' in screen.get(f"{exercise}&byte={byte}").text:
            return byte
    raise AssertionError("no byte is right")


@pytest.mark.parametrize(
    ("path", "name", "in_kyrgyz"),
    [
        ("/", "Now", "Азыр"),
        ("/frames/5", "Frame 5", "5-кадр"),
        (
            "/frames/5?value=battery_voltage",
            "Frame 5: Battery voltage",
            "5-кадр: Батареянын чыңалуусу",
        ),
        ("/satellites/classroom-1?parameters=mode", "Classroom-1 (simulated): Mode", None),
        ("/exercises/by-hand?frame=5&value=mode", "Decode it by hand: Mode", None),
        ("/exercises/damaged-byte?frame=5", "Find the damaged byte", "Бузулган байтты табыңыз"),
        ("/learn/bits", "Bits and bytes", "Биттер жана байттар"),
        ("/place", "My village", "Менин айылым"),
    ],
)
def test_a_page_is_called_by_its_name(
    teacher: Screen, pupil: Screen, path: str, name: str, in_kyrgyz: str | None
) -> None:
    """In the language of whoever reads it."""
    assert teacher.press("/spotlight", path=path).status_code == 303
    assert f">{name}</a>" in pupil.get("/status?lang=en").text
    if in_kyrgyz:
        assert f">{in_kyrgyz}</a>" in pupil.get("/status?lang=ky").text


def test_what_cannot_be_shown_has_no_button(teacher: Screen) -> None:
    for path in ("/search", "/share", "/login"):
        assert "Show this page on all screens" not in teacher.get(path).text


def test_a_class_begins_in_the_language_of_its_teacher(app: Flask, teacher: Screen) -> None:
    """By whatever address phones come, until somebody chooses another language; hers stays."""

    def language_of(screen: Screen, path: str = "/frames") -> str:
        wish = {**HOST, "Accept-Language": "en-US,en;q=0.9"}
        text = screen.client.get(path, headers=wish, environ_overrides=screen.far).text
        return re.findall(r"<html lang=\"(\w\w)\"", text)[0]

    early, chooser = Screen(app), Screen(app)
    assert language_of(early) == "en"
    assert language_of(early, "/share") == "en"  # a pupil leads nobody
    assert language_of(chooser, "/frames?lang=ru") == "ru"
    assert language_of(teacher, "/share?lang=ky") == "ky"
    assert teacher.get("/api/v1/share").json["language"] == "ky"
    assert [language_of(early), language_of(Screen(app)), language_of(chooser)] == [
        "ky",
        "ky",
        "ru",
    ]
    assert language_of(early, "/frames?lang=en") == "en"
    assert language_of(teacher, "/frames?lang=ru") == "ru"
    teacher.press("/spotlight", path="/frames/5")
    assert [language_of(early), language_of(Screen(app))] == ["en", "ru"]
    other = Screen(app)
    other.log_in("Aida", PASSWORD)
    assert language_of(other) == "en"  # a teacher is led by nobody


def test_no_more_pupils_are_kept_than_there_are_in_a_school() -> None:
    spotlight = Spotlight()
    spotlight.show("/exercises/by-hand?frame=5")
    query = {"frame": "5", "a": "1"}
    for number in range(MOST_PUPILS + 100):
        spotlight.note("/exercises/by-hand", query, str(number), True)
    spotlight.note("/exercises/by-hand", query, "0", False)
    found = spotlight.record()
    assert found is not None
    assert (found["answered"], found["right"]) == (MOST_PUPILS, MOST_PUPILS - 1)


def test_it_is_described(teacher: Screen) -> None:
    teacher.post("/api/v1/spotlight", {"path": "/learn/bits"})
    about = DESCRIPTION["paths"]["/api/v1/spotlight"]["get"]
    schema = about["responses"]["200"]["content"]["application/json"]["schema"]
    check(schema, teacher.get("/api/v1/spotlight").json, "spotlight")


def test_in_real_browsers(
    station: StationFolder, serve: Callable[..., Served], tmp_path: Path
) -> None:
    """A teacher shows an exercise; a pupil's browser goes there, answers; it ends. The wall goes
    there, too, and comes back."""
    Accounts(station.folder).add("Aida", "teacher", PASSWORD, 1, Actor("test"))
    Boards(station.folder).add(BOARD, station.clock.now_us(), Actor("test"))
    served = serve(station.folder, "--config", str(station.config), "--host", "0.0.0.0")
    exercise = "/exercises/damaged-byte?frame=5"
    with (
        station.alive(),
        opened(tmp_path / "pupil") as one,
        opened(tmp_path / "teacher") as another,
    ):
        pupil, teacher = Browser(one, served.url), Browser(another, served.url)
        pupil.open("/passes", PHONE)
        teacher.open("/login", PROJECTOR)
        teacher.find("[name=name]").send_keys("Aida")
        teacher.find("[name=password]").send_keys(PASSWORD)
        teacher.find(".login button").click()
        teacher.wait("return document.querySelector('form[action=\"/logout\"]') !== null")
        teacher.open(exercise, PROJECTOR)
        teacher.find("form[action='/spotlight'] button").click()
        pupil.wait(f"return location.pathname + location.search === '{exercise}'")
        pupil.wait("return document.getElementById('spotlight') !== null")
        pupil.wait_for_calm()
        assert pupil.run("return document.documentElement.scrollWidth") <= PHONE[0]
        assert pupil.complaints() == []
        pupil.open(f"{exercise}&byte=1", PHONE)
        teacher.wait("return document.getElementById('answered').textContent.includes('1')")
        # Whoever has been there may go elsewhere.
        pupil.open("/passes", PHONE)
        pupil.wait_for_calm()
        assert pupil.run("return location.pathname") == "/passes"
        teacher.find("form[action='/spotlight/end'] button").click()
        pupil.wait("return document.getElementById('spotlight') === null")
        wall = Browser(one, served.url)
        wall.open("/kiosk?board=1&every=20&lang=ky", PROJECTOR)
        wall.wait("return document.querySelector('.tile') !== null")
        for shown in (exercise, "/frames/5?value=battery_voltage"):
            teacher.open(shown, PROJECTOR)
            teacher.find("form[action='/spotlight'] button").click()
            wall.wait(f"return location.href.includes('{shown}&projector=1')")
            assert wall.run("return document.documentElement.lang") == "ky"
        teacher.find("form[action='/spotlight/end'] button").click()
        wall.wait("return location.search === '?board=1&every=20&lang=ky'")
        wall.wait("return document.querySelector('.kiosk .tile') !== null")
